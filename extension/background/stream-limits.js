/**
 * Keeps count of an answer, so that a server cannot pour text without end into a page, and knows when
 * nothing more is expected: a paper is finished when both its segments are.
 */

import { BackendError } from './backend-client.js';
import { paperOf } from './batching.js';

/** @typedef {import('./batching.js').Item} Item */

/** No translation is this much longer than its source. */
const MAX_RATIO = 8;
const MAX_PAPER_CHARACTERS = 8_000;
/** What even the shortest title may need. */
const ALWAYS = 1_000;

/** How much text each segment of one request may still receive. */
export class StreamLimits {
  #left = /** @type {Map<string, number>} */ (new Map());
  #finished = /** @type {Set<string>} */ (new Set());
  #paper;
  #sizes;

  /** @param {Item[]} batch */
  constructor(batch) {
    this.#paper = batch[0].kind === 'paper';
    this.#sizes = new Map(batch.map(({ id, text }) => [id, text.length]));
  }

  /** @param {string} id */
  renew(id) {
    this.#left.delete(id);
  }

  /** @param {string} id @param {number} length */
  take(id, length) {
    const whole = MAX_RATIO * ((this.#paper ? MAX_PAPER_CHARACTERS : this.#sizes.get(id)) ?? 0) + ALWAYS;
    const left = (this.#left.get(id) ?? whole) - length;
    if (left < 0) throw new BackendError({ type: 'bad-answer' });
    this.#left.set(id, left);
  }

  /** @param {string} id @returns {boolean} whether nothing more is expected for its item */
  finish(id) {
    this.#finished.add(id);
    if (!this.#paper) return true;
    return ['title', 'abstract'].every((part) => this.#finished.has(`${paperOf(id)}/${part}`));
  }
}

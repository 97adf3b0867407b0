/**
 * Translates all of a paper, in reading order, behind what the reader comes to: one request at a time, the
 * next when its last answer has come.
 */

import { isAsked, isTranslated } from '../document/block-states.js';
import { segment } from '../document/segmenter.js';

/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('../document/blocks.js').Blocks} Blocks */
/** @typedef {import('./request-queue.js').RequestQueue} RequestQueue */
/** @typedef {import('./viewport.js').Boxes} Boxes */

/**
 * @typedef {object} WholeProgress
 * @property {boolean} running
 * @property {number} done paragraphs that are translated, headings and captions among them
 * @property {number} open paragraphs that nobody has asked for yet
 * @property {number} total
 * @property {number | null} msLeft about so much longer; null while that cannot be told
 */

const MAX_CHARACTERS = 8_000;
const MAX_BLOCKS = 64;
/** So many new places at once: the layout after them stays unnoticed. */
const MAX_RESERVED = 40;
/** What is answered faster was remembered and tells nothing about the rest. */
const MIN_TOLD_MS = 500;

export class WholePaper {
  #blocks;
  #requests;
  #reserve;
  #isOn = false;
  /** @type {WeakSet<Block>} that cannot be seen now */
  #hidden = new WeakSet();
  /** @type {Block[]} asked for last */
  #batch = [];
  #askedAt = 0;
  /** Milliseconds a block takes; 0 while it is not known. */
  #pace = 0;

  /**
   * @param {{ blocks: Blocks, requests: RequestQueue, reserve: (boxes: Boxes) => void }} parts
   */
  constructor({ blocks, requests, reserve }) {
    this.#blocks = blocks;
    this.#requests = requests;
    this.#reserve = reserve;
  }

  get isOn() {
    return this.#isOn;
  }

  start() {
    this.#isOn = true;
    this.go();
  }

  /** What is under way and near nobody is dropped. */
  stop() {
    this.#isOn = false;
    this.#requests.dropLater();
    this.#batch = [];
  }

  /** Something in the page is another now: asks for the next blocks if it is their turn. */
  go() {
    if (!this.#isOn || this.#batch.some(isPending)) return;
    const failed = this.#batch.filter(({ state }) => state === 'failed');
    if (failed.length && failed.length === this.#batch.length) return; // until they are asked for again
    this.#learn();
    this.#batch = this.#next();
    this.#askedAt = performance.now();
    if (this.#batch.length) this.#requests.askLater(this.#batch);
    else this.#reserveMore();
  }

  /** @returns {WholeProgress} */
  get progress() {
    let [done, open, total] = [0, 0, 0];
    for (const block of this.#blocks) {
      if (block.state === 'empty' || (block.state === 'found' && (block.host || this.#hidden.has(block)))) continue;
      total += 1;
      if (isTranslated(block)) done += 1;
      if (block.state === 'found' || block.state === 'reserved') open += 1;
    }
    const running = this.#isOn && (open > 0 || this.#batch.some(isPending));
    return { running, done, open, total, msLeft: running && this.#pace ? (total - done) * this.#pace : null };
  }

  /** How long the last blocks took. */
  #learn() {
    const took = performance.now() - this.#askedAt;
    if (!this.#batch.length || took < MIN_TOLD_MS) return;
    const pace = took / this.#batch.length;
    this.#pace = this.#pace ? (2 * this.#pace + pace) / 3 : pace;
  }

  /** @returns {Block[]} the first that nobody has asked for, as many as one request holds */
  #next() {
    const batch = [];
    let characters = 0;
    for (const block of this.#blocks) {
      if (block.state !== 'reserved') continue;
      characters += segment(block.parts, block.rule)?.text.length ?? 0;
      if (batch.length && characters > MAX_CHARACTERS) break;
      batch.push(block);
      if (batch.length === MAX_BLOCKS) break;
    }
    return batch;
  }

  /** Reserves places, which otherwise happens as the browser finds time; a hidden tab finds none. */
  #reserveMore() {
    /** @type {Boxes} */
    const boxes = new Map();
    for (const block of this.#blocks) {
      if (block.state !== 'found' || block.host || this.#hidden.has(block)) continue;
      const seen = block.observed.map((element) => /** @type {const} */ ([element, element.getBoundingClientRect()]))
        .filter(([, { height }]) => height > 0);
      if (!seen.length) this.#hidden.add(block);
      for (const [element, box] of seen) boxes.set(element, box);
      if (boxes.size >= MAX_RESERVED) break;
    }
    if (boxes.size) this.#reserve(boxes);
  }
}

/** @param {Block} block @returns {boolean} whether it is about to be asked for or to be answered */
function isPending(block) {
  return block.state === 'wanted' || isAsked(block);
}

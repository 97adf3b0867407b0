/**
 * What was translated since the browser started, so that a page seen again is complete at once, without
 * a request. The backend's translation memory stays the source; this only saves the way there.
 */

import { browser } from '../browser.js';

const PREFIX = 'translation:';
const MAX_ENTRIES = 1_500;
const ENTRIES_AFTER_SHRINKING = 1_000;

/**
 * @typedef {object} Asked
 * @property {string} text
 * @property {string} lang
 * @property {string} kind
 */

/**
 * @typedef {object} Known
 * @property {string} text
 * @property {readonly number[]} [sourceSentences] see `TranslatedSegment`
 */

export class SessionCache {
  /** @type {number | undefined} entries, once counted */
  #size;

  /**
   * @template {Asked} T
   * @param {T[]} items
   * @param {string} scope what else the answer depends on: the backend, the glossary
   * @returns {Promise<Map<T, Known>>} translations of those that are known
   */
  async find(items, scope) {
    const segments = items.filter(({ kind }) => kind === 'segment');
    if (!segments.length) return new Map();
    const keys = await Promise.all(segments.map((item) => keyOf(item, scope)));
    const stored = await browser.storage.session.get(keys);
    const found = new Map();
    segments.forEach((item, index) => {
      const { text, sourceSentences } = /** @type {Partial<Known>} */ (stored[keys[index]] ?? {});
      if (text !== undefined) found.set(item, { text, ...(sourceSentences ? { sourceSentences } : {}) });
    });
    return found;
  }

  /**
   * Stores a verified translation.
   *
   * @param {Asked} item
   * @param {string} scope
   * @param {Known} translation
   */
  async store(item, scope, translation) {
    this.#size ??= (await this.#entries()).length;
    await browser.storage.session.set({ [await keyOf(item, scope)]: { ...translation, at: Date.now() } });
    this.#size += 1;
    if (this.#size > MAX_ENTRIES) await this.#shrink();
  }

  /** @returns {Promise<[string, any][]>} */
  async #entries() {
    const all = await browser.storage.session.get(null);
    return Object.entries(all).filter(([key]) => key.startsWith(PREFIX));
  }

  async #shrink() {
    const entries = await this.#entries();
    const oldest = entries.sort(([, a], [, b]) => a.at - b.at).slice(0, -ENTRIES_AFTER_SHRINKING);
    this.#size = entries.length - oldest.length;
    await browser.storage.session.remove(oldest.map(([key]) => key));
  }
}

/**
 * @param {Asked} item
 * @param {string} scope
 * @returns {Promise<string>}
 */
async function keyOf({ lang, text }, scope) {
  const bytes = new TextEncoder().encode(JSON.stringify([scope, lang, text]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return PREFIX + Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

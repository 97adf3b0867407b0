/** What the reader has read and what they want to keep: their own marks, in this browser only. */

import { browser } from '../browser.js';

const KEY = 'marks';
const MOST = 5_000;

/** @typedef {'read' | 'saved'} Mark */

/** @type {Record<Mark, Record<string, number>>} by arXiv identifier: when it was set */
let marks = { read: {}, saved: {} };

/** @param {any} value @returns {Record<string, number>} */
function times(value) {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, time]) => typeof time === 'number'));
}

/** Brings them from the store. */
export async function loadMarks() {
  const { [KEY]: stored } = /** @type {{ marks?: any }} */ (await browser.storage.local.get(KEY));
  marks = { read: times(stored?.read), saved: times(stored?.saved) };
}

/**
 * @param {Mark} mark
 * @param {string} id
 * @returns {boolean}
 */
export function has(mark, id) {
  return Object.hasOwn(marks[mark], id);
}

/**
 * @param {Mark} mark
 * @param {string} id
 * @param {boolean} on
 */
export async function set(mark, id, on) {
  if (has(mark, id) === on) return;
  if (on) marks[mark][id] = Date.now();
  else delete marks[mark][id];
  const kept = Object.entries(marks.read).sort(([, a], [, b]) => b - a).slice(0, MOST);
  marks.read = Object.fromEntries(kept);
  await browser.storage.local.set({ [KEY]: marks });
}

/** @returns {string[]} what is saved, the latest first */
export function savedIds() {
  return Object.entries(marks.saved).sort(([, a], [, b]) => b - a).map(([id]) => id);
}

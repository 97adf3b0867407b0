/** What the reader has read and what they saved: theirs alone, in this browser only. */

import { browser } from '../browser.js';

/** In the store since the first version. */
const KEY = 'marks';
const MAX_READ = 5_000;

/** @typedef {'read' | 'saved'} Flag */

/** @type {Record<Flag, Record<string, number>>} by arXiv identifier: when it was set */
let state = { read: {}, saved: {} };

/** @param {any} value @returns {Record<string, number>} */
function times(value) {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, time]) => typeof time === 'number'));
}

/** Brings them from the store. */
export async function loadReadingState() {
  const { [KEY]: stored } = /** @type {{ marks?: any }} */ (await browser.storage.local.get(KEY));
  state = { read: times(stored?.read), saved: times(stored?.saved) };
}

/**
 * @param {Flag} flag
 * @param {string} id
 * @returns {boolean}
 */
export function has(flag, id) {
  return Object.hasOwn(state[flag], id);
}

/**
 * @param {Flag} flag
 * @param {string} id
 * @param {boolean} on
 */
export async function set(flag, id, on) {
  if (has(flag, id) === on) return;
  if (on) state[flag][id] = Date.now();
  else delete state[flag][id];
  const latest = Object.entries(state.read).sort(([, a], [, b]) => b - a).slice(0, MAX_READ);
  state.read = Object.fromEntries(latest);
  await browser.storage.local.set({ [KEY]: state });
}

/** @returns {string[]} what is saved, the latest first */
export function savedIds() {
  return Object.entries(state.saved).sort(([, a], [, b]) => b - a).map(([id]) => id);
}

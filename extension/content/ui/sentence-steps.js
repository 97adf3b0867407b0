/** From one sentence to the next, through all translations of the page in its order. */

import { bitextAt } from '../view/bitexts.js';
import { sentenceMapOf } from '../view/sentence-map.js';

/** @typedef {import('../view/sentence-map.js').SentenceMap} SentenceMap */
/** @typedef {{ map: SentenceMap, index: number }} Sentence */

/** Those with a place of their own: a note within a paragraph is no step on the way through it. */
const OWN_PLACE = '[data-paperglot="reserved"], [data-paperglot="translation"]:not([data-display="within"])';
const WHOLE = '[data-paperglot="translation"]:is([data-state="done"], [data-state="unverified"]):not([data-display="within"])';
const PENDING = '[data-paperglot="reserved"], [data-state="waiting"], [data-state="streaming"]';

/** @param {Event} event @returns {boolean} whether the reader is writing something */
export function isTyping({ target }) {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/**
 * @param {Sentence | null} from null: from what the reader looks at
 * @param {1 | -1} step
 * @returns {Sentence | null} null at either end
 */
export function nextSentence(from, step) {
  if (from && from.map.size > from.index + step && from.index + step >= 0) return { map: from.map, index: from.index + step };
  const bitexts = [...new Set([...document.querySelectorAll(WHOLE)].map(bitextAt))].filter((one) => one !== null);
  const here = from ? bitexts.indexOf(from.map.bitext) : -1;
  const next = here >= 0 ? bitexts[here + step] : bitexts.find(isSeen) ?? bitexts[0];
  if (!next) return null;
  const map = sentenceMapOf(next);
  return { map, index: here >= 0 && step < 0 ? map.size - 1 : 0 };
}

/**
 * @param {Sentence} from
 * @param {Sentence | null} to
 * @returns {Element | null} what stands between two sentences and waits for its translation
 */
export function pendingBetween(from, to) {
  const last = from.map.bitext.parts[from.map.bitext.parts.length - 1].element;
  if (to?.map === from.map) return null;
  const all = [...document.querySelectorAll(OWN_PLACE)];
  const first = to ? all.indexOf(to.map.bitext.parts[0].element) : all.length;
  const pending = all.slice(all.indexOf(last) + 1, first).find((one) => one.matches(PENDING));
  // In its place what waits is not shown, but the original is.
  return pending?.previousElementSibling ?? pending?.parentElement ?? null;
}

/** @param {import('../view/bitexts.js').Bitext} bitext @returns {boolean} whether it ends below the upper edge of the window */
function isSeen({ parts }) {
  return parts.some(({ element, original }) => [element, original].some((one) => {
    const { bottom, height } = one.getBoundingClientRect();
    return height > 1 && bottom > 0;
  }));
}

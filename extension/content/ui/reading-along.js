/**
 * Reading along: the sentence that is pointed at, tapped or stepped to is marked together with its
 * counterpart in the other language, both ways.
 *
 * Keys, wherever nothing is being typed: `.` the next sentence, `,` the one before, Escape none; `r` reads
 * the paper aloud from the marked sentence on.
 */

import { text } from '../../localize.js';
import { bitextAt } from '../view/bitexts.js';
import { sentenceMapOf } from '../view/sentence-map.js';
import { copyFormulasAsTex } from './copying.js';
import { areAt, boxesOf, bringIntoView, isMarkKept, markedSentence, markSentence, unmarkSentence } from './sentence-highlight.js';
import { isTyping, nextSentence } from './sentence-steps.js';

/** @typedef {import('../view/sentence-map.js').SentenceMap} SentenceMap */
/** @typedef {import('../view/sentence-map.js').Side} Side */

/** Brought back under a resting pointer, the original shows the sentence that was pointed at until it moves so far. */
const STILL = 6;

/** @type {import('./read-aloud.js').ReadAloud | null} */
let reader = null;

/**
 * Reads the page aloud, pauses it or goes on.
 *
 * @param {AbortSignal} signal ends it
 */
export async function readAloud(signal) {
  if (reader && !reader.isOver) {
    reader.toggle();
    return;
  }
  const { ReadAloud } = await import('./read-aloud.js');
  if (signal.aborted) return;
  reader = new ReadAloud(signal);
  await reader.start();
}

/**
 * @param {AbortSignal} signal
 * @param {{ aloud: boolean }} options `aloud`: whether the page is one to be read aloud
 */
export function readAlong(signal, { aloud }) {
  copyFormulasAsTex(signal);
  if (!('highlights' in CSS)) return;
  /** @type {{ x: number, y: number } | null} where the pointer was when the original took the translation's place */
  let rest = null;

  // Before the original takes the place of the translation: then nothing is to be seen of that any more.
  document.addEventListener('pointerover', ({ target, pointerType, clientX: x, clientY: y }) => {
    if (pointerType === 'touch' || !(target instanceof Element)) return;
    const isReplaced = target.closest('[data-paperglot="translation"][data-display="replace"]') !== null;
    if (isReplaced && point(target, x, y)) rest = { x, y };
  }, { signal, capture: true });
  document.addEventListener('pointermove', ({ target, pointerType, buttons, clientX: x, clientY: y }) => {
    if (pointerType === 'touch' || buttons) return;
    if (rest && Math.hypot(x - rest.x, y - rest.y) < STILL) return;
    rest = null;
    point(target, x, y);
  }, { signal, passive: true });
  document.documentElement.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType !== 'touch' && !isMarkKept()) unmarkSentence();
  }, { signal });
  document.addEventListener('click', (event) => {
    const { target, clientX: x, clientY: y } = event;
    if (/** @type {PointerEvent} */ (event).pointerType === 'touch') point(target, x, y);
  }, { signal });
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey || isTyping(event)) return;
    if (key === 'Escape') unmarkSentence();
    if (key.toLowerCase() === 'r' && aloud && !event.repeat) void readAloud(signal);
    if (key !== '.' && key !== ',') return;
    const next = nextSentence(markedSentence(), key === '.' ? 1 : -1);
    if (!next) return;
    markSentence(next.map, next.index);
    say(next.map);
    bringIntoView(next.map, next.index);
  }, { signal });
  signal.addEventListener('abort', unmarkSentence);
}

/**
 * Marks what is at a point, or nothing where nothing is.
 *
 * @param {EventTarget | null} target
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether a sentence is there
 */
function point(target, x, y) {
  if (isMarkKept()) return false;
  const bitext = target instanceof Node ? bitextAt(target) : null;
  if (bitext) {
    const map = sentenceMapOf(bitext);
    const index = sentenceAt(map, x, y);
    if (index !== null) {
      markSentence(map, index);
      say(map);
      return true;
    }
  }
  unmarkSentence();
  return false;
}

/**
 * @param {SentenceMap} map
 * @param {number} x
 * @param {number} y
 * @returns {number | null}
 */
function sentenceAt(map, x, y) {
  const place = caretAt(x, y);
  const found = place && map.at(place.node, place.offset);
  if (!found) return null;
  // The browser names some place wherever one points, and the nearer end of a letter.
  const near = [found.index, found.index - 1].filter((index) => index >= 0);
  return near.find((index) => areAt(boxesOf(map, found.side, index), x, y)) ?? null;
}

/** @param {number} x @param {number} y @returns {{ node: Node, offset: number } | null} */
function caretAt(x, y) {
  if ('caretPositionFromPoint' in document) {
    const position = document.caretPositionFromPoint(x, y);
    if (!position) return null;
    const { offsetNode: node, offset } = position;
    return { node: node instanceof Element ? node.childNodes[offset] ?? node : node, offset };
  }
  // Chromium before 128.
  const range = /** @type {any} */ (document).caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

/** @param {SentenceMap} map of which is said where its sentences were guessed */
function say(map) {
  if (!map.byLength) return;
  for (const { element } of map.bitext.parts) {
    if (!element.title) element.title = text('sentencesByLength');
  }
}

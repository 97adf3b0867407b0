/** A whole translation: its words, and a mark where it is not verified. */

import { text } from '../../localize.js';
import { injected } from './injected.js';
import { limitFor, Writer } from './placeholder-writer.js';

/** @typedef {import('../document/segmenter.js').Segment} Segment */
/** @typedef {import('./placeholder-writer.js').Fill} Fill */

/**
 * @typedef {object} Verdict
 * @property {boolean} verified
 * @property {readonly number[]} [sourceSentences] where the sentences of the segment begin
 * @property {(mark: HTMLElement) => void} onDoubt called with the mark that says it is not, when it is pressed
 */

/**
 * Puts a whole translation into an element.
 *
 * @param {HTMLElement} element
 * @param {string} translated
 * @param {Segment} segment
 * @param {Verdict} verdict
 * @param {Fill} [fill]
 * @returns {import('./bitexts.js').Written}
 */
export function writeWhole(element, translated, { originals, before, after, text: source }, { verified, onDoubt }, fill) {
  const whole = document.createDocumentFragment();
  const writer = new Writer(whole, originals, { fill, limit: limitFor(source) });
  writer.write(before + translated + after);
  writer.end();
  element.replaceChildren(whole);
  if (!verified) doubt(element, onDoubt);
  return writer;
}

/**
 * @param {HTMLElement} element
 * @param {(mark: HTMLElement) => void} onDoubt
 */
function doubt(element, onDoubt) {
  const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  if (words instanceof Text) {
    const [first] = new Intl.Segmenter(element.lang, { granularity: 'word' }).segment(words.data.trimStart());
    const start = words.data.length - words.data.trimStart().length;
    const word = words.splitText(start);
    word.splitText(first?.segment.length ?? 0);
    const underline = injected('span', 'doubt');
    word.replaceWith(underline);
    underline.append(word);
  }
  const mark = injected('button', 'mark', '*');
  mark.setAttribute('type', 'button');
  mark.setAttribute('aria-label', text('pageUnverifiedLabel'));
  mark.addEventListener('click', () => onDoubt(mark));
  element.append(mark);
}

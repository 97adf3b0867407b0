/**
 * The translation of a text whose parts stand in several elements, with displayed formulas between them:
 * each part's translation stands beside its own original.
 */

/** @typedef {import('../../settings.js').Display} Display */
/** @typedef {import('../document/segmenter.js').Segment} Segment */
/** @typedef {import('./translation-view.js').FailureNotice} FailureNotice */
/** @typedef {import('./translation-view.js').TranslationView} TranslationView */
/** @typedef {import('./whole-translation.js').Verdict} Verdict */

const BORDER = /\s*<p\d{1,3}\/>\s*/;
const BEGINNING_OF_BORDER = /<(?:p\d{0,3}\/?)?$/;

export class PartsView {
  /** Of the parts, in order. */
  parts;
  #at = 0;
  #rest = '';

  /** @param {readonly TranslationView[]} views of the parts, in order */
  constructor(views) {
    this.parts = views;
  }

  get element() {
    return this.parts[0].element;
  }

  get isWaiting() {
    return this.parts[0].isWaiting;
  }

  wait() {
    this.#restart();
    for (const view of this.parts) view.wait();
  }

  vacate() {
    for (const view of this.parts) view.vacate();
  }

  /** @param {string | null} words */
  say(words) {
    this.parts[0].say(words);
  }

  /** @param {Display} display */
  show(display) {
    for (const view of this.parts) view.show(display);
  }

  /** @param {readonly number[]} pixels of each part */
  reserve(pixels) {
    for (const [index, view] of this.parts.entries()) view.reserve([pixels[index]]);
  }

  drawAgain() {
    for (const view of this.parts) view.drawAgain();
  }

  /**
   * @param {string} piece
   * @param {Segment} segment
   */
  stream(piece, segment) {
    const parts = (this.#rest + piece).split(BORDER);
    const last = parts.pop() ?? '';
    for (const part of parts) {
      this.#write(part, segment);
      this.#at = Math.min(this.#at + 1, this.parts.length - 1);
    }
    const cut = BEGINNING_OF_BORDER.exec(last)?.index ?? last.length;
    this.#rest = last.slice(cut);
    this.#write(last.slice(0, cut), segment);
  }

  /**
   * @param {string} words
   * @param {Segment} segment
   */
  #write(words, segment) {
    if (words) this.parts[this.#at].stream(words, segment);
  }

  #restart() {
    this.#at = 0;
    this.#rest = '';
  }

  /**
   * @param {string} translated
   * @param {Segment} segment
   * @param {Verdict} verdict
   */
  done(translated, segment, verdict) {
    this.#restart();
    const parts = translated.split(BORDER);
    const rest = parts.splice(this.parts.length - 1).join(' ');
    for (const [index, view] of this.parts.entries()) {
      view.done([...parts, rest][index] ?? '', segment, verdict);
    }
  }

  /** @param {FailureNotice | null} notice */
  failed(notice) {
    this.#restart();
    for (const [index, view] of this.parts.entries()) view.failed(index ? null : notice);
  }

  remove() {
    for (const view of this.parts) view.remove();
  }
}

/**
 * The translation of a text that stands within another one: a footnote, a paragraph in a framed box of a
 * paragraph. It has no place of its own in the page. The translation around it holds a copy of the element
 * it stands in, and there it takes the original words' place.
 */

import { direction } from '../../languages.js';
import { noteTranslation } from './bitexts.js';
import { injected } from './injected.js';
import { writeWhole } from './whole-translation.js';

/** @typedef {import('../document/segmenter.js').Segment} Segment */
/** @typedef {import('../pages/page-rules.js').Labels} Labels */
/** @typedef {import('./whole-translation.js').Verdict} Verdict */

/** @typedef {{ translated: string, segment: Segment, verdict: Verdict }} Whole */

export class InnerView {
  #original;
  #lang;
  #kind;
  #skip;
  #labels;
  #drawHost;
  /** @type {Whole | null} */
  #whole = null;
  #waiting = false;

  /**
   * @param {Element} original
   * @param {{ lang: string, kind: string, skip?: string, labels?: Labels, drawHost: () => void }} options
   */
  constructor(original, { lang, kind, skip = '', labels, drawHost }) {
    this.#original = original;
    this.#lang = lang;
    this.#kind = kind;
    this.#skip = skip;
    this.#labels = labels;
    this.#drawHost = drawHost;
  }

  get isWaiting() {
    return this.#waiting;
  }

  wait() {
    this.#waiting = true;
    this.#show(null);
  }

  vacate() {
    this.#waiting = false;
  }

  /** It is shown when it is whole. */
  stream() {}

  /**
   * @param {string} translated
   * @param {Segment} segment
   * @param {Verdict} verdict
   */
  done(translated, segment, verdict) {
    this.#waiting = false;
    this.#show({ translated, segment, verdict });
  }

  /** The original words stay. */
  failed() {
    this.#waiting = false;
    this.#show(null);
  }

  /** What is said of a wait is said where there is room for it. */
  say() {}

  /** There is nothing to reserve. */
  reserve() {}

  show() {}

  drawAgain() {}

  remove() {
    this.#show(null);
  }

  /** @param {Whole | null} whole */
  #show(whole) {
    const changed = whole !== this.#whole;
    this.#whole = whole;
    if (changed) this.#drawHost();
  }

  /**
   * Puts the translation into a copy of what is around it.
   *
   * @param {Node} node that may hold the original
   * @param {Element} twin the copy
   */
  fill(node, twin) {
    if (!this.#whole || !node.contains(this.#original)) return;
    const place = counterpart(this.#original, node, twin);
    if (!place) return;
    const slot = injected('span', 'translation');
    slot.lang = this.#lang;
    slot.dir = direction(this.#lang);
    slot.translate = false;
    const { translated, segment, verdict } = this.#whole;
    slot.dataset.kind = this.#kind;
    slot.dataset.state = verdict.verified ? 'done' : 'unverified';
    slot.dataset.display = 'within';
    const written = writeWhole(slot, translated, segment, verdict, (_, twin) => {
      if (twin.matches('.ltx_tag')) this.#labels?.write(twin);
    });
    noteTranslation({ original: this.#original, element: slot, written }, segment, verdict.sourceSentences);
    for (const child of [...place.childNodes]) {
      if (!(child instanceof Element && this.#skip && child.matches(this.#skip))) child.remove();
    }
    place.append(slot);
  }
}

/**
 * @param {Element} element
 * @param {Node} around
 * @param {Element} twin a deep copy of that
 * @returns {Element | null} where the element is in the copy
 */
function counterpart(element, around, twin) {
  /** @type {number[]} */
  const path = [];
  for (let node = element; node !== around; ) {
    const parent = node.parentElement;
    if (!parent) return null;
    path.unshift([...parent.children].indexOf(node));
    node = parent;
  }
  return path.reduce((/** @type {Element | undefined} */ found, index) => found?.children[index], twin) ?? null;
}

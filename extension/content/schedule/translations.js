/**
 * The translations that stand in the page, one for each block that has something to translate. Whatever
 * changes in them changes in the next frame, in the order in which it was asked for.
 */

import { become } from '../document/block-states.js';
import { isAwaiting } from '../document/mathjax.js';
import { segment } from '../document/segmenter.js';
import { Typesetting } from '../document/typesetting.js';
import { FrameQueue } from '../view/frame-queue.js';
import { TranslationView } from '../view/translation-view.js';

/** @typedef {import('../../settings.js').Display} Display */
/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('./viewport.js').Boxes} Boxes */

export class Translations {
  #lang;
  #display;
  #typesetting;
  #frames;
  /** @type {Map<Block, TranslationView>} */
  #views = new Map();
  /** @type {Set<Block>} measured before MathJax had typeset their formulas */
  #unset = new Set();

  /**
   * @param {string} lang
   * @param {Display} display
   * @param {{ afterFrame: () => void, signal: AbortSignal }} options aborting removes them all
   */
  constructor(lang, display, { afterFrame, signal }) {
    this.#lang = lang;
    this.#display = display;
    this.#typesetting = new Typesetting(lang, signal);
    this.#frames = new FrameQueue(afterFrame, signal);
    signal.addEventListener('abort', () => {
      for (const view of this.#views.values()) view.remove();
    });
  }

  /**
   * Reserves the space that translations will need. All reading of the page comes first, then all
   * writing: one layout instead of one a block.
   *
   * @param {Block[]} blocks that were found
   * @param {Boxes} boxes where they are
   */
  reserve(blocks, boxes) {
    const measured = blocks.map((block) => {
      const { original, rule } = block;
      const box = /** @type {DOMRectReadOnly} */ (boxes.get(original));
      const hasText = segment(original, rule) !== null;
      return { block, metrics: hasText ? this.#typesetting.measure(original, rule, box) : null };
    });
    for (const { block, metrics } of measured) {
      if (!become(block, metrics ? 'reserved' : 'empty') || !metrics) continue;
      if (isAwaiting(block.original)) this.#unset.add(block);
      const { place, kind } = block.rule;
      this.#views.set(block, new TranslationView(block.original, {
        lang: this.#lang, place, kind, metrics, display: this.#display,
      }));
    }
  }

  /**
   * Measures those anew whose formulas MathJax has typeset since: a displayed one may be many times as
   * high as its TeX, and the page moves by that now, not when the translation comes.
   */
  fit() {
    const set = [...this.#unset].filter(({ original }) => !isAwaiting(original));
    const measured = set.map((block) => {
      this.#unset.delete(block);
      const { original, rule } = block;
      return { view: this.#views.get(block), metrics: this.#typesetting.measure(original, rule, original.getBoundingClientRect()) };
    });
    for (const { view, metrics } of measured) view?.reserve(metrics.reserve);
  }

  /** @param {Block} block @returns {TranslationView | undefined} */
  of(block) {
    return this.#views.get(block);
  }

  /**
   * @param {Block} block
   * @param {(view: TranslationView) => void} change to be made in the next frame, if it is still there
   */
  draw(block, change) {
    this.#frames.next(() => {
      const view = this.#views.get(block);
      if (view) change(view);
    });
  }

  /** Something else is another now: the next frame has to tell. */
  touch() {
    this.#frames.next();
  }

  /** @param {Display} display the way of reading */
  show(display) {
    this.#display = display;
    for (const view of this.#views.values()) view.show(display);
  }

  /**
   * Says at the first block that waits why all of them do.
   *
   * @param {Iterable<Block>} blocks in the order of the page
   * @param {string | null} words null when there is nothing to say
   */
  explainWaiting(blocks, words) {
    for (const block of blocks) {
      const view = this.#views.get(block);
      if (!view?.isWaiting) continue;
      view.say(words);
      words = null;
    }
  }

  /** @param {Block} block that needs none any more */
  remove(block) {
    this.#views.get(block)?.remove();
    this.#views.delete(block);
    this.#unset.delete(block);
  }
}

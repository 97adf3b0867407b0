/**
 * The translations that stand in the page, one for each block that has something to translate. Whatever
 * changes in them changes in the next frame, in the order in which it was asked for.
 */

import { become } from '../document/block-states.js';
import { isAwaiting } from '../document/mathjax.js';
import { segment } from '../document/segmenter.js';
import { Typesetting } from '../document/typesetting.js';
import { FrameQueue } from '../view/frame-queue.js';
import { InnerView } from '../view/inner-view.js';
import { PartsView } from '../view/parts-view.js';
import { ScrollAnchor } from '../view/scroll-anchor.js';
import { TranslationView } from '../view/translation-view.js';

/** @typedef {import('../../settings.js').Display} Display */
/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('../document/typesetting.js').Metrics} Metrics */
/** @typedef {import('./viewport.js').Boxes} Boxes */
/** @typedef {TranslationView | PartsView | InnerView} View */

export class Translations {
  #lang;
  #display;
  #typesetting;
  #frames;
  #anchor;
  /** @type {Map<Block, View>} */
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
    this.#anchor = new ScrollAnchor(signal);
    signal.addEventListener('abort', () => this.#anchor.keep(() => {
      for (const view of this.#views.values()) view.remove();
    }));
  }

  /**
   * Reserves the space that translations will need; beside one that the screen's upper edge cuts only in the
   * next frame, when the browser holds on to what follows it.
   *
   * @param {Block[]} blocks that were found
   * @param {Boxes} boxes where they are
   * @param {(blocks: Block[]) => void} onLate the next frame has reserved theirs
   */
  reserve(blocks, boxes, onLate) {
    const cut = blocks.filter(({ parts }) => parts.filter((part) => {
      const box = boxes.get(part);
      return box && this.#anchor.learns(part, box);
    }).length);
    if (cut.length) this.#frames.next(() => {
      this.#reserve(cut.filter(({ state }) => state === 'found'), boxes);
      onLate(cut);
    });
    this.#reserve(blocks.filter((block) => !cut.includes(block)), boxes);
  }

  /**
   * All reading of the page comes first, then all writing: one layout instead of one a block.
   *
   * @param {Block[]} blocks
   * @param {Boxes} boxes
   */
  #reserve(blocks, boxes) {
    const measured = blocks.map((block) => {
      const hasText = segment(block.parts, block.rule) !== null;
      return { block, metrics: hasText ? this.#measure(block, boxes) : null };
    });
    for (const { block, metrics } of measured) {
      if (!become(block, metrics ? 'reserved' : 'empty') || !metrics) continue;
      if (isAwaiting(block.original)) this.#unset.add(block);
      this.#views.set(block, this.#viewOf(block, metrics));
    }
  }

  /**
   * @param {Block} block
   * @param {Boxes} boxes of elements where they are known
   * @returns {Metrics[]} of each part
   */
  #measure({ parts, rule }, boxes) {
    return parts.map((part) => this.#typesetting.measure(part, rule, boxes.get(part) ?? part.getBoundingClientRect()));
  }

  /**
   * @param {Block} block
   * @param {readonly Metrics[]} metrics of each part
   * @returns {TranslationView | PartsView}
   */
  #viewOf(block, metrics) {
    const { parts, rule: { kind, place, skip, labels } } = block;
    const inner = this.#innerOf(block, () => this.#views.get(block)?.drawAgain());
    /** @type {import('../view/placeholder-writer.js').Fill} */
    const fill = (node, twin) => {
      if (labels && twin.matches('.ltx_tag')) labels.write(twin);
      for (const view of inner) view.fill(node, twin);
    };
    const views = parts.map((part, index) => new TranslationView(part, {
      lang: this.#lang, place: part.matches('td, .ltx_td') ? 'inside' : place, kind, skip, metrics: metrics[index],
      display: this.#display, ...(inner.length || labels ? { fill } : {}),
    }));
    return views.length === 1 ? views[0] : new PartsView(views);
  }

  /**
   * @param {Block} block
   * @param {() => void} drawHost
   * @returns {InnerView[]} of what stands within its text, and within that, innermost first
   */
  #innerOf(block, drawHost) {
    return block.inner.flatMap((inner) => {
      const within = this.#innerOf(inner, drawHost);
      if (segment(inner.parts, inner.rule) === null) {
        become(inner, 'empty');
        return within;
      }
      become(inner, 'reserved');
      const { original, rule: { kind, skip, labels } } = inner;
      const view = new InnerView(original, { lang: this.#lang, kind, skip, labels, drawHost });
      this.#views.set(inner, view);
      return [...within, view];
    });
  }

  /**
   * Measures those anew whose formulas MathJax has typeset since: a displayed one may be many times as
   * high as its TeX, and the page moves by that now, not when the translation comes.
   */
  fit() {
    const set = [...this.#unset].filter(({ original }) => !isAwaiting(original));
    const measured = set.map((block) => {
      this.#unset.delete(block);
      return { view: this.#views.get(block), metrics: this.#measure(block, new Map()) };
    });
    for (const { view, metrics } of measured) view?.reserve(metrics.map(({ reserve }) => reserve));
  }

  /** @param {Block} block @returns {View | undefined} */
  of(block) {
    return this.#views.get(block);
  }

  /**
   * @param {Block} block
   * @param {(view: View) => void} change to be made in the next frame, if it is still there
   */
  draw(block, change) {
    this.#frames.next(() => {
      const view = this.#views.get(block);
      if (view) change(view);
    }, () => elementsOf(block, this.#views.get(block)).some((element) => this.#anchor.hasPassed(element)));
  }

  /** @param {Block[]} blocks that came near: the reader's place among them is kept */
  come(blocks) {
    for (const block of blocks) {
      const view = this.#views.get(block);
      if (!view || view instanceof InnerView) continue;
      for (const [index, { element }] of view.parts.entries()) this.#anchor.watch(block.parts[index], element);
    }
  }

  /** @param {Block[]} blocks that are near no more */
  leave(blocks) {
    for (const block of blocks) {
      for (const element of elementsOf(block, this.#views.get(block))) this.#anchor.forget(element);
    }
  }

  /** Something else is another now: the next frame has to tell. */
  touch() {
    this.#frames.next();
  }

  /** @param {Display} display the way of reading */
  show(display) {
    this.#display = display;
    this.#anchor.keep(() => {
      for (const view of this.#views.values()) view.show(display);
    });
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
    this.leave([block]);
    this.#views.get(block)?.remove();
    this.#views.delete(block);
    this.#unset.delete(block);
  }
}

/** @param {Block} block @param {View | undefined} view its own @returns {Element[]} its originals and their translations */
function elementsOf({ parts }, view) {
  return view && !(view instanceof InnerView) ? [...parts, ...view.parts.map(({ element }) => element)] : [];
}

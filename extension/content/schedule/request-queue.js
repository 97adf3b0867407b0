/**
 * What the reader is near, and when it is asked for: a few blocks at a time, nothing that they have
 * already passed, and anew what changed under us.
 */

import { become, isAsked, isTranslated } from '../document/block-states.js';
import { typeset } from '../document/mathjax.js';
import { segment } from '../document/segmenter.js';
import { inOrder } from './reading-order.js';

/** @typedef {import('../pages/page-rules.js').PageRule} PageRule */
/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('../document/blocks.js').Blocks} Blocks */
/** @typedef {import('./background-port.js').BackgroundPort} BackgroundPort */
/** @typedef {import('./translations.js').Translations} Translations */

/** Pause between two requests of a page, so that slow scrolling does not make one for every line. */
const GATHER_MS = 300;
/** The observers answer over a few frames, and while the page is parsed they know only a part of it. */
const FIRST_MS = 20;
const PARSING_MS = 400;
const PARSED_MS = 50;
/** So many characters of a paper at most are asked for at once while the reader goes on: the backend asks the
 * model for 8,000 in one request. */
const MAX_PASSAGE = 7_900;

export class RequestQueue {
  #lang;
  #blocks;
  #translations;
  #port;
  #paper;
  #ahead;
  #onReadOn;
  #onKnown;
  /** Where the reader was when something was asked for. */
  #readAt = 0;
  #signal;
  /** @type {Set<Element>} within a screen of the reader */
  #near = new Set();
  /** @type {Set<Block>} about to be asked for */
  #wanted = new Set();
  /** @type {Set<Block>} asked for because all of the paper is wanted, not because the reader came to them */
  #later = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gathering;
  #isTypesetting = false;
  #askedAt = -Infinity;

  /**
   * @param {string} lang
   * @param {{ blocks: Blocks, translations: Translations, port: BackgroundPort,
   *   page: Pick<PageRule, 'paper' | 'ahead'>, onReadOn?: () => void,
   *   onKnown: (id: string, text: string) => void, signal: AbortSignal }} parts `onReadOn`: a paper's reader goes beyond
   *   its beginning; `onKnown`: a block's translation that need not be asked for
   */
  constructor(lang, { blocks, translations, port, page, onReadOn, onKnown, signal }) {
    this.#paper = page.paper;
    this.#ahead = page.ahead ?? 1;
    this.#lang = lang;
    this.#blocks = blocks;
    this.#translations = translations;
    this.#port = port;
    this.#onReadOn = onReadOn;
    this.#onKnown = onKnown;
    this.#signal = signal;
    signal.addEventListener('abort', () => clearTimeout(this.#gathering));
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', () => this.#hasten(), { signal });
    }
  }

  /** @param {Element[]} elements that are within a screen now */
  come(elements) {
    for (const element of elements) this.#near.add(element);
    const blocks = this.#blocks.of(elements);
    const hurried = withInner(blocks).filter((block) => block.state === 'asked' && this.#later.delete(block));
    if (hurried.length) this.#port.hasten(hurried.map(({ id }) => id));
    this.#want(blocks);
  }

  /** @param {Block[]} blocks that got their space after they had come */
  reserved(blocks) {
    this.#want(blocks.filter((block) => this.#isNear(block)));
  }

  /** @param {Element[]} elements that are far from the screen */
  leave(elements) {
    const dropped = [];
    for (const element of elements) this.#near.delete(element);
    for (const block of withInner(this.#blocks.of(elements))) {
      if (this.#isNear(block) || this.#later.has(block)) continue; // another part of it is, or all are wanted
      if (this.#wanted.delete(block)) this.#release(block);
      else if (block.state === 'asked' && this.#translations.of(block)?.isWaiting) dropped.push(block.id);
    }
    if (dropped.length) this.#port.cancel(dropped);
  }

  /** @param {Block[]} blocks that the page took away */
  forget(blocks) {
    for (const block of blocks) {
      for (const element of block.observed) this.#near.delete(element);
      this.#wanted.delete(block);
      this.#later.delete(block);
    }
    this.#cancel(blocks);
  }

  /** @param {Block[]} blocks that have space and nobody is near, to be asked for behind those that somebody is */
  askLater(blocks) {
    for (const block of blocks) {
      if (!become(block, 'wanted')) continue;
      this.#translations.draw(block, (view) => view.wait());
      this.#later.add(block);
    }
    this.ask(blocks, { later: true });
  }

  /** What was to come later and nobody is working on is wanted no more. */
  dropLater() {
    this.#cancel([...this.#later].filter((block) => block.state === 'asked' && this.#translations.of(block)?.isWaiting));
    this.#later.clear();
  }

  /** @param {string[]} ids of blocks that were dropped before anyone worked on them */
  cancelled(ids) {
    const dropped = ids.map((id) => this.#blocks.byId(id)).filter((block) => block !== undefined).filter(isAsked);
    for (const block of dropped) this.#release(block);
    // Some may have come back meanwhile, and the observer speaks only of changes.
    this.#want(dropped.filter((block) => this.#isNear(block)));
  }

  /**
   * @param {Block[]} blocks
   * @param {{ retry?: boolean, anew?: boolean, seen?: ReadonlySet<Block>, later?: boolean }} [options] `retry`: the
   *   model is asked although something is remembered; `anew`: the server is, although this browser remembers;
   *   `seen`: those that the reader looks at; `later`: all others go first
   */
  ask(blocks, { retry = false, anew = false, seen = new Set(), later = false } = {}) {
    const segments = [];
    for (const block of blocks) {
      const found = segment(block.parts, block.rule);
      if (!found) {
        if (become(block, 'empty')) this.#translations.remove(block);
      } else if (become(block, 'asked')) {
        Object.assign(block, { segment: found, problem: null });
        if (found.known !== null) this.#onKnown(block.id, found.known);
        else segments.push({
          id: block.id, text: found.text, ...(block.parts.length > 1 ? { parts: true } : {}),
          ...(seen.has(block) ? { seen: true } : {}), ...(anew ? { anew } : {}), ...(later ? { later } : {}),
        });
      }
    }
    if (segments.length) {
      this.#port.translate({
        type: 'translate', lang: this.#lang, segments,
        ...(this.#paper ? { paper: this.#paper(blocks[0].original) } : {}),
        ...(retry ? { retry } : {}),
      });
    }
    this.#translations.touch();
  }

  /** @param {Block} block whose translation the reader does not trust */
  askAnew(block) {
    this.#translations.draw(block, (view) => view.wait());
    this.#blocks.rename(block);
    this.ask([block], { retry: true });
  }

  /** @param {Block[]} blocks of which the server knows better now; those near the reader first */
  askAgain(blocks) {
    this.#cancel(blocks);
    for (const block of blocks) {
      this.#translations.draw(block, (view) => view.wait());
      this.#blocks.rename(block);
    }
    this.ask([...blocks.filter((block) => this.#isNear(block)), ...blocks.filter((block) => !this.#isNear(block))], { anew: true });
  }

  /**
   * Blocks whose text is another now, most often because MathJax has typeset it, are asked for anew.
   *
   * @param {Block[]} blocks
   */
  renew(blocks) {
    const changed = blocks.filter((block) => {
      if (!isAsked(block) && !isTranslated(block)) return false;
      const now = segment(block.parts, block.rule);
      return !now?.typesetting && now?.text !== block.segment?.text;
    });
    this.#cancel(changed);
    if (changed.length) this.#translations.fit();
    for (const block of changed) {
      this.#blocks.rename(block);
      if (block.state === 'streaming') this.#translations.draw(block, (view) => view.wait());
    }
    this.ask(changed);
  }

  /** @param {Block[]} blocks that are near */
  #want(blocks) {
    for (const block of withInner(blocks)) {
      if (block.state !== 'reserved' || !become(block, 'wanted')) continue;
      this.#translations.draw(block, (view) => view.wait());
      this.#wanted.add(block);
    }
    if (!this.#wanted.size || this.#gathering) return;
    const first = document.readyState === 'loading' ? PARSING_MS : FIRST_MS;
    const pause = Math.max(first, this.#askedAt + GATHER_MS - performance.now());
    this.#gathering = setTimeout(() => void this.#askForWanted(), pause);
    this.#translations.touch();
  }

  /** The page is parsed: what was gathered meanwhile need not wait for more. */
  #hasten() {
    if (this.#gathering === undefined || this.#isTypesetting) return;
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => void this.#askForWanted(), PARSED_MS);
  }

  async #askForWanted() {
    this.#isTypesetting = true;
    await typeset([...this.#wanted].map(({ original }) => original), this.#signal);
    this.#isTypesetting = false;
    this.#gathering = undefined;
    if (this.#signal.aborted) return;
    this.#translations.fit();
    // What came near while MathJax was awaited goes along; what went away stays behind.
    const { above, seen, below, beyond } = inOrder([...this.#wanted], this.#ahead);
    this.#wanted.clear();
    this.#askedAt = performance.now();
    // Room was made above them meanwhile: they are not near any more, and will be said to be when they are.
    for (const block of beyond) this.#release(block);
    const moves = this.#readAt && scrollY > this.#readAt;
    this.#readAt = scrollY;
    if (this.#paper && moves) this.#onReadOn?.();
    const next = this.#paper && moves ? this.#following([...seen, ...below]) : [];
    this.ask([...seen, ...below, ...next, ...above], { seen: new Set(seen) });
  }

  /**
   * What follows in a paper whose reader goes on: a few large requests cost less than many small ones, of
   * which each has its instructions.
   *
   * @param {Block[]} asked
   * @returns {Block[]} that will be asked for with them
   */
  #following(asked) {
    const last = asked.at(-1);
    if (!last) return [];
    let left = MAX_PASSAGE - asked.reduce((sum, block) => sum + sizeOf(block), 0);
    const following = [];
    let isAfter = false;
    for (const block of this.#blocks) {
      if (left <= 0) break;
      if (isAfter && block.state === 'reserved') {
        left -= sizeOf(block);
        if (left < 0 || !become(block, 'wanted')) break;
        this.#translations.draw(block, (view) => view.wait());
        following.push(block);
      } else if (isAfter && block.state === 'found' && !block.host) {
        break; // nobody has been there yet
      }
      isAfter ||= block === last;
    }
    return following;
  }

  /** @param {Block} block @returns {boolean} whether a part of it, or what it stands in, is near */
  #isNear({ observed, host }) {
    return host ? this.#isNear(host) : observed.some((element) => this.#near.has(element));
  }

  /** @param {Block} block that nobody waits for any more */
  #release(block) {
    if (become(block, 'reserved')) this.#translations.draw(block, (view) => view.vacate());
  }

  /** @param {Block[]} blocks of which those under way are not wanted as they were asked for */
  #cancel(blocks) {
    const ids = blocks.filter(isAsked).map(({ id }) => id);
    if (ids.length) this.#port.cancel(ids);
  }
}

/**
 * @param {readonly Block[]} blocks
 * @returns {Block[]} them, each followed by those that stand within its text
 */
function withInner(blocks) {
  return blocks.flatMap((block) => [block, ...withInner(block.inner)]);
}

/** @param {Block} block @returns {number} characters of its text as it is sent */
function sizeOf({ parts, rule }) {
  return segment(parts, rule)?.text.length ?? 0;
}

/**
 * One page being read in translation, from on to off: finds the blocks, asks for those near the screen,
 * shows what comes. Aborting its signal leaves the page as it was.
 */

import { Blocks } from '../document/blocks.js';
import { BackgroundPort } from './background-port.js';
import { Failures } from './failures.js';
import { IdleReservation } from './idle-reservation.js';
import { FrameQueue } from '../view/frame-queue.js';
import { typeset } from '../document/mathjax.js';
import { Typesetting } from '../document/typesetting.js';
import { plainText } from '../document/plain-text.js';
import { TranslationView } from '../view/translation-view.js';
import { segment } from '../document/segmenter.js';
import { Viewport } from './viewport.js';

/** @typedef {import('../../messages.js').PortEvent} PortEvent */
/** @typedef {import('../../messages.js').Problem} Problem */
/** @typedef {import('../../settings.js').Settings} Settings */
/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('../document/blocks.js').Progress} Progress */
/** @typedef {Progress & { hold: Problem | null, tokens: number }} Summary with what the backend asks to wait for */
/** @typedef {import('../pages/page-rules.js').PageRule} PageRule */
/** @typedef {import('./viewport.js').Boxes} Boxes */

/** Pause between two requests of a page, so that slow scrolling does not make one for every line. */
const GATHER_MS = 300;
/** The observers answer over a few frames, and while the page is parsed they know only a part of it. */
const FIRST_MS = 20;
const PARSING_MS = 400;

export class PageTranslator {
  #page;
  #settings;
  #lang;
  #signal;
  #onChange;
  #onDoubt;
  #port;
  #frames;
  #typesetting;
  #blocks;
  #failures;
  #idle;
  #viewport;
  /** @type {Set<Element>} within a screen of the reader */
  #near = new Set();
  /** @type {Set<Block>} about to be asked for */
  #wanted = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gathering;
  #askedAt = -Infinity;
  /** @type {Problem | null} */
  #hold = null;
  #tokens = 0;
  #reserved = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  /** Fulfilled once space is reserved for the translations of the first screen. */
  firstScreenReserved = this.#reserved.promise;

  /**
   * @param {PageRule} page
   * @param {Settings} settings
   * @param {string} lang
   * @param {{ signal: AbortSignal, onChange: (summary: Summary) => void, openOptions: () => void,
   *   onDoubt: (mark: HTMLElement, issues: string[], retry: () => void) => void }} options
   */
  constructor(page, settings, lang, { signal, onChange, onDoubt, openOptions }) {
    this.#page = page;
    this.#settings = settings;
    this.#lang = lang;
    this.#signal = signal;
    this.#onChange = onChange;
    this.#onDoubt = onDoubt;
    this.#frames = new FrameQueue(() => this.#report(), signal);
    this.#port = new BackgroundPort((event) => this.#receive(event), signal);
    this.#port.wake();
    this.#typesetting = new Typesetting(lang, signal);
    this.#failures = new Failures(settings.backendUrl, {
      retry: () => this.retryFailed(), openOptions, signal,
    });
    this.#idle = new IdleReservation((boxes) => this.#reserve(boxes), signal);
    this.#viewport = new Viewport({
      onSoon: (boxes) => this.#reserve(boxes),
      onFar: (boxes) => this.#idle.add(boxes),
      onNear: (boxes) => this.#come(boxes),
      onLeft: (elements) => this.#leave(elements),
    }, signal);
    this.#blocks = new Blocks(page.blocks, {
      onFound: (originals) => this.#viewport.watch(originals),
      onChanged: (blocks) => this.#renew(blocks),
      onLost: (blocks) => this.#lose(blocks),
      signal,
    });
    if (document.readyState !== 'loading') this.#waitForFirstScreen();
    else document.addEventListener('DOMContentLoaded', () => this.#waitForFirstScreen(), { signal });
    addEventListener('online', () => this.retryFailed(), { signal });
    signal.addEventListener('abort', () => this.#undo());
  }

  /** @param {Settings} settings as they are now; the language is this translator's own */
  adopt(settings) {
    const { display, backendUrl, accessToken } = this.#settings;
    this.#settings = settings;
    if (settings.display !== display) for (const { view } of this.#blocks) view?.show(settings.display);
    if (settings.backendUrl === backendUrl && settings.accessToken === accessToken) return;
    this.#failures.address = settings.backendUrl;
    this.retryFailed();
  }

  /** Asks again for everything that failed. */
  retryFailed() {
    this.#failures.forget();
    const failed = [...this.#blocks].filter(({ state }) => state === 'failed');
    for (const block of failed) block.view?.wait();
    this.#ask(failed, { retry: false });
  }

  /** @returns {string} the translated title of an abstract page as one line, once there is one */
  get title() {
    const title = [...this.#blocks].find(({ rule }) => rule.kind === 'title');
    const shown = this.#page.type === 'abs' && title?.state === 'answered' ? title.view : null;
    return shown ? plainText(shown.element) : '';
  }

  /**
   * Reserves the space that translations will need. All reading of the page comes first, then all writing:
   * one layout instead of one a block.
   *
   * @param {Boxes} boxes
   */
  #reserve(boxes) {
    const { display } = this.#settings;
    const prepared = this.#blocks.of([...boxes.keys()]).filter(({ state }) => state === 'found').map((block) => {
      const { original, rule } = block;
      const box = /** @type {DOMRectReadOnly} */ (boxes.get(original));
      const worth = segment(original, rule) !== null;
      return { block, metrics: worth ? this.#typesetting.measure(original, rule, box) : null };
    });
    this.#viewport.reserved(prepared.map(({ block }) => block.original));
    for (const { block, metrics } of prepared) {
      block.state = metrics ? 'reserved' : 'empty';
      if (!metrics) continue;
      const { place, kind } = block.rule;
      block.view = new TranslationView(block.original, { lang: this.#lang, place, kind, metrics, display });
    }
  }

  /** The page is parsed; two frames later the observers have spoken of everything that is near. */
  #waitForFirstScreen() {
    const resolve = () => this.#reserved.resolve();
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
    setTimeout(resolve, GATHER_MS); // a hidden tab draws no frames
  }

  /** @param {Boxes} boxes of elements that are within a screen now */
  #come(boxes) {
    this.#reserve(boxes); // where the reader jumped instead of scrolling
    for (const element of boxes.keys()) this.#near.add(element);
    this.#want(this.#blocks.of([...boxes.keys()]));
  }

  /** @param {Element[]} elements that are far from the screen */
  #leave(elements) {
    const dropped = [];
    for (const element of elements) this.#near.delete(element);
    for (const block of this.#blocks.of(elements)) {
      if (this.#wanted.delete(block)) this.#release(block);
      else if (block.state === 'asked' && block.view?.state === 'waiting') dropped.push(block.id);
    }
    if (dropped.length) this.#port.cancel(dropped);
  }

  /** @param {Block[]} blocks that the page took away */
  #lose(blocks) {
    this.#viewport.forget(blocks.map(({ original }) => original));
    for (const { original, view } of blocks) {
      this.#near.delete(original);
      view?.remove(); // the page may have left it behind
    }
    for (const block of blocks) this.#wanted.delete(block);
    const asked = blocks.filter(({ state }) => state === 'asked');
    if (asked.length) this.#port.cancel(asked.map(({ id }) => id));
    if (blocks.some(({ state }) => state === 'failed')) this.#failures.move();
    this.#frames.next();
  }

  /** @param {Block[]} blocks */
  #want(blocks) {
    for (const block of blocks) {
      if (block.state !== 'reserved') continue;
      block.state = 'wanted';
      block.view?.wait();
      this.#wanted.add(block);
    }
    if (!this.#wanted.size || this.#gathering) return;
    const first = document.readyState === 'loading' ? PARSING_MS : FIRST_MS;
    const pause = Math.max(first, this.#askedAt + GATHER_MS - performance.now());
    this.#gathering = setTimeout(() => void this.#askForWanted(), pause);
    this.#frames.next();
  }

  async #askForWanted() {
    const blocks = [...this.#wanted];
    await typeset(blocks.map(({ original }) => original), this.#signal);
    this.#gathering = undefined;
    if (this.#signal.aborted) return;
    // What came near while MathJax was awaited goes along; what went away stays behind.
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    this.#askedAt = performance.now();
    this.#ask(wanted, { retry: false });
  }

  /** @param {Block} block that nobody waits for any more */
  #release(block) {
    block.state = 'reserved';
    block.view?.vacate();
  }

  /**
   * @param {Block[]} blocks
   * @param {{ retry: boolean }} options
   */
  #ask(blocks, { retry }) {
    const segments = [];
    for (const block of blocks) {
      const found = segment(block.original, block.rule);
      if (!found || !block.view) {
        block.view?.remove();
        Object.assign(block, { view: null, state: 'empty' });
        continue;
      }
      Object.assign(block, { segment: found, state: 'asked', problem: null });
      block.view.expect(found);
      segments.push({ id: block.id, text: found.text });
    }
    if (segments.length) {
      this.#port.translate({ type: 'translate', lang: this.#lang, segments, ...(retry ? { retry } : {}) });
    }
    this.#frames.next();
  }

  /** @param {Block} block whose translation the reader does not trust */
  #askAnew(block) {
    block.view?.wait();
    this.#blocks.rename(block);
    this.#ask([block], { retry: true });
  }

  /**
   * Blocks whose text is another now, most often because MathJax has typeset it, are asked for anew.
   *
   * @param {Block[]} blocks
   */
  #renew(blocks) {
    const changed = blocks.filter((block) => {
      if (block.state !== 'asked' && block.state !== 'answered') return false;
      const now = segment(block.original, block.rule);
      return !now?.typesetting && now?.text !== block.segment?.text;
    });
    const asked = changed.filter(({ state }) => state === 'asked');
    if (asked.length) this.#port.cancel(asked.map(({ id }) => id));
    for (const block of changed) {
      this.#blocks.rename(block);
      if (block.state === 'asked') block.view?.restart();
    }
    this.#ask(changed, { retry: false });
  }

  /** @param {PortEvent} event */
  #receive(event) {
    if (event.type === 'usage') this.#tokens += event.tokens;
    else if (event.type === 'hold') this.#hold = event.problem;
    else if (event.type === 'cancelled') this.#cancelled(event.ids);
    else this.#answer(event);
    this.#frames.next();
  }

  /** @param {string[]} ids of blocks that were dropped before anyone worked on them */
  #cancelled(ids) {
    const dropped = ids.map((id) => this.#blocks.byId(id)).filter((block) => block?.state === 'asked');
    for (const block of /** @type {Block[]} */ (dropped)) this.#release(block);
    // Some may have come back meanwhile, and the observer speaks only of changes.
    this.#want(/** @type {Block[]} */ (dropped).filter(({ original }) => this.#near.has(original)));
  }

  /** @param {Extract<PortEvent, { id: string }>} event */
  #answer(event) {
    const block = this.#blocks.byId(event.id);
    const view = block?.view;
    if (!block || !view || block.state !== 'asked') return;
    if (event.type === 'restart') {
      this.#frames.next(() => view.restart());
    } else if (event.type === 'failed') {
      Object.assign(block, { state: 'failed', problem: event.problem });
      this.#failures.add(event.problem);
    } else {
      this.#hold = null;
      this.#frames.next(() => {
        if (this.#blocks.byId(event.id) !== block) return; // another question has been asked since
        if (event.type === 'delta') view.stream(event.text);
        else view.done(event.text, {
          verified: event.verified,
          onDoubt: (mark) => this.#onDoubt(mark, event.issues, () => this.#askAnew(block)),
        });
      });
      if (event.type === 'segment') block.state = 'answered';
    }
  }

  /** Once a frame has shown what came. */
  #report() {
    this.#failures.show(this.#blocks);
    const summary = this.#blocks.summary();
    if (!summary.working) this.#hold = null;
    this.#blocks.explainWaiting(this.#hold && this.#failures.words(this.#hold));
    this.#onChange({ ...summary, hold: this.#hold, tokens: this.#tokens });
  }

  #undo() {
    clearTimeout(this.#gathering);
    this.#reserved.resolve();
    for (const { view } of this.#blocks) view?.remove();
  }
}

/**
 * One page being read in translation, from on to off: finds the blocks, asks for those near the screen,
 * shows what comes. Aborting its signal leaves the page as it was.
 */

import { explain } from '../problems.js';
import { text } from '../localize.js';
import { Connection } from './connection.js';
import { typeset } from './mathjax.js';
import { measure } from './metrics.js';
import { TranslationView } from './renderer.js';
import { isMathJax, segment } from './segmenter.js';
import { nearNow, Viewport } from './viewport.js';

/** @typedef {import('../messages.js').PortEvent} PortEvent */
/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('../settings.js').Settings} Settings */
/** @typedef {import('./page-rules.js').PageRule} PageRule */
/** @typedef {import('./page-rules.js').BlockRule} BlockRule */
/** @typedef {import('./segmenter.js').Segment} Segment */

/**
 * @typedef {object} Block one element of the page with text of its own
 * @property {string} id
 * @property {Element} original
 * @property {BlockRule} rule
 * @property {'idle' | 'preparing' | 'asked' | 'answered' | 'failed' | 'empty'} state
 * @property {Segment | null} segment as it was asked for
 * @property {TranslationView | null} view
 * @property {Problem | null} problem
 * @property {string[]} issues
 */

/**
 * @typedef {object} Summary
 * @property {'idle' | 'working' | 'done' | 'problem'} state
 * @property {number} failed
 * @property {Problem | null} problem the first one that stands
 * @property {Problem | null} hold while the backend asks for patience
 * @property {number} tokens spent on this page
 */

const QUIET_MS = 120;
const UNSEEN_MS = 100;
const LONGEST_WAIT_MS = 120_000;
const MOST_HEALINGS = 10;
const OURS = '[data-paperglot="translation"], [data-paperglot="control"], [data-paperglot="notice"]';

export class PageRun {
  #page;
  #settings;
  #lang;
  #signal;
  #onChange;
  #onDoubt;
  #openOptions;
  #connection;
  #viewport;
  /** @type {Map<Element, Block>} in document order of their discovery */
  #blocks = new Map();
  /** @type {Map<string, Block>} */
  #byId = new Map();
  /** @type {Set<Element>} */
  #near = new Set();
  /** @type {Set<Block>} originals that changed under us */
  #changed = new Set();
  /** @type {Map<string, string>} deltas not yet shown, by segment */
  #pieces = new Map();
  #appeared = true;
  #failing = false;
  #reporting = false;
  #settled = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  /** Fulfilled once there is room for the translations of the first screen. */
  settled = this.#settled.promise;
  /** @type {AbortController | null} work waiting for the next frame */
  #scheduled = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #healing;
  #healed = 0;
  /** @type {Problem | null} */
  #hold = null;
  #tokens = 0;
  #count = 0;

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
    this.#openOptions = openOptions;
    this.#connection = new Connection((event) => this.#receive(event), signal);
    this.#viewport = new Viewport({
      onNear: (elements) => {
        for (const element of elements) this.#near.add(element);
        this.#schedule();
      },
      onLeft: (elements) => this.#leave(elements),
      signal,
    });
    signal.addEventListener('abort', () => this.#undo());
    this.#observe();
    this.#schedule();
    document.addEventListener('DOMContentLoaded', () => this.#schedule(), { signal });
  }

  /** @param {Settings['display']} display */
  show(display) {
    this.#settings = { ...this.#settings, display };
    for (const { view } of this.#blocks.values()) view?.show(display);
  }

  /** Asks again for everything that failed. */
  retryFailed() {
    clearTimeout(this.#healing);
    this.#healing = undefined;
    const failed = [...this.#blocks.values()].filter(({ state }) => state === 'failed');
    for (const block of failed) block.view?.wait();
    this.#ask(failed, { retry: false });
  }

  /** @returns {string} the translated title of an abstract page, once there is one */
  get title() {
    const title = [...this.#blocks.values()].find(({ rule }) => rule.kind === 'title');
    return this.#page.type === 'abs' && title?.state === 'answered' ? (title.view?.element.textContent ?? '') : '';
  }

  /** Notices text that appears, opens or changes later: entries loaded by a script, formulas typeset. */
  #observe() {
    const observer = new MutationObserver((records) => {
      if (document.readyState === 'loading') this.#appeared = true;
      else for (const record of records) this.#notice(record);
      if (this.#appeared) this.#schedule();
      if (this.#changed.size) {
        clearTimeout(this.#quiet);
        this.#quiet = setTimeout(() => this.#renew(), QUIET_MS);
      }
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    this.#signal.addEventListener('abort', () => {
      observer.disconnect();
      clearTimeout(this.#quiet);
    });
  }

  /** @param {MutationRecord} record */
  #notice({ target, addedNodes }) {
    const element = target instanceof Element ? target : target.parentElement;
    if (!element || element.closest(OURS)) return;
    for (const node of addedNodes) {
      if (node instanceof Element && !node.hasAttribute('data-paperglot') && !isMathJax(node)) this.#appeared = true;
    }
    const block = this.#blockAround(element);
    if (block && block.state !== 'idle') this.#changed.add(block);
  }

  /** @param {Element} element @returns {Block | undefined} */
  #blockAround(element) {
    for (let node = /** @type {Element | null} */ (element); node; node = node.parentElement) {
      const block = this.#blocks.get(node);
      if (block) return block;
    }
    return undefined;
  }

  /** Finds blocks that are new; the first of them are looked at in this very frame. */
  #discover() {
    this.#appeared = false;
    const found = [];
    const { blocks: rules } = this.#page;
    for (const original of document.querySelectorAll(rules.map(({ select }) => select).join(','))) {
      if (this.#blocks.has(original)) continue;
      if (!isWhole(original)) {
        this.#appeared = true; // looked at again in the next frame
        continue;
      }
      const rule = /** @type {BlockRule} */ (rules.find(({ select }) => original.matches(select)));
      /** @type {Block} */
      const block = { id: '', original, rule, state: 'idle', segment: null, view: null, problem: null, issues: [] };
      this.#blocks.set(original, block);
      this.#name(block);
      this.#viewport.watch(original);
      found.push(original);
    }
    for (const original of nearNow(found)) this.#near.add(original);
    if (this.#appeared) this.#schedule();
  }

  /**
   * A new question deserves a new name: answers to the old one may be on their way.
   *
   * @param {Block} block
   */
  #name(block) {
    this.#byId.delete(block.id);
    this.#count += 1;
    block.id = `p${this.#count}`;
    this.#byId.set(block.id, block);
  }

  /** Does the next frame's work once, before it is painted. */
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = new AbortController();
    const { signal } = this.#scheduled;
    const work = () => {
      if (signal.aborted || this.#signal.aborted) return;
      this.#scheduled?.abort();
      this.#scheduled = null;
      this.#work();
    };
    requestAnimationFrame(work);
    // A hidden tab draws no frames, and yet is read out or switched to.
    const unseen = setInterval(() => {
      if (document.hidden) work();
    }, UNSEEN_MS);
    signal.addEventListener('abort', () => clearInterval(unseen));
  }

  #work() {
    if (this.#appeared) this.#discover();
    this.#prepare();
    if (document.readyState !== 'loading') this.#settled.resolve();
    for (const [id, piece] of this.#pieces) this.#byId.get(id)?.view?.stream(piece);
    this.#pieces.clear();
    if (this.#failing) this.#showFailures();
    if (this.#reporting) this.#report();
  }

  /** Puts the waiting lines below the blocks that came near. */
  #prepare() {
    const blocks = [];
    for (const element of this.#near) {
      const block = this.#blocks.get(element);
      if (block?.state === 'idle') blocks.push(block);
    }
    this.#near.clear();
    if (!blocks.length) return;
    const { display } = this.#settings;
    // All reading of the layout first, then all writing: one layout instead of one a block.
    const prepared = blocks.map((block) => ({
      block,
      segment: segment(block.original, block.rule),
      metrics: measure(block.original, this.#lang, block.rule.place),
    }));
    const wanted = [];
    for (const { block, segment: found, metrics } of prepared) {
      block.state = found ? 'preparing' : 'empty';
      if (!found) continue;
      const { place, kind } = block.rule;
      block.view = new TranslationView(block.original, { lang: this.#lang, place, kind, metrics, display });
      wanted.push(block);
    }
    this.#reporting = true;
    void this.#askWhenTypeset(wanted);
  }

  /** @param {Block[]} blocks */
  async #askWhenTypeset(blocks) {
    await typeset(blocks.map(({ original }) => original), this.#signal);
    if (!this.#signal.aborted) this.#ask(blocks.filter(({ state }) => state === 'preparing'), { retry: false });
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
    if (segments.length) this.#connection.translate({ type: 'translate', lang: this.#lang, segments, ...(retry ? { retry } : {}) });
    this.#reporting = true;
    this.#schedule();
  }

  /** @param {Block} block whose translation the reader does not trust */
  #askAnew(block) {
    block.view?.wait();
    this.#name(block);
    this.#ask([block], { retry: true });
  }

  /** Blocks whose text is another now, most often because MathJax has typeset it, are asked for anew. */
  #renew() {
    const changed = [...this.#changed].filter((block) => {
      if (block.state !== 'asked' && block.state !== 'answered') return false;
      const now = segment(block.original, block.rule);
      return !now?.typesetting && now?.text !== block.segment?.text;
    });
    this.#changed.clear();
    const asked = changed.filter(({ state }) => state === 'asked');
    if (asked.length) this.#connection.cancel(asked.map(({ id }) => id));
    for (const block of changed) {
      this.#name(block);
      if (block.state === 'asked') block.view?.restart();
    }
    this.#ask(changed, { retry: false });
  }

  /** @param {Element[]} elements that are far from the screen again */
  #leave(elements) {
    const ids = [];
    for (const element of elements) {
      this.#near.delete(element);
      const block = this.#blocks.get(element);
      if (block?.state === 'asked' && block.view?.state === 'waiting') ids.push(block.id);
    }
    if (ids.length) this.#connection.cancel(ids);
  }

  /** @param {PortEvent} event */
  #receive(event) {
    if (event.type === 'usage') this.#tokens += event.tokens;
    else if (event.type === 'hold') this.#hold = event.problem;
    else if (event.type === 'cancelled') for (const id of event.ids) this.#forget(id);
    else this.#answer(event);
    this.#reporting = true;
    this.#schedule();
  }

  /** @param {Extract<PortEvent, { id: string }>} event */
  #answer(event) {
    const block = this.#byId.get(event.id);
    if (!block?.view || block.state !== 'asked') return;
    if (event.type === 'delta') {
      this.#hold = null;
      this.#pieces.set(event.id, (this.#pieces.get(event.id) ?? '') + event.text);
      return;
    }
    this.#pieces.delete(event.id);
    if (event.type === 'restart') {
      block.view.restart();
    } else if (event.type === 'segment') {
      this.#hold = null;
      const { text: translated, verified, issues } = event;
      Object.assign(block, { state: 'answered', issues });
      block.view.done(translated, {
        verified,
        onDoubt: (mark) => this.#onDoubt(mark, block.issues, () => this.#askAnew(block)),
      });
    } else {
      Object.assign(block, { state: 'failed', problem: event.problem });
      this.#failing = true;
      this.#healLater(event.problem);
    }
  }

  /**
   * A model that named a time is asked again by itself then, if the reader is still here.
   *
   * @param {Problem} problem
   */
  #healLater({ type, until = Infinity }) {
    const wait = until - Date.now();
    if (type !== 'translator-unavailable' || wait > LONGEST_WAIT_MS || this.#healing || this.#healed >= MOST_HEALINGS) return;
    this.#healing = setTimeout(() => {
      this.#healing = undefined;
      this.#healed += 1;
      if (!document.hidden) this.retryFailed();
    }, Math.max(wait, 1_000));
  }

  /** @param {string} id of a block that was dropped before anyone worked on it */
  #forget(id) {
    const block = this.#byId.get(id);
    if (!block || block.state !== 'asked') return;
    block.view?.remove();
    Object.assign(block, { view: null, state: 'idle' });
    // The observer speaks only of changes: an element that came back meanwhile would stay unread.
    if (nearNow([block.original]).length) {
      this.#near.add(block.original);
      this.#schedule();
    }
  }

  /** Each problem is said once, at the first block that has it. */
  #showFailures() {
    this.#failing = false;
    const said = new Set();
    for (const { state, problem, view } of this.#blocks.values()) {
      if (state !== 'failed' || !problem || !view) continue;
      if (said.has(problem.type)) {
        view.failed(null);
        continue;
      }
      said.add(problem.type);
      view.failed(this.#explanation(problem));
    }
  }

  /** @param {Problem} problem */
  #explanation(problem) {
    const { key, values, remedy, detail } = explain(problem, { address: this.#settings.backendUrl });
    const actions = {
      retry: { action: text('pageRetry'), onAction: () => this.retryFailed() },
      options: { action: text('pageOpenOptions'), onAction: () => this.#openOptions() },
      reload: { action: text('pageReload'), onAction: () => location.reload() },
      none: { action: '', onAction: () => {} },
    };
    return { sentence: text(key, ...values), detail, ...actions[remedy] };
  }

  #report() {
    this.#reporting = false;
    const blocks = [...this.#blocks.values()];
    const failed = blocks.filter(({ state }) => state === 'failed');
    const working = blocks.some(({ state }) => state === 'preparing' || state === 'asked');
    const done = blocks.some(({ state }) => state === 'answered');
    this.#onChange({
      state: failed.length ? 'problem' : working ? 'working' : done ? 'done' : 'idle',
      failed: failed.length,
      problem: failed[0]?.problem ?? null,
      hold: working ? this.#hold : null,
      tokens: this.#tokens,
    });
  }

  #undo() {
    clearTimeout(this.#healing);
    this.#settled.resolve();
    this.#scheduled?.abort();
    for (const { view } of this.#blocks.values()) view?.remove();
    this.#blocks.clear();
    this.#byId.clear();
  }
}

/**
 * @param {Element} element
 * @returns {boolean} whether the parser has left it
 */
function isWhole(element) {
  if (document.readyState !== 'loading') return true;
  for (let node = /** @type {Element | null} */ (element); node; node = node.parentElement) {
    if (node.nextSibling) return true;
  }
  return false;
}

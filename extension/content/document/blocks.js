/**
 * The blocks of a page: the elements that hold text of their own, found as the page is parsed and
 * whenever something is added or opened later.
 */

import { isAsked, isTranslated } from './block-states.js';
import { isMathJax, segment } from './segmenter.js';
import { Walk } from './walk.js';

/** @typedef {import('../../messages.js').Problem} Problem */
/** @typedef {import('../pages/page-rules.js').BlockRule} BlockRule */
/** @typedef {import('../pages/page-rules.js').PageRule} PageRule */
/** @typedef {import('./block-states.js').BlockState} BlockState */
/** @typedef {import('./segmenter.js').Segment} Segment */

/**
 * @typedef {object} Block
 * @property {string} id names the question asked about it; changes when another is asked
 * @property {Element} original the first of its parts
 * @property {readonly Element[]} parts the elements that hold its text, in order; most have one
 * @property {readonly Element[]} observed what is seen of them
 * @property {Block | null} host the block in whose text it stands: it is translated with that and shown within its translation
 * @property {Block[]} inner those whose host it is
 * @property {BlockRule} rule
 * @property {BlockState} state changed by `become` only
 * @property {Segment | null} segment as it was asked for
 * @property {Problem | null} problem
 */

/**
 * @typedef {object} Progress how far the blocks are
 * @property {'idle' | 'working' | 'done' | 'problem'} state
 * @property {number} working
 * @property {number} failed
 * @property {Problem | null} problem the first one that stands
 */

const QUIET_MS = 120;
/** So many new blocks are taken up in one go: a list may have two thousand. */
const AT_ONCE = 250;
/** And for so long at most. */
const MAX_FINDING_MS = 12;
const OURS = '[data-paperglot="translation"], [data-paperglot="control"], [data-paperglot="notice"], [data-paperglot="terms"]';

export class Blocks {
  #rules;
  #selector;
  #onFound;
  #onChanged;
  #onLost;
  #signal;
  /** @type {Set<Block>} in the order of the page, as far as they were there from the start */
  #all = new Set();
  /** @type {Map<Element, Block>} by each of its parts and what is observed of them */
  #byElement = new Map();
  /** @type {WeakSet<Element>} selected by a rule that did not accept them */
  #rejected = new WeakSet();
  /** @type {Map<string, Block>} */
  #ids = new Map();
  #count = 0;
  /** @type {Set<Block>} whose originals changed under us */
  #changed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
  #looking = false;
  #walk;

  /**
   * @param {Pick<PageRule, 'blocks' | 'walk'>} page
   * @param {{ onFound: (observed: Element[]) => void, onChanged: (blocks: Block[]) => void,
   *   onLost: (blocks: Block[]) => void, signal: AbortSignal }} options
   */
  constructor({ blocks, walk }, { onFound, onChanged, onLost, signal }) {
    this.#rules = blocks;
    this.#selector = blocks.map(({ select }) => select).join(',');
    this.#walk = walk ? new Walk(walk.root, walk.closed) : null;
    this.#onFound = onFound;
    this.#onChanged = onChanged;
    this.#onLost = onLost;
    this.#signal = signal;
    const observer = new MutationObserver((records) => this.#notice(records));
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    document.addEventListener('DOMContentLoaded', () => this.#look(), { signal });
    signal.addEventListener('abort', () => {
      observer.disconnect();
      clearTimeout(this.#quiet);
    });
    this.#look();
  }

  [Symbol.iterator]() {
    return this.#all.values();
  }

  /** @returns {boolean} whether the page is parsed and nothing in it is left to look at */
  get isComplete() {
    return document.readyState !== 'loading' && !this.#looking;
  }

  /** @param {string} id @returns {Block | undefined} */
  byId(id) {
    return this.#ids.get(id);
  }

  /** @param {Element[]} elements parts of blocks or what is observed of them @returns {Block[]} each block once */
  of(elements) {
    const found = elements.map((element) => this.#byElement.get(element)).filter((block) => block !== undefined);
    return [...new Set(found)];
  }

  /**
   * A new question deserves a new name: answers to the old one may be on their way.
   *
   * @param {Block} block
   */
  rename(block) {
    this.#ids.delete(block.id);
    this.#count += 1;
    block.id = `p${this.#count}`;
    this.#ids.set(block.id, block);
  }

  /** @returns {Progress} */
  summary() {
    let [working, failed, done] = [0, 0, 0];
    /** @type {Problem | null} */
    let problem = null;
    for (const block of this.#all.values()) {
      if (block.state === 'wanted' || isAsked(block)) working += 1;
      else if (isTranslated(block)) done += 1;
      else if (block.state === 'failed') {
        failed += 1;
        problem ??= block.problem;
      }
    }
    return { state: failed ? 'problem' : working ? 'working' : done ? 'done' : 'idle', working, failed, problem };
  }

  /** Looks for new blocks in the next frame, or soon where no frames are drawn. */
  #look() {
    if (this.#looking) return;
    this.#looking = true;
    const find = () => {
      if (!this.#looking || this.#signal.aborted) return;
      this.#looking = false;
      this.#find();
    };
    requestAnimationFrame(find);
    setTimeout(() => {
      if (document.hidden) find();
    }, QUIET_MS);
  }

  #find() {
    /** @type {Block[]} */
    const found = [];
    const end = performance.now() + MAX_FINDING_MS;
    let more = false;
    for (const original of this.#candidates()) {
      // A text goes with what stands within it: nothing else leads from the one to the other later.
      const isEnough = found.length >= AT_ONCE || performance.now() > end;
      if ((isEnough && !this.#hostOf(original)) || !isWhole(original)) {
        more = true;
        break;
      }
      const block = this.#take(original);
      if (block) found.push(block);
      this.#walk?.pass(original);
    }
    if (found.length) this.#onFound(found.flatMap(({ host, observed }) => host ? [] : observed));
    if (more) this.#look();
  }

  /** @returns {Generator<Element>} what the rules select and nobody has looked at yet */
  *#candidates() {
    if (!this.#walk) {
      for (const element of document.querySelectorAll(this.#selector)) if (this.#isNew(element)) yield element;
      return;
    }
    for (let element = this.#walk.next(); element; element = this.#walk.next()) {
      if (element.matches(this.#selector) && this.#isNew(element)) yield element;
      this.#walk.pass(element);
    }
  }

  /** @param {Element} element */
  #isNew(element) {
    return !this.#byElement.has(element) && !this.#rejected.has(element);
  }

  /** @param {Element} original @returns {Block | null} */
  #take(original) {
    const rule = /** @type {BlockRule} */ (this.#rules.find(({ select }) => original.matches(select)));
    /** @param {Element} element */
    const textOf = (element) => segment(element, rule)?.text ?? '';
    if (rule.accept && !rule.accept(original, textOf)) {
      this.#rejected.add(original);
      return null;
    }
    const parts = [original, ...rule.rest?.(original, textOf) ?? []];
    const observed = parts.map((part) => (rule.anchor ? part.closest(rule.anchor) : null) ?? part);
    const host = this.#hostOf(original);
    /** @type {Block} */
    const block = {
      id: '', original, parts, observed, host, inner: [], rule, state: 'found', segment: null, problem: null,
    };
    host?.inner.push(block);
    this.#all.add(block);
    for (const element of host ? parts : [...parts, ...observed]) {
      if (!this.#byElement.has(element)) this.#byElement.set(element, block);
    }
    this.rename(block);
    return block;
  }

  /** @param {MutationRecord[]} records */
  #notice(records) {
    let appeared = document.readyState === 'loading';
    let vanished = false;
    for (const { target, addedNodes, removedNodes } of appeared ? [] : records) {
      const element = target instanceof Element ? target : target.parentElement;
      if (!element || element.closest(OURS)) continue;
      appeared ||= [...addedNodes].some(isOthers);
      vanished ||= [...removedNodes].some(isOthers);
      const block = this.#around(element);
      if (block) this.#changed.add(block);
    }
    if (vanished) this.#forget();
    if (appeared) {
      if (document.readyState !== 'loading') this.#walk?.restart();
      this.#look();
    }
    if (!this.#changed.size) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#onChanged(changed);
    }, QUIET_MS);
  }

  /** Blocks that the page took away and did not put elsewhere. */
  #forget() {
    const lost = [...this.#all].filter(({ original }) => !original.isConnected);
    for (const block of lost) {
      this.#all.delete(block);
      for (const element of [...block.parts, ...block.observed]) this.#byElement.delete(element);
      this.#ids.delete(block.id);
      this.#changed.delete(block);
    }
    if (lost.length) this.#onLost(lost);
  }

  /** @param {Element} original @returns {Block | null} in whose text it stands */
  #hostOf(original) {
    const { parentElement } = original;
    const host = (parentElement && this.#around(parentElement)) ?? null;
    // A heading inside a text that does not count it stands there by itself.
    return host?.rule.skip && original.matches(host.rule.skip) ? null : host;
  }

  /** @param {Element} element @returns {Block | undefined} */
  #around(element) {
    for (let node = /** @type {Element | null} */ (element); node; node = node.parentElement) {
      const block = this.#byElement.get(node);
      if (block) return block;
    }
    return undefined;
  }
}

/** @param {Node} node @returns {boolean} whether it is an element that is neither ours nor MathJax's */
function isOthers(node) {
  return node instanceof Element && !node.hasAttribute('data-paperglot') && !isMathJax(node);
}

/**
 * @param {Element} original
 * @returns {boolean} whether the parser has left it, and whatever else may hold a part of its text
 */
function isWhole(original) {
  if (document.readyState !== 'loading') return true;
  const element = original.closest('.ltx_para') ?? original;
  for (let node = /** @type {Element | null} */ (element); node; node = node.parentElement) {
    if (node.nextSibling) return true;
  }
  return false;
}

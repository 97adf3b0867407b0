/**
 * The blocks of a page: the elements that hold text of their own, found as the page is parsed and
 * whenever something is added or opened later.
 */

import { isAsked, isTranslated } from './block-states.js';
import { isMathJax } from './segmenter.js';

/** @typedef {import('../../messages.js').Problem} Problem */
/** @typedef {import('../pages/page-rules.js').BlockRule} BlockRule */
/** @typedef {import('./block-states.js').BlockState} BlockState */
/** @typedef {import('./segmenter.js').Segment} Segment */

/**
 * @typedef {object} Block
 * @property {string} id names the question asked about it; changes when another is asked
 * @property {Element} original
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
const OURS = '[data-paperglot="translation"], [data-paperglot="control"], [data-paperglot="notice"]';

export class Blocks {
  #rules;
  #selector;
  #onFound;
  #onChanged;
  #onLost;
  #signal;
  /** @type {Map<Element, Block>} in the order of the page, as far as they were there from the start */
  #all = new Map();
  /** @type {Map<string, Block>} */
  #ids = new Map();
  #count = 0;
  /** @type {Set<Block>} whose originals changed under us */
  #changed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
  #looking = false;

  /**
   * @param {BlockRule[]} rules
   * @param {{ onFound: (originals: Element[]) => void, onChanged: (blocks: Block[]) => void,
   *   onLost: (blocks: Block[]) => void, signal: AbortSignal }} options
   */
  constructor(rules, { onFound, onChanged, onLost, signal }) {
    this.#rules = rules;
    this.#selector = rules.map(({ select }) => select).join(',');
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

  /** @param {string} id @returns {Block | undefined} */
  byId(id) {
    return this.#ids.get(id);
  }

  /** @param {Element[]} originals @returns {Block[]} */
  of(originals) {
    return originals.map((original) => this.#all.get(original)).filter((block) => block !== undefined);
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
    const found = [];
    let more = false;
    for (const original of document.querySelectorAll(this.#selector)) {
      if (this.#all.has(original)) continue;
      if (found.length === AT_ONCE || !isWhole(original)) {
        more = true;
        break;
      }
      const rule = /** @type {BlockRule} */ (this.#rules.find(({ select }) => original.matches(select)));
      /** @type {Block} */
      const block = { id: '', original, rule, state: 'found', segment: null, problem: null };
      this.#all.set(original, block);
      this.rename(block);
      found.push(original);
    }
    if (found.length) this.#onFound(found);
    if (more) this.#look();
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
    if (appeared) this.#look();
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
    const lost = [...this.#all.values()].filter(({ original }) => !original.isConnected);
    for (const block of lost) {
      this.#all.delete(block.original);
      this.#ids.delete(block.id);
      this.#changed.delete(block);
    }
    if (lost.length) this.#onLost(lost);
  }

  /** @param {Element} element @returns {Block | undefined} */
  #around(element) {
    for (let node = /** @type {Element | null} */ (element); node; node = node.parentElement) {
      const block = this.#all.get(node);
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

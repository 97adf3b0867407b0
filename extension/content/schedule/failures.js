/**
 * What could not be translated and why: each problem is said once, at the first block that has it, with
 * one way to try all of them again.
 */

import { text } from '../../localize.js';
import { explain } from '../../problems.js';

/** @typedef {import('../../messages.js').Problem} Problem */
/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('./translations.js').Translations} Translations */

/** What passes by itself, and says when to ask again. */
const PASSING = new Set(['translator-unavailable', 'database-unavailable']);
const MAX_WAIT_MS = 120_000;
const MIN_WAIT_MS = 1_000;
const MAX_AUTOMATIC_RETRIES = 10;

export class Failures {
  /** The backend's. */
  address;
  #retry;
  #openOptions;
  #fresh = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #healing;
  #healed = 0;

  /**
   * @param {string} address the backend's
   * @param {{ retry: () => void, openOptions: () => void, signal: AbortSignal }} options
   */
  constructor(address, { retry, openOptions, signal }) {
    this.address = address;
    this.#retry = retry;
    this.#openOptions = openOptions;
    signal.addEventListener('abort', () => clearTimeout(this.#healing));
    // Learnt while it can be: when it is needed the browser answers no more.
    this.#notice({ type: 'extension-reloaded' });
  }

  /**
   * A server that named a time is asked again by itself then, if the reader is still here.
   *
   * @param {Problem} problem
   */
  add({ type, until = Infinity }) {
    this.#fresh = true;
    const wait = until - Date.now();
    if (!PASSING.has(type) || wait > MAX_WAIT_MS) return;
    if (this.#healing || this.#healed >= MAX_AUTOMATIC_RETRIES) return;
    this.#healing = setTimeout(() => {
      this.#healing = undefined;
      this.#healed += 1;
      if (!document.hidden) this.#retry();
    }, Math.max(wait, MIN_WAIT_MS));
  }

  /** The block that had the sentence is gone: another one has to say it. */
  move() {
    this.#fresh = true;
  }

  /** Everything is asked for again: nothing more is planned. */
  forget() {
    clearTimeout(this.#healing);
    this.#healing = undefined;
  }

  /**
   * @param {Iterable<Block>} blocks
   * @param {Translations} translations theirs
   */
  show(blocks, translations) {
    if (!this.#fresh) return;
    this.#fresh = false;
    const said = new Set();
    for (const block of blocks) {
      const { state, problem } = block;
      if (state !== 'failed' || !problem) continue;
      translations.of(block)?.failed(said.has(problem.type) ? null : this.#notice(problem));
      said.add(problem.type);
    }
  }

  /** @param {Problem} problem @returns {string} its sentence */
  words(problem) {
    const { key, values } = explain(problem, { address: this.address });
    return text(key, ...values);
  }

  /** @param {Problem} problem */
  #notice(problem) {
    const { key, values, remedy, detail } = explain(problem, { address: this.address });
    const actions = {
      retry: { action: text('pageRetry'), onAction: this.#retry },
      options: { action: text('pageOpenOptions'), onAction: this.#openOptions },
      reload: { action: text('pageReload'), onAction: () => location.reload() },
      none: { action: '', onAction: () => {} },
    };
    return { sentence: text(key, ...values), detail, ...actions[remedy] };
  }
}

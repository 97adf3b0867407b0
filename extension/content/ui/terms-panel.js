/**
 * The panel of a paper's own terms: what they are called, where each stands, and the way to have one called
 * otherwise, with what that costs said before.
 */

import { direction } from '../../languages.js';
import { interfaceLanguage, text } from '../../localize.js';
import { explain } from '../../problems.js';
import { injected } from '../view/injected.js';
import { colorScheme } from './color-scheme.js';
import { grouped } from './grouped.js';
import { TermRow } from './term-row.js';
import { TermSteps } from './term-steps.js';

/** @typedef {import('../../messages.js').PaperTerm} PaperTerm */
/** @typedef {import('../../messages.js').PaperTermsAnswer} PaperTermsAnswer */
/** @typedef {import('../schedule/paper-terms.js').Answer} Answer */
/** @typedef {import('../schedule/paper-terms.js').PaperTerms} PaperTerms */
/** @typedef {import('../schedule/term-scope.js').TermScope} TermScope */

/** Counting where terms stand leaves the page free after so long. */
const SLICE_MS = 8;

export class TermsPanel {
  #paper;
  #scope;
  #lang;
  #glossary;
  #address;
  #root = injected('div', 'terms');
  #status = injected('p', 'terms-status');
  #draw = button(text('termsDraw'), () => void this.#drawAll());
  #list = injected('ul', 'terms-list');
  #add;
  #steps;
  /** @type {TermRow[]} */
  #rows = [];
  /** How many questions were asked, and which of them the newest answer seen was for. */
  #asked = 0;
  #answered = 0;
  #closed = new AbortController();

  /**
   * Opens it.
   *
   * @param {{ paper: PaperTerms, scope: TermScope, signal: AbortSignal }} terms `signal` closes it
   * @param {{ lang: string, glossary: readonly { source: string, target: string }[], address: string,
   *   returnTo: HTMLElement | null }} options `glossary`: the reader's own, which goes before; `address`: the
   *   backend's; `returnTo` has the focus after it
   */
  constructor({ paper, scope, signal }, { lang, glossary, address, returnTo }) {
    this.#paper = paper;
    this.#scope = scope;
    this.#lang = lang;
    this.#glossary = new Map(glossary.map(({ source, target }) => [source.toLowerCase(), target]));
    this.#address = address;
    this.#steps = new TermSteps(this.#closed.signal);
    this.#add = new TermRow({ lang, price: (source) => scope.price(source), use: (source, target) => this.#change(source, target) });
    const title = injected('h2', 'terms-title', text('termsTitle'));
    const close = button('×', () => this.close());
    close.dataset.paperglot = 'terms-close';
    close.setAttribute('aria-label', text('termsClose'));
    this.#status.setAttribute('role', 'status');
    const head = injected('div', 'terms-head');
    head.append(title, close);
    const add = injected('div', 'terms-add');
    add.append(injected('h3', 'terms-subtitle', text('termsAdd')), this.#add.element);
    this.#root.append(head, injected('p', 'terms-note', text('termsShared')), this.#status, this.#draw, this.#list, add);
    this.#root.lang = interfaceLanguage();
    this.#root.dir = direction(this.#root.lang);
    this.#root.translate = false;
    this.#root.dataset.colorScheme = colorScheme();
    this.#root.setAttribute('role', 'dialog');
    this.#root.setAttribute('aria-label', text('termsTitle'));
    this.#root.popover = 'manual';
    this.#root.addEventListener('keydown', (event) => event.stopPropagation()); // our keys for reading are none here
    // Wherever the focus is: one may have gone on reading meanwhile.
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.close();
    }, { capture: true, signal: this.#closed.signal });
    this.#draw.hidden = true;
    document.body.append(this.#root);
    this.#root.showPopover();
    this.#closed.signal.addEventListener('abort', () => {
      this.#root.remove();
      if (returnTo?.isConnected) returnTo.focus();
    });
    signal.addEventListener('abort', () => this.close(), { signal: this.#closed.signal });
    close.focus();
    void this.#load(this.#paper.show());
  }

  /** @returns {AbortSignal} aborted once it is closed */
  get closed() {
    return this.#closed.signal;
  }

  close() {
    this.#closed.abort();
  }

  /** @param {Promise<Answer>} asked @returns {Promise<boolean>} whether there are terms to show */
  async #load(asked) {
    this.#say(text('termsLoading'));
    const question = ++this.#asked;
    const { value, problem } = await asked;
    if (this.#closed.signal.aborted) return false;
    if (!problem && question < this.#answered) {
      // Overtaken by the answer to a later question, it may tell of terms as they were before.
      return this.#load(this.#paper.show());
    }
    this.#answered = Math.max(this.#answered, question);
    if (problem) {
      const { key, values, detail } = explain(problem, { address: this.#address });
      // Of what the general sentence tells, a failed translation, nothing happened here.
      const words = key === 'problemUnknown' && detail ? [] : [text(key, ...values)];
      this.#say([...words, detail].filter(Boolean).join(' '), 'problem');
      return false;
    }
    this.#show(value);
    return true;
  }

  async #drawAll() {
    this.#draw.hidden = true;
    if (!(await this.#load(this.#paper.draw()))) this.#draw.hidden = false;
  }

  /** @param {PaperTermsAnswer} answer */
  #show({ terms, drawn, tokens }) {
    this.#say(terms.length || drawn ? '' : text('termsEmpty'));
    this.#draw.hidden = drawn;
    this.#draw.textContent = tokens ? text('termsDrawFor', grouped(tokens)) : text('termsDraw');
    this.#rows = terms.map((term) => {
      const own = this.#glossary.get(term.source.toLowerCase());
      return new TermRow({
        lang: this.#lang, term, ...(own ? { own } : {}),
        price: (source) => this.#scope.price(source),
        use: (source, target) => this.#change(source, target),
        takeBack: (source) => this.#takeBack(source),
        next: () => this.#steps.next(term, this.#scope.places(term.source)),
      });
    });
    this.#list.replaceChildren(...this.#rows.map(({ element }) => element));
    void this.#count();
  }

  /** How often each term stands in the paper, a few at a time. */
  async #count() {
    const rows = this.#rows;
    let end = performance.now() + SLICE_MS;
    for (const row of rows) {
      if (performance.now() > end) {
        await new Promise((resolve) => setTimeout(resolve));
        end = performance.now() + SLICE_MS;
      }
      if (this.#closed.signal.aborted || rows !== this.#rows) return;
      row.count(this.#scope.places(row.source).length);
    }
  }

  /** @param {string} source @param {string} target */
  async #change(source, target) {
    if (!(await this.#load(this.#paper.change(source, target)))) return;
    this.#add.clear();
    this.#renew(source);
  }

  /** @param {string} source */
  async #takeBack(source) {
    if (await this.#load(this.#paper.takeBack(source))) this.#renew(source);
  }

  /** @param {string} source */
  #renew(source) {
    const paragraphs = this.#scope.renew(source);
    this.#say(paragraphs ? text('termsRenewed', grouped(paragraphs)) : text('termsKept'));
    this.#rows.find((row) => row.source === source)?.focus();
  }

  /** @param {string} words @param {'problem'} [kind] */
  #say(words, kind) {
    this.#status.textContent = words;
    this.#status.hidden = !words;
    if (kind) this.#status.dataset.state = kind;
    else delete this.#status.dataset.state;
  }
}

/** @param {string} words @param {() => void} onClick */
function button(words, onClick) {
  const element = injected('button', 'terms-button', words);
  element.setAttribute('type', 'button');
  element.addEventListener('click', onClick);
  return element;
}

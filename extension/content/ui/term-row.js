/** One term in the panel: its translation in a field, its places, and the price of a change before it is made. */

import { direction } from '../../languages.js';
import { text } from '../../localize.js';
import { injected } from '../view/injected.js';
import { grouped } from './grouped.js';

/** @typedef {import('../../messages.js').PaperTerm} PaperTerm */

/** @type {Record<PaperTerm['origin'], string>} */
const ORIGINS = { model: 'termsOriginModel', termbase: 'termsOriginTermbase', reader: 'termsOriginReader' };
const MAX_CHARACTERS = 100;

/**
 * @typedef {object} RowParts
 * @property {string} lang of the translation
 * @property {PaperTerm} [term] none: a row for a new one
 * @property {string} [own] what the reader's own glossary calls it, which goes before
 * @property {(source: string) => { paragraphs: number, tokens: number }} price of a change
 * @property {(source: string, target: string) => Promise<void>} use
 * @property {(source: string) => Promise<void>} [takeBack]
 * @property {() => { index: number, total: number }} [next] leads to the next place of the term
 */

export class TermRow {
  element;
  #term;
  #source;
  #target;
  #price;
  #use;
  #confirm = injected('div', 'term-confirm');
  #cost = injected('p', 'term-cost');
  /** @type {HTMLElement | null} */
  #next = null;

  /** @param {RowParts} parts */
  constructor({ lang, term, own, price, use, takeBack, next }) {
    this.#term = term;
    this.#price = price;
    this.#use = use;
    this.element = injected(term ? 'li' : 'div', 'term');
    this.#target = field(term ? text('termsTargetOf', term.source) : text('termsTarget'), own ?? term?.target ?? '');
    this.#target.lang = lang;
    this.#target.dir = direction(lang);
    if (term) {
      this.#source = null;
      const head = injected('div', 'term-head');
      const source = injected('span', 'term-source', term.source);
      source.lang = 'en';
      source.dir = 'ltr';
      const origin = injected('span', 'term-origin', text(own ? 'termsOriginGlossary' : ORIGINS[term.origin]));
      head.append(source, origin);
      this.element.append(head);
    } else {
      this.#source = field(text('termsSource'), '');
      this.#source.lang = 'en';
      this.#source.dir = 'ltr';
      this.element.append(this.#source);
      this.#source.addEventListener('input', () => this.#changed());
    }
    const line = injected('div', 'term-line');
    line.append(this.#target);
    if (own) {
      /** @type {HTMLInputElement} */ (this.#target).readOnly = true;
    } else if (term?.origin === 'reader' && takeBack) {
      line.append(this.#button(text('termsTakeBack'), () => void takeBack(term.source)));
    }
    this.element.append(line, this.#confirm);
    if (next) this.element.append(this.#steps(next));
    this.#confirm.hidden = true;
    this.#cost.setAttribute('role', 'status');
    this.#confirm.append(
      this.#cost, this.#button(text('termsUse'), () => void this.#apply()), this.#button(text('termsCancel'), () => this.clear()),
    );
    this.#target.addEventListener('input', () => this.#changed());
    for (const one of [this.#target, this.#source]) {
      one?.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && !this.#confirm.hidden) void this.#apply();
      });
    }
  }

  /** @returns {string} the term in the paper's language */
  get source() {
    return this.#term?.source ?? (this.#source?.value.trim() ?? '');
  }

  /** @param {number} places where the term stands in the paper */
  count(places) {
    if (!this.#next) return;
    this.#next.textContent = text('termsPlaces', grouped(places));
    /** @type {HTMLButtonElement} */ (this.#next).disabled = !places;
  }

  /** As it was before the reader typed. */
  clear() {
    this.#target.value = this.#term?.target ?? '';
    if (this.#source) this.#source.value = '';
    this.#confirm.hidden = true;
  }

  focus() {
    this.#target.focus();
  }

  async #apply() {
    const [source, target] = [this.source, this.#target.value.trim()];
    if (!source || !target) return;
    this.#confirm.hidden = true;
    await this.#use(source, target);
  }

  #changed() {
    const target = this.#target.value.trim();
    this.#confirm.hidden = !this.source || !target || target === this.#term?.target;
    if (this.#confirm.hidden) return;
    const { paragraphs, tokens } = this.#price(this.source);
    this.#cost.textContent = paragraphs ? text('termsPrice', grouped(paragraphs), grouped(tokens)) : text('termsFree');
  }

  /** @param {NonNullable<RowParts['next']>} next */
  #steps(next) {
    const line = injected('div', 'term-steps');
    const said = injected('span', 'term-place');
    said.setAttribute('role', 'status');
    this.#next = this.#button('…', () => {
      const { index, total } = next();
      said.textContent = total ? text('termsPlaceOf', grouped(index + 1), grouped(total)) : '';
    });
    this.#next.title = text('termsNextPlace');
    line.append(this.#next, said);
    return line;
  }

  /** @param {string} words @param {() => void} onClick */
  #button(words, onClick) {
    const element = injected('button', 'terms-button', words);
    element.setAttribute('type', 'button');
    element.addEventListener('click', onClick);
    return element;
  }
}

/** @param {string} label @param {string} value @returns {HTMLInputElement} */
function field(label, value) {
  const input = /** @type {HTMLInputElement} */ (injected('input', 'term-field'));
  input.type = 'text';
  input.maxLength = MAX_CHARACTERS;
  input.spellcheck = false;
  input.autocomplete = 'off';
  input.value = value;
  input.placeholder = label;
  input.setAttribute('aria-label', label);
  return input;
}

/**
 * What the control's menu offers on a paper's page: to translate all of it, and how far that is; or, where
 * the page holds no more than the abstract, the abstract's page.
 */

import { text } from '../../localize.js';
import { isWholeWanted, wantWhole } from '../../paper-wishes.js';
import { load, save } from '../../settings.js';
import { identifier } from '../pages/paper-context.js';
import { grouped } from './grouped.js';
import { NewParagraphs } from './new-paragraphs.js';
import { TakeAlong } from './take-along.js';
import { injected } from '../view/injected.js';

/** @typedef {import('../schedule/page-translator.js').PageTranslator} PageTranslator */
/** @typedef {import('../schedule/page-translator.js').Summary} Summary */
/** @typedef {import('../../settings.js').Settings} Settings */

const PROSE = '.ltx_p:not(.ltx_abstract *, .ltx_bibliography *, .ltx_authors *)';
const MINUTE_MS = 60_000;

export class PaperItems {
  #news = new NewParagraphs();
  #progress = injected('p', 'menu-progress');
  #whole = injected('button', 'menu-item');
  #terms = injected('button', 'menu-item', text('termsOpen'));
  #abstract = /** @type {HTMLAnchorElement} */ (injected('a', 'menu-item', text('controlAbstractPage')));
  #shortCells = /** @type {HTMLInputElement} */ (injected('input', 'menu-radio'));
  #cells = injected('label', 'menu-choice');
  #lang;
  #translator;
  #turnOn;
  #isRunning = false;
  #takeAlong;
  /** @type {{ close: () => void } | null} the panel of terms, while it is open */
  #panel = null;

  /**
   * @param {{ lang: () => string, translator: () => PageTranslator | null, turnOn: () => void }} page `lang`: the
   *   reader's language; `translator`: while the page is read in translation
   */
  constructor({ lang, translator, turnOn }) {
    this.#lang = lang;
    this.#translator = translator;
    this.#turnOn = turnOn;
    this.#takeAlong = new TakeAlong(lang);
    this.#whole.setAttribute('type', 'button');
    this.#whole.addEventListener('click', () => void this.#turnWhole(!this.#isRunning));
    this.#terms.setAttribute('type', 'button');
    this.#terms.addEventListener('click', () => void this.#openTerms());
    this.#shortCells.type = 'checkbox';
    this.#shortCells.dataset.shortCells = '';
    this.#shortCells.addEventListener('change', () => void save({ shortCells: this.#shortCells.checked }));
    this.#cells.append(this.#shortCells, ` ${text('controlShortCells')}`);
  }

  /** @returns {HTMLElement[]} for the menu */
  get elements() {
    return [this.#news.element, this.#progress, this.#whole, this.#terms, this.#cells, this.#abstract, this.#takeAlong.element];
  }

  /** @param {boolean} wanted whether all of the paper is */
  async #turnWhole(wanted) {
    if (!wanted) this.#translator()?.stopWhole();
    // Remembered before anything shows: a page that is loaded anew from then on goes on with it.
    await wantWhole(identifier(), this.#lang(), wanted).catch(() => {});
    if (wanted) this.#translator()?.translateWhole();
  }

  async #openTerms() {
    const translator = this.#translator();
    const menu = /** @type {HTMLElement | null} */ (this.#terms.closest('[popover]'));
    if (!translator) return;
    const [{ TermsPanel }, terms, settings] = await Promise.all([import('./terms-panel.js'), translator.terms(), load()]);
    if (terms.signal.aborted) return;
    menu?.hidePopover();
    this.#panel?.close();
    this.#panel = new TermsPanel(terms, {
      lang: this.#lang(), glossary: settings.glossary, address: settings.backendUrl,
      returnTo: /** @type {HTMLElement | null} */ (menu?.previousElementSibling ?? null),
    });
  }

  /** Goes on with what was begun before the page was loaded. */
  async resume() {
    if (document.readyState === 'loading') { // the page may name its version further down
      await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
    }
    if (!(await isWholeWanted(identifier(), this.#lang()))) return;
    this.#turnOn();
    this.#translator()?.translateWhole();
  }

  /** The reader turned the translation off. */
  forget() {
    void wantWhole(identifier(), this.#lang(), false);
  }

  /** @returns {boolean} whether there is no text of the paper beside its abstract */
  get isIncomplete() {
    return document.readyState !== 'loading' && !document.querySelector(PROSE);
  }

  /**
   * @param {boolean} on
   * @param {Summary} summary
   * @param {Settings} settings
   */
  update(on, { whole, tokens }, { shortCells }) {
    this.#isRunning = on && whole?.running === true;
    this.#whole.hidden = !on || !whole || this.isIncomplete || !(whole.running || whole.open);
    this.#progress.hidden = !this.#isRunning;
    this.#terms.hidden = !on || this.isIncomplete;
    this.#cells.hidden = this.#terms.hidden;
    this.#shortCells.checked = shortCells;
    this.#news.update(on && !this.isIncomplete ? this.#translator() : null);
    this.#takeAlong.update(on && !this.isIncomplete);
    this.#abstract.hidden = !on || !this.isIncomplete;
    if (!this.#abstract.hidden) this.#abstract.href = `/abs/${identifier()}`;
    setText(this.#whole, text(this.#isRunning ? 'controlWholeStop' : 'controlWhole'));
    if (!whole || !this.#isRunning) return;
    const { done, total, msLeft } = whole;
    setText(this.#progress, [
      text('controlWholeProgress', grouped(done), grouped(total)),
      msLeft === null ? '' : text('controlWholeTime', Math.ceil(msLeft / MINUTE_MS)),
      tokens ? text('controlWholeTokens', grouped(tokens)) : '',
    ].filter(Boolean).join(' · '));
  }
}

/** @param {HTMLElement} element @param {string} words */
function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

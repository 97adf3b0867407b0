/** How much of a paper is new to a reader of an earlier version, as a line of the control's menu. */

import { text } from '../../localize.js';
import { compareVersions } from '../../paper-versions.js';
import { identifier } from '../pages/paper-context.js';
import { injected } from '../view/injected.js';
import { grouped } from './grouped.js';

/** @typedef {import('../schedule/page-translator.js').PageTranslator} PageTranslator */
/** @typedef {import('../../paper-versions.js').VersionNews} VersionNews */

export class NewParagraphs {
  element = injected('p', 'menu-news');
  /** @type {PageTranslator | null} whose texts are compared */
  #translator = null;

  constructor() {
    this.element.hidden = true;
  }

  /** @param {PageTranslator | null} translator while the page is read in translation */
  update(translator) {
    if (translator === this.#translator) return;
    this.#translator = translator;
    this.element.hidden = true;
    if (translator) void this.#compare(translator);
  }

  /** @param {PageTranslator} translator */
  async #compare(translator) {
    const texts = await translator.texts();
    const news = await compareVersions(identifier(), texts);
    if (!news || translator !== this.#translator) return;
    this.element.textContent = wordsFor(news);
    this.element.hidden = false;
  }
}

/** @param {VersionNews} news @returns {string} */
function wordsFor({ fresh, total, version }) {
  if (!fresh) return text('paperNewNone', version);
  return text(fresh === 1 ? 'paperNewOne' : 'paperNewSome', grouped(fresh), grouped(total), version);
}

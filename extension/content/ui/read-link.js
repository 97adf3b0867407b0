/** On a paper's abstract page: a link to its full text, to be read in translation there. */

import { languageName } from '../../languages.js';
import { interfaceLanguage, text } from '../../localize.js';
import { wantToRead } from '../../paper-wishes.js';
import { injected } from '../view/injected.js';

const FULL_TEXT = '#latexml-download-link[href*="/html/"], a.abs-button[href^="/html/"], .full-text a[href^="/html/"]';

export class ReadLink {
  #link = /** @type {HTMLAnchorElement} */ (injected('a', 'menu-item'));

  constructor() {
    this.#link.hidden = true;
    this.#link.addEventListener('click', (event) => void this.#follow(event));
    this.#link.addEventListener('auxclick', ({ button }) => {
      if (button === 1) void wantToRead(this.#paper);
    });
  }

  /** @returns {HTMLElement[]} for the control's menu */
  get elements() {
    return [this.#link];
  }

  /**
   * The menu opens. The name of a language costs a page too much to be looked up before.
   *
   * @param {string} lang the reader's; '' when they have to choose first
   * @param {boolean} allowed whether full texts are translated at all
   */
  open(lang, allowed) {
    const address = document.querySelector(FULL_TEXT)?.getAttribute('href');
    this.#link.hidden = !address || !lang || !allowed;
    if (this.#link.hidden) return;
    this.#link.href = new URL(/** @type {string} */ (address), location.origin).href;
    this.#link.textContent = text('controlReadPaper', languageName(lang, interfaceLanguage()));
  }

  get #paper() {
    return new URL(this.#link.href).pathname.replace(/^\/html\//, '').replace(/\/$/, '');
  }

  /** @param {MouseEvent} event */
  async #follow(event) {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!elsewhere) event.preventDefault();
    await wantToRead(this.#paper);
    if (!elsewhere) location.assign(this.#link.href);
  }
}

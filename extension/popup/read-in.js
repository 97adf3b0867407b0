/** A link from a paper of the list to its full text, to be read in translation there. */

import { browser } from '../browser.js';
import { languageName, target } from '../languages.js';
import { interfaceLanguage, text } from '../localize.js';
import { wantToRead } from '../paper-wishes.js';

/**
 * @param {import('../editions.js').Paper} paper that has a full text
 * @param {import('../settings.js').Settings} settings
 * @returns {HTMLAnchorElement | null} null when its reader wants no full texts translated
 */
export function readIn({ id, links: { html } }, settings) {
  const lang = target(settings);
  if (!lang || settings.pages.html === 'never') return null;
  const link = document.createElement('a');
  link.href = /** @type {string} */ (html);
  link.dataset.link = 'read-in';
  link.textContent = text('popupReadIn', languageName(lang, interfaceLanguage()));
  /** @param {MouseEvent} event */
  const follow = async (event) => {
    if (event.button > 1) return;
    event.preventDefault();
    const active = event.button === 0 && !event.ctrlKey && !event.metaKey;
    await wantToRead(id); // before the page is there, and before the popup closes
    await browser.tabs.create({ url: link.href, active });
  };
  link.addEventListener('click', (event) => void follow(event));
  link.addEventListener('auxclick', (event) => void follow(event));
  return link;
}

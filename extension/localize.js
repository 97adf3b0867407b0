/** The interface's own words, from `_locales`. */

import { browser } from './browser.js';

/** @type {Map<string, string>} what was said before: the API is gone from pages open during an update */
const said = new Map();

/**
 * A text in the browser's language.
 *
 * @param {string} key
 * @param {...(string | number)} values its placeholders, in the order of `messages.json`
 * @returns {string}
 */
export function text(key, ...values) {
  const question = [key, ...values].join('\n');
  try {
    said.set(question, browser.i18n.getMessage(key, values.map(String)) || key);
  } catch {
    // The extension was updated or removed; see problemExtensionReloaded.
  }
  return said.get(question) ?? '';
}

/** @returns {string} the language of the interface's words, BCP 47 */
export function interfaceLanguage() {
  return text('interfaceLanguage');
}

/**
 * Fills in the words of a page: `data-i18n` names an element's text, `data-i18n-title` and the like
 * an attribute's.
 *
 * @param {ParentNode} root
 */
export function localize(root) {
  for (const element of root.querySelectorAll('[data-i18n]')) {
    element.textContent = text(/** @type {string} */ (element.getAttribute('data-i18n')));
  }
  for (const attribute of ['title', 'placeholder', 'aria-label']) {
    const name = `data-i18n-${attribute}`;
    for (const element of root.querySelectorAll(`[${name}]`)) {
      element.setAttribute(attribute, text(/** @type {string} */ (element.getAttribute(name))));
    }
  }
}

/** Gives an extension page its language and direction, and all its words. */
export function localizePage() {
  document.documentElement.lang = interfaceLanguage();
  document.documentElement.dir = browser.i18n.getMessage('@@bidi_dir') || 'ltr';
  localize(document);
}

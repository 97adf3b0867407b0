/** The interface's own words, from `_locales`. */

import { browser } from './browser.js';

/**
 * A text in the browser's language.
 *
 * @param {string} key
 * @param {...(string | number)} values its placeholders, in the order of `messages.json`
 * @returns {string}
 */
export function text(key, ...values) {
  // $ is the only character with a meaning in a substitution.
  return browser.i18n.getMessage(key, values.map((value) => String(value))) || key;
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

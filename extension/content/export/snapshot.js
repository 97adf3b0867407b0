/** A paper as it stands now: its page goes on changing while an export is made of it. */

import { isReady } from './pairs.js';

/** @typedef {import('./pace.js').Pace} Pace */

/** What an element holds at least that is not worked on in one piece. */
export const LARGE = 500;

/** The page lost translations before all of it was copied. */
export class PageChangedError extends Error {
  /** @override */
  name = 'PageChangedError';
}

/**
 * A copy in a document of its own, which loads no pictures.
 *
 * @param {Element} article
 * @param {string} lang of the page
 * @param {Pace} pace steps by elements
 * @returns {Promise<Element>}
 * @throws {PageChangedError}
 */
export async function snapshot(article, lang, pace) {
  const translations = [...article.querySelectorAll('[data-paperglot="translation"]')].filter(isReady);
  const page = document.implementation.createHTMLDocument('');
  page.documentElement.lang = lang;
  const copy = page.importNode(article, false);
  page.body.append(copy);
  await fill(copy, article, pace);
  if (!translations.every((each) => article.contains(each))) throw new PageChangedError();
  return copy;
}

/**
 * @param {Element} copy
 * @param {Element} original
 * @param {Pace} pace
 */
async function fill(copy, original, pace) {
  // The list is made before the first pause: nothing is taken twice when the page moves it meanwhile.
  for (const child of [...original.childNodes]) {
    const size = child instanceof Element ? sizeOf(child) : 0;
    const isWhole = !(child instanceof Element) || size < LARGE;
    const node = copy.ownerDocument.importNode(child, isWhole);
    copy.append(node);
    if (isWhole) await pace.step(size);
    else await fill(/** @type {Element} */ (node), /** @type {Element} */ (child), pace);
  }
}

/**
 * How many elements there are in one, itself included.
 *
 * @param {Element} element
 */
export function sizeOf(element) {
  return element.getElementsByTagName('*').length + 1;
}

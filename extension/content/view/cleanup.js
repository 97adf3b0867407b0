/**
 * Firefox runs a content script anew in open pages when the extension is updated, and what the old one
 * put there stays behind, dead.
 */

import { returnIds } from './original.js';

/** Values of `data-paperglot` that stand on the page's own elements. */
const ON_ORIGINALS = '[data-paperglot="replaced"], [data-paperglot="beside"]';

const HIGHLIGHTS = ['paperglot-sentence', 'paperglot-term', 'paperglot-term-here'];

/** Leaves the page as it was before any script of ours ran in it. */
export function cleanUp() {
  for (const words of document.querySelectorAll('[data-paperglot-words]')) words.replaceWith(...words.childNodes);
  returnIds(document);
  if ('highlights' in CSS) for (const name of HIGHLIGHTS) CSS.highlights.delete(name);
  for (const formula of document.querySelectorAll('[data-paperglot-lit]')) formula.removeAttribute('data-paperglot-lit');
  for (const element of document.querySelectorAll('[data-paperglot-passed]')) element.removeAttribute('data-paperglot-passed');
  for (const element of document.querySelectorAll(ON_ORIGINALS)) {
    element.removeAttribute('data-paperglot');
    element.removeAttribute('data-paperglot-shown');
  }
  for (const element of document.querySelectorAll('[data-paperglot]:not(html)')) element.remove();
}

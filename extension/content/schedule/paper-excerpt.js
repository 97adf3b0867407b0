/** The beginning of a paper: its title, abstract and first paragraphs, of which its terms are drawn. */

import { segment } from '../document/segmenter.js';
import { latexmlMarkup } from '../pages/latexml-markup.js';
import { paperTitle } from '../pages/paper-context.js';

/** So much costs a small part of what the paper itself does, and has most of its terms. */
const MAX_CHARACTERS = 2_000;

/** @returns {{ title: string, abstract: string, text: string }} plain words, together about 2,000 characters at most */
export function excerpt() {
  const title = paperTitle();
  const abstract = gathered('.ltx_abstract .ltx_p', MAX_CHARACTERS - title.length);
  const text = gathered('.ltx_para > .ltx_p:not(.ltx_abstract *, .ltx_bibliography *)', MAX_CHARACTERS - title.length - abstract.length);
  return { title, abstract, text };
}

/** @param {string} selector @param {number} most @returns {string} the words of the first that match, cut at that length */
function gathered(selector, most) {
  let words = '';
  for (const paragraph of document.querySelectorAll(selector)) {
    if (words.length >= most) break;
    const found = segment(paragraph, { skip: '[data-paperglot]', markup: latexmlMarkup })?.text ?? '';
    words += `${found.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim()} `;
  }
  return words.slice(0, Math.max(0, most)).trim();
}

/** What a full-text page says of the paper it holds. */

/** @typedef {import('../../messages.js').Paper} Paper */

const MAX_CHARACTERS = 300;
const HEADING = ':scope > :is(h2, h3, h4, h5, h6).ltx_title';
const NOT_TEXT = '.ltx_note, .ltx_pubnotes, .ltx_tag, [data-paperglot="translation"], [data-paperglot="reserved"]';

/** @returns {string} its arXiv identifier with the version where the page names it; '' when it names none */
export function identifier() {
  const [, path = ''] = /^\/html\/(.+?)\/?$/.exec(location.pathname) ?? [];
  if (!path || /v\d+$/.test(path)) return path;
  const link = document.querySelector(`a[href*="/abs/${CSS.escape(path)}v"], a[href*="/pdf/${CSS.escape(path)}v"]`);
  const [found] = new RegExp(`${path.replace(/[.]/g, '\\$&')}v\\d+`).exec(link?.getAttribute('href') ?? '') ?? [];
  return found ?? path;
}

/** @param {Document} [page] @returns {string} its title as one line */
export function paperTitle(page = document) {
  const heading = page.querySelector('article.ltx_document .ltx_title_document');
  return heading ? lineOf(heading) : '';
}

/**
 * @param {Element} element of the paper's text
 * @returns {Paper} the paper, and the heading of the section the element stands in
 */
export function paperOf(element) {
  const section = element.closest('.ltx_section, .ltx_appendix');
  const heading = section?.querySelector(HEADING);
  return { id: identifier(), title: paperTitle(), section: heading ? lineOf(heading) : '' };
}

/** @param {Element} heading @returns {string} its words, formulas as their TeX */
function lineOf(heading) {
  const copy = /** @type {Element} */ (heading.cloneNode(true));
  for (const one of copy.querySelectorAll(NOT_TEXT)) one.remove();
  for (const formula of copy.querySelectorAll('math')) formula.replaceWith(`$${formula.getAttribute('alttext') ?? ''}$`);
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_CHARACTERS);
}

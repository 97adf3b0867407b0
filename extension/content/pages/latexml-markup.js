/**
 * What the elements of arXiv's full-text pages (`/html/ID`) are to the text they stand in. LaTeXML makes
 * them, in several versions: only class names are relied upon, never tag names or ids.
 */

import { BLOCK, IGNORED as NEVER, NAMES_AN_ADDRESS } from './arxiv-markup.js';

/** @typedef {import('./arxiv-markup.js').Role} Role */

const IGNORED = `${NEVER}, .ltx_rdf, .ltx_nodisplay, .ltx_note_type`;
const OPAQUE = [
  'math', 'svg', 'img', 'object', '.ltx_Math', '.ltx_math_unparsed', '.ltx_equation', '.ltx_equationgroup', '.ltx_eqn_table',
  '.ltx_note', '.ltx_pubnotes', '.ltx_cite', '.ltx_tag', '.ltx_ref_self', '.ltx_missing', '.ltx_missing_label', '.ltx_missing_citation',
  '.ltx_url', '.ltx_path', '.ltx_font_typewriter', '.ltx_verbatim', '.ltx_lstlisting', '.ltx_listing', '.ltx_markedasmath',
  '.ltx_LaTeX_logo', '.ltx_TeX_logo', '.ltx_LaTeXML_logo', '.ltx_ERROR', '.ltx_graphics', '.ltx_missing_image', '.ltx_picture',
  'code', 'kbd', 'samp', 'pre', 'nav',
].join(', ');
/** May hold text units of their own beside words of the paragraph or cell they stand in. */
const HOLDS_UNITS = '.ltx_p, .ltx_para, .ltx_inline-block, .ltx_inline-para, .ltx_inline-logical-block, .ltx_logical-block, '
  + '.ltx_minipage, .ltx_parbox, .ltx_tabular, .ltx_itemize, .ltx_enumerate, .ltx_description, .ltx_figure, .ltx_table, .ltx_float, '
  + '.ltx_transformed_outer, .ltx_framed';
const STYLED = 'em, .ltx_emph, .ltx_text, .ltx_inline-quote, [class*="ltx_ulem_"], [class*="ltx_font_"], ins, del, u, s, strong, b, i';
const HAS_WORDS = /[\p{L}\p{N}]/u;

/** @param {Element} element @returns {Role} */
export function latexmlMarkup(element) {
  if (element.matches(IGNORED)) return 'nothing';
  if (element.matches('br')) return 'space'; // broken by hand, also in the middle of a sentence
  if (element.matches(OPAQUE)) return 'opaque';
  const words = (element.textContent ?? '').trim();
  if (!words) return element.matches('.ltx_rule') ? 'nothing' : 'words';
  if (element.matches(HOLDS_UNITS) && (element.matches('.ltx_p') || element.querySelector('.ltx_p'))) return 'opaque';
  if (element.matches('a[href]')) return isName(element, words) ? 'opaque' : 'wrap';
  if (element.matches('sub, sup')) return 'wrap';
  if (element.matches(STYLED) && isStyled(element) && HAS_WORDS.test(words)) return 'emphasis';
  return element.matches(BLOCK) ? 'block' : 'words';
}

/**
 * @param {Element} link
 * @param {string} words
 * @returns {boolean} whether what it says is an address or a number, not words of a sentence
 */
function isName(link, words) {
  return NAMES_AN_ADDRESS.test(words) || link.querySelector('.ltx_ref_tag, .ltx_ref_title') !== null || !/\p{L}{2}/u.test(words);
}

/** @param {Element} element @returns {boolean} whether it looks other than the text around it */
function isStyled(element) {
  return !element.matches('.ltx_text') || element.hasAttribute('style') || element.matches('[class*="ltx_font_"], [class*="ltx_ulem_"], [class*="ltx_framed"]');
}

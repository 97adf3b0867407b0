/** What the elements of arXiv's own pages (abstracts, listings, search) are to the text they stand in. */

/**
 * What an element is to the text it stands in: not there; kept whole; words in a mark-up that stays
 * (`emphasis` only where it holds whole words); a white space; words that stand apart from what is around
 * them; words like all others.
 *
 * @typedef {'nothing' | 'opaque' | 'wrap' | 'emphasis' | 'space' | 'block' | 'words'} Role
 */

/** @typedef {(element: Element) => Role} Markup the roles of a kind of page */

/** Never text, and never put into a translation either. */
export const IGNORED = 'script, style, noscript, template, button, input, select, textarea, iframe, object, [data-paperglot]:not([data-paperglot-words])';
const OPAQUE = 'br, img, svg, math, picture, code, kbd, samp, tt, sub, sup, hr';
/** Words of two of these are never one word. A selection may hold several. */
export const BLOCK = 'address, article, blockquote, dd, div, dl, dt, figcaption, figure, h1, h2, h3, h4, h5, h6, li, ol, p, pre, section, table, td, th, tr, ul';
const EMPHASIS = 'em, strong, i, b, u, s, small, mark, q, abbr, cite, dfn, del, ins';

/** A link whose words are an address, an identifier or arXiv's stand-in for one. */
export const NAMES_AN_ADDRESS = /^(?:this (?:https?|ftp) URL|https?:\/\/\S+|www\.\S+|\S+@\S+|(?:arXiv|doi):\S+|[\d.]+\/\S+|[a-z-]+\/\d{7}(?:v\d+)?|\d{4}\.\d{4,5}(?:v\d+)?)$/i;

/** @param {Element} element @returns {Role} */
export function arxivMarkup(element) {
  if (element.matches(IGNORED)) return 'nothing';
  if (element.matches(OPAQUE)) return 'opaque';
  const words = (element.textContent ?? '').trim();
  if (!words) return 'words'; // an anchor, a spacer; an image inside still counts
  if (element.matches('a[href]')) {
    return element.hasAttribute('data-arxiv-id') || NAMES_AN_ADDRESS.test(words) ? 'opaque' : 'wrap';
  }
  if (element.matches(EMPHASIS)) return 'emphasis';
  return element.matches(BLOCK) ? 'block' : 'words';
}

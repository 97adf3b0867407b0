/** LaTeXML's vocabulary in HTML's: what an element of a page becomes. Tag names of pages say little, classes do. */

/** The first that fits counts: rows and cells of equations are `ltx_equation` too. */
const BY_CLASS = /** @type {const} */ ([
  ['ltx_eqn_cell', 'td'], ['ltx_eqn_row', 'tr'], ['ltx_td', 'td'], ['ltx_tr', 'tr'], ['ltx_tbody', 'tbody'],
  ['ltx_thead', 'thead'], ['ltx_tfoot', 'tfoot'], ['ltx_tabular', 'table'], ['ltx_eqn_table', 'table'],
  ['ltx_itemize', 'ul'], ['ltx_enumerate', 'ol'], ['ltx_biblist', 'ul'], ['ltx_bibitem', 'li'], ['ltx_p', 'p'],
  ['ltx_verbatim', 'code'],
]);

const HTML = new Set(`
  a abbr b bdi blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins
  kbd li mark ol p pre q s samp section small span strong sub sup table tbody td tfoot th thead tr u ul var wbr
`.trim().split(/\s+/));

/** Elements of HTML that have no place in a paper's text, by what holds their text instead. */
const INSTEAD = new Map([
  ['article', 'div'], ['main', 'div'], ['aside', 'div'], ['header', 'div'], ['footer', 'div'], ['nav', 'div'],
  ['center', 'div'], ['address', 'div'], ['details', 'div'], ['summary', 'div'], ['strike', 's'], ['tt', 'code'],
]);

/** What is not a paper's text, or not for readers. */
export const SKIPPED = [
  '.ltx_rdf', '.ltx_nodisplay', '.ltx_pagination', '.ltx_listing_data', '.ltx_TOC', '.ltx_note_type', 'script', 'style',
  'noscript', 'template', 'iframe', 'audio', 'video', 'button', 'input', 'select', 'textarea', 'link', 'meta', 'canvas',
].join(', ');

/** Classes that the exports' style sheet, or Markdown, makes use of. */
const KEPT = new RegExp(`^ltx_(?:${[
  'font_.+', 'align_.+', 'border_.+', 'ulem_.+', 'underline', 'tag', 'tag_(?:item|equation|bibitem|listingline|theorem)',
  'title_(?:document|abstract|theorem|proof|paragraph|bibliography|keywords|classification|acknowledgements)', 'runin',
  'abstract', 'keywords', 'classification', 'acknowledgements', 'theorem', 'proof', 'caption', 'centering', 'tabular',
  'th_row', 'equation', 'equationgroup', 'eqn_table', 'eqn_cell', 'eqn_eqno', 'eqn_center_.+', 'listing', 'lstlisting',
  'listingline', 'lst_(?:keyword.*|comment|string)', 'bibliography', 'biblist', 'bibitem', 'bibblock', 'framed.*',
  'flex_figure', 'flex_cell', 'figure_panel', 'ERROR', 'verse', 'quote', 'authors', 'creator', 'contact', 'personname',
  'missing_.+', 'parbox', 'minipage', 'p', 'float_algorithm', 'verbatim', 'url', 'inline-block',
].join('|')})$`);

/**
 * @param {Element} element of a page
 * @returns {string} an element's name in the tree
 */
export function nameOf(element) {
  const name = element.localName;
  if (name === 'pre') return 'pre';
  if (name === 'li' || name === 'dd' || name === 'dt') return name;
  for (const [className, instead] of BY_CLASS) {
    if (!element.classList.contains(className)) continue;
    return instead === 'td' && (name === 'th' || element.classList.contains('ltx_th')) ? 'th' : instead;
  }
  if (element.classList.contains('ltx_item')) return 'li';
  return HTML.has(name) ? name : INSTEAD.get(name) ?? 'span';
}

/**
 * @param {Element} element of a page
 * @returns {string | undefined} its classes that mean something in an export
 */
export function classesOf(element) {
  return [...element.classList].filter((name) => KEPT.test(name)).join(' ') || undefined;
}

/**
 * The colour of words, where the paper gives them one.
 *
 * @param {Element} element of a page
 * @returns {string | undefined} a declaration
 */
export function colourOf(element) {
  const colour = /(?:^|;)\s*(?:color|--ltx-fg-color)\s*:\s*(#[\da-f]{6})\b/i.exec(element.getAttribute('style') ?? '')?.[1];
  // Said twice: on a dark ground a style sheet mixes it with white, which it can do with a property only.
  return colour && colour !== '#000000' ? `color:${colour};--own:${colour}` : undefined;
}

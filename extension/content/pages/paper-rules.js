/**
 * What is text to translate on arXiv's full-text pages (`/html/ID`), as LaTeXML makes them. Names of
 * classes only: tags and ids differ between its versions.
 *
 * Each element that holds a text of its own is one block, also where one stands inside another (a footnote
 * in its paragraph, a paragraph in a table's cell): then it is no part of the outer one's text.
 */

import { latexmlMarkup } from './latexml-markup.js';
import { paperOf } from './paper-context.js';
import { PaperLabels } from './paper-labels.js';

/** @typedef {import('./page-rules.js').BlockRule} BlockRule */
/** @typedef {import('./page-rules.js').TextOf} TextOf */

const ARTICLE = 'article.ltx_document';
const UNITS = '.ltx_p, .ltx_note_content, .ltx_pubnote, .ltx_td, .ltx_th, .ltx_caption';
/** No text of the paper's prose, whatever it holds. */
const CLOSED = '.ltx_bibliography > :not(.ltx_title), .ltx_biblist, .ltx_authors, .ltx_creator, .ltx_dates, .ltx_listing, .ltx_verbatim, .ltx_picture, svg, '
  + 'math, .ltx_TOC, nav, .ltx_ERROR, .ltx_nodisplay, .ltx_rdf, .ltx_cite, .ltx_role_footnotemark, .ltx_index, '
  + '[data-paperglot="translation"], [data-paperglot="reserved"]';
const BIBLIOGRAPHY = '.ltx_bibliography';
const DISPLAY = '.ltx_equation, .ltx_equationgroup, .ltx_eqn_table';
const INTERTEXT = '.ltx_eqn_row > .ltx_eqn_cell[style*="white-space:normal"]';
const NOTE_MARKS = '.ltx_note_mark, .ltx_tag_note, .ltx_note_type, .ltx_note_name, .note_name';

/** Shorter texts in cells are names and numbers more often than prose. */
const MIN_CELL_WORDS = 4;
/** Parts of one text that is longer than that are asked for in several. */
const MAX_TEXT = 6_000;

/** @type {Pick<BlockRule, 'markup' | 'accept'>} */
const PAPER = { markup: latexmlMarkup, accept: hasWords };

/** @type {readonly BlockRule[]} */
const PAPER_RULES = [
  { ...PAPER, select: '.ltx_title', kind: 'heading', place: 'after', accept: isHeading },
  { ...PAPER, select: '.ltx_p', kind: 'paragraph', place: 'after', accept: isProse, rest: partsAfter },
  { ...PAPER, select: '.ltx_caption', kind: 'caption', place: 'inside' },
  { ...PAPER, select: ':is(.ltx_td, .ltx_th):not(.ltx_eqn_cell)', kind: 'cell', place: 'inside', accept: isProseCell },
  {
    ...PAPER, select: '.ltx_note_content, .ltx_pubnote', kind: 'note', place: 'inside',
    skip: NOTE_MARKS, anchor: '.ltx_note, .ltx_title',
  },
  {
    ...PAPER, select: '.ltx_keywords, .ltx_classification, .ltx_acknowledgements', kind: 'paragraph', place: 'inside',
    skip: '.ltx_title', accept: holdsBareText,
  },
  { ...PAPER, select: '.ltx_quote, .ltx_verse', kind: 'paragraph', place: 'inside', accept: holdsBareText },
  { ...PAPER, select: 'dt > .ltx_tag_item', kind: 'label', place: 'inside' },
  { ...PAPER, select: INTERTEXT, kind: 'paragraph', place: 'inside' },
];

/** @param {Element} element @param {TextOf} textOf @returns {boolean} whether it has words that stand in none of its units */
function hasWords(element, textOf) {
  return !element.querySelector(UNITS) || textOf(element) !== '';
}

/** @param {Element} element @param {TextOf} textOf @returns {boolean} */
function isHeading(element, textOf) {
  return !element.closest(BIBLIOGRAPHY) && hasWords(element, textOf);
}

/**
 * @param {{ lang: string, shortCells: boolean }} reader
 * @returns {readonly BlockRule[]} the rules, with what need not be asked for in a language
 */
function rulesFor({ lang, shortCells }) {
  const labels = PaperLabels.in(lang);
  return PAPER_RULES.map((rule) => {
    let { accept } = rule;
    if (shortCells && accept === isProseCell) accept = hasText;
    else if (shortCells && accept === isProse) accept = isParagraph;
    // Of a bibliography's heading no more than the usual ones are translated.
    else if (labels && accept === isHeading) accept = (element, textOf) => isHeading(element, textOf)
      || (element.closest(BIBLIOGRAPHY) !== null && labels.translate(textOf(element), null) !== null);
    return { ...rule, accept, ...(labels ? { labels } : {}) };
  });
}

/** @param {Element} element @param {TextOf} textOf @returns {boolean} */
function hasText(element, textOf) {
  return textOf(element) !== '';
}

/** @param {Element} element @param {TextOf} textOf @returns {boolean} */
function holdsBareText(element, textOf) {
  return !element.querySelector('.ltx_p') && hasText(element, textOf);
}

/** @param {Element} element @param {TextOf} textOf @returns {boolean} */
function isProse(element, textOf) {
  const around = element.parentElement?.closest('.ltx_td, .ltx_th, .ltx_item, .ltx_note_content, .ltx_caption');
  return around?.matches('.ltx_td, .ltx_th') ? isProseCell(element, textOf) : isParagraph(element, textOf);
}

/** @param {Element} element @param {TextOf} textOf @returns {boolean} */
function isParagraph(element, textOf) {
  return !element.parentElement?.matches(BIBLIOGRAPHY) && hasWords(element, textOf);
}

/** @param {Element} element @param {TextOf} textOf @returns {boolean} */
function isProseCell(element, textOf) {
  const words = textOf(element).replace(/<[^>]*>/g, ' ').match(/\p{L}{2,}/gu) ?? [];
  return words.length >= MIN_CELL_WORDS;
}

/**
 * A sentence that displayed formulas cut into several elements is one text, and so is all that a paragraph
 * has between them.
 *
 * @param {Element} first
 * @param {TextOf} textOf
 * @returns {Element[]} the other parts, in order
 */
function partsAfter(first, textOf) {
  const parts = [];
  let length = lengthOf(first);
  let afterDisplay = false;
  for (let next = first.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.matches(DISPLAY)) {
      afterDisplay = true;
      const between = [...next.querySelectorAll(INTERTEXT)];
      length += between.reduce((sum, one) => sum + lengthOf(one), 0);
      if (length > MAX_TEXT) break;
      parts.push(...between);
    } else if (next.matches('.ltx_p') && afterDisplay && hasWords(next, textOf)) {
      afterDisplay = false;
      length += lengthOf(next);
      if (length > MAX_TEXT) break;
      parts.push(next);
    } else if (!next.matches('[data-paperglot]')) {
      break;
    }
  }
  return parts;
}

/** @param {Element} element @returns {number} characters of text, formulas left out where it is long */
function lengthOf(element) {
  const all = element.textContent?.length ?? 0;
  if (all < 1_000) return all;
  return [...element.querySelectorAll('math')].reduce((sum, { textContent }) => sum - (textContent?.length ?? 0), all);
}

/** @type {import('./page-rules.js').PageRule} */
export const PAPER_PAGE = {
  type: 'html', path: /^\/html\/./, blocks: PAPER_RULES, blocksFor: rulesFor, walk: { root: ARTICLE, closed: CLOSED },
  paper: paperOf, ahead: 2,
};

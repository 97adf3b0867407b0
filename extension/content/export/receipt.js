/** What went into a paper's translation and what came out of it, counted on the page itself. */

import { isApparatus, isTranslation, originalNodes } from './pairs.js';

/** @typedef {{original: number, translation: number}} Count in the translated blocks, before and after */
/**
 * @typedef {object} Receipt
 * @property {{total: number, done: number, unverified: number}} blocks that were to be translated; `done` counts the unverified too
 * @property {Count} formulas
 * @property {Count} citations
 * @property {Count} references to sections, figures, equations
 * @property {Count} notes
 * @property {Count} numbers written with digits, outside of formulas, citations and references
 * @property {Count} sentences
 */
/** @typedef {Record<'formulas' | 'citations' | 'references' | 'notes' | 'numbers' | 'sentences', number>} Tally */

/** Kinds, in the order a receipt tells them. */
export const KINDS = /** @type {const} */ (['formulas', 'citations', 'references', 'notes', 'numbers', 'sentences']);

const NUMBER = /\p{Nd}+(?:[.,\u00a0\u202f]?\p{Nd}+)*/gu;
// Where the segmenter ends a sentence too early: after an abbreviation, an initial, before a lower-case word.
const ABBREVIATED = /(?:^|[\s(])(?:cf|vs|e\.g|i\.e|al|ca|resp|approx|Eqs?|Figs?|Secs?|Tabs?|Refs?|Thms?|Chs?|No|pp?|Prof|Dr|Mr|Ms|Inc|z\. ?B|\p{Lu})\.\s*$/u;
/** @type {Map<string, Intl.Segmenter>} by language */
const segmenters = new Map();
const STANDS_FOR_OBJECT = '\ufffc';

/**
 * Counts a translated page.
 *
 * @param {Element} article `article.ltx_document`, which does not change meanwhile
 * @param {import('./pairs.js').Pairs} pairs of it
 * @param {import('./pace.js').Pace} pace steps by pairs
 * @returns {Promise<Receipt>}
 */
export async function receipt(article, pairs, pace) {
  // A note copied into a translation holds its translation too; it is told by its original.
  const own = [...article.querySelectorAll('[data-paperglot="translation"]')].filter((each) => !isNested(each));
  const blocks = {
    total: own.length,
    done: [...pairs.values()].filter(({ translation }) => !isNested(translation)).length,
    unverified: own.filter((each) => each.getAttribute('data-state') === 'unverified').length,
  };
  const sourceLang = article.closest('[lang]')?.getAttribute('lang') || 'en';
  /** @type {Record<keyof Tally, Count>} */
  const counts = {
    formulas: zero(), citations: zero(), references: zero(), notes: zero(), numbers: zero(), sentences: zero(),
  };
  for (const pair of pairs.values()) {
    await pace.step();
    if (isNested(pair.translation)) continue;
    const before = tally(originalNodes(pair, pairs), sourceLang);
    const after = tally([...pair.translation.childNodes], pair.translation.getAttribute('lang') || 'en');
    for (const kind of KINDS) {
      counts[kind].original += before[kind];
      counts[kind].translation += after[kind];
    }
  }
  return { blocks, ...counts };
}

/** @returns {Count} */
const zero = () => ({ original: 0, translation: 0 });

/** @param {Element} translation */
const isNested = (translation) => Boolean(translation.parentElement?.closest('[data-paperglot="translation"]'));

/**
 * @param {Node[]} nodes
 * @param {string} lang
 * @returns {Tally}
 */
function tally(nodes, lang) {
  const count = { formulas: 0, citations: 0, references: 0, notes: 0, numbers: 0, sentences: 0 };
  let words = '';
  /** @param {Node} node */
  const visit = (node) => {
    if (node instanceof Text) words += node.data;
    if (!(node instanceof Element) || isApparatus(node) || isTranslation(node)) return;
    if (node.matches('.ltx_note, .ltx_pubnote')) {
      count.notes += 1;
    } else if (node.localName === 'math') {
      count.formulas += 1;
      words += STANDS_FOR_OBJECT;
    } else if (node.matches('.ltx_cite')) {
      count.citations += 1;
      words += STANDS_FOR_OBJECT;
    } else if (node.matches('.ltx_ref:not(.ltx_href, .ltx_url, .ltx_path)')) {
      count.references += 1;
      words += STANDS_FOR_OBJECT;
    } else if (node.localName === 'br') {
      words += ' ';
    } else if (!node.matches('.ltx_tag, .ltx_note_mark, .ltx_note_type')) {
      node.childNodes.forEach(visit);
    }
  };
  nodes.forEach(visit);
  count.numbers = words.match(NUMBER)?.length ?? 0;
  count.sentences = sentences(words, lang);
  return count;
}

/**
 * How many sentences a text has. When in doubt two are one.
 *
 * @param {string} text
 * @param {string} lang
 * @returns {number}
 */
function sentences(text, lang) {
  let count = 0;
  let before = '';
  // The segmenter ends a sentence at each line feed, and authors' line breaks are kept in pages.
  for (const { segment } of segmenterOf(lang).segment(text.replace(/\s/g, ' '))) {
    if (!/[\p{L}\p{N}\ufffc]/u.test(segment)) continue;
    if (!before || !(ABBREVIATED.test(before) || /^[\p{Ll}(]/u.test(segment))) count += 1;
    before = segment;
  }
  return count;
}

/** @param {string} lang */
function segmenterOf(lang) {
  const segmenter = segmenters.get(lang) ?? new Intl.Segmenter(lang, { granularity: 'sentence' });
  segmenters.set(lang, segmenter);
  return segmenter;
}

/** What an export says of itself: where it comes from, who translated it, what was kept and what is in doubt. */

import { direction } from '../../languages.js';
import { element } from './nodes.js';
import { KINDS } from './receipt.js';

/** @typedef {import('./nodes.js').ExportTree} ExportTree */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {import('./nodes.js').TreeNode} TreeNode */

export const RECEIPT_ID = 'paperglot-receipt';
const LABELS = {
  formulas: 'exportFormulas', citations: 'exportCitations', references: 'exportReferences',
  notes: 'exportNotes', numbers: 'exportNumbers', sentences: 'exportSentences',
};

/**
 * Origin, licence and that a machine translated it, each a sentence.
 *
 * @param {ExportTree} tree
 * @returns {string[]}
 */
export function originLines({ source, model, date, words }) {
  return [
    words('exportOrigin', `arXiv:${source.id}${source.version}`),
    ...(source.licence ? [words('exportLicence', source.licence)] : []),
    words('exportMachine', model, date),
  ];
}

/**
 * The lines above the paper.
 *
 * @param {ExportTree} tree
 * @param {string} receipt where the receipt is
 * @returns {TreeElement}
 */
export function origin(tree, receipt) {
  const [first, ...others] = originLines(tree);
  const link = element('a', { href: tree.source.url }, first);
  const lines = others.flatMap((line) => [' · ', line]);
  return element('p', { class: 'origin', ...language(tree) }, link, ...lines, ' · ', element('a', { href: receipt }, tree.words('exportReceipt')));
}

/**
 * What was counted, and the blocks that did not verify.
 *
 * @param {ExportTree} tree
 * @param {(id: string) => string} address of a block
 * @returns {TreeElement}
 */
export function receiptSection(tree, address) {
  const { receipt, words } = tree;
  const head = ['exportCounted', 'exportOriginal', 'exportTranslation'].map((key) => element('th', { scope: 'col' }, words(key)));
  const rows = KINDS.map((kind) => element(
    'tr', {},
    element('th', { scope: 'row' }, words(LABELS[kind])),
    ...[receipt[kind].original, receipt[kind].translation].map((count) => element('td', {}, String(count))),
  ));
  return element(
    'section', { id: RECEIPT_ID, class: 'receipt', ...language(tree) },
    element('h2', {}, words('exportReceipt')),
    element('p', {}, words('exportBlocks', receipt.blocks.done, receipt.blocks.total)),
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
    element('p', {}, words(tree.unverified.length ? 'exportUnverified' : 'exportVerified')),
    ...(tree.unverified.length ? [unverifiedList(tree, address)] : []),
  );
}

/**
 * @param {ExportTree} tree
 * @param {(id: string) => string} address
 */
function unverifiedList(tree, address) {
  const { lang, dir, unverified } = tree;
  const own = language(tree).lang ? { lang, dir } : {}; // they are the paper's words
  return element('ul', own, ...unverified.map(({ id, text }) => element('li', {}, element('a', { href: address(id) }, text || id))));
}

/**
 * The export's own words are in the interface's language, which need not be the reader's for papers.
 *
 * @param {ExportTree} tree
 */
function language({ words, lang }) {
  const own = words('interfaceLanguage');
  return own && own !== lang ? { lang: own, dir: direction(own) } : {};
}

/**
 * The notes, each with a link back to its place.
 *
 * @param {import('./nodes.js').Note[]} notes
 * @param {ExportTree} tree
 * @returns {TreeElement}
 */
export function notesSection(notes, tree) {
  const home = tree.mode === 'bilingual' ? { lang: tree.sourceLang, dir: 'ltr' } : {};
  return element(
    'section', { class: 'notes', role: 'doc-endnotes' },
    element('h2', language(tree), tree.words('exportNotes')),
    element('ul', {}, ...notes.map((note) => element('li', { id: note.id, ...home }, ...noteContent(note, tree)))),
  );
}

/**
 * @param {import('./nodes.js').Note} note
 * @param {ExportTree} tree
 * @returns {TreeNode[]}
 */
export function noteContent(note, tree) {
  const mark = element('sup', {}, note.mark);
  const label = tree.words('exportBack');
  const back = note.back ? element('a', { href: `#${note.back}`, role: 'doc-backlink', 'aria-label': `${label} ${note.mark}` }, mark) : mark;
  return [back, ' ', ...note.children];
}

/**
 * @param {import('./nodes.js').ContentsEntry[]} entries
 * @param {(id: string) => string} address of a section
 * @returns {TreeElement}
 */
export function contentsList(entries, address) {
  return element('ol', {}, ...entries.map(({ id, title, entries: inner }) => element(
    'li', {},
    element('a', { href: address(id) }, ...title),
    ...(inner.length ? [contentsList(inner, address)] : []),
  )));
}

/**
 * A paper that was translated in the page, as a document of its own: the beginning of every export.
 *
 * `exportDocument` reads the page and leaves it as it is; `toHtml` (`html.js`), `toEpub` (`epub.js`) and
 * `toMarkdown` (`markdown.js`) write what it gives.
 */

import { Conversion } from './convert.js';
import { convertPaced } from './convert-paced.js';
import { fitted } from './content-model.js';
import { cleanText, element, elements, plainText } from './nodes.js';
import { contentsOf, levelHeadings } from './outline.js';
import { Pace } from './pace.js';
import { findPairs } from './pairs.js';
import { settlePictures } from './pictures.js';
import { receipt as countReceipt } from './receipt.js';
import { sizeOf, snapshot } from './snapshot.js';

/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/**
 * @typedef {object} ExportOptions
 * @property {'translated' | 'bilingual'} mode `translated`: a block without a translation keeps its original
 * @property {string} lang of the reader, BCP 47
 * @property {string} [dir] "ltr" or "rtl"; without it the translations' own
 * @property {import('./nodes.js').Source} source
 * @property {string} model the name of the model that translated
 * @property {string} date of the translation, YYYY-MM-DD
 * @property {import('./nodes.js').Words} words the interface's, in the language that the export's own lines are to have
 * @property {import('./pictures.js').FetchImage} [fetchImage] without it there are no pictures
 * @property {Pace} [pace] of the work, four fifths of which are in this file
 */

/**
 * Makes the tree of a translated page.
 *
 * @param {Element} article `article.ltx_document`, with translations in it
 * @param {ExportOptions} options
 * @throws {import('./snapshot.js').PageChangedError}
 * @returns {Promise<import('./nodes.js').ExportTree>}
 */
export async function exportDocument(article, options) {
  const { mode, lang, source, model, date, words, fetchImage, pace = new Pace() } = options;
  const base = baseOf(article, source.url);
  const sourceLang = article.closest('[lang]')?.getAttribute('lang') || 'en';
  const size = sizeOf(article);
  pace.begin(0.1, size);
  const paper = await snapshot(article, sourceLang, pace);
  const pairs = findPairs(paper);
  await pace.step();
  pace.begin(0.1, pairs.size);
  const counted = await countReceipt(paper, pairs, pace);
  const dir = options.dir ?? [...pairs.values()][0]?.translation.getAttribute('dir') ?? 'ltr';
  const conversion = new Conversion({
    pairs, mode, reader: { lang, dir }, sourceLang,
    base, page: source.url, taken: [...paper.querySelectorAll('[id]')].map(({ id }) => id),
  });
  pace.begin(0.45, size);
  const converted = await convertPaced(conversion, paper.childNodes, conversion.context, pace);
  const notes = [...conversion.notes.values()];
  const all = [...converted, ...notes.flatMap(({ children }) => children)];
  pace.begin(0.1, conversion.pictures.size);
  const pictures = await settlePictures(all, conversion.pictures, fetchImage, words('exportPictureMissing'), pace);
  await pace.step();
  const body = asBlocks(fitted(converted));
  await pace.step();
  for (const note of notes) note.children = fitted(note.children);
  if (![...elements(body)].some(({ name }) => name === 'h1')) {
    body.unshift(element('h1', { class: 'ltx_title_document' }, cleanText(source.title)));
  }
  levelHeadings(body);
  await pace.step();
  for (const node of elements(body)) {
    if (node.name === 'section') node.attributes.id ??= conversion.newId('section');
  }
  mendLinks(body, notes, conversion.heirs, source.url);
  await pace.step();
  const heading = [...elements(body)].find(({ name }) => name === 'h1');
  return {
    mode, lang, dir, sourceLang, source, model, date, words, body, notes, pictures,
    title: titleOf(heading) || source.title,
    contents: contentsOf(body),
    receipt: counted,
    unverified: conversion.unverified,
  };
}

/**
 * What the page's relative addresses start from.
 *
 * @param {Element} article
 * @param {string} page
 */
function baseOf(article, page) {
  return new URL(article.ownerDocument.querySelector('base[href]')?.getAttribute('href') ?? '', page).href;
}

/**
 * @param {import('./nodes.js').TreeNode[]} nodes
 * @returns {TreeElement[]}
 */
function asBlocks(nodes) {
  return nodes.flatMap((node) => {
    if (typeof node !== 'string') return [node];
    return node.trim() ? [element('p', {}, node)] : [];
  });
}

/** @param {TreeElement | undefined} heading the paper's title */
function titleOf(heading) {
  if (!heading) return '';
  const translation = [...elements(heading.children)].find((node) => node.attributes.class === 'translation');
  return plainText([translation ?? heading]);
}

/**
 * Links to what is no longer there: to what took its place, or to the page.
 *
 * @param {TreeElement[]} body changed in place
 * @param {import('./nodes.js').Note[]} notes changed in place
 * @param {Map<string, TreeElement>} heirs
 * @param {string} page
 */
function mendLinks(body, notes, heirs, page) {
  const inNotes = notes.flatMap(({ children }) => [...elements(children)]);
  const all = [...elements(body), ...inNotes];
  const ids = new Set([...all.map(({ attributes }) => attributes.id), ...notes.map(({ id }) => id)]);
  for (const node of all) {
    const target = node.name === 'a' && node.attributes.href?.startsWith('#') ? node.attributes.href.slice(1) : '';
    if (!target || ids.has(target)) continue;
    const heir = heirs.get(target);
    if (heir) {
      heir.attributes.id ??= target;
      ids.add(heir.attributes.id);
    }
    node.attributes.href = heir ? `#${heir.attributes.id}` : `${page.replace(/#.*/s, '')}#${encodeURIComponent(target)}`;
  }
}

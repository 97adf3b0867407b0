/**
 * A paper as a BibTeX entry: what the server gives at /api/v1/papers/{id}.bib, byte by byte, but also of a
 * saved paper, without a server and with an older one, and of the very translation that is on screen.
 */

import { parseName } from './author-names.js';
import { texText } from './tex-text.js';

/** @typedef {import('../editions.js').Paper} Paper */
/** @typedef {import('./author-names.js').Name} Name */

/**
 * As arXiv writes it; the order of BibTeX's own only where it would not read that rightly.
 *
 * @param {Name} name
 * @returns {string}
 */
function author({ family: last, given, particle, suffix, isGroup }) {
  const family = `${particle} ${last}`.trim();
  const plain = texText(`${given} ${family}`);
  if (isGroup || /(?:^|\s)and(?:\s|$)/i.test(plain)) return plain && `{${plain}}`;
  if (suffix) return `${texText(family)}, ${texText(suffix)}, ${texText(given)}`;
  // BibTeX takes small words for the beginning of a family name: bell hooks.
  return /^\p{Ll}/u.test(given) ? `${texText(family)}, ${texText(given)}` : plain;
}

/** @param {Paper} paper @returns {string} of its first version; the identifier begins with it */
function yearOf({ published, id }) {
  const digits = /(\d\d)\d\d[.\d]/.exec(id)?.[1] ?? '';
  return /^\d{4}/.exec(published)?.[0] ?? `${Number(digits) >= 91 ? 19 : 20}${digits}`;
}

/**
 * The translation stands in fields of our own, which no bibliography prints.
 *
 * @param {Paper} paper
 * @returns {string}
 */
export function bibtex(paper) {
  const year = yearOf(paper);
  const names = paper.authors.map(parseName);
  const word = /\p{L}{4,}/u.exec(paper.title)?.[0] ?? '';
  const key = `${names[0]?.family ?? ''}${year}${word}`.normalize('NFD').replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  // A comma ends a keyword.
  const keywords = paper.categories.map((category) => texText(category).replaceAll(',', ';')).filter(Boolean);
  /** @type {[string, string][]} */
  const fields = [
    ['title', `{${texText(paper.title)}}`],
    ['author', names.map(author).filter(Boolean).join(' and ')],
    ['year', year],
    ['eprint', paper.id],
    ['archivePrefix', 'arXiv'],
    ['primaryClass', texText(paper.categories[0] ?? '')],
    ['doi', `10.48550/arXiv.${paper.id.replace(/v\d+$/, '')}`],
    ['url', `https://arxiv.org/abs/${paper.id}`],
    ['abstract', texText(paper.abstract)],
    ['keywords', keywords.join(', ')],
    ['translatedtitle', texText(paper.translation?.title ?? '')],
    ['translatedabstract', texText(paper.translation?.abstract ?? '')],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${key},\n${lines.join(',\n')}\n}\n`;
}

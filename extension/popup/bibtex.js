/** A paper as a BibTeX entry, in the form arXiv itself gives. */

import { texText } from './tex-text.js';

/** @typedef {import('../editions.js').Paper} Paper */

// Not a person: without braces BibTeX would make a given name of all but its last word.
const GROUP = /\b(?:collaborations?|consortium|teams?|groups?|project|initiative|community|network|alliance|institutes?|laborator(?:y|ies)|labs?|university)\b|\sand\s|,(?! *(?:jr|sr|ii|iii|iv)\b)/iu;

/** @param {string} name */
const isGroup = (name) => GROUP.test(name);

/** @param {string} name */
const author = (name) => (isGroup(name) ? `{${texText(name)}}` : texText(name));

/**
 * The translation stands in fields of our own, which no bibliography prints.
 *
 * @param {Paper} paper
 * @returns {string}
 */
export function bibtex(paper) {
  const year = /^\d{4}/.exec(paper.published)?.[0] ?? `20${paper.id.slice(0, 2)}`;
  const [first = ''] = paper.authors;
  const family = isGroup(first) ? first : first.trim().split(/\s+/).pop() ?? '';
  const word = /\p{L}{4,}/u.exec(paper.title)?.[0] ?? '';
  const key = `${family}${year}${word}`.normalize('NFD').replace(/[^A-Za-z0-9]/g, '').toLowerCase() || 'arxiv';
  /** @type {[string, string][]} */
  const fields = [
    ['title', `{${texText(paper.title)}}`],
    ['author', paper.authors.map(author).join(' and ')],
    ['year', year],
    ['eprint', paper.id],
    ['archivePrefix', 'arXiv'],
    ['primaryClass', paper.categories[0] ?? ''],
    ['url', `https://arxiv.org/abs/${paper.id}`],
    ['abstract', texText(paper.abstract)],
    ['translatedtitle', texText(paper.translation?.title ?? '')],
    ['translatedabstract', texText(paper.translation?.abstract ?? '')],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${key},\n${lines.join(',\n')}\n}\n`;
}

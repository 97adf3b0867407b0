/**
 * What is text to translate on arXiv's pages. Data: selectors as they stand in arXiv's templates.
 *
 * Menus, author lists, subjects and journal references are not named here, so they are left alone.
 */

/** @typedef {import('../../settings.js').PageType} PageType */

/**
 * @typedef {object} BlockRule
 * @property {string} select elements that hold one segment each
 * @property {string} [skip] elements inside that are not its text
 * @property {'title' | 'abstract' | 'comments'} kind
 * @property {'after' | 'inside'} place where the translation goes; inside where a sibling would break a table
 */

/**
 * @typedef {object} PageRule
 * @property {PageType} type
 * @property {RegExp} path
 * @property {BlockRule[]} blocks
 */

/** @type {readonly PageRule[]} */
export const PAGES = [
  {
    type: 'abs',
    path: /^\/abs\/./,
    blocks: [
      // Children only: a labs tab may show a second blockquote.abstract further down.
      { select: '#abs > h1.title', skip: '.descriptor', kind: 'title', place: 'after' },
      { select: '#abs > blockquote.abstract', skip: '.descriptor', kind: 'abstract', place: 'after' },
      { select: '#abs td.comments', skip: '.descriptor', kind: 'comments', place: 'inside' },
    ],
  },
  {
    type: 'list',
    path: /^\/(?:list|catchup)\/./,
    blocks: [
      { select: '#dlpage dd .list-title', skip: '.descriptor', kind: 'title', place: 'after' },
      { select: '#dlpage dd .meta > p.mathjax', skip: '.descriptor', kind: 'abstract', place: 'after' },
    ],
  },
  {
    type: 'search',
    path: /^\/(?:search|a)\b/,
    blocks: [
      { select: 'li.arxiv-result > p.title', kind: 'title', place: 'after' },
      // The links that open and close the abstract carry onclick and no address.
      { select: 'li.arxiv-result .abstract-short', skip: 'a:not([href])', kind: 'abstract', place: 'after' },
      { select: 'li.arxiv-result .abstract-full', skip: 'a:not([href])', kind: 'abstract', place: 'after' },
      { select: '#dlpage dd .list-title, dl#articles dd .list-title', skip: '.descriptor', kind: 'title', place: 'after' },
    ],
  },
];

/**
 * @param {string} path of the page's address
 * @returns {PageRule | undefined}
 */
export function pageFor(path) {
  return PAGES.find((page) => page.path.test(path));
}

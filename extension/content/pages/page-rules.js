/**
 * What is text to translate on arXiv's pages. Data: selectors as they stand in arXiv's templates.
 *
 * Menus, author lists, subjects and journal references are not named here, so they are left alone.
 */

/** @typedef {import('../../messages.js').Paper} Paper */
/** @typedef {import('../../settings.js').PageType} PageType */
/** @typedef {import('./arxiv-markup.js').Markup} Markup */

/** @typedef {(element: Element) => string} TextOf what would be sent of an element; '' when there is nothing to translate */

/**
 * @typedef {object} BlockRule
 * @property {string} select elements that hold one segment each
 * @property {string} [skip] elements inside that are not its text
 * @property {'title' | 'abstract' | 'comments' | 'heading' | 'paragraph' | 'caption' | 'cell' | 'note' | 'label'} kind
 * @property {'after' | 'inside'} place where the translation goes; inside where a sibling would break a table
 * @property {Markup} [markup] what the elements inside are; those of arXiv's own pages when it is not given
 * @property {(element: Element, textOf: TextOf) => boolean} [accept] whether one that was selected holds a text
 * @property {(first: Element, textOf: TextOf) => Element[]} [rest] the elements that hold the rest of its text
 * @property {string} [anchor] what around it is seen where it is hidden itself
 * @property {Labels} [labels] what need not be asked for: the words that a paper's class writes, in the reader's language
 */

/**
 * @typedef {object} Labels
 * @property {(text: string, tag: Element | null) => string | null} translate a text that stands after a tag and is
 *   nothing but a label; null where it says more
 * @property {(tag: Element) => void} write puts the language's words into a copy of a tag
 */

/**
 * @typedef {object} PageRule
 * @property {PageType} type
 * @property {RegExp} path
 * @property {readonly BlockRule[]} blocks
 * @property {(reader: { lang: string, shortCells: boolean }) => readonly BlockRule[]} [blocksFor] those of a reader, where they differ
 * @property {{ root: string, closed: string }} [walk] of a very large page: selectors of the element that is walked for them,
 *   and of those inside that hold none
 * @property {(element: Element) => Paper} [paper] the paper that an element stands in
 * @property {number} [ahead] how many screens before the reader blocks are asked for; one where it is not given
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

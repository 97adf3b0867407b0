/** What a search shows of a paper beyond the list's own lines: where the words stand, marked, and of which day it is. */

import { direction, languageName } from '../languages.js';
import { interfaceLanguage, text } from '../localize.js';
import { fill } from './safe-html.js';

/** @typedef {import('../editions.js').Paper} Paper */

/** Characters of an abstract before the first word that was looked for. */
const BEFORE = 36;
const SHOWN_AUTHORS = 3;

/** @param {string} html */
const without = (html) => html.replace(/<\/?mark>/g, '');

/** @param {Paper} paper @returns {Paper} the same with the words marked in its own texts, where they stand in those */
export function withMarks(paper) {
  const { found, translation } = paper;
  if (!found) return paper;
  const { lang, titleHtml, abstractHtml } = found;
  if (lang === translation?.lang) return { ...paper, translation: { ...translation, titleHtml, abstractHtml } };
  return lang === 'en' ? { ...paper, titleHtml, abstractHtml } : paper;
}

/** @param {Paper} paper @returns {Paper} the same as a list has it */
export function withoutMarks(paper) {
  const { titleHtml, abstractHtml, translation } = paper;
  const copy = { ...paper };
  delete copy.found;
  return {
    ...copy, titleHtml: without(titleHtml), abstractHtml: without(abstractHtml),
    translation: translation && {
      ...translation, titleHtml: without(translation.titleHtml), abstractHtml: without(translation.abstractHtml),
    },
  };
}

/**
 * Adds to a paper's lines what a search knows of it.
 *
 * @param {HTMLElement} item as `drawPaper` made it
 * @param {Paper} paper
 */
export function showPassage(item, { found, authors, translation }) {
  if (!found) return;
  const { lang, titleHtml, abstractHtml, authorsHtml, day } = found;
  markAuthors(/** @type {HTMLElement} */ (item.querySelector('.authors')), authors, authorsHtml);
  if (day) item.querySelector('.authors')?.after(dayLine(day));
  const isElsewhere = lang !== 'en' && lang !== translation?.lang;
  if (!isElsewhere && item.querySelector('.title mark, .original:not([hidden]) mark')) return;
  const words = (isElsewhere && passage(titleHtml)) || passage(abstractHtml);
  if (!words) return;
  const line = document.createElement('p');
  line.className = 'passage';
  line.toggleAttribute('data-elsewhere', isElsewhere);
  words.lang = lang;
  words.dir = direction(lang);
  if (lang !== translation?.lang && translation) {
    const label = document.createElement('span');
    label.textContent = `${text('popupFoundIn', languageName(lang, interfaceLanguage()))} `;
    line.append(label);
  } else {
    line.dir = words.dir;
  }
  line.append(words);
  item.querySelector('.meta')?.before(line);
}

/** @param {string} day YYYY-MM-DD */
function dayLine(day) {
  const time = document.createElement('time');
  time.dateTime = day;
  time.textContent = new Intl.DateTimeFormat(interfaceLanguage(), {
    day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));
  return time;
}

/**
 * The first names of a paper; of those further on the ones that were looked for.
 *
 * @param {HTMLElement} line
 * @param {string[]} authors
 * @param {string[]} authorsHtml
 */
function markAuthors(line, authors, authorsHtml) {
  const isMarked = (/** @type {number} */ index) => authorsHtml[index]?.includes('<mark>');
  if (authorsHtml.length !== authors.length || !authors.some((_, index) => isMarked(index))) return;
  const shown = authors.flatMap((name, index) => (index < SHOWN_AUTHORS || isMarked(index) ? [{ name, index }] : []));
  const names = document.createElement('span');
  shown.forEach(({ name, index }, place) => {
    const one = document.createElement('bdi');
    fill(one, authorsHtml[index], name);
    names.append(...(place ? [', ', one] : [one]));
  });
  const more = authors.length - shown.length;
  // The sentence's own words stand around the names.
  const [before, after] = more > 0 ? text('popupAuthorsMore', '\uFFFC', more.toLocaleString()).split('\uFFFC') : ['', ''];
  line.replaceChildren(before, names, after);
}

/**
 * @param {string} html with `<mark>`
 * @returns {HTMLElement | null} the text from shortly before the first mark on; null where there is none
 */
function passage(html) {
  const words = document.createElement('bdi');
  fill(words, html, '');
  const mark = words.querySelector('mark');
  if (!mark) return null;
  const top = [...words.childNodes].find((node) => node.contains(mark)) ?? mark;
  let kept = 0;
  for (let node = top.previousSibling; node; node = node.previousSibling) {
    const { textContent } = node;
    const length = textContent?.length ?? 0;
    kept += length;
    if (kept <= BEFORE) continue;
    const rest = node instanceof Text ? fromWord(node.data, kept - BEFORE) : '';
    while (node.previousSibling) node.previousSibling.remove();
    node.replaceWith(`… ${rest}`);
    break;
  }
  return words;
}

/**
 * @param {string} text
 * @param {number} start
 * @returns {string} from there on; from the next word on where words have spaces between them
 */
function fromWord(text, start) {
  const word = /^\S{0,18}\s+/u.exec(text.slice(start));
  const from = word ? start + word[0].length : start;
  return text.slice(/[\udc00-\udfff]/.test(text.charAt(from)) ? from + 1 : from);
}

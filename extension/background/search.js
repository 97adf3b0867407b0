/** The reader's search for the popup: asks the backend, of whose answer only what is expected is passed on. */

import { toPaper } from '../editions.js';
import { find, target } from '../languages.js';
import { load } from '../settings.js';
import { BackendClient, BackendError } from './backend-client.js';

/** @typedef {import('../editions.js').Paper} Paper */
/** @typedef {import('../messages.js').Found<Paper>} Found */
/** @typedef {import('../messages.js').Passage} Passage */
/** @typedef {import('../messages.js').SearchWishes} SearchWishes */

const AT_ONCE = 20;
const MAX_PAPERS = 100;

/**
 * One page of what is found.
 *
 * @param {{ wishes: SearchWishes, before?: string }} question before: `next` of the page before
 * @returns {Promise<Found>}
 */
export async function searchPapers({ wishes, before = '' }) {
  const settings = await load();
  const lang = target(settings) || 'en';
  const { words, category, from, to, hasCode, verified, newest } = wishes;
  const query = Object.entries({
    q: words, lang, category, from, to, has_code: hasCode && '1', verified: verified && '1',
    order: newest && 'date', before, limit: AT_ONCE,
  }).filter(([, value]) => value).map(([name, value]) => [name, String(value)]);
  const found = toFound(await new BackendClient(settings).search(Object.fromEntries(query)), lang);
  if (!found) throw new BackendError({ type: 'bad-answer' });
  return found;
}

/** @param {any} value @param {string} lang @returns {Found | null} null when it is none */
function toFound(value, lang) {
  if (!Array.isArray(value?.papers)) return null;
  /** @type {Map<string, Paper>} */
  const papers = new Map();
  for (const entry of value.papers.slice(0, MAX_PAPERS)) {
    const paper = toPaper(entry, lang);
    const found = toPassage(entry);
    if (paper) papers.set(paper.id, { ...paper, ...(found ? { found } : {}) });
  }
  const { papers: lacking, tokens, price } = value.untranslated ?? {};
  return {
    lang,
    papers: [...papers.values()],
    total: Math.max(count(value.total), papers.size),
    untranslated: count(lacking) ? {
      papers: count(lacking), tokens: count(tokens), price: Number.isFinite(price) && price >= 0 ? price : null,
    } : null,
    next: typeof value.next === 'string' && value.next.length <= 100 ? value.next : '',
  };
}

/** @param {any} entry @returns {Passage | null} */
function toPassage({ matched, date }) {
  const lang = find(html(matched?.lang, 40))?.tag;
  if (!lang) return null;
  const authors = Array.isArray(matched.authors_html) ? matched.authors_html.slice(0, 3_000) : [];
  return {
    lang,
    titleHtml: html(matched.title_html, 20_000),
    abstractHtml: html(matched.abstract_html, 200_000),
    authorsHtml: authors.map((/** @type {unknown} */ name) => html(name, 2_000)),
    day: /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : '',
  };
}

/** @param {unknown} value @returns {number} */
const count = (value) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0);
/** @param {unknown} value @param {number} longest */
const html = (value, longest) => (typeof value === 'string' && value.length <= longest ? value : '');

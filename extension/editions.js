/**
 * The day's lists as the extension keeps them: their shape, checked field by field because a server of
 * any version and any mood may have sent them, and the few newest in `storage.local`, so that the popup
 * shows something before it asks anyone.
 */

import { browser } from './browser.js';

/**
 * @typedef {object} PaperTranslation
 * @property {string} title
 * @property {string} titleHtml
 * @property {string} abstract
 * @property {string} abstractHtml
 * @property {boolean} verified
 */

/**
 * @typedef {object} Paper
 * @property {string} id arXiv identifier
 * @property {string} title
 * @property {string} titleHtml text from outside: only ever through `setHTML` with a list of elements
 * @property {string} abstract
 * @property {string} abstractHtml
 * @property {string[]} authors
 * @property {number} upvotes
 * @property {number} comments
 * @property {string} published
 * @property {string[]} categories arXiv's, the primary one first
 * @property {Record<'abs' | 'pdf' | 'html' | 'huggingface' | 'code' | 'project', string>} links '' where there is none
 * @property {PaperTranslation | null} translation
 */

/**
 * @typedef {object} Edition
 * @property {string} date YYYY-MM-DD, a UTC day
 * @property {string} lang of the translations in it
 * @property {'final' | 'filling' | 'empty' | 'sample'} state
 * @property {boolean} stale
 * @property {string} previous a date, or ''
 * @property {string} next a date, or ''
 * @property {Paper[]} papers
 * @property {number} fetchedAt when this browser received it
 */

const PREFIX = 'edition:';
const NEWEST = 'newestEdition';
const KEPT = 8;
const MOST_PAPERS = 300;
const LINKS = /** @type {const} */ (['abs', 'pdf', 'html', 'huggingface', 'code', 'project']);
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const ARXIV_ID = /^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7})$/;

/** @param {unknown} value @param {number} [longest] */
const string = (value, longest = 500) => (typeof value === 'string' ? value.slice(0, longest) : '');
/** @param {unknown} value */
const number = (value) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0);
/** @param {unknown} value */
const date = (value) => (typeof value === 'string' && DATE.test(value) ? value : '');

/**
 * An address that may stand in a link, or ''.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function webAddress(value) {
  if (typeof value !== 'string' || value.length > 2_000) return '';
  try {
    const url = new URL(value);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '';
  } catch {
    return '';
  }
}

/** @param {any} value @returns {PaperTranslation | null} */
function toTranslation(value) {
  const title = string(value?.title, 1_000);
  const abstract = string(value?.abstract, 20_000);
  if (!title && !abstract) return null;
  return {
    title, abstract,
    titleHtml: string(value.title_html, 20_000),
    abstractHtml: string(value.abstract_html, 200_000),
    verified: value.verified !== false,
  };
}

/** @param {any} value @returns {Paper | null} */
function toPaper(value) {
  const id = string(value?.id, 40);
  const title = string(value?.title, 1_000);
  if (!ARXIV_ID.test(id) || !title) return null;
  const links = Object.fromEntries(LINKS.map((name) => [name, webAddress(value.links?.[name])]));
  links.abs ||= `https://arxiv.org/abs/${id}`;
  links.pdf ||= `https://arxiv.org/pdf/${id}`;
  return {
    id, title,
    titleHtml: string(value.title_html, 20_000),
    abstract: string(value.abstract, 20_000) || string(value.summary, 20_000),
    abstractHtml: string(value.abstract_html, 200_000),
    authors: (Array.isArray(value.authors) ? value.authors : [])
      .filter((/** @type {unknown} */ name) => typeof name === 'string').slice(0, 3_000)
      .map((/** @type {string} */ name) => name.slice(0, 200)),
    upvotes: number(value.upvotes),
    comments: number(value.comments),
    published: string(value.published, 30),
    categories: (Array.isArray(value.categories) ? value.categories : [])
      .filter((/** @type {unknown} */ name) => typeof name === 'string' && /^[\w.-]{1,30}$/.test(name)).slice(0, 20),
    links: /** @type {Paper['links']} */ (links),
    translation: toTranslation(value.translation),
  };
}

/**
 * What a server sent, as an edition.
 *
 * @param {any} value
 * @param {string} lang asked for
 * @returns {Edition | null} null when it is none
 */
export function toEdition(value, lang) {
  if (!date(value?.date) || !Array.isArray(value.papers)) return null;
  /** @type {Map<string, Paper>} */
  const papers = new Map();
  for (const entry of value.papers.slice(0, MOST_PAPERS)) {
    const paper = toPaper(entry);
    if (paper) papers.set(paper.id, paper);
  }
  const states = /** @type {const} */ (['final', 'filling', 'empty', 'sample']);
  return {
    date: value.date,
    lang,
    state: states.find((state) => state === value.state) ?? 'final',
    stale: value.stale === true,
    previous: date(value.previous),
    next: date(value.next),
    papers: [...papers.values()],
    fetchedAt: Date.now(),
  };
}

/** @param {string} day @param {string} lang */
const keyOf = (day, lang) => `${PREFIX}${lang}:${day}`;

/**
 * @param {string} day YYYY-MM-DD or `latest`
 * @param {string} lang
 * @returns {Promise<Edition | null>} what is kept of that day
 */
export async function stored(day, lang) {
  let wanted = day;
  if (day === 'latest') {
    const { [NEWEST]: newest } = await browser.storage.local.get(NEWEST);
    wanted = string(newest);
  }
  const key = keyOf(wanted, lang);
  const { [key]: edition } = await browser.storage.local.get(key);
  return isEdition(edition) ? edition : null;
}

/** @param {any} value @returns {value is Edition} */
function isEdition(value) {
  return date(value?.date) !== '' && Array.isArray(value.papers) && typeof value.fetchedAt === 'number';
}

/**
 * Keeps an edition, and of all editions only the ones received last. One that is too large for the
 * browser's store is not kept.
 *
 * @param {Edition} edition
 * @param {{ newest: boolean }} options whether it is the answer to `latest`
 */
export async function keep(edition, { newest }) {
  const key = keyOf(edition.date, edition.lang);
  try {
    await browser.storage.local.set({ [key]: edition, ...(newest ? { [NEWEST]: edition.date } : {}) });
  } catch {
    await browser.storage.local.remove(key); // over the quota, with what else is there
  }
  const all = Object.entries(await browser.storage.local.get(null))
    .filter(([name]) => name.startsWith(PREFIX));
  const surplus = all
    .sort(([, a], [, b]) => Number(/** @type {any} */ (b)?.fetchedAt) - Number(/** @type {any} */ (a)?.fetchedAt))
    .slice(KEPT).map(([name]) => name).filter((name) => name !== key);
  if (surplus.length) await browser.storage.local.remove(surplus);
}

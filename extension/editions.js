/**
 * The day's lists as the extension stores them: their shape, checked field by field because a server of
 * any version and any mood may have sent them, and the few newest in `storage.local`, so that the popup
 * shows something before it asks anyone.
 */

import { browser } from './browser.js';

/**
 * @typedef {object} PaperTranslation
 * @property {string} lang
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
 * @property {string} [ownerNote] what the server's owner wrote about it, on a list of their own
 * @property {import('./messages.js').Passage} [found] when a search found it
 */

/**
 * @typedef {object} List one of the server's lists
 * @property {string} name
 * @property {string} title in English words
 * @property {'huggingface' | 'arxiv' | 'file'} source
 */

/**
 * @typedef {object} Edition
 * @property {string} list its name, or '' from a server that has but one
 * @property {List['source']} source
 * @property {string} date YYYY-MM-DD, a UTC day
 * @property {string} lang of the translations in it
 * @property {'final' | 'filling' | 'empty' | 'sample'} state
 * @property {boolean} stale
 * @property {string} previous a date, or ''
 * @property {string} next a date, or ''
 * @property {Paper[]} papers
 * @property {number} count of all its papers, also while not all are here
 * @property {number} fetchedAt when this browser received it
 */

const PREFIX = 'edition:';
const REST = 'rest:';
const NEWEST = 'newestEdition';
const MAX_EDITIONS = 8;
const NEWEST_OF_LISTS = 'newestOfLists';
const LISTS = 'lists';
const MAX_LISTS = 30;
/** A category of arXiv can have twice as many as Hugging Face ever listed. */
const MAX_PAPERS = 600;
const SOURCES = /** @type {const} */ (['huggingface', 'arxiv', 'file']);
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

/** @param {any} value @param {string} lang @returns {PaperTranslation | null} */
function toTranslation(value, lang) {
  const title = string(value?.title, 1_000);
  const abstract = string(value?.abstract, 20_000);
  if (!title && !abstract) return null;
  return {
    lang, title, abstract,
    titleHtml: string(value.title_html, 20_000),
    abstractHtml: string(value.abstract_html, 200_000),
    verified: value.verified !== false,
  };
}

/** @param {any} value @param {string} lang @returns {Paper | null} */
export function toPaper(value, lang) {
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
    translation: toTranslation(value.translation, lang),
    ...(string(value.owner_note) ? { ownerNote: string(value.owner_note) } : {}),
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
  for (const entry of value.papers.slice(0, MAX_PAPERS)) {
    const paper = toPaper(entry, lang);
    if (paper) papers.set(paper.id, paper);
  }
  const states = /** @type {const} */ (['final', 'filling', 'empty', 'sample']);
  const list = string(value.list, 80);
  return {
    list,
    // Sample papers may stand in for any list: its name tells which.
    source: SOURCES.find((source) => source === list.split(':')[0]) ?? 'huggingface',
    date: value.date,
    lang,
    state: states.find((state) => state === value.state) ?? 'final',
    stale: value.stale === true,
    previous: date(value.previous),
    next: date(value.next),
    papers: [...papers.values()],
    count: papers.size,
    fetchedAt: Date.now(),
  };
}

/**
 * What a server sent as its lists.
 *
 * @param {any} value
 * @returns {List[]}
 */
export function toLists(value) {
  /** @type {Map<string, List>} */
  const lists = new Map();
  for (const entry of Array.isArray(value?.lists) ? value.lists.slice(0, MAX_LISTS) : []) {
    const name = typeof entry?.name === 'string' && entry.name.length <= 80 ? entry.name.trim() : '';
    const source = SOURCES.find((one) => one === entry?.source);
    if (name && source) lists.set(name, { name, source, title: string(entry.title, 200) || name });
  }
  return [...lists.values()];
}

/**
 * @param {string} backendUrl
 * @returns {Promise<List[]>} the lists that this server last had
 */
export async function storedLists(backendUrl) {
  const { [LISTS]: known } = /** @type {{ lists?: any }} */ (await browser.storage.local.get(LISTS));
  return known?.backendUrl === backendUrl ? toLists(known) : [];
}

/** @param {string} backendUrl @param {List[]} lists */
export async function storeLists(backendUrl, lists) {
  await browser.storage.local.set({ [LISTS]: { backendUrl, lists } });
}

/** @param {string} day @param {string} lang @param {string} list as the reader chose it; '' for the first */
const keyOf = (day, lang, list) => `${PREFIX}${lang}:${list ? `${list}:` : ''}${day}`;
/** What a popup shows at first is stored apart, because a whole day takes three times as long to read. */
const FRONT = 8;
/** @param {string} key */
const restOf = (key) => `${REST}${key}`;

/** @returns {Promise<(list: string) => string>} the day that `latest` of a list last was, or '' */
export async function newestDays() {
  const { [NEWEST]: newest, [NEWEST_OF_LISTS]: others } = /** @type {Record<string, any>} */ (
    await browser.storage.local.get([NEWEST, NEWEST_OF_LISTS])
  );
  return (list) => date(list ? others?.[list] : newest);
}

/**
 * @param {string} day YYYY-MM-DD
 * @param {string} lang
 * @param {string} [list]
 * @returns {Promise<Edition | null>} what is stored of that day
 */
export async function stored(day, lang, list = '') {
  const key = keyOf(day, lang, list);
  const { [key]: edition, [restOf(key)]: rest } = await browser.storage.local.get([key, restOf(key)]);
  if (!isEdition(edition)) return null;
  return complete({ ...edition, papers: edition.papers.concat(Array.isArray(rest) ? rest : []) });
}

/**
 * The first papers of that day, sooner than all of it.
 *
 * @param {string} day YYYY-MM-DD
 * @param {string} lang
 * @param {string} [list]
 * @returns {Promise<Edition | null>}
 */
export async function storedFront(day, lang, list = '') {
  const key = keyOf(day, lang, list);
  const { [key]: edition } = await browser.storage.local.get(key);
  return isEdition(edition) ? complete(edition) : null;
}

/** @param {string} day @param {string} list @returns {Promise<Record<string, unknown>>} what to store */
async function markNewest(day, list) {
  if (!list) return { [NEWEST]: day };
  const { [NEWEST_OF_LISTS]: others } = /** @type {Record<string, any>} */ (
    await browser.storage.local.get(NEWEST_OF_LISTS)
  );
  return { [NEWEST_OF_LISTS]: { ...others, [list]: day } };
}

/** @param {any} value @returns {value is Edition} */
function isEdition(value) {
  return date(value?.date) !== '' && Array.isArray(value.papers) && typeof value.fetchedAt === 'number';
}

/** @param {Edition} edition as any version stored it @returns {Edition} */
function complete(edition) {
  for (const { translation } of edition.papers) {
    if (translation) translation.lang ??= edition.lang;
  }
  const { list = '', source = 'huggingface', count = edition.papers.length } = edition;
  return { ...edition, list, source, count };
}

/**
 * Stores an edition, and of all editions only the ones received last. One that is too large for the
 * browser's store is not stored.
 *
 * @param {Edition} edition
 * @param {{ newest: boolean, list?: string }} options whether it is the answer to `latest`; the list asked for
 */
export async function storeEdition(edition, { newest, list = '' }) {
  const key = keyOf(edition.date, edition.lang, list);
  const { papers } = edition;
  try {
    await browser.storage.local.set({
      [key]: { ...edition, papers: papers.slice(0, FRONT) },
      [restOf(key)]: papers.slice(FRONT),
      ...(newest ? await markNewest(edition.date, list) : {}),
    });
  } catch {
    await browser.storage.local.remove([key, restOf(key)]); // over the quota, with what else is there
  }
  const all = Object.entries(await browser.storage.local.get(null))
    .filter(([name]) => name.startsWith(PREFIX));
  const oldest = all
    .sort(([, a], [, b]) => Number(/** @type {any} */ (b)?.fetchedAt) - Number(/** @type {any} */ (a)?.fetchedAt))
    .slice(MAX_EDITIONS).map(([name]) => name).filter((name) => name !== key);
  if (oldest.length) await browser.storage.local.remove([...oldest, ...oldest.map(restOf)]);
}

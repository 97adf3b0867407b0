/**
 * The reader's settings: one object in `storage.local`, its defaults, its versions.
 *
 * Stored values win over an administrator's (`storage.managed`, described by `managed-schema.json`),
 * which win over the defaults. What is stored may come from an older version or from a file the reader
 * imported, so every value is checked on its way in and a wrong one becomes the default.
 */

import { browser } from './browser.js';

/** @typedef {'below' | 'replace' | 'side'} Display */
/** @typedef {'always' | 'demand' | 'never'} When */
/** @typedef {'abs' | 'list' | 'search' | 'html'} PageType */

/**
 * @typedef {object} Settings
 * @property {number} version
 * @property {string} backendUrl origin (and path prefix) of the backend, without a slash at its end
 * @property {string} accessToken
 * @property {string} targetLanguage BCP 47; empty until the reader chose one (see `languages.js`)
 * @property {string} list the server's name of the list that the popup shows; empty: the server's first
 * @property {Display} display
 * @property {Record<PageType, When>} pages
 * @property {boolean} control whether the small round control stands in arXiv's pages
 * @property {boolean} badge whether the toolbar button counts papers not yet seen
 * @property {boolean} shortCells whether cells of a paper's tables that hold a few words only are translated
 * @property {{ source: string, target: string }[]} glossary the reader's own terms
 */

export const DISPLAYS = /** @type {const} */ (['below', 'replace', 'side']);
export const WHENS = /** @type {const} */ (['always', 'demand', 'never']);
export const PAGE_TYPES = /** @type {const} */ (['abs', 'list', 'search', 'html']);
/** Characters; a server's lists have at most 64. */
const MAX_LIST_NAME = 80;
/** The backend takes so many terms with a request. */
export const MAX_GLOSSARY_ENTRIES = 200;

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  version: 1,
  backendUrl: 'http://127.0.0.1:8000',
  accessToken: '',
  targetLanguage: '',
  list: '',
  display: 'below',
  pages: Object.freeze({ abs: 'always', list: 'always', search: 'always', html: 'demand' }),
  control: true,
  badge: true,
  shortCells: false,
  glossary: [],
});

/**
 * `MIGRATIONS[n]` turns settings of version n + 1 into version n + 2.
 *
 * @type {((old: Record<string, unknown>) => Record<string, unknown>)[]}
 */
const MIGRATIONS = [];

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @returns {Record<string, unknown>} */
const object = (value) => (isObject(value) ? value : {});

/**
 * What of some settings is not the same in others, down to each page type.
 *
 * @param {Record<string, unknown>} values
 * @param {Record<string, unknown>} others
 * @param {(name: string, within: string) => boolean} [always] what counts in any case
 * @param {string} [within] the setting whose inner values these are
 * @returns {Record<string, unknown>}
 */
function difference(values, others, always = () => false, within = '') {
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const [name, value] of Object.entries(values)) {
    if (isObject(value)) {
      const inner = difference(value, object(others[name]), always, name);
      if (Object.keys(inner).length) found[name] = inner;
    } else if (always(name, within) || JSON.stringify(value) !== JSON.stringify(others[name])) {
      found[name] = value;
    }
  }
  return found;
}

/**
 * A backend address as we keep it, or null when it is none.
 *
 * @param {string} text as a reader types it: `localhost:8000`, `https://example.org/paperglot/`
 * @returns {string | null}
 */
export function normalizeAddress(text) {
  const typed = text.trim();
  if (!typed) return null;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`;
  try {
    const url = new URL(withScheme);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
    // Chromium lets spaces and other marks pass in a host name.
    if (!/^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])$/i.test(url.hostname)) return null;
    if (url.username || url.password) return null;
    return (url.origin + url.pathname).replace(/\/+$/, '');
  } catch {
    return null;
  }
}

/** @param {unknown} stored @returns {Record<string, unknown>} in the shape of this version, unchecked */
function migrated(stored) {
  let values = isObject(stored) ? stored : {};
  const version = typeof values.version === 'number' ? values.version : DEFAULTS.version;
  for (const migrate of MIGRATIONS.slice(version - 1)) values = migrate(values);
  return values;
}

/**
 * Settings with every value of the right kind, whatever came in.
 *
 * @param {unknown} stored
 * @param {Readonly<Settings>} [fallback]
 * @returns {Settings}
 */
export function sane(stored, fallback = DEFAULTS) {
  const values = migrated(stored);

  /** @template {string} T @param {unknown} value @param {readonly T[]} allowed @param {T} otherwise */
  const oneOf = (value, allowed, otherwise) => allowed.find((one) => one === value) ?? otherwise;
  /** @param {unknown} value @param {boolean} otherwise */
  const flag = (value, otherwise) => (typeof value === 'boolean' ? value : otherwise);
  /** @param {unknown} value @param {string} otherwise @param {number} longest */
  const line = (value, otherwise, longest) =>
    typeof value === 'string' && value.length <= longest ? value.trim() : otherwise;

  const pages = isObject(values.pages) ? values.pages : {};
  const address = typeof values.backendUrl === 'string' ? normalizeAddress(values.backendUrl) : null;
  return {
    version: DEFAULTS.version,
    backendUrl: address ?? fallback.backendUrl,
    accessToken: line(values.accessToken, fallback.accessToken, 4096),
    targetLanguage: line(values.targetLanguage, fallback.targetLanguage, 35),
    list: line(values.list, fallback.list, MAX_LIST_NAME),
    display: oneOf(values.display, DISPLAYS, fallback.display),
    pages: /** @type {Record<PageType, When>} */ (
      Object.fromEntries(
        PAGE_TYPES.map((type) => [type, oneOf(pages[type], WHENS, fallback.pages[type])]),
      )
    ),
    control: flag(values.control, fallback.control),
    badge: flag(values.badge, fallback.badge),
    shortCells: flag(values.shortCells, fallback.shortCells),
    glossary: saneGlossary(values.glossary) ?? fallback.glossary.map((entry) => ({ ...entry })),
  };
}

/**
 * @param {unknown} value
 * @returns {{ source: string, target: string }[] | null}
 */
function saneGlossary(value) {
  if (!Array.isArray(value)) return null;
  /** @type {Map<string, { source: string, target: string }>} */
  const entries = new Map();
  for (const entry of value.slice(0, MAX_GLOSSARY_ENTRIES)) {
    if (!isObject(entry)) continue;
    const { source, target } = entry;
    if (typeof source !== 'string' || typeof target !== 'string') continue;
    const term = { source: source.trim().slice(0, 200), target: target.trim().slice(0, 200) };
    if (term.source && term.target) entries.set(term.source.toLowerCase(), term);
  }
  return [...entries.values()];
}

/** @returns {Promise<unknown>} what an administrator has set, if anyone has */
async function managed() {
  try {
    return (await browser.storage.managed.get('settings')).settings;
  } catch {
    return undefined; // no policy for this extension: Firefox rejects, Chromium answers nothing
  }
}

/**
 * Beside presets only the reader's own values are stored, marked by `presets`: a full object would freeze
 * the presets as they were that day. In an object without the mark, what equals its default nobody chose.
 *
 * @returns {Promise<{ own: Record<string, unknown>, preset: Settings, governed: boolean }>} the reader's own
 *   values, what holds beside them, and whether an administrator has a say
 */
async function read() {
  const [{ settings }, set] = await Promise.all([browser.storage.local.get('settings'), managed()]);
  const values = migrated(settings);
  const own = values.presets === true ? values : difference(values, { ...DEFAULTS });
  return { own, preset: sane(set), governed: set !== undefined };
}

/** @returns {Promise<Settings>} */
export async function load() {
  const { own, preset } = await read();
  return sane(own, preset);
}

/** @typedef {Partial<Omit<Settings, 'pages'>> & { pages?: Partial<Settings['pages']> }} Change */

/** @type {Promise<unknown>} the last change; one waits for the other, or the earlier one would be lost */
let saving = Promise.resolve();

/**
 * Changes some settings and keeps the others. A value that is set to its preset is no longer the
 * reader's own and follows the preset.
 *
 * @param {Change} change
 * @returns {Promise<Settings>} all of them, as they now are
 */
export function save(change) {
  const saved = saving.then(() => write(change));
  saving = saved.catch(() => undefined);
  return saved;
}

/** @param {Change} change @returns {Promise<Settings>} */
async function write(change) {
  const { own, preset, governed } = await read();
  const settings = sane({ ...own, ...change, pages: { ...object(own.pages), ...change.pages } }, preset);
  /** @param {Record<string, unknown>} values @param {string} within */
  const part = (values, within) => (within ? object(values[within]) : values);
  const kept = difference(settings, { ...preset }, (name, within) =>
    // What the reader chose before stays theirs, even where a preset has come to say the same.
    name in part(own, within) && !(name in part(change, within)));
  const stored = governed ? { ...kept, version: DEFAULTS.version, presets: true } : settings;
  await browser.storage.local.set({ settings: stored });
  return settings;
}

/**
 * Forgets everything the reader changed, and with it all that this browser keeps about papers: what is saved,
 * read or wanted, lists, hashes of texts, translations of this session.
 *
 * @returns {Promise<Settings>} the presets
 */
export async function reset() {
  await Promise.all([browser.storage.local.clear(), browser.storage.session.clear()]);
  return load();
}

/**
 * Calls back whenever the settings changed, wherever that happened.
 *
 * @param {(settings: Settings) => void} listener
 * @param {AbortSignal} [signal] stops it
 */
export function watch(listener, signal) {
  /** @param {Record<string, chrome.storage.StorageChange>} changes @param {string} area */
  const onChanged = (changes, area) => {
    if ((area === 'local' || area === 'managed') && changes.settings) void load().then(listener);
  };
  browser.storage.onChanged.addListener(onChanged);
  signal?.addEventListener('abort', () => browser.storage.onChanged.removeListener(onChanged));
}

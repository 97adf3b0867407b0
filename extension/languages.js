/**
 * The languages a reader can choose, and which one they probably want.
 *
 * The same list as the backend's `GET /api/v1/languages`, kept here so that the first run needs no server.
 */

import { browser } from './browser.js';

/**
 * @typedef {object} Language
 * @property {string} tag BCP 47
 * @property {string} endonym
 * @property {'ltr' | 'rtl'} dir
 */

const RIGHT_TO_LEFT = new Set(['ar', 'he', 'fa', 'ur']);

/** @type {readonly Language[]} */
export const LANGUAGES = Object.freeze(
  /** @type {[tag: string, endonym: string][]} */ ([
    ['zh-Hans', '简体中文'],
    ['zh-Hant', '繁體中文'],
    ['ja', '日本語'],
    ['ko', '한국어'],
    ['es', 'Español'],
    ['fr', 'Français'],
    ['de', 'Deutsch'],
    ['pt-BR', 'Português (Brasil)'],
    ['pt-PT', 'Português (Portugal)'],
    ['ru', 'Русский'],
    ['it', 'Italiano'],
    ['vi', 'Tiếng Việt'],
    ['id', 'Bahasa Indonesia'],
    ['tr', 'Türkçe'],
    ['ar', 'العربية'],
    ['he', 'עברית'],
    ['fa', 'فارسی'],
    ['hi', 'हिन्दी'],
    ['th', 'ไทย'],
    ['uk', 'Українська'],
    ['pl', 'Polski'],
    ['nl', 'Nederlands'],
    ['sv', 'Svenska'],
    ['da', 'Dansk'],
    ['nb', 'Norsk bokmål'],
    ['fi', 'Suomi'],
    ['cs', 'Čeština'],
    ['sk', 'Slovenčina'],
    ['sl', 'Slovenščina'],
    ['hr', 'Hrvatski'],
    ['sr', 'Српски'],
    ['bg', 'Български'],
    ['ro', 'Română'],
    ['hu', 'Magyar'],
    ['el', 'Ελληνικά'],
    ['ca', 'Català'],
    ['lt', 'Lietuvių'],
    ['lv', 'Latviešu'],
    ['et', 'Eesti'],
    ['ms', 'Bahasa Melayu'],
    ['fil', 'Filipino'],
    ['bn', 'বাংলা'],
    ['ta', 'தமிழ்'],
    ['te', 'తెలుగు'],
    ['ur', 'اردو'],
    ['sw', 'Kiswahili'],
    ['kk', 'Қазақша'],
    ['en', 'English'],
  ]).map(/** @returns {Language} */ ([tag, endonym]) => ({ tag, endonym, dir: RIGHT_TO_LEFT.has(tag) ? 'rtl' : 'ltr' })),
);

const BY_TAG = new Map(LANGUAGES.map((language) => [language.tag.toLowerCase(), language]));

/** What browsers call a language that we list under another tag. */
const ALIASES = new Map([
  ['no', 'nb'],
  ['nn', 'nb'],
  ['iw', 'he'],
  ['in', 'id'],
  ['tl', 'fil'],
  ['pt', 'pt-BR'],
]);

/**
 * The listed language that a tag means, if there is one.
 *
 * @param {string} tag `zh-TW`, `de-AT`, `pt_BR`
 * @returns {Language | undefined}
 */
export function find(tag) {
  const parts = tag.toLowerCase().replaceAll('_', '-').split('-');
  if (parts[0] === 'zh' || parts[0] === 'yue') {
    const traditional = parts.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part));
    return BY_TAG.get(traditional && !parts.includes('hans') ? 'zh-hant' : 'zh-hans');
  }
  const listed = BY_TAG.get(parts.join('-')) ?? BY_TAG.get(`${parts[0]}-${parts[1]}`);
  return listed ?? BY_TAG.get(parts[0]) ?? BY_TAG.get((ALIASES.get(parts[0]) ?? '').toLowerCase());
}

/**
 * @param {string} tag
 * @returns {'ltr' | 'rtl'}
 */
export function direction(tag) {
  return find(tag)?.dir ?? 'ltr';
}

/**
 * @param {string} tag
 * @param {string} locale
 * @returns {string} what the language is called in a language
 */
export function languageName(tag, locale) {
  return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag;
}

/**
 * The language a reader most likely wants papers in: the browser's own, or the first other one they
 * read. Papers are in English, so English is no answer.
 *
 * @returns {string} a tag, or '' when nothing points anywhere
 */
export function guess() {
  const wanted = [browser.i18n.getUILanguage(), ...(globalThis.navigator?.languages ?? [])];
  for (const tag of wanted) {
    const language = find(tag);
    if (language && language.tag !== 'en') return language.tag;
  }
  return '';
}

/**
 * The language to translate into.
 *
 * @param {{ targetLanguage: string }} settings
 * @returns {string} a tag, or '' when the reader has to choose first
 */
export function target(settings) {
  return settings.targetLanguage || guess();
}

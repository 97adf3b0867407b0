/**
 * Searching all that the server stores, from the popup's field. `state.search` holds what is known of the search;
 * the list it came from stays as it is behind it.
 */

import { askBackground } from '../ask-background.js';
import { languageName } from '../languages.js';
import { interfaceLanguage, text } from '../localize.js';
import { TO_BACKGROUND } from '../messages.js';
import { explain } from '../problems.js';
import { withMarks } from './passages.js';

/** @typedef {import('../messages.js').Found<import('../editions.js').Paper>} Found */
/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('../messages.js').SearchWishes} SearchWishes */
/** @typedef {import('./render.js').Note} Note */
/** @typedef {import('./render.js').Search} Search */
/** @typedef {import('./render.js').State} State */

/** @param {HTMLFormElement} form @returns {SearchWishes} */
export function wishesOf(form) {
  const data = new FormData(form);
  /** @param {string} name */
  const field = (name) => String(data.get(name) ?? '').trim();
  return {
    words: field('words'), category: field('category'), from: field('from'), to: field('to'),
    hasCode: data.has('hasCode'), verified: data.has('verified'), newest: data.has('newest'),
  };
}

/** @param {SearchWishes} wishes @returns {boolean} whether something is looked for */
export function isWish({ words, category, from, to, hasCode, verified }) {
  return Boolean(words || category || from || to || hasCode || verified);
}

/**
 * Asks for the next page of a search, the first one where none is known.
 *
 * @param {Search | null} before
 * @param {SearchWishes} wishes
 * @param {{ state: () => State, change: (changes: Partial<State>) => void }} popup
 */
export async function search(before, wishes, { state, change }) {
  const known = before?.found ?? null;
  /** @type {Search} */
  const mine = { wishes, phase: 'loading', found: known, note: { kind: 'searching', words: text('popupSearching') } };
  change({ view: 'search', search: mine });
  const { value, problem } = await askBackground({ type: TO_BACKGROUND.search, wishes, before: known?.next ?? '' });
  if (state().search !== mine) return; // another question has been asked since, or the reader went back
  if (problem) {
    change({ search: { ...mine, phase: 'problem', note: noteOfProblem(problem, state().settings.backendUrl) } });
    return;
  }
  const found = joined(known, /** @type {Found} */ (value));
  change({ search: { wishes, phase: 'ready', found, note: noteOf(found) } });
}

/** @param {Found | null} before @param {Found} page @returns {Found} */
function joined(before, page) {
  const papers = new Map([...(before?.papers ?? []), ...page.papers.map(withMarks)].map((paper) => [paper.id, paper]));
  return { ...page, papers: [...papers.values()] };
}

/** @param {Found} found @returns {Note} */
function noteOf({ papers, total, untranslated, lang }) {
  const [all, shown] = [total, papers.length].map((number) => number.toLocaleString());
  const sentences = [total > papers.length ? text('popupSearchFound', all, shown) : text('popupSearchFoundAll', all)];
  if (!papers.length) sentences[0] = text('popupSearchNone');
  if (untranslated) {
    const { price } = untranslated;
    const values = [
      languageName(lang, interfaceLanguage()), untranslated.papers.toLocaleString(), untranslated.tokens.toLocaleString(),
    ];
    sentences.push(price === null ? text('popupSearchUntranslated', ...values)
      : text('popupSearchUntranslatedPrice', ...values, price.toLocaleString(undefined, { maximumSignificantDigits: 2 })));
  }
  return { kind: papers.length ? 'found' : 'nothing-found', words: sentences.join(' ') };
}

/** Problems that say something else of a search than of a translation. */
const SENTENCES = /** @type {Record<string, string>} */ ({
  'invalid-request': 'popupSearchInvalid', 'not-found': 'popupSearchMissing', 'rate-limited': 'popupSearchBusy',
  offline: 'popupSearchOffline',
});
/** Problems that asking again does not mend. */
const FINAL = ['invalid-request', 'not-found'];

/** @param {Problem} problem @param {string} address of the server @returns {Note} */
function noteOfProblem(problem, address) {
  const { key, values, remedy, detail } = explain(problem, { address });
  const { type } = problem;
  const isAboutOptions = remedy === 'options' || type === 'backend-unreachable';
  const isSlow = type === 'database-unavailable' && /too long/.test(problem.detail ?? '');
  const ours = isSlow ? 'popupSearchBusy' : SENTENCES[type];
  const words = text(ours ?? (key === 'problemUnknown' ? 'popupSearchFailed' : key), ...values);
  if (FINAL.includes(type)) return { kind: type, words, detail };
  return {
    kind: type, words, detail,
    label: text(isAboutOptions ? 'pageOpenOptions' : 'pageRetry'), step: isAboutOptions ? 'options' : 'retry',
  };
}

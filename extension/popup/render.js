/** Draws the popup from its state: the same state gives the same popup, whatever stood there before. */

import { target } from '../languages.js';
import { interfaceLanguage, text } from '../localize.js';

/** @typedef {import('../editions.js').Edition} Edition */
/** @typedef {import('../editions.js').Paper} Paper */
/** @typedef {import('../problems.js').Explanation} Explanation */
/** @typedef {import('../settings.js').Settings} Settings */
/** @typedef {import('./daily-list.js').DailyList} DailyList */
/** @typedef {import('./list-translation.js').Progress} Progress */

/**
 * @typedef {object} State everything the popup knows
 * @property {Settings} settings
 * @property {'day' | 'saved' | 'search'} view
 * @property {string} day the reader asked for: YYYY-MM-DD or `latest`
 * @property {'loading' | 'ready' | 'problem'} phase of asking for it
 * @property {Edition | null} edition shown until the answer is there, of whatever day
 * @property {Explanation & { type: string } | null} problem of the last question
 * @property {Paper[]} saved by the reader, once they asked for them
 * @property {string} words that papers have to have
 * @property {Search | null} search in everything stored, while it is shown
 * @property {boolean} translating the list
 * @property {Progress | null} progress of the last translation
 */

/** @typedef {'options' | 'retry' | 'previous'} Step that a note's button offers */

/**
 * @typedef {object} Note the sentence about what is shown
 * @property {string} kind
 * @property {string} words
 * @property {string} [detail] the server's own, in English
 * @property {string} [label] of a button
 * @property {Step} [step]
 */

/**
 * @typedef {object} Search
 * @property {import('../messages.js').SearchWishes} wishes
 * @property {'loading' | 'ready' | 'problem'} phase
 * @property {import('../messages.js').Found<Paper> | null} found all pages so far
 * @property {Note} note the sentence about it
 */

/** States of an edition that are no cause for concern. */
const CALM = ['sample', 'filling', 'empty', 'saved', 'searching', 'found', 'nothing-found', ''];

/** Why a list is empty, and that it still grows, by where it comes from. */
const EMPTY = /** @type {const} */ ({ huggingface: 'popupEmpty', arxiv: 'popupEmptyArxiv', file: 'popupEmptyPicks' });
const FILLING = /** @type {const} */ ({
  huggingface: 'popupFilling', arxiv: 'popupFillingArxiv', file: 'popupFillingPicks',
});

/** @template {HTMLElement} T @param {string} selector @returns {T} */
export const part = (selector) => /** @type {T} */ (document.querySelector(selector));
/** @template {HTMLElement} [T=HTMLButtonElement] @param {string} name @returns {T} */
export const action = (name) => part(`[data-action="${name}"]`);

/**
 * @param {State} state
 * @param {DailyList} list
 * @param {DailyList} found the list of what a search found; the other one stays as it is behind it
 */
export function render(state, list, found) {
  const { view, edition, words, search } = state;
  const searches = view === 'search';
  document.body.dataset.state = search?.phase ?? state.phase;
  document.body.dataset.view = view;
  action('saved').setAttribute('aria-pressed', String(view === 'saved'));
  drawDay(state);
  drawNote(state);
  part('[data-list]').hidden = searches;
  part('[data-found]').hidden = !searches;
  action('search').hidden = searches || !words.trim();
  const more = action('more');
  more.hidden = !search?.found?.next;
  more.disabled = search?.phase === 'loading';
  found.show(search?.found?.papers ?? []);
  if (!searches) list.show(view === 'saved' ? state.saved : edition?.papers ?? []);
  const matching = list.filter(searches ? '' : words);
  const nothing = part('[data-nothing]');
  nothing.hidden = searches || list.isEmpty || matching > 0;
  nothing.textContent = text('popupNothingFound');
  drawTranslation(state);
}

/** @param {Edition} edition @returns {string[]} identifiers of the papers that are not translated */
export function untranslated({ papers }) {
  return papers.filter(({ translation }) => !translation?.abstract).map(({ id }) => id);
}

/** @param {State} state */
function drawDay({ day, edition }) {
  const time = /** @type {HTMLTimeElement} */ (part('[data-date]'));
  const date = edition?.date ?? (day === 'latest' ? '' : day);
  if (!date) time.textContent = text('extensionName');
  else if (date !== time.dateTime) time.textContent = dateInWords(date); // while a list is translated it is drawn often
  time.dateTime = date;
  action('previous').disabled = !edition?.previous;
  action('next').disabled = !edition?.next;
}

/** @param {string} date YYYY-MM-DD */
function dateInWords(date) {
  return new Intl.DateTimeFormat(interfaceLanguage(), {
    weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC',
    ...(date.slice(0, 4) === String(new Date().getUTCFullYear()) ? {} : { year: 'numeric' }),
  }).format(new Date(`${date}T00:00:00Z`));
}

/** @param {State} state */
function drawNote(state) {
  const { kind, words, detail = '', label = '', step = '' } = note(state);
  const line = part('[data-note]');
  line.hidden = !words;
  line.dataset.state = kind;
  line.dataset.tone = CALM.includes(kind) ? 'calm' : 'warning';
  part('[data-note-text]').textContent = words;
  part('[data-note-detail]').textContent = detail;
  const button = action('note');
  button.hidden = !label;
  button.textContent = label;
  button.dataset.step = step;
}

/** @param {State} state @returns {Note} */
function note({ view, saved, problem, edition, search }) {
  if (view === 'search' && search) return search.note;
  if (view === 'saved') return { kind: 'saved', words: saved.length ? '' : text('popupSavedNone') };
  if (problem) {
    const { type, key, values, remedy } = problem;
    const isAboutOptions = remedy === 'options' || type === 'backend-unreachable';
    return {
      kind: type, words: text(key, ...values),
      label: text(isAboutOptions ? 'pageOpenOptions' : 'pageRetry'), step: isAboutOptions ? 'options' : 'retry',
    };
  }
  if (!edition) return { kind: '', words: '' };
  const { state, stale, papers, count, previous, source } = edition;
  if (state === 'empty' || !papers.length) {
    const back = /** @type {const} */ ({ label: text('popupPreviousDay'), step: 'previous' });
    return { kind: 'empty', words: text(EMPTY[source]), ...(previous ? back : {}) };
  }
  if (state === 'sample') return { kind: 'sample', words: text(source === 'arxiv' ? 'popupSampleArxiv' : 'popupSample') };
  if (stale) return { kind: 'stale', words: text('popupStale') };
  if (state === 'filling') return { kind: 'filling', words: text(FILLING[source], count.toLocaleString()) };
  return { kind: '', words: '' };
}

/** @param {State} state */
function drawTranslation({ settings, edition, translating, progress }) {
  const button = action('translate-list');
  const isOffered = edition && untranslated(edition).length && target(settings);
  button.hidden = !translating && !isOffered;
  button.textContent = text(translating ? 'popupStop' : 'popupTranslateList');
  part('[data-progress]').textContent = progress ? progressInWords(progress) : '';
}

/** @param {Progress} progress */
function progressInWords({ done, total, tokens, place }) {
  if (place) return text('problemQueued', place.toLocaleString());
  const counts = [done, total].map((count) => count.toLocaleString());
  return tokens ? text('popupProgressTokens', ...counts, tokens.toLocaleString()) : text('popupProgress', ...counts);
}

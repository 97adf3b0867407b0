/**
 * The toolbar's popup: the day's papers in the reader's language.
 *
 * Shows what is stored before it asks anyone. What tests and style sheets may rely on: `[data-date]`,
 * `[data-action="previous"|"next"|"filter"|"toggle-page"|"translate-list"|"saved"|"help"|"options"]`,
 * `[data-note][data-state]` with the sentence about the list (sample, filling, empty, stale, saved, or a
 * problem's type), `[data-setting="targetLanguage"]`, `[data-section="page"]`, `[data-progress]`, and in
 * the list `li[data-paper-id]` (see `paper-item.js`). `body[data-state]` is loading, ready or problem,
 * `body[data-view]` is day or saved.
 *
 * Only what draws the list is imported here: each further file takes some milliseconds off the tenth of a
 * second in which the papers are to be there. The others are loaded when they are needed.
 */

import { browser } from '../browser.js';
import { newestDay, stored, storedFront } from '../editions.js';
import { LANGUAGES, target } from '../languages.js';
import { interfaceLanguage, localizePage, text } from '../localize.js';
import { load, save } from '../settings.js';
import { DailyList } from './daily-list.js';
import { loadReadingState } from './reading-state.js';

/** @typedef {import('../editions.js').Edition} Edition */
/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('./list-translation.js').Progress} Progress */

/** @template {HTMLElement} T @param {string} selector @returns {T} */
const part = (selector) => /** @type {T} */ (document.querySelector(selector));
/** @param {string} name @returns {HTMLButtonElement} */
const action = (name) => part(`[data-action="${name}"]`);

const list = new DailyList(part('[data-list]'));
// The papers, as soon as they are known, come first; everything else waits for them.
let [settings, newest] = await Promise.all([load(), newestDay(), loadReadingState()]);
/** @type {Edition | null} */
let edition = null;
let day = 'latest';
/** @type {(() => void) | null} */
let stopTranslating = null;
/** @type {'day' | 'saved'} */
let view = 'day';

/** @param {string} date YYYY-MM-DD */
function dateInWords(date) {
  return new Intl.DateTimeFormat(interfaceLanguage(), {
    weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC',
    ...(date.slice(0, 4) === String(new Date().getUTCFullYear()) ? {} : { year: 'numeric' }),
  }).format(new Date(`${date}T00:00:00Z`));
}

/**
 * @param {string} state
 * @param {string} words
 * @param {{ label: string, onClick: () => void } | null} [remedy]
 */
function note(state, words, remedy = null) {
  const line = part('[data-note]');
  line.hidden = !words;
  line.dataset.state = state;
  line.dataset.tone = ['sample', 'filling', 'empty', 'saved', ''].includes(state) ? 'calm' : 'warning';
  part('[data-note-text]').textContent = words;
  const button = action('note');
  button.hidden = !remedy;
  button.textContent = remedy?.label ?? '';
  button.onclick = remedy?.onClick ?? null;
}

/** @param {Problem} problem */
async function showProblem(problem) {
  const { explain } = await import('../problems.js');
  document.body.dataset.state = 'problem';
  if (view === 'saved') return; // they need no server
  const { key, values, remedy } = explain(problem, { address: settings.backendUrl });
  const options = { label: text('pageOpenOptions'), onClick: openOptions };
  note(problem.type, text(key, ...values), remedy === 'options' || problem.type === 'backend-unreachable'
    ? options
    : { label: text('pageRetry'), onClick: () => void refresh() });
  if (!edition) {
    list.clear();
    part('[data-date]').textContent = day === 'latest' ? text('extensionName') : dateInWords(day);
  }
}

/** @param {Edition} shown */
function show(shown) {
  edition = shown;
  newest = day === 'latest' ? shown.date : newest;
  document.body.dataset.state = 'ready';
  if (view === 'saved') return;
  const time = /** @type {HTMLTimeElement} */ (part('[data-date]'));
  time.textContent = dateInWords(shown.date);
  time.dateTime = shown.date;
  action('previous').disabled = !shown.previous;
  action('next').disabled = !shown.next;
  list.show(shown);
  describe(shown);
  offerTranslation(shown);
  filter();
}

/** @param {Edition} shown */
function describe({ state, stale, papers, count, previous }) {
  if (state === 'empty' || !papers.length) {
    const back = previous ? { label: text('popupPreviousDay'), onClick: () => void go(previous) } : null;
    note('empty', text('popupEmpty'), back);
  } else if (state === 'sample') {
    note('sample', text('popupSample'));
  } else if (stale) {
    note('stale', text('popupStale'));
  } else if (state === 'filling') {
    note('filling', text('popupFilling', count.toLocaleString()));
  } else {
    note('', '');
  }
}

function filter() {
  const words = part('[data-action="filter"]');
  const shown = list.filter(/** @type {HTMLInputElement} */ (words).value);
  const nothing = part('[data-nothing]');
  nothing.hidden = list.empty || shown > 0;
  nothing.textContent = text('popupNothingFound');
}

/** Asks the background for the day's list; what is shown stays until the answer is there. */
async function refresh() {
  const asked = day;
  const [{ askBackground }, { TO_BACKGROUND }] = await Promise.all([
    import('../ask-background.js'), import('../messages.js'),
  ]);
  const { value, problem } = await askBackground({ type: TO_BACKGROUND.edition, day });
  if (asked !== day) return;
  if (problem) {
    await showProblem(problem);
    return;
  }
  show(value);
  if (day === 'latest') {
    const ids = /** @type {Edition} */ (value).papers.map(({ id }) => id);
    void askBackground({ type: TO_BACKGROUND.seen, ids });
  }
}

/** @param {string} date YYYY-MM-DD or `latest` */
async function go(date) {
  day = date;
  document.body.dataset.state = 'loading';
  stopTranslating?.();
  const kept = await stored(date === 'latest' ? newest : date, target(settings) || 'en');
  if (kept) show(kept);
  scrollTo(0, 0);
  await refresh();
}

/** Changes between the day's papers and those the reader saved. */
async function switchView() {
  view = view === 'day' ? 'saved' : 'day';
  document.body.dataset.view = view;
  action('saved').setAttribute('aria-pressed', String(view === 'saved'));
  scrollTo(0, 0);
  if (view === 'saved') {
    const { savedPapers } = await import('./saved-papers.js');
    const papers = await savedPapers();
    note('saved', papers.length ? '' : text('popupSavedNone'));
    list.show({ papers, lang: target(settings) || 'en' });
    filter();
  } else {
    note('', '');
    if (edition) show(edition);
    else list.clear();
    await refresh();
  }
}

/** @param {Edition} shown */
function offerTranslation({ papers, lang }) {
  if (stopTranslating) return;
  const missing = papers.filter(({ translation }) => !translation?.abstract).map(({ id }) => id);
  const button = action('translate-list');
  button.hidden = !missing.length || !target(settings);
  button.textContent = text('popupTranslateList');
  button.onclick = async () => {
    button.onclick = null;
    part('[data-progress]').textContent = '';
    const { translateList } = await import('./list-translation.js');
    stopTranslating = translateList(missing, lang, { onProgress, onTitle: (id, title) => list.retitle(id, title) });
    button.textContent = text('popupStop');
    button.onclick = () => stopTranslating?.();
  };
}

/** @param {Progress} progress */
function onProgress({ done, failed, total, tokens, over, problem }) {
  const words = tokens
    ? text('popupProgressTokens', done.toLocaleString(), total.toLocaleString(), tokens.toLocaleString())
    : text('popupProgress', done.toLocaleString(), total.toLocaleString());
  part('[data-progress]').textContent = words;
  if (!over) return;
  stopTranslating = null;
  if (problem && failed) void showProblem(problem);
  void refresh();
}

function openOptions() {
  void browser.runtime.openOptionsPage();
}

function fillLanguages() {
  const select = /** @type {HTMLSelectElement} */ (part('[data-setting="targetLanguage"]'));
  const wanted = target(settings);
  if (!wanted) select.append(new Option(text('popupChooseLanguage'), '', true, true));
  for (const { tag, endonym } of LANGUAGES) {
    const option = new Option(endonym, tag, false, tag === wanted);
    option.lang = tag;
    select.append(option);
  }
  select.addEventListener('change', async () => {
    settings = await save({ targetLanguage: select.value });
    select.querySelector('option[value=""]')?.remove();
    edition = null;
    await go(day);
  });
}

/** @param {1 | -1} step */
function walk(step) {
  const { titles } = list;
  const current = document.activeElement?.closest('[data-paper-id]')?.querySelector('.title');
  const index = titles.findIndex((title) => title === current);
  const next = titles[index < 0 ? 0 : Math.max(0, Math.min(titles.length - 1, index + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Resolves when the papers can be seen. */
function painted() {
  return new Promise((resolve) => {
    new PerformanceObserver(resolve).observe({ type: 'paint', buffered: true });
    setTimeout(resolve, 1_000); // in a tab that nobody looks at
  });
}

document.body.dataset.state = 'loading';
document.body.dataset.view = view;
const lang = target(settings) || 'en';
const front = await storedFront(newest, lang);
if (front) show(front);
else part('[data-date]').textContent = text('extensionName');
localizePage();
fillLanguages();

action('previous').addEventListener('click', () => {
  if (edition?.previous) void go(edition.previous);
});
action('next').addEventListener('click', () => {
  if (edition?.next) void go(edition.next);
});
action('filter').addEventListener('input', filter);
action('options').addEventListener('click', openOptions);
action('saved').addEventListener('click', () => void switchView());
action('help').addEventListener('click', () => /** @type {HTMLDialogElement} */ (part('[data-help]')).showModal());

/** @type {import('./keyboard.js').Wishes} */
const wishes = {
  walk,
  open: () => {
    const paper = list.paperAt(document.activeElement);
    if (paper) void browser.tabs.create({ url: paper.links.abs });
  },
  save: () => {
    const paper = list.paperAt(document.activeElement);
    const item = document.activeElement?.closest('[data-paper-id]');
    if (paper && item) void list.save(paper, !item.hasAttribute('data-saved'));
  },
  filter: () => action('filter').focus(),
  leave: () => {
    const words = /** @type {HTMLInputElement} */ (part('[data-action="filter"]'));
    if (words.value) {
      words.value = '';
      filter();
    } else if (view === 'saved') {
      void switchView();
    } else {
      return false;
    }
    return true;
  },
  help: () => action('help').click(),
};

if (front) await painted();
void import('./page-section.js').then(({ showPageSection }) => showPageSection());
void import('./keyboard.js').then(({ describeKeys, listen }) => {
  describeKeys(part('[data-keys]'));
  listen(wishes);
});
if (front) {
  const whole = day === 'latest' && target(settings) === lang ? await stored(front.date, lang) : null;
  if (whole && day === 'latest') show(whole);
}
await refresh();

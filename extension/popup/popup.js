/**
 * The toolbar's popup: the day's papers in the reader's language.
 *
 * One object holds its state, `render.js` draws it; here is what changes it. What is stored is shown
 * before anyone is asked. What tests and style sheets may rely on: `[data-date]`,
 * `[data-setting="list"]` where the server has several, `[data-action="previous"|"next"|"filter"|"search"|"more"|"back"|
 * "toggle-page"|"translate-list"|"saved"|"help"|"options"]`,
 * `[data-note][data-state]` with the sentence about the list (sample, filling, empty, stale, saved, or a
 * problem's type), `[data-setting="targetLanguage"]`, `[data-section="page"]`, `[data-progress]`, and in
 * the list `li[data-paper-id]` (see `paper-item.js`), in `[data-found]` those that a search found. `body[data-state]` is
 * loading, ready or problem, `body[data-view]` is day, saved or search.
 *
 * Only what draws the list is imported here: each further file takes some milliseconds off the tenth of a
 * second in which the papers are to be there. The others are loaded when they are needed.
 */

import { browser } from '../browser.js';
import { newestDays, stored, storedFront } from '../editions.js';
import { LANGUAGES, target } from '../languages.js';
import { localizePage, text } from '../localize.js';
import { load, save } from '../settings.js';
import { DailyList } from './daily-list.js';
import { loadReadingState } from './reading-state.js';
import { action, part, render, untranslated } from './render.js';

/** @typedef {import('../editions.js').Edition} Edition */
/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('./list-translation.js').Progress} Progress */
/** @typedef {import('./render.js').State} State */

const list = new DailyList(part('[data-list]'));
/** @type {typeof import('./passages.js').showPassage | null} once somebody searches */
let showPassage = null;
const found = new DailyList(part('[data-found]'), (item, paper) => showPassage?.(item, paper));
const shown = () => (state.view === 'search' ? found : list);
// The papers, as soon as they are known, come first; everything else waits for them.
const [settings, newestOf] = await Promise.all([load(), newestDays(), loadReadingState()]);
const newest = newestOf(settings.list);
/** @type {State} */
const state = {
  settings, view: 'day', day: 'latest', phase: 'loading', edition: null, problem: null, saved: [], words: '',
  search: null, translating: false, progress: null,
};
/** The day that `latest` was. */
let latest = newest;
let stopTranslating = () => {};
/** Where the reader was in the list before they wrote words to look for, and the paper they came from. */
let place = list.place;
let cameFrom = /** @type {Element | null} */ (null);
/** @type {'day' | 'saved'} what a search is left for */
let viewBefore = 'day';

/** @param {Partial<State>} changes */
function change(changes) {
  Object.assign(state, changes);
  render(state, list, found);
}

/** @returns {string} the language of the list */
const language = () => target(state.settings) || 'en';

/** @param {Edition} edition of the day that was asked for */
function show(edition) {
  if (state.day === 'latest') latest = edition.date;
  change({ edition, phase: 'ready', problem: null });
}

/** @param {Problem} problem */
async function showProblem(problem) {
  const { explain } = await import('../problems.js');
  const explained = { ...explain(problem, { address: state.settings.backendUrl }), type: problem.type };
  // A list in the language before is none in this one.
  const edition = state.edition?.lang === language() ? state.edition : null;
  change({ phase: 'problem', problem: explained, edition });
}

/** Asks the background for the day's list; what is shown stays until the answer is there. */
async function refresh() {
  const { day } = state;
  const lang = language();
  const { list: name } = state.settings;
  const [{ askBackground }, { TO_BACKGROUND }] = await Promise.all([
    import('../ask-background.js'), import('../messages.js'),
  ]);
  const { value, problem } = await askBackground({ type: TO_BACKGROUND.edition, day });
  const isCurrent = day === state.day && lang === language() && name === state.settings.list;
  if (!isCurrent) return; // another question has been asked since
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

/** @param {string} day YYYY-MM-DD or `latest` */
async function go(day) {
  change({ day, phase: 'loading' });
  stopTranslating();
  const found = await stored(day === 'latest' ? latest : day, language(), state.settings.list);
  if (found && day === state.day) show(found);
  scrollTo(0, 0);
  await refresh();
}

/**
 * Looks for the reader's words in everything the server stores.
 *
 * @param {{ more?: boolean }} [options] more: the next page of the same search
 */
async function searchAll({ more = false } = {}) {
  const [ours, { showPassage: show }] = await Promise.all([import('./search.js'), import('./passages.js')]);
  showPassage = show;
  const { search: before } = state;
  const wishes = more && before ? before.wishes : ours.wishesOf(part('[data-search]'));
  if (!ours.isWish(wishes)) return;
  stopTranslating();
  if (state.view !== 'search') viewBefore = state.view;
  if (!more) scrollTo(0, 0);
  const known = more ? before?.found?.papers.length : 0;
  await ours.search(more ? before : null, wishes, { state: () => state, change });
  if (known) await found.focus(known);
}

/** Back from a search to the list it came from, at its place. */
function leaveSearch() {
  /** @type {HTMLFormElement} */ (part('[data-search]')).reset();
  change({ view: viewBefore, words: '', search: null });
  list.returnTo(place);
  const title = cameFrom?.isConnected ? cameFrom.querySelector('.title') : null;
  /** @type {HTMLElement} */ (title ?? filter).focus({ preventScroll: true });
}

/** Changes between the day's papers and those the reader saved. */
async function switchView() {
  if (state.view === 'search') leaveSearch();
  scrollTo(0, 0);
  if (state.view === 'saved') {
    change({ view: 'day' });
    await refresh();
  } else {
    const { savedPapers } = await import('./saved-papers.js');
    change({ view: 'saved', saved: await savedPapers() });
  }
}

/**
 * @param {string[]} ids of papers
 * @param {{ retry?: boolean }} [options] retry: what is translated is asked for once more
 */
async function translate(ids, { retry = false } = {}) {
  const { edition } = state;
  if (!edition) return;
  change({ translating: true, progress: null });
  const { translateList } = await import('./list-translation.js');
  // What is there stays until the better of both comes with the whole list.
  const listeners = { onProgress, onTitle: retry ? () => {} : onTitle };
  stopTranslating = translateList(ids, edition.lang, listeners, { retry });
}

/**
 * A title is shown before the whole list is fetched again.
 *
 * @param {string} id
 * @param {string} title
 * @param {boolean} verified
 */
function onTitle(id, title, verified) {
  if (!state.edition) return;
  const { lang } = state.edition;
  const translation = { lang, title, titleHtml: '', abstract: '', abstractHtml: '', verified };
  const papers = state.edition.papers.map((paper) => (paper.id === id ? { ...paper, translation } : paper));
  change({ edition: { ...state.edition, papers } });
}

/** @param {Progress} progress */
async function onProgress(progress) {
  const { over, problem, failed } = progress;
  change({ progress, translating: !over });
  if (!over) return;
  stopTranslating = () => {};
  await refresh();
  if (problem && failed) await showProblem(problem);
}

/** @param {import('../editions.js').Paper} paper whose translation the reader rewrites */
async function correct(paper) {
  const { openCorrection } = await import('./correction-form.js');
  await openCorrection(paper, { address: state.settings.backendUrl, onKept: () => void (state.search ? searchAll() : refresh()) });
}

function openOptions() {
  void browser.runtime.openOptionsPage();
}

function fillLanguages() {
  const select = /** @type {HTMLSelectElement} */ (part('[data-setting="targetLanguage"]'));
  const wanted = target(state.settings);
  if (!wanted) select.append(new Option(text('popupChooseLanguage'), '', true, true));
  for (const { tag, endonym } of LANGUAGES) {
    const option = new Option(endonym, tag, false, tag === wanted);
    option.lang = tag;
    select.append(option);
  }
  select.addEventListener('change', async () => {
    state.settings = await save({ targetLanguage: select.value });
    select.querySelector('option[value=""]')?.remove();
    await go(state.day);
    if (state.view === 'search') await searchAll();
  });
}

/**
 * Another of the server's lists, from its newest day on.
 *
 * @param {string} name
 */
async function chooseList(name) {
  state.settings = await save({ list: name });
  latest = (await newestDays())(name);
  change({ edition: null, problem: null, view: 'day' });
  if (state.search) leaveSearch();
  await go('latest');
}

/** Undoes one thing. @returns {boolean} false when there was nothing to undo */
function leave() {
  if (state.view === 'search') {
    leaveSearch();
  } else if (state.words) {
    filter.value = '';
    change({ words: '' });
    list.returnTo(place);
  } else if (state.view === 'saved') {
    void switchView();
  } else {
    return false;
  }
  return true;
}

/** Resolves when the papers can be seen. */
function painted() {
  return new Promise((resolve) => {
    new PerformanceObserver(resolve).observe({ type: 'paint', buffered: true });
    setTimeout(resolve, 1_000); // in a tab that nobody looks at
  });
}

const front = await storedFront(newest, language(), settings.list);
if (front) show(front);
else change({});
localizePage();
fillLanguages();

/** @type {HTMLInputElement} */
const filter = action('filter');
const help = () => /** @type {HTMLDialogElement} */ (part('[data-help]')).showModal();
action('previous').addEventListener('click', () => {
  if (state.edition?.previous) void go(state.edition.previous);
});
action('next').addEventListener('click', () => {
  if (state.edition?.next) void go(state.edition.next);
});
filter.addEventListener('focus', ({ relatedTarget }) => {
  cameFrom = /** @type {Element | null} */ (relatedTarget)?.closest('[data-list] [data-paper-id]') ?? null;
});
filter.addEventListener('input', () => {
  if (!state.words && state.view !== 'search') place = list.place;
  if (state.view === 'search' && !filter.value) leaveSearch();
  else change({ words: filter.value });
});
part('[data-search]').addEventListener('submit', (event) => {
  event.preventDefault();
  void searchAll();
});
part('[data-narrow]').addEventListener('change', () => void searchAll());
action('back').addEventListener('click', leaveSearch);
action('more').addEventListener('click', () => void searchAll({ more: true }));
action('options').addEventListener('click', openOptions);
action('saved').addEventListener('click', () => void switchView());
action('help').addEventListener('click', help);
action('translate-list').addEventListener('click', () => {
  if (state.translating) stopTranslating();
  else if (state.edition) void translate(untranslated(state.edition));
});
part('main').addEventListener('click', ({ target }) => {
  const button = /** @type {Element} */ (target).closest('[data-action="ask-again"], [data-action="correct"]');
  const paper = shown().paperAt(button);
  if (!paper) return;
  if (button?.getAttribute('data-action') === 'correct') void correct(paper);
  else if (!state.translating) void translate([paper.id], { retry: true });
});
action('note').addEventListener('click', ({ currentTarget }) => {
  const { step } = /** @type {HTMLElement} */ (currentTarget).dataset;
  if (step === 'options') openOptions();
  else if (step === 'previous') action('previous').click();
  else if (state.search) void searchAll({ more: Boolean(state.search.found) });
  else void refresh();
});

if (front) await painted();
void import('./paper-item.js').then(({ prepareReading }) => prepareReading(() => state.settings));
void import('./list-chooser.js').then(({ showLists }) => showLists(() => state, chooseList));
void import('./page-section.js').then(({ showPageSection }) => showPageSection());
void import('./keyboard.js').then(({ describeKeys, listen }) => {
  describeKeys(part('[data-keys]'));
  listen(shown, { filter: () => filter.focus(), leave, help });
});
if (front) {
  const whole = await stored(front.date, front.lang, settings.list);
  const isShown = state.day === 'latest' && language() === front.lang && state.settings.list === settings.list;
  if (whole && isShown) show(whole);
}
await refresh();

/**
 * The toolbar's popup: the day's papers in the reader's language.
 *
 * Shows what is stored before it asks anyone. What tests and style sheets may hold on to:
 * `[data-date]`, `[data-action="previous"|"next"|"filter"|"toggle-page"|"translate-list"|"help"|"options"]`,
 * `[data-note][data-state]` with the sentence about the list (sample, filling, empty, stale, or a
 * problem's type), `[data-setting="targetLanguage"]`, `[data-section="page"]`, `[data-progress]`, and in
 * the list `li[data-paper-id]` (see `daily-list.js`). `body[data-state]` is loading, ready or problem.
 */

import { askBackground } from '../ask-background.js';
import { browser } from '../browser.js';
import { stored } from '../editions.js';
import { LANGUAGES, target } from '../languages.js';
import { interfaceLanguage, localizePage, text } from '../localize.js';
import { TO_BACKGROUND } from '../messages.js';
import { explain } from '../problems.js';
import { load, save } from '../settings.js';
import { DailyList } from './daily-list.js';
import { describeKeys, listen } from './keyboard.js';
import { translateList } from './list-translation.js';
import { loadMarks } from './marks.js';
import { showPageSection } from './page-section.js';

/** @typedef {import('../editions.js').Edition} Edition */
/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('./list-translation.js').Progress} Progress */

/** @template {HTMLElement} T @param {string} selector @returns {T} */
const part = (selector) => /** @type {T} */ (document.querySelector(selector));
/** @param {string} name @returns {HTMLButtonElement} */
const action = (name) => part(`[data-action="${name}"]`);

const list = new DailyList(part('[data-list]'));
let [settings] = await Promise.all([load(), loadMarks()]);
/** @type {Edition | null} */
let edition = null;
let day = 'latest';
/** @type {(() => void) | null} */
let stopTranslating = null;

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
 * @param {{ label: string, run: () => void } | null} [remedy]
 */
function note(state, words, remedy = null) {
  const line = part('[data-note]');
  line.hidden = !words;
  line.dataset.state = state;
  line.dataset.tone = ['sample', 'filling', 'empty', ''].includes(state) ? 'calm' : 'warning';
  part('[data-note-text]').textContent = words;
  const button = action('note');
  button.hidden = !remedy;
  button.textContent = remedy?.label ?? '';
  button.onclick = remedy?.run ?? null;
}

/** @param {Problem} problem */
function showProblem(problem) {
  document.body.dataset.state = 'problem';
  const { key, values, remedy } = explain(problem, { address: settings.backendUrl });
  const options = { label: text('pageOpenOptions'), run: openOptions };
  note(problem.type, text(key, ...values), remedy === 'options' || problem.type === 'backend-unreachable'
    ? options
    : { label: text('pageRetry'), run: () => void refresh() });
  if (!edition) {
    list.clear();
    part('[data-date]').textContent = day === 'latest' ? '' : dateInWords(day);
  }
}

/** @param {Edition} shown */
function show(shown) {
  edition = shown;
  document.body.dataset.state = 'ready';
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
function describe({ state, stale, papers, previous }) {
  if (state === 'empty' || !papers.length) {
    const back = previous ? { label: text('popupPreviousDay'), run: () => void go(previous) } : null;
    note('empty', text('popupEmpty'), back);
  } else if (state === 'sample') {
    note('sample', text('popupSample'));
  } else if (stale) {
    note('stale', text('popupStale'));
  } else if (state === 'filling') {
    note('filling', text('popupFilling', papers.length.toLocaleString()));
  } else {
    note('', '');
  }
}

function filter() {
  const words = part('[data-action="filter"]');
  const shown = list.filter(/** @type {HTMLInputElement} */ (words).value);
  const nothing = part('[data-nothing]');
  nothing.hidden = !edition?.papers.length || shown > 0;
  nothing.textContent = text('popupNothingFound');
}

/** Asks the background for the day's list; what is shown stays until the answer is there. */
async function refresh() {
  const asked = day;
  const { value, problem } = await askBackground({ type: TO_BACKGROUND.edition, day });
  if (asked !== day) return;
  if (problem) {
    showProblem(problem);
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
  const kept = await stored(date, target(settings) || 'en');
  if (kept) show(kept);
  scrollTo(0, 0);
  await refresh();
}

/** @param {Edition} shown */
function offerTranslation({ papers, lang }) {
  if (stopTranslating) return;
  const missing = papers.filter(({ translation }) => !translation?.abstract).map(({ id }) => id);
  const button = action('translate-list');
  button.hidden = !missing.length || !target(settings);
  button.textContent = text('popupTranslateList');
  button.onclick = () => {
    part('[data-progress]').textContent = '';
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
  if (problem && failed) showProblem(problem);
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

document.body.dataset.state = 'loading';
const kept = await stored('latest', target(settings) || 'en');
if (kept) show(kept);
localizePage();
fillLanguages();
describeKeys(part('[data-keys]'));

action('previous').addEventListener('click', () => {
  if (edition?.previous) void go(edition.previous);
});
action('next').addEventListener('click', () => {
  if (edition?.next) void go(edition.next);
});
action('filter').addEventListener('input', filter);
action('options').addEventListener('click', openOptions);
action('help').addEventListener('click', () => /** @type {HTMLDialogElement} */ (part('[data-help]')).showModal());

listen({
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
    if (!words.value) return false;
    words.value = '';
    filter();
    return true;
  },
  help: () => action('help').click(),
});

void showPageSection();
await refresh();

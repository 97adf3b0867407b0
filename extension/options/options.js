/**
 * The settings page, which also is the first page a new reader sees.
 *
 * Fields carry `data-setting` with the setting's name (`pages.abs` and the like for page types) and save
 * when they change. `[data-action="test-connection"]` answers in `[data-result][data-light]`.
 */

import { browser } from '../browser.js';
import { LANGUAGES, direction, guess, target } from '../languages.js';
import { localizePage, text } from '../localize.js';
import { MAX_GLOSSARY_ENTRIES, PAGE_TYPES, WHENS, load, normalizeAddress, reset, sane, save, watch } from '../settings.js';
import { grantArxiv, look, test } from './connection.js';
import { choose, download } from './files.js';
import { fromCsv, glossaryTable, join, toCsv } from './glossary.js';

/** @typedef {import('../settings.js').Settings} Settings */

/** "Attention Is All You Need", as the example shows it. */
const EXAMPLES = /** @type {Record<string, string>} */ ({
  'zh-Hans': '有注意力就够了', 'zh-Hant': '有注意力就夠了', ja: '必要なのはアテンションだけ',
  ko: '어텐션만 있으면 된다', es: 'La atención es todo lo que necesitas', fr: 'L’attention suffit',
  de: 'Aufmerksamkeit ist alles, was man braucht', 'pt-BR': 'Atenção é tudo de que você precisa',
  'pt-PT': 'A atenção é tudo o que é preciso', ru: 'Внимание — это всё, что нужно', it: 'L’attenzione è tutto ciò che serve',
  vi: 'Tất cả những gì bạn cần là sự chú ý', id: 'Yang Anda butuhkan hanyalah atensi', tr: 'İhtiyacınız olan tek şey dikkat',
  ar: 'الانتباه هو كل ما تحتاج إليه', he: 'קשב הוא כל מה שצריך', fa: 'تنها چیزی که نیاز دارید توجه است',
  hi: 'आपको बस ध्यान की ज़रूरत है', th: 'สิ่งที่ต้องการมีเพียงความใส่ใจ', uk: 'Увага — це все, що потрібно',
  pl: 'Uwaga to wszystko, czego potrzeba', nl: 'Aandacht is alles wat je nodig hebt',
});

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const part = (selector) => /** @type {T} */ (document.querySelector(selector));
/** @param {string} name @returns {HTMLInputElement & HTMLSelectElement} */
const field = (name) => part(`[data-setting="${name}"]`);
/** @param {string} name @param {() => void} listener */
const onClick = (name, listener) => part(`[data-action="${name}"]`).addEventListener('click', listener);

let settings = await load();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let quiet;
let asked = 0;

/** @param {string} words */
function say(words) {
  part('[data-saved]').textContent = words;
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    part('[data-saved]').textContent = '';
  }, 2_000 + 60 * words.length);
}

/** @param {import('../settings.js').Change} changed */
const change = (changed) => adopt(save(changed));

/** @param {Promise<Settings>} changing */
async function adopt(changing) {
  settings = await changing;
  say(text('optionsSaved'));
  showExample();
}

/** Puts the settings into the fields. */
function show() {
  const language = target(settings);
  field('targetLanguage').value = language;
  part('[data-language-hint]').hidden = Boolean(settings.targetLanguage) || !guess();
  field('backendUrl').value = settings.backendUrl;
  field('accessToken').value = settings.accessToken;
  for (const name of /** @type {const} */ (['control', 'badge', 'shortCells'])) field(name).checked = settings[name];
  for (const radio of document.querySelectorAll('input[type="radio"]')) {
    const { name, value } = /** @type {HTMLInputElement} */ (radio);
    const current = name === 'display' ? settings.display : settings.pages[/** @type {'abs'} */ (name.slice('pages.'.length))];
    /** @type {HTMLInputElement} */ (radio).checked = value === current;
  }
  showExample();
}

function showExample() {
  const language = target(settings) || 'zh-Hans';
  const translation = part('[data-example-translation]');
  translation.lang = EXAMPLES[language] ? language : 'zh-Hans';
  translation.dir = direction(translation.lang);
  translation.textContent = EXAMPLES[translation.lang];
  part('[data-example]').dataset.example = settings.display;
  const { display } = settings;
  part('[data-display-hint]').textContent = text(`optionsHint${display[0].toUpperCase()}${display.slice(1)}`);
  part('.example-original').tabIndex = display === 'replace' ? 0 : -1;
}

function fillChoices() {
  const select = field('targetLanguage');
  if (!target(settings)) select.append(new Option(text('popupChooseLanguage'), ''));
  for (const { tag, endonym } of LANGUAGES) {
    const option = new Option(endonym, tag);
    option.lang = tag;
    select.append(option);
  }
  const body = part('[data-pages]');
  for (const page of PAGE_TYPES) {
    const row = document.createElement('tr');
    const name = document.createElement('th');
    name.scope = 'row';
    name.textContent = text(`optionsPage${page[0].toUpperCase()}${page.slice(1)}`);
    row.append(name);
    for (const when of WHENS) {
      const radio = document.createElement('input');
      Object.assign(radio, { type: 'radio', name: `pages.${page}`, value: when });
      radio.dataset.setting = `pages.${page}`;
      radio.setAttribute('aria-label', `${name.textContent}: ${text(`when${when[0].toUpperCase()}${when.slice(1)}`)}`);
      const cell = document.createElement('td');
      cell.append(radio);
      row.append(cell);
    }
    body.append(row);
  }
}

/** Firefox for Android has neither keyboard shortcuts nor a number on its button. */
async function describeShortcuts() {
  /** @type {HTMLElement} */ (field('badge').closest('label')).hidden = !browser.action.setBadgeText;
  part('[data-shortcuts]').hidden = !browser.commands;
  if (!browser.commands) return;
  const commands = await browser.commands.getAll();
  /** @param {string} name */
  const key = (name) => commands.find((command) => command.name === name)?.shortcut || text('optionsShortcutNone');
  part('[data-shortcuts]').textContent = text('optionsShortcuts', key('toggle-translation'), key('cycle-display'));
}

/** @param {Event} event */
function onFieldChange({ target: changed }) {
  if (!(changed instanceof HTMLInputElement || changed instanceof HTMLSelectElement)) return;
  const { setting } = changed.dataset;
  if (!setting) return;
  if (setting.startsWith('pages.')) {
    void change({ pages: { [setting.slice('pages.'.length)]: changed.value } });
  } else if (setting === 'backendUrl') {
    const address = normalizeAddress(changed.value);
    changed.setAttribute('aria-invalid', String(!address));
    if (address) void change({ backendUrl: address });
  } else if (changed instanceof HTMLInputElement && changed.type === 'checkbox') {
    void change({ [setting]: changed.checked });
  } else {
    void change({ [setting]: changed.value.trim() });
  }
}

/** @param {string} json @returns {object | null} settings of whatever version, or null when it is something else */
function parse(json) {
  try {
    const value = JSON.parse(json);
    return Number.isInteger(value?.version) ? value : null;
  } catch {
    return null;
  }
}

/** @returns {import('./connection.js').Connection} */
function entered() {
  return { backendUrl: field('backendUrl').value, accessToken: field('accessToken').value.trim() };
}

/** @param {Promise<import('./connection.js').Outcome>} asking */
async function showOutcome(asking) {
  const result = part('[data-result]');
  const turn = (asked += 1);
  result.hidden = false;
  result.dataset.light = 'waiting';
  part('[data-result-text]').textContent = text('optionsTesting');
  const { light, sentence, usage, grantArxiv: grant } = await asking;
  if (turn !== asked) return; // asked again meanwhile
  result.dataset.light = light;
  part('[data-result-text]').textContent = sentence;
  part('[data-action="grant-arxiv"]').hidden = !grant;
  part('[data-usage]').hidden = !usage;
  part('[data-usage]').textContent = usage;
}

async function testConnection() {
  const button = /** @type {HTMLButtonElement} */ (part('[data-action="test-connection"]'));
  const connection = entered();
  const outcome = test(connection);
  button.disabled = true;
  await showOutcome(outcome);
  button.disabled = false;
  const address = normalizeAddress(connection.backendUrl);
  if (address) await change({ backendUrl: address, accessToken: connection.accessToken });
}

localizePage();
document.title = text('optionsTitle');
fillChoices();
show();
void describeShortcuts();

const glossary = glossaryTable(part('[data-glossary]'), settings.glossary, (entries) => void change({ glossary: entries }));
part('[data-form]').addEventListener('change', onFieldChange);
part('[data-form]').addEventListener('submit', (event) => event.preventDefault());
field('backendUrl').addEventListener('keydown', (event) => {
  if (/** @type {KeyboardEvent} */ (event).key === 'Enter') void testConnection();
});
onClick('test-connection', () => void testConnection());
onClick('grant-arxiv', async () => {
  if (await grantArxiv()) await testConnection();
});
onClick('add-term', () => {
  if (!glossary.add()) say(text('optionsGlossaryFull', MAX_GLOSSARY_ENTRIES));
});
onClick('export-glossary', () => download('paperglot-glossary.csv', 'text/csv', toCsv(settings.glossary)));
onClick('import-glossary', async () => {
  const csv = await choose('.csv,.tsv,text/csv');
  if (csv === null) return;
  const imported = fromCsv(csv);
  if (!imported.length) {
    say(text('optionsGlossaryNone'));
    return;
  }
  const { terms, leftOut } = join(settings.glossary, imported);
  await change({ glossary: terms });
  glossary.replace(settings.glossary);
  say(leftOut ? text('optionsGlossaryFull', MAX_GLOSSARY_ENTRIES)
    : text('optionsGlossaryImported', imported.length.toLocaleString()));
});
onClick('export-settings', () => {
  // The token is a secret and stays here.
  const exported = { ...settings, accessToken: '' };
  download('paperglot-settings.json', 'application/json', `${JSON.stringify(exported, null, 2)}\n`);
});
onClick('import-settings', async () => {
  const json = await choose('.json,application/json');
  if (json === null) return;
  const file = parse(json);
  if (!file) {
    say(text('optionsImportFailed'));
    return;
  }
  const { accessToken, ...imported } = sane(file, { ...settings, accessToken: '' });
  // The token that is here belongs to the server that is here, and to no other one.
  const known = imported.backendUrl === settings.backendUrl ? settings.accessToken : '';
  await change({ ...imported, accessToken: accessToken || known });
  show();
  glossary.replace(settings.glossary);
  await showOutcome(look(entered()));
});
onClick('reset', () => /** @type {HTMLDialogElement} */ (part('[data-confirm]')).showModal());
part('[data-confirm]').addEventListener('close', async ({ currentTarget }) => {
  if (/** @type {HTMLDialogElement} */ (currentTarget).returnValue !== 'reset') return;
  await adopt(reset());
  show();
  glossary.replace(settings.glossary);
});
watch((now) => {
  settings = now;
  if (!part('[data-form]').contains(document.activeElement)) show();
});
document.body.dataset.state = 'ready';
void showOutcome(look(entered()));

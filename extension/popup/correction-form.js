/** The form in which a reader rewrites a paper's translation; a dialog, so that the list behind it may change. */

import { askBackground } from '../ask-background.js';
import { direction } from '../languages.js';
import { text } from '../localize.js';
import { TO_BACKGROUND } from '../messages.js';
import { explain, issueKey } from '../problems.js';

/** @typedef {import('../editions.js').Paper} Paper */
/** @typedef {import('../messages.js').Correction} Correction */

const PARTS = /** @type {const} */ ([['title', 'correctOfTitle'], ['abstract', 'correctOfAbstract']]);

/**
 * Opens the form. What the reader leaves as it is is not sent.
 *
 * @param {Paper} paper with a translation
 * @param {{ address: string, onKept: () => void }} options address: of the server, for its problems;
 *   onKept: something of it is what readers get now
 */
export async function openCorrection(paper, { address, onKept }) {
  const { translation } = paper;
  if (!translation || document.querySelector('[data-correction]')) return;
  const dialog = document.createElement('dialog');
  dialog.className = 'correction';
  dialog.dataset.correction = paper.id;
  const heading = made('h2', text('correctTitle'));
  heading.id = 'correction-title';
  dialog.setAttribute('aria-labelledby', heading.id);

  const form = document.createElement('form');
  form.method = 'dialog';
  const fields = PARTS.map(([part, label]) => {
    const field = document.createElement('textarea');
    field.name = part;
    field.value = translation[part];
    field.lang = translation.lang;
    field.dir = direction(translation.lang);
    field.rows = part === 'title' ? 2 : 9;
    field.required = true;
    field.hidden = !translation[part];
    const original = made('span', paper[part], 'correction-original');
    original.lang = 'en';
    original.dir = 'ltr';
    const row = made('label', text(label));
    row.hidden = field.hidden;
    row.append(original, field);
    form.append(row);
    return field;
  });
  const status = made('p', '', 'correction-status');
  status.setAttribute('role', 'status');
  const keep = made('button', text('correctKeep'), 'button');
  keep.value = 'keep';
  const cancel = made('button', text('correctCancel'), 'button button--plain');
  cancel.value = 'cancel';
  cancel.formNoValidate = true;
  const buttons = made('p', '', 'correction-buttons');
  buttons.append(keep, cancel);
  form.append(made('p', text('correctShared'), 'correction-note'), status, buttons);
  dialog.append(heading, form);

  form.addEventListener('submit', async (event) => {
    if (event.submitter === cancel) return; // the form closes its dialog
    event.preventDefault();
    const changed = fields.filter((field) => !field.hidden && field.value.trim() !== translation[nameOf(field)].trim());
    if (!changed.length) {
      dialog.close();
      return;
    }
    keep.disabled = true;
    const wording = Object.fromEntries(changed.map((field) => [field.name, field.value]));
    const { value, problem } = await askBackground({
      type: TO_BACKGROUND.correctPaper, id: paper.id, lang: translation.lang, ...wording,
    });
    keep.disabled = false;
    if (problem) {
      const { key, values, detail } = explain(problem, { address });
      status.textContent = `${text(key, ...values)} ${detail}`.trim();
      return;
    }
    const answers = /** @type {Correction[]} */ (Object.values(value));
    if (answers.some(({ kept }) => kept)) onKept();
    status.textContent = outcome(answers);
    if (answers.every(({ kept, verified }) => kept && verified)) setTimeout(() => dialog.close(), 1_200);
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  await loadStyle();
  dialog.showModal();
}

/** Few readers need it: it is not loaded before the list is shown. */
async function loadStyle() {
  const href = new URL('correction-form.css', import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  const loaded = new Promise((resolve) => link.addEventListener('load', resolve));
  document.head.append(link);
  await loaded;
}

/** @param {HTMLTextAreaElement} field */
const nameOf = (field) => /** @type {'title' | 'abstract'} */ (field.name);

/** @param {Correction[]} answers @returns {string} what became of the reader's wording, in words */
function outcome(answers) {
  const refused = answers.find(({ kept }) => !kept);
  const doubtful = refused ?? answers.find(({ verified }) => !verified);
  const said = text(refused ? 'correctRefused' : 'correctKept');
  return doubtful ? `${said} ${text(issueKey(doubtful.issues))}` : said;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} words
 * @param {string} [className]
 * @returns {HTMLElementTagNameMap[T]}
 */
function made(tag, words, className = '') {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

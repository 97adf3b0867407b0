/** "Translate this list", "Translate this paper", "Ask again": what is written is shown as it comes, then checked. */

import { showButtons } from './saved-papers.js';
import { keepToken, permission, ServerError, token, translations } from './server.js';

const REFRESH_MS = 1_500;

/**
 * Offers what the server lets this reader do; where it does nothing for them, says why.
 *
 * @param {HTMLFormElement} form `[data-translate]`
 */
export async function offerTranslation(form) {
  const may = await permission().catch(() => null);
  if (!may) return; // offline: the page says so itself
  const status = part(form, '[data-status]');
  form.hidden = false;
  if (!may.configured) {
    status.textContent = status.dataset.none ?? '';
    return;
  }
  const needsToken = !may.allowed && may.token;
  part(form, '.token').hidden = !needsToken;
  part(form, '.offer').hidden = !may.allowed && !may.token;
  if (!may.allowed) status.textContent = may.token ? status.dataset.refused ?? '' : may.reason;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const field = form.querySelector('input');
    if (field?.value) keepToken(field.value.trim());
    await translate(form);
  });
}

/** @param {HTMLFormElement} form */
async function translate(form) {
  const ids = (form.dataset.translate ?? '').split(' ').filter(Boolean);
  const status = part(form, '[data-status]');
  const [button, stop] = [part(form, '.offer .button'), part(form, '[data-action="stop"]')];
  const stopped = new AbortController();
  stop.onclick = () => stopped.abort();
  button.hidden = true;
  stop.hidden = false;
  const refresher = new Refresher();
  const failed = new Set();
  /** @type {Map<string, Set<string>>} */
  const open = new Map(ids.map((id) => [id, new Set(['title', 'abstract'])]));
  let problem = '';
  const say = () => {
    const done = ids.length - open.size;
    status.textContent = filled(status.dataset.progress ?? '', { done, total: ids.length });
  };
  say();
  try {
    for await (const { name, data } of translations(ids, form.dataset.lang ?? '', stopped.signal)) {
      if (name === 'queue') waits(status, data.place, say);
      if (name === 'failed') problem = String(data.problem?.detail ?? '');
      if (typeof data.id !== 'string') continue;
      const cut = data.id.lastIndexOf('/');
      const [id, kind] = [data.id.slice(0, cut), data.id.slice(cut + 1)];
      if (name === 'delta') show(form, id, kind, data.text ?? '', true);
      if (name !== 'segment' && name !== 'failed') continue;
      if (name === 'segment') show(form, id, kind, data.text ?? '', false);
      else failed.add(id);
      open.get(id)?.delete(kind);
      if (open.get(id)?.size) continue;
      open.delete(id);
      say();
      refresher.soon();
    }
  } catch (error) {
    if (!stopped.signal.aborted) problem = error instanceof Error ? error.message : '';
    if (error instanceof ServerError && error.type === 'unauthorized' && token()) {
      keepToken('');
      part(form, '.token').hidden = false;
    }
  }
  await refresher.now();
  button.hidden = false;
  stop.hidden = true;
  const missing = new Set([...failed, ...open.keys()]);
  part(form, '.offer').hidden = !missing.size;
  if (missing.size) status.textContent = `${filled(status.dataset.failed ?? '', { count: missing.size })} ${problem}`.trim();
}

/**
 * Says the place among those who wait for the model, or again how far it is.
 *
 * @param {HTMLElement} status
 * @param {unknown} place
 * @param {() => void} say
 */
function waits(status, place, say) {
  if (typeof place === 'number' && place > 0) status.textContent = filled(status.dataset.queue ?? '', { place });
  else say();
}

/**
 * Shows what is written so far, as text; the checked page replaces it.
 *
 * @param {HTMLFormElement} form
 * @param {string} id
 * @param {string} kind title or abstract
 * @param {string} words in the API's form
 * @param {boolean} more whether they go on what is there
 */
function show(form, id, kind, words, more) {
  const item = [...document.querySelectorAll('.paper')].find((each) => each.getAttribute('data-paper-id') === id);
  const place = item?.querySelector(kind === 'title' ? '.title a, h1.title' : '.abstract');
  if (!(place instanceof HTMLElement)) return;
  const written = more && place.dataset.written !== undefined ? place.dataset.written + words : words;
  place.dataset.written = written;
  place.lang = form.dataset.lang ?? '';
  place.dir = form.dataset.dir ?? 'ltr';
  place.textContent = plain(written);
}

/** Fetches the page again and takes the papers from it that have changed, never more often than it says. */
class Refresher {
  #timer = 0;
  /** @type {Promise<void>} */
  #running = Promise.resolve();

  soon() {
    this.#timer ||= window.setTimeout(() => void this.now(), REFRESH_MS);
  }

  /** @returns {Promise<void>} */
  now() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#running = this.#running.then(() => refresh()).catch(() => {}); // the next one, or a reload, brings it
    return this.#running;
  }
}

async function refresh() {
  const answer = await fetch(location.href, { cache: 'no-cache' });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const state = fresh.querySelector('main .state');
  const old = document.querySelector('main .state');
  if (state && old) old.replaceWith(document.adoptNode(state));
  const papers = new Map([...fresh.querySelectorAll('.paper')].map((each) => [each.getAttribute('data-paper-id'), each]));
  const replaced = [];
  for (const item of document.querySelectorAll('.paper')) {
    const now = papers.get(item.getAttribute('data-paper-id'));
    const isTranslated = now?.querySelector('.original-title, .original');
    if (!now || !isTranslated || now.innerHTML === item.innerHTML || item.contains(document.activeElement)) continue;
    const form = item.querySelector('[data-translate]');
    const adopted = document.adoptNode(now);
    item.replaceWith(adopted);
    adopted.querySelector('[data-translate]')?.replaceWith(form ?? '');
    replaced.push(adopted);
  }
  showButtons(replaced);
}

/** @param {string} text in the API's form */
function plain(text) {
  const characters = /** @type {Record<string, string>} */ ({ '&lt;': '<', '&gt;': '>', '&amp;': '&' });
  return text.replace(/<\/?[xg]\d+\/?>/g, '').replace(/&(?:lt|gt|amp);/g, (entity) => characters[entity]);
}

/**
 * @param {string} words
 * @param {Record<string, number>} values
 */
function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => (values[name] ?? 0).toLocaleString(document.documentElement.lang));
}

/**
 * @param {Element} form
 * @param {string} selector
 * @returns {HTMLElement}
 */
function part(form, selector) {
  return /** @type {HTMLElement} */ (form.querySelector(selector));
}

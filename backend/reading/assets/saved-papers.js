/** The papers a reader keeps: in this browser's localStorage, newest first; the server never hears of them. */

import { read, write } from './browser-storage.js';

/**
 * @typedef {object} SavedPaper
 * @property {string} id arXiv identifier
 * @property {string} title as shown when it was saved
 * @property {string} lang of the title
 * @property {string} original title, empty where it is the same
 */

const MOST = 1000;

/** @returns {SavedPaper[]} */
export function savedPapers() {
  const kept = read('saved');
  return Array.isArray(kept) ? kept.filter((each) => typeof each?.id === 'string') : [];
}

/** @param {string} id */
export function remove(id) {
  write('saved', savedPapers().filter((each) => each.id !== id));
}

/** The papers' buttons show what is saved, and change it. */
export function showButtons() {
  const ids = new Set(savedPapers().map(({ id }) => id));
  for (const item of document.querySelectorAll('[data-paper-id]')) {
    const button = item.querySelector('[data-action="save"]');
    button?.setAttribute('aria-pressed', String(ids.has(item.getAttribute('data-paper-id') ?? '')));
    button?.addEventListener('click', () => toggle(item));
  }
}

/** @param {Element} item a paper of the page: `[data-paper-id]` */
export function toggle(item) {
  const id = item.getAttribute('data-paper-id') ?? '';
  const others = savedPapers().filter((each) => each.id !== id);
  const isNew = !savedPapers().some((each) => each.id === id);
  const title = item.querySelector('.title');
  write('saved', isNew
    ? [{
      id,
      title: plain(title),
      lang: title?.getAttribute('lang') ?? 'en',
      original: plain(item.querySelector('.original-title')),
    }, ...others].slice(0, MOST)
    : others);
  item.querySelector('[data-action="save"]')?.setAttribute('aria-pressed', String(isNew));
}

/**
 * The words of a title; a formula as its TeX.
 *
 * @param {Element | null} element
 */
function plain(element) {
  if (!element) return '';
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const math of copy.querySelectorAll('math')) math.replaceWith(math.getAttribute('alttext') ?? math.textContent ?? '');
  return copy.textContent?.trim().replace(/\s+/g, ' ') ?? '';
}

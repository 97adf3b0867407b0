/** The list without a mouse, with the keys of the extension's popup. */

import { toggle } from './saved-papers.js';

/** @typedef {() => void} Action */

/** Listens for keys wherever nothing is written, and for the button that explains them. */
export function listen() {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const { target } = event;
    if (target instanceof Element && target.matches('input, select, textarea, [contenteditable]')) return;
    /** @type {Record<string, Action>} */
    const actions = {
      j: () => walk(1), k: () => walk(-1), o: open, s: save, '/': search, '?': help, Escape: closeLanguages,
    };
    const action = actions[keyMeant(event)];
    if (!action) return;
    if (event.key !== 'Escape') event.preventDefault();
    action();
  });
  document.querySelector('[data-action="keys"]')?.addEventListener('click', help);
}

/**
 * Which of our keys was meant. Caps Lock changes nothing; where the keyboard's letters are not Latin (Cyrillic, Greek,
 * Hebrew, Hindi, …) the place of a key says what it would be among Latin ones.
 *
 * @param {Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>} event
 */
export function keyMeant({ key, code, shiftKey }) {
  if (/^[A-Z]$/.test(key)) return key.toLowerCase();
  const foreign = /^[\p{L}\p{M}]+$/u.test(key) && !/\p{Script=Latin}/u.test(key);
  if (foreign && /^Key[A-Z]$/.test(code)) return code.slice(3).toLowerCase();
  // A full stop or a comma is at the place of the slash on Cyrillic and Hebrew keyboards only.
  if (code === 'Slash' && (foreign || /^[.,؟]$/.test(key))) return shiftKey ? '?' : '/';
  return key;
}

/** The paper that has the focus, or the only one. */
function current() {
  const items = document.querySelectorAll('[data-paper-id]');
  return document.activeElement?.closest('[data-paper-id]') ?? (items.length === 1 ? items[0] : null);
}

/** @param {1 | -1} step */
function walk(step) {
  const titles = [...document.querySelectorAll('.papers .title a, .saved-list p:first-child a')]
    .filter((each) => each instanceof HTMLElement);
  const item = document.activeElement?.closest('li');
  const index = titles.findIndex((each) => each.closest('li') === item);
  const next = titles[index < 0 ? 0 : Math.max(0, Math.min(titles.length - 1, index + step))];
  next?.focus({ preventScroll: true });
  next?.closest('.paper, li')?.scrollIntoView({ block: 'start' });
}

/** The paper's page at arXiv, in a new tab. */
function open() {
  const link = current()?.querySelector('a[data-link="abs"]');
  if (link instanceof HTMLAnchorElement) window.open(link.href, '_blank', 'noopener,noreferrer');
}

function save() {
  const item = current();
  if (item) toggle(item);
}

/** The search field where there is one, else the languages. */
function search() {
  const field = document.querySelector('input[type="search"]');
  if (field instanceof HTMLElement) return field.focus();
  const menu = document.querySelector('details.languages');
  if (!(menu instanceof HTMLDetailsElement)) return;
  menu.open = true;
  const link = menu.querySelector('a[aria-current]') ?? menu.querySelector('a');
  if (link instanceof HTMLElement) link.focus();
}

function closeLanguages() {
  const menu = document.querySelector('details.languages[open]');
  if (!(menu instanceof HTMLDetailsElement)) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
}

function help() {
  const dialog = document.getElementById('keys');
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}

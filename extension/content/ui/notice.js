/** A small card over the page: why a translation is not verified, or a selection's translation. */

import { interfaceLanguage, text } from '../../localize.js';
import { direction } from '../../languages.js';
import { issueKey } from '../../problems.js';
import { colorScheme } from './color-scheme.js';
import { injected } from '../view/injected.js';

const MARGIN = 8;

/**
 * @param {string[]} issues names of what the check of a translation found
 * @returns {string} the first of them in words
 */
export function doubtAbout(issues) {
  return text(issueKey(issues));
}

/**
 * Opens a card beside a place in the page; Esc or a click elsewhere closes it, and it leaves no trace.
 *
 * @param {DOMRect} place in the window's coordinates
 * @param {string} label
 * @param {AbortSignal} signal closes it as well
 * @returns {{ card: HTMLElement, closed: AbortSignal, close: () => void }}
 */
export function openNotice(place, label, signal) {
  const gone = new AbortController();
  const card = injected('div', 'notice');
  card.popover = 'auto';
  card.dataset.colorScheme = colorScheme();
  card.lang = interfaceLanguage();
  card.dir = direction(card.lang);
  card.setAttribute('role', 'dialog');
  card.setAttribute('aria-label', label);
  const close = () => {
    card.remove();
    gone.abort();
  };
  card.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'closed') close();
  });
  signal.addEventListener('abort', close, { signal: gone.signal });
  document.body.append(card);
  card.showPopover();
  const position = () => {
    const { width, height } = card.getBoundingClientRect();
    const left = Math.min(Math.max(MARGIN, place.left), innerWidth - width - MARGIN);
    const below = place.bottom + MARGIN;
    const top = below + height < innerHeight ? below : Math.max(MARGIN, place.top - height - MARGIN);
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  };
  const observer = new ResizeObserver(position);
  observer.observe(card);
  gone.signal.addEventListener('abort', () => observer.disconnect());
  position();
  return { card, closed: gone.signal, close };
}

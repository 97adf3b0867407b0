/** The popup without a mouse. */

import { browser } from '../browser.js';
import { text } from '../localize.js';

/** @typedef {import('./daily-list.js').DailyList} DailyList */

/**
 * @typedef {object} Wishes that are not about one paper
 * @property {() => void} filter
 * @property {() => boolean} leave undoes one thing; false when there was nothing to undo
 * @property {() => void} help
 */

/** What the help card says: keys, and what they do. */
const KEYS = /** @type {const} */ ([
  [['j', '↓'], 'popupKeyNext'], [['k', '↑'], 'popupKeyPrevious'], [['Enter'], 'popupKeyUnfold'],
  [['o'], 'popupKeyOpen'], [['s'], 'popupKeySave'], [['/'], 'popupKeyFilter'], [['Esc'], 'popupKeyLeave'],
  [['?'], 'popupKeyHelp'],
]);

/** @param {HTMLElement} list a <dl> */
export function describeKeys(list) {
  for (const [keys, meaning] of KEYS) {
    const term = document.createElement('dt');
    keys.forEach((key, index) => {
      const kbd = document.createElement('kbd');
      kbd.textContent = key;
      term.append(...(index ? [' ', kbd] : [kbd]));
    });
    const description = document.createElement('dd');
    description.textContent = text(meaning);
    list.append(term, description);
  }
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

/**
 * @param {() => DailyList} shown the list that is
 * @param {Wishes} wishes
 */
export function listen(shown, wishes) {
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    const key = keyMeant(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = target instanceof Element && target.matches('input:not([type="checkbox"])');
    const choosing = target instanceof Element && target.matches('select, [type="date"]');
    if (choosing || document.querySelector('dialog[open]')) return;
    if (key === 'Escape') {
      if (wishes.leave()) event.preventDefault();
      return;
    }
    if (typing && (key !== 'ArrowDown' || !target.matches('[type="search"]'))) return;
    const list = shown();
    /** @type {Record<string, () => void>} */
    const actions = {
      j: () => walk(list, 1), ArrowDown: () => walk(list, 1),
      k: () => walk(list, -1), ArrowUp: () => walk(list, -1),
      o: () => open(list), s: () => save(list), '/': wishes.filter, '?': wishes.help,
    };
    const action = actions[key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/**
 * @param {DailyList} list
 * @param {1 | -1} step
 */
function walk({ titles }, step) {
  const current = document.activeElement?.closest('[data-paper-id]')?.querySelector('.title');
  const index = titles.findIndex((title) => title === current);
  const next = titles[index < 0 ? 0 : Math.max(0, Math.min(titles.length - 1, index + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** The paper's page in a new tab. @param {DailyList} list */
function open(list) {
  const paper = list.paperAt(document.activeElement);
  if (paper) void browser.tabs.create({ url: paper.links.abs });
}

/** @param {DailyList} list */
function save(list) {
  const paper = list.paperAt(document.activeElement);
  const item = document.activeElement?.closest('[data-paper-id]');
  if (paper && item) void list.save(paper, !item.hasAttribute('data-saved'));
}

/** The popup without a mouse. */

import { text } from '../localize.js';

/**
 * @typedef {object} Wishes
 * @property {(step: 1 | -1) => void} walk
 * @property {() => void} open the paper's page in a new tab
 * @property {() => void} save
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

/** @param {Wishes} wishes */
export function listen(wishes) {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = target instanceof Element && target.matches('input[type="search"]');
    const choosing = target instanceof Element && target.matches('select');
    if (choosing || document.querySelector('dialog[open]')) return;
    if (key === 'Escape') {
      if (wishes.leave()) event.preventDefault();
      return;
    }
    if (typing && key !== 'ArrowDown') return;
    /** @type {Record<string, () => void>} */
    const actions = {
      j: () => wishes.walk(1), ArrowDown: () => wishes.walk(1),
      k: () => wishes.walk(-1), ArrowUp: () => wishes.walk(-1),
      o: wishes.open, s: wishes.save, '/': wishes.filter, '?': wishes.help,
    };
    const action = actions[key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

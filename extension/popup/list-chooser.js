/** Which of the server's lists the popup shows: `[data-setting="list"]`, there only when it has more than one. */

import { askBackground } from '../ask-background.js';
import { storedLists } from '../editions.js';
import { text } from '../localize.js';
import { TO_BACKGROUND } from '../messages.js';
import { part } from './render.js';

/** @typedef {import('../editions.js').List} List */
/** @typedef {import('./render.js').State} State */

/** @param {List} list @returns {string} its name in the reader's words, short */
function label({ name, source }) {
  const rest = name.slice(name.indexOf(':') + 1);
  if (source === 'arxiv') return `arXiv ${rest}`;
  return source === 'file' ? text('popupListPicks', rest) : 'Hugging Face';
}

/**
 * @param {List[]} lists
 * @param {string} chosen
 */
function draw(lists, chosen) {
  const select = /** @type {HTMLSelectElement} */ (part('[data-setting="list"]'));
  const first = lists[0]?.name ?? '';
  const shown = lists.some(({ name }) => name === chosen) ? chosen : first;
  select.replaceChildren(...lists.map((list) => {
    const option = new Option(label(list), list.name, false, list.name === shown);
    option.title = list.title;
    return option;
  }));
  select.hidden = lists.length < 2;
  describe(select, lists);
}

/** @param {HTMLSelectElement} select @param {List[]} lists */
function describe(select, lists) {
  const list = lists.find(({ name }) => name === select.value);
  select.title = list?.source === 'arxiv' ? text('popupOrderSubmitted') : '';
}

/**
 * Shows the lists that are known, and those that the server has now.
 *
 * @param {() => State} state
 * @param {(name: string) => Promise<void>} choose
 */
export async function showLists(state, choose) {
  const { settings } = state();
  let lists = await storedLists(settings.backendUrl);
  draw(lists, settings.list);
  const select = /** @type {HTMLSelectElement} */ (part('[data-setting="list"]'));
  select.addEventListener('change', () => {
    describe(select, lists);
    // The first goes without its name: it stays the first when the owner changes the order.
    void choose(select.value === lists[0].name ? '' : select.value);
  });
  const { value } = await askBackground({ type: TO_BACKGROUND.lists });
  if (!value || JSON.stringify(value) === JSON.stringify(lists)) return;
  lists = /** @type {List[]} */ (value);
  draw(lists, state().settings.list);
}

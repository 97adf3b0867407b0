/** The number on the toolbar button: papers of the newest edition the reader has not yet looked at. */

import { browser } from '../browser.js';
import { load } from '../settings.js';
import { fetchEdition } from './daily.js';

/** @typedef {import('../editions.js').Edition} Edition */

const ALARM = 'badge';
const MINUTES = 30;
const SEEN = 'seenPapers';
const MAX_SEEN = 400;
const COLOUR = '#0f6b66';

/** @returns {boolean} whether the button can show a number; it cannot in Firefox for Android */
const hasBadge = () => browser.action.setBadgeText !== undefined;

/** Sets the alarm, or takes it and the number away, as the reader wants it. */
export async function scheduleBadge() {
  const { badge } = await load();
  if (badge && hasBadge()) {
    if (!(await browser.alarms.get(ALARM))) {
      await browser.alarms.create(ALARM, { delayInMinutes: 1, periodInMinutes: MINUTES });
    }
  } else {
    await browser.alarms.clear(ALARM);
    await show(0);
  }
}

/** @param {chrome.alarms.Alarm} alarm */
export async function onBadgeAlarm(alarm) {
  if (alarm.name !== ALARM) return;
  try {
    const edition = await fetchEdition('latest');
    await show(edition.state === 'sample' ? 0 : await unseen(edition));
  } catch {
    // No backend now: the number of the last look stays.
  }
}

/**
 * The reader has the list before them.
 *
 * @param {string[]} ids
 */
export async function markSeen(ids) {
  const seen = new Set([...ids, ...(await seenIds())]);
  await browser.storage.local.set({ [SEEN]: [...seen].slice(0, MAX_SEEN) });
  await show(0);
}

/** @param {Edition} edition @returns {Promise<number>} */
async function unseen(edition) {
  const seen = new Set(await seenIds());
  return edition.papers.filter(({ id }) => !seen.has(id)).length;
}

/** @returns {Promise<string[]>} */
async function seenIds() {
  const { [SEEN]: ids } = await browser.storage.local.get(SEEN);
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

/** @param {number} number */
async function show(number) {
  if (!hasBadge()) return;
  await browser.action.setBadgeBackgroundColor({ color: COLOUR });
  await browser.action.setBadgeText({ text: number ? String(number) : '' });
}

/**
 * What the reader wants done with a paper beyond the page they are on: read it in translation where a link
 * leads, translate all of it however often its page is loaded. Kept in this browser only.
 */

import { browser } from './browser.js';

const WHOLE = 'wholePapers';
const MAX_WHOLE = 50;
const READ = 'papersToRead';
/** A link that was followed leads to its page within this time. */
const MAX_WAY_MS = 60_000;

/** @param {string} id arXiv identifier, with its version where it is known @param {string} lang */
const nameOf = (id, lang) => `${id} ${lang}`;

/** @returns {Promise<string[]>} */
async function whole() {
  const { [WHOLE]: names } = await browser.storage.local.get(WHOLE);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/**
 * @param {string} id arXiv identifier, with its version where it is known
 * @param {string} lang
 * @returns {Promise<boolean>} whether all of this paper is to be translated
 */
export async function isWholeWanted(id, lang) {
  return (await whole()).includes(nameOf(id, lang));
}

/**
 * Remembers that all of a paper is to be translated, or forgets it. The papers of long ago are forgotten.
 *
 * @param {string} id arXiv identifier, with its version where it is known
 * @param {string} lang
 * @param {boolean} wanted
 */
export async function wantWhole(id, lang, wanted) {
  const name = nameOf(id, lang);
  const others = (await whole()).filter((each) => each !== name);
  await browser.storage.local.set({ [WHOLE]: wanted ? [name, ...others].slice(0, MAX_WHOLE) : others });
}

/** @param {string} id @returns {string} the paper, whichever version of it arXiv shows */
const paperOf = (id) => id.replace(/v\d+$/, '');

/** @returns {Promise<Record<string, number>>} papers that a link has just been followed to, and when */
async function toRead() {
  const { [READ]: followed } = await browser.storage.local.get(READ);
  const recent = Object.entries(followed ?? {}).filter(([, at]) => Math.abs(Date.now() - Number(at)) < MAX_WAY_MS);
  return Object.fromEntries(recent);
}

/**
 * A link to a paper's full text is followed: it is to be read in translation, whatever the settings say of
 * such pages.
 *
 * @param {string} id arXiv identifier
 */
export async function wantToRead(id) {
  await browser.storage.local.set({ [READ]: { ...(await toRead()), [paperOf(id)]: Date.now() } });
}

/**
 * @param {string} id arXiv identifier of the paper whose page has been opened
 * @returns {Promise<boolean>} whether such a link led here; true once
 */
export async function isToRead(id) {
  const { [paperOf(id)]: at, ...others } = await toRead();
  if (at === undefined) return false;
  await browser.storage.local.set({ [READ]: others });
  return true;
}

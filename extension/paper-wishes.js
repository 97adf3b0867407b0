/**
 * What the reader wants done with a paper beyond the page they are on: read it in translation where a link
 * leads, translate all of it however often its page is loaded. Kept in this browser only.
 */

import { browser } from './browser.js';

const WHOLE = 'wholePapers';
const MAX_WHOLE = 50;

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

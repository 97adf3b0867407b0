/** The day's list for the popup and the badge: asks the backend and stores what it says. */

import { storeEdition, storeLists, toEdition, toLists } from '../editions.js';
import { target } from '../languages.js';
import { load } from '../settings.js';
import { BackendClient, BackendError } from './backend-client.js';

/** @typedef {import('../editions.js').Edition} Edition */
/** @typedef {import('../editions.js').List} List */

/**
 * The reader's list of a day; where the server no longer has that list, its first one.
 *
 * @param {string} day YYYY-MM-DD or `latest`
 * @returns {Promise<Edition>}
 */
export async function fetchEdition(day) {
  const settings = await load();
  const { list } = settings;
  const lang = target(settings) || 'en';
  const client = new BackendClient(settings);
  const answer = await client.edition(day, lang, list).catch((error) => {
    if (!list || error?.problem?.type !== 'not-found') throw error;
    return client.edition(day, lang);
  });
  const edition = toEdition(answer, lang);
  if (!edition) throw new BackendError({ type: 'bad-answer' });
  await storeEdition(edition, { newest: day === 'latest', list });
  return edition;
}

/** @returns {Promise<List[]>} the server's lists, none where it has but one and does not say so */
export async function fetchLists() {
  const settings = await load();
  /** @type {List[]} */
  let lists;
  try {
    lists = toLists(await new BackendClient(settings).lists());
  } catch (error) {
    // A server that cannot be reached now has the lists that it had.
    if (!(error instanceof BackendError) || error.problem.type !== 'not-found') throw error;
    lists = [];
  }
  await storeLists(settings.backendUrl, lists);
  return lists;
}

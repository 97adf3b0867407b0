/** The day's list for the popup and the badge: asks the backend and stores what it says. */

import { storeEdition, toEdition } from '../editions.js';
import { target } from '../languages.js';
import { load } from '../settings.js';
import { BackendClient, BackendError } from './backend-client.js';

/** @typedef {import('../editions.js').Edition} Edition */

/**
 * @param {string} day YYYY-MM-DD or `latest`
 * @returns {Promise<Edition>}
 */
export async function fetchEdition(day) {
  const settings = await load();
  const lang = target(settings) || 'en';
  const answer = await new BackendClient(settings).edition(day, lang);
  const edition = toEdition(answer, lang);
  if (!edition) throw new BackendError({ type: 'bad-answer' });
  await storeEdition(edition, { newest: day === 'latest' });
  return edition;
}

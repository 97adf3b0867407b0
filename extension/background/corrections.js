/** A reader's own wording: sent to the backend, of whose answer only what is expected is passed on. */

import { load } from '../settings.js';
import { BackendClient, BackendError } from './backend-client.js';

/** @typedef {import('../messages.js').Correction} Correction */

/**
 * @param {{ id: string, lang: string, title?: string, abstract?: string }} question the parts that get another wording
 * @returns {Promise<Partial<Record<'title' | 'abstract', Correction>>>}
 */
export async function correctPaper({ id, lang, title, abstract }) {
  const client = new BackendClient(await load());
  const answer = /** @type {any} */ (await client.correctPaper(String(id), { lang: String(lang), title, abstract }));
  const parts = Object.entries({ title, abstract }).filter(([, wording]) => wording !== undefined);
  return Object.fromEntries(parts.map(([part]) => [part, toCorrection(answer?.[part])]));
}

/** @param {any} answer @returns {Correction} */
function toCorrection(answer) {
  if (typeof answer?.kept !== 'boolean' || !Array.isArray(answer.issues)) throw new BackendError({ type: 'bad-answer' });
  const issues = answer.issues.filter((/** @type {unknown} */ issue) => typeof issue === 'string');
  return { kept: answer.kept, verified: answer.verified === true, issues };
}

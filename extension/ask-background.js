/**
 * One question to the background, one answer.
 *
 * Both browsers end the background when they like, in the middle of an answer too: the question is then
 * lost without a word (Chromium), with an error (Firefox), or meets nobody while the background starts.
 */

import { browser } from './browser.js';

/** @typedef {import('./messages.js').Problem} Problem */

/** Pauses before a lost question is asked again; a background starts in about a tenth of a second. */
const PAUSES_MS = [50, 250, 1_000];

/**
 * Asks until there is an answer. Whatever is asked must bear being done twice.
 *
 * @param {{ type: string, [field: string]: unknown }} question one of `TO_BACKGROUND`
 * @returns {Promise<{ value: any, problem?: undefined } | { value?: undefined, problem: Problem }>}
 */
export async function askBackground(question) {
  for (const pause of [0, ...PAUSES_MS]) {
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      const answer = await browser.runtime.sendMessage(question);
      if (answer) return answer;
    } catch {
      // ended, or not yet there
    }
  }
  return { problem: { type: browser.runtime?.id ? 'unknown' : 'extension-reloaded' } };
}

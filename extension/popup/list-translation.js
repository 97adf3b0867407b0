/** Translates papers of a list; closing the popup ends it. */

import { browser } from '../browser.js';
import { PING_INTERVAL, TRANSLATION_PORT } from '../messages.js';

/** @typedef {import('../messages.js').PortMessage} PortMessage */
/** @typedef {import('../messages.js').Problem} Problem */

/**
 * @typedef {object} Progress
 * @property {number} done papers finished, one way or the other
 * @property {number} failed
 * @property {number} total
 * @property {number} tokens
 * @property {number} place in the queue for the model; 0: none of its texts waits there
 * @property {boolean} over
 * @property {Problem | null} problem of the first paper that failed
 */

/**
 * @param {string[]} ids
 * @param {string} lang
 * @param {{ onProgress: (progress: Progress) => void, onTitle: (id: string, title: string, verified: boolean) => void }} listeners
 * @param {{ retry?: boolean }} [options] retry: ask the model anew although there is a translation
 * @returns {() => void} stops it
 */
export function translateList(ids, lang, { onProgress, onTitle }, { retry = false } = {}) {
  /** @type {Map<string, Set<string>>} parts each paper still lacks */
  const open = new Map(ids.map((id) => [id, new Set(['title', 'abstract'])]));
  /** @type {Set<string>} */
  const failed = new Set();
  /** @type {Progress} */
  const progress = { done: 0, failed: 0, total: ids.length, tokens: 0, place: 0, over: false, problem: null };
  const port = browser.runtime.connect({ name: TRANSLATION_PORT });
  const ping = setInterval(() => port.postMessage({ type: 'ping' }), PING_INTERVAL);

  const finish = () => {
    if (progress.over) return;
    progress.over = true;
    clearInterval(ping);
    port.disconnect();
    onProgress({ ...progress });
  };
  port.onMessage.addListener((/** @type {PortMessage} */ event) => {
    if (event.type === 'pong') return;
    progress.place = (event.type === 'hold' && event.problem?.place) || 0;
    if (event.type === 'usage') progress.tokens += event.tokens;
    if (event.type === 'segment' || event.type === 'failed') {
      const cut = event.id.lastIndexOf('/');
      const id = event.id.slice(0, cut);
      const part = event.id.slice(cut + 1);
      open.get(id)?.delete(part);
      if (event.type === 'failed') {
        failed.add(id);
        progress.problem ??= event.problem;
      } else if (part === 'title') {
        onTitle(id, plain(event.text), event.verified);
      }
      if (open.get(id)?.size === 0) open.delete(id);
    }
    progress.done = ids.length - open.size;
    progress.failed = failed.size;
    onProgress({ ...progress });
    if (!open.size && event.type === 'usage') finish();
    if (!open.size && failed.size === ids.length) finish();
  });
  port.onDisconnect.addListener(() => {
    if (open.size) progress.problem ??= { type: 'backend-silent' };
    finish();
  });
  port.postMessage({ type: 'translate-papers', lang, papers: ids, ...(retry ? { retry } : {}) });
  return finish;
}

/** @param {string} text in the API's form @returns {string} */
function plain(text) {
  const characters = /** @type {Record<string, string>} */ ({ '&lt;': '<', '&gt;': '>', '&amp;': '&' });
  return text.replace(/<\/?[xg]\d+\/?>/g, '').replace(/&(?:lt|gt|amp);/g, (entity) => characters[entity]);
}

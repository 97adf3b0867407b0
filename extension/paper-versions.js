/**
 * What is new in a version of a paper, against the last earlier one that was read in translation. Of each
 * paper's texts only short hashes are kept, in this browser; they tell which texts are the same, and no word.
 */

import { browser } from './browser.js';

/** arXiv identifiers of the papers of which something is kept, the one read last first. */
const PAPERS = 'paperVersions';
const MAX_PAPERS = 50;
const MAX_VERSIONS = 3;
/** Of a paper with more texts nothing is kept. */
const MAX_TEXTS = 4_000;
const HASH_LENGTH = 6;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * @typedef {object} VersionNews
 * @property {string} version that is read, such as `v2`
 * @property {number} fresh texts that the earlier version did not have
 * @property {number} total
 */

/**
 * Keeps what the paper's texts are, and compares them.
 *
 * @param {string} id arXiv identifier with its version
 * @param {readonly string[]} texts all of the paper's, as they are sent for translation
 * @returns {Promise<VersionNews | null>} null where no earlier version was read, or the version is not known
 */
export async function compareVersions(id, texts) {
  const [, paper, number] = /^(.+)v(\d+)$/.exec(id) ?? [];
  if (!paper || !texts.length || texts.length > MAX_TEXTS) return null;
  const hashes = texts.map(hashOf);
  const { [PAPERS]: listed, [keyOf(paper)]: stored } = await browser.storage.local.get([PAPERS, keyOf(paper)]);
  const kept = new Map(Object.entries(stored ?? {}).map(([version, joined]) => [Number(version), String(joined)]));
  const earlier = Math.max(0, ...[...kept.keys()].filter((version) => version < Number(number)));
  const before = new Set(kept.get(earlier)?.match(new RegExp(`.{${HASH_LENGTH}}`, 'g')));
  kept.set(Number(number), hashes.join(''));
  const versions = [...kept].sort(([a], [b]) => b - a).slice(0, MAX_VERSIONS);
  const papers = [paper, ...(Array.isArray(listed) ? listed : []).filter((each) => each !== paper)];
  await browser.storage.local.set({ [PAPERS]: papers.slice(0, MAX_PAPERS), [keyOf(paper)]: Object.fromEntries(versions) });
  await browser.storage.local.remove(papers.slice(MAX_PAPERS).map(keyOf));
  if (!earlier) return null;
  return { version: `v${number}`, fresh: hashes.filter((hash) => !before.has(hash)).length, total: hashes.length };
}

/** @param {string} paper */
const keyOf = (paper) => `${PAPERS}:${paper}`;

/**
 * Not Web Crypto's: a content script in Firefox may not read the bytes that it answers.
 *
 * @param {string} text
 * @returns {string} 36 bits in base64url's digits
 */
function hashOf(text) {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
  }
  [a, b] = [mixed(a ^ (b >>> 15)), mixed(b ^ (a >>> 13))];
  return [a, a >>> 6, a >>> 12, a >>> 18, a >>> 24, b].map((part) => DIGITS[part & 63]).join('');
}

/** @param {number} bits @returns {number} as many, each dependent on all */
function mixed(bits) {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

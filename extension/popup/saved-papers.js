/** The papers the reader saved, whole: their day leaves the store long before the reader forgets them. */

import { browser } from '../browser.js';
import { withoutMarks } from './passages.js';
import { savedIds } from './reading-state.js';

/** @typedef {import('../editions.js').Paper} Paper */

/** @param {string} id */
const keyOf = (id) => `saved:${id}`;

/** @param {Paper} paper */
export async function storePaper(paper) {
  try {
    await browser.storage.local.set({ [keyOf(paper.id)]: paper.found ? withoutMarks(paper) : paper });
  } catch {
    // The store is full: only that it was saved stays, and the paper is found by its identifier.
  }
}

/** @param {string} id */
export async function removePaper(id) {
  await browser.storage.local.remove(keyOf(id));
}

/** @returns {Promise<Paper[]>} what was saved last stands first */
export async function savedPapers() {
  const ids = savedIds();
  const found = await browser.storage.local.get(ids.map(keyOf));
  return ids.map((id) => /** @type {Paper | undefined} */ (found[keyOf(id)]) ?? nameless(id));
}

/** @param {string} id @returns {Paper} all that is known of a paper saved by an earlier version */
function nameless(id) {
  const links = {
    abs: `https://arxiv.org/abs/${id}`, pdf: `https://arxiv.org/pdf/${id}`,
    html: '', huggingface: '', code: '', project: '',
  };
  return {
    id, links, title: `arXiv:${id}`, titleHtml: '', abstract: '', abstractHtml: '', authors: [],
    upvotes: 0, comments: 0, published: '', categories: [], translation: null,
  };
}

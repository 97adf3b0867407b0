/** Which of arXiv's pages an address names. */

import { PAGES } from './page-rules.js';

/** @typedef {import('./page-rules.js').PageRule} PageRule */

/**
 * @param {string} path of the page's address
 * @returns {Promise<PageRule | undefined>} undefined where there is nothing for us
 */
export async function pageFor(path) {
  // Other pages need not wait for the rules of papers.
  if (path.startsWith('/html/')) return (await import('./paper-rules.js')).PAPER_PAGE;
  return PAGES.find((page) => page.path.test(path));
}

/**
 * Knows whether MathJax is about to typeset a piece of the page.
 *
 * arXiv loads MathJax 2.7.3 asynchronously, before or after this script runs; a reader can switch it off,
 * and then its script is not in the page.
 */

import { TEX } from './segmenter.js';

const SCRIPT = 'script[src*="MathJax"]';
const PATIENCE_MS = 2_000;
const LOOK_MS = 50;

let broken = false;
document.addEventListener('error', ({ target }) => {
  if (target instanceof Element && target.matches(SCRIPT)) broken = true;
}, true);

/**
 * @param {Element} element
 * @returns {boolean} whether its text still has TeX that will be typeset
 */
export function isAwaiting(element) {
  if (element.querySelector('.MathJax_Processing, .MathJax_Processed')) return true;
  for (const script of element.querySelectorAll('script[type^="math/tex"]')) {
    if (!script.previousElementSibling?.matches('.MathJax, .MathJax_Display, .MathJax_Error')) return true;
  }
  return ownText(element).search(TEX) >= 0;
}

/** @param {Element} element @returns {string} its text without typeset formulas and their TeX */
function ownText(element) {
  let text = '';
  for (const node of element.childNodes) {
    if (node instanceof Text) text += node.data;
    // MathJax leaves a dollar that was escaped in a span of its own.
    else if (node instanceof Element && node.localName === 'span' && node.textContent === '$') text += '\\$';
    else if (node instanceof Element && !node.matches('script, [class^="MathJax"], [data-paperglot]')) text += ownText(node);
  }
  return text;
}

/**
 * Waits until MathJax is done with these elements, at most two seconds; not at all when it will not come.
 *
 * @param {Element[]} elements
 * @param {AbortSignal} signal
 */
export async function typeset(elements, signal) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!signal.aborted && !broken && performance.now() < deadline) {
    if (!document.querySelector(SCRIPT) || !elements.some(isAwaiting)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** All texts of a page, read a few at a time while the browser has nothing else to do. */

import { segment } from '../document/segmenter.js';

/** @typedef {import('../document/blocks.js').Blocks} Blocks */

/** Until the page is parsed and all its blocks are found. */
const WAIT_MS = 500;
/** So much of an idle moment is left for what comes next. */
const MIN_REST_MS = 5;

/**
 * @param {Blocks} blocks
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} in their order, as they are sent for translation; empty when it was aborted
 */
export async function textsOf(blocks, signal) {
  while (!blocks.isComplete && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const texts = [];
  let left = await idle();
  for (const block of blocks) {
    if (left.timeRemaining() < MIN_REST_MS) left = await idle();
    if (signal.aborted) return [];
    const found = segment(block.parts, block.rule);
    if (found?.known === null) texts.push(found.text);
  }
  return texts;
}

/** @returns {Promise<IdleDeadline>} fulfilled in the next idle moment */
function idle() {
  return new Promise((resolve) => requestIdleCallback(resolve));
}

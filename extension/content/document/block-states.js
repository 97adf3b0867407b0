/**
 * The states of a block and every step between them.
 *
 *     found ───────────────► empty            nothing in it to translate; final, and also reached from
 *       │                                     every state below `reserved` once its text is gone
 *       ▼     left behind
 *    reserved ◄──────────┐                    its translation has space, nobody is near
 *       │                │
 *       ▼                │
 *     wanted ────────────┤                    near the reader, about to be asked for
 *       │                │
 *       ▼                │
 *     asked ─────────────┤◄───┐               waits for the first word; asked anew when its text changed
 *       │  ▲ restart     │    │
 *       ▼  │             │    │ asked again
 *    streaming ──────────┘    │
 *       │  (asked, too)       │
 *       ▼                     │
 *     done │ unverified │ failed
 *
 * What a translation shows (`data-state`) follows from this state and is none of its own.
 */

/** @typedef {keyof typeof STEPS} BlockState */

const STEPS = Object.freeze({
  found: ['empty', 'reserved'],
  empty: [],
  reserved: ['wanted'],
  wanted: ['reserved', 'asked', 'empty'],
  asked: ['asked', 'streaming', 'done', 'unverified', 'failed', 'reserved', 'empty'],
  streaming: ['asked', 'done', 'unverified', 'failed', 'reserved', 'empty'],
  done: ['asked', 'empty'],
  unverified: ['asked', 'empty'],
  failed: ['asked', 'empty'],
});

/**
 * Takes a step. One that is not in the table is a fault of ours: the reader's page goes on as if it had
 * not been tried, the console says so, and every browser test fails that finds it there.
 *
 * @param {{ state: BlockState }} block
 * @param {BlockState} state
 * @returns {boolean} whether the step was taken
 */
export function become(block, state) {
  if (!(/** @type {readonly string[]} */ (STEPS[block.state]).includes(state))) {
    console.error(`Illegal step of a block: ${block.state} to ${state}`);
    return false;
  }
  block.state = state;
  return true;
}

/** @param {{ state: BlockState }} block @returns {boolean} whether an answer is awaited */
export const isAsked = ({ state }) => state === 'asked' || state === 'streaming';

/** @param {{ state: BlockState }} block @returns {boolean} whether its whole translation is there */
export const isTranslated = ({ state }) => state === 'done' || state === 'unverified';

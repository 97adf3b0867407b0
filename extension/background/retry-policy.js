/** Decides what becomes of segments that were not translated: asked for again after a pause, or failed. */

/** @typedef {import('../messages.js').Problem} Problem */

/** A wait longer than this is said instead of sat out. */
const MAX_HOLD_MS = 120_000;
const MIN_HOLD_MS = 200;
/** Pauses before asking again after a stream broke. */
const PAUSES_MS = [500, 1_500, 3_000, 4_000];
/** A backend that was there a moment ago is waited for; one that never was is said to be away. */
const RECENT_MS = 60_000;

/** @param {Problem} problem @returns {boolean} whether the way to the backend broke, which counts as a break */
export const isBreak = ({ type }) => type === 'backend-unreachable' || type === 'backend-silent';

/**
 * @param {Problem} problem
 * @param {{ breaks: number, heardAt: number, now: number }} circumstances how often streams broke over these
 *   segments, this time included; when the backend last said something; both times in milliseconds since 1970
 * @returns {number | null} milliseconds until they are asked for again, null when they failed
 */
export function pauseBeforeRetry(problem, { breaks, heardAt, now }) {
  if (problem.type === 'rate-limited') {
    const wait = (problem.until ?? Infinity) - now;
    return wait <= MAX_HOLD_MS ? Math.max(wait, MIN_HOLD_MS) : null;
  }
  if (!isBreak(problem)) return null;
  const pauses = now - heardAt < RECENT_MS ? PAUSES_MS : PAUSES_MS.slice(0, 1);
  return pauses[breaks - 1] ?? null;
}

/** What the backend says, as what the extension knows: only fields of the expected kind are passed on. */

import { StreamError } from './event-stream.js';

/** @typedef {import('../messages.js').Problem} Problem */

/**
 * @typedef {{ event: 'queue', place: number }
 *   | { event: 'delta', id: string, text: string }
 *   | { event: 'segment', id: string, text: string, verified: boolean, cached: boolean, issues: string[],
 *     sourceSentences?: number[] }
 *   | { event: 'failed', id: string, problem: Problem }
 *   | { event: 'done', tokens: number, translated: number, cached: number, failed: number }} StreamEvent
 */

/** More than a segment's characters can hold. */
const MAX_SENTENCES = 4_000;

/** @param {unknown} value @returns {number} */
const count = (value) => (typeof value === 'number' && value >= 0 ? value : 0);

/**
 * A problem+json object as ours.
 *
 * @param {any} body
 * @param {string | null} retryAfter the header, when there was one
 * @param {string} otherwise the type of what is no problem object
 * @returns {Problem}
 */
export function toProblem(body, retryAfter, otherwise) {
  const type = typeof body?.type === 'string' ? body.type.split(/[/#:]/).pop() : '';
  const seconds = Number(retryAfter ?? body?.retry_after ?? NaN);
  /** @type {Problem} */
  const problem = { type: type && /^[a-z-]{1,40}$/.test(type) ? type : otherwise };
  if (Number.isFinite(seconds) && seconds >= 0) problem.until = Date.now() + seconds * 1000;
  if (typeof body?.detail === 'string') problem.detail = body.detail.slice(0, 300);
  return problem;
}

/**
 * @param {string} event
 * @param {string} data
 * @returns {StreamEvent | null} null for what this version does not know
 */
export function toStreamEvent(event, data) {
  let body;
  try {
    body = JSON.parse(data);
  } catch {
    throw new StreamError('An event is no JSON.');
  }
  if (event === 'done') {
    const { usage = {}, translated, cached, failed } = body ?? {};
    return {
      event,
      tokens: count(usage?.prompt_tokens) + count(usage?.completion_tokens),
      translated: count(translated), cached: count(cached), failed: count(failed),
    };
  }
  if (event === 'queue') return { event, place: count(body?.place) };
  if (typeof body?.id !== 'string') return null;
  const { id } = body;
  if (event === 'failed') return { event, id, problem: toProblem(body.problem, null, 'unknown') };
  if (typeof body.text !== 'string') return null;
  if (event === 'delta') return { event, id, text: body.text };
  if (event !== 'segment') return null;
  const issues = Array.isArray(body.issues) ? body.issues.map(issueName).filter(Boolean) : [];
  const sourceSentences = offsets(body.source_sentences);
  return {
    event, id, text: body.text, verified: body.verified === true, cached: body.cached === true, issues,
    ...(sourceSentences ? { sourceSentences } : {}),
  };
}

/** @param {unknown} values @returns {number[] | null} places in a text, rising */
function offsets(values) {
  if (!Array.isArray(values) || !values.length || values.length > MAX_SENTENCES) return null;
  const rises = values.every((value, index) => Number.isInteger(value) && value >= 0 && (!index || value > values[index - 1]));
  return rises ? values : null;
}

/** @param {any} issue a name, or an object that has one @returns {string} */
function issueName(issue) {
  const name = typeof issue === 'string' ? issue : issue?.name;
  return typeof name === 'string' && /^[a-z-]{1,40}$/.test(name) ? name : '';
}

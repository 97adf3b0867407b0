/**
 * The only file that knows the backend's HTTP API.
 *
 * Whatever the server sends is outside text: answers have a largest size, a longest time, and only
 * fields of the expected kind are passed on.
 */

import { readEvents, StreamError } from './event-stream.js';

/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('../messages.js').SourceSegment} SourceSegment */
/** @typedef {import('../messages.js').Context} Context */

const MAX_ANSWER_CHARACTERS = 8 * 1024 * 1024;
/** A sleeping server (Heroku's, for one) may need this long for its first byte. */
const FIRST_BYTE_MS = 45_000;
/** The backend sends at least a comment every second of a stream. */
const SILENCE_MS = 20_000;

/** The backend did not do what was asked; `problem` says why. */
export class BackendError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.type);
    this.problem = problem;
  }
}

/**
 * @typedef {{ event: 'delta', id: string, text: string }
 *   | { event: 'segment', id: string, text: string, verified: boolean, cached: boolean, issues: string[] }
 *   | { event: 'failed', id: string, problem: Problem }
 *   | { event: 'done', tokens: number, translated: number, cached: number, failed: number }} StreamEvent
 */

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
function toProblem(body, retryAfter, otherwise) {
  const type = typeof body?.type === 'string' ? body.type.split(/[/#:]/).pop() : '';
  const seconds = Number(retryAfter ?? body?.retry_after ?? NaN);
  /** @type {Problem} */
  const problem = { type: type && /^[a-z-]{1,40}$/.test(type) ? type : otherwise };
  if (Number.isFinite(seconds) && seconds >= 0) problem.until = Date.now() + seconds * 1000;
  if (typeof body?.detail === 'string') problem.detail = body.detail.slice(0, 300);
  return problem;
}

export class BackendClient {
  #base;
  #token;

  /** @param {{ backendUrl: string, accessToken: string }} settings */
  constructor({ backendUrl, accessToken }) {
    this.#base = backendUrl;
    this.#token = accessToken;
  }

  /** @returns {Promise<unknown>} */
  status() {
    return this.#get('/api/v1/status');
  }

  /**
   * One day's papers.
   *
   * @param {string} date YYYY-MM-DD or `latest`
   * @param {string} lang
   * @returns {Promise<unknown>}
   */
  edition(date, lang) {
    return this.#get(`/api/v1/daily/${encodeURIComponent(date)}?lang=${encodeURIComponent(lang)}`);
  }

  /**
   * Translates segments; the stream ends with `done`, or early when it breaks.
   *
   * @param {{ lang: string, segments: SourceSegment[], context?: Context, retry?: boolean,
   *   glossary?: { source: string, target: string }[] }} request
   * @param {AbortSignal} signal
   */
  translate(request, signal) {
    return this.#stream('/api/v1/translations', request, signal);
  }

  /**
   * Translates titles and abstracts of papers the backend knows.
   *
   * @param {{ lang: string, ids: string[] }} request
   * @param {AbortSignal} signal
   */
  translatePapers(request, signal) {
    return this.#stream('/api/v1/papers/translations', request, signal);
  }

  /**
   * @param {string} path
   * @param {{ method?: string, body?: string, accept: string, signal: AbortSignal }} options
   * @returns {Promise<Response>} with a good status
   */
  async #fetch(path, { method = 'GET', body, accept, signal }) {
    /** @type {Record<string, string>} */
    const headers = { Accept: accept };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    let response;
    try {
      response = await fetch(this.#base + path, {
        method, headers, body, signal, credentials: 'omit', referrerPolicy: 'no-referrer',
        cache: method === 'GET' ? 'no-cache' : 'no-store',
      });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new BackendError({ type: navigator.onLine || isLocal(this.#base) ? 'backend-unreachable' : 'offline' });
    }
    if (response.ok) return response;
    const answer = await readJson(response).catch(() => null);
    const problem = toProblem(answer, response.headers.get('Retry-After'), 'not-paperglot');
    if (problem.type === 'unauthorized' && !this.#token) problem.type = 'token-missing';
    throw new BackendError(problem);
  }

  /** @param {string} path @returns {Promise<unknown>} */
  async #get(path) {
    const clock = new Clock(FIRST_BYTE_MS);
    try {
      const response = await this.#fetch(path, { accept: 'application/json', signal: clock.signal });
      return await readJson(response);
    } catch (error) {
      throw clock.ranOut ? new BackendError({ type: 'backend-silent' }) : error;
    } finally {
      clock.stop();
    }
  }

  /**
   * @param {string} path
   * @param {object} request
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<StreamEvent>}
   */
  async *#stream(path, request, signal) {
    const clock = new Clock(FIRST_BYTE_MS, signal);
    try {
      const response = await this.#fetch(path, {
        method: 'POST', body: JSON.stringify(request), accept: 'text/event-stream', signal: clock.signal,
      });
      const type = response.headers.get('Content-Type') ?? '';
      if (!response.body || !type.startsWith('text/event-stream')) {
        throw new BackendError({ type: 'not-paperglot' });
      }
      clock.restart(SILENCE_MS);
      for await (const { event, data } of readEvents(response.body, () => clock.restart(SILENCE_MS))) {
        const known = toStreamEvent(event, data);
        if (known) yield known;
        if (known?.event === 'done') return;
      }
    } catch (error) {
      if (error instanceof BackendError || signal.aborted) throw error;
      if (error instanceof StreamError) throw new BackendError({ type: 'bad-answer' });
      throw new BackendError({ type: clock.ranOut ? 'backend-silent' : 'backend-unreachable' });
    } finally {
      clock.stop();
    }
  }
}

/** Aborts its signal when it runs out, or when the outer signal does. */
class Clock {
  #controller = new AbortController();
  #timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  ranOut = false;

  /** @param {number} milliseconds @param {AbortSignal} [outer] */
  constructor(milliseconds, outer) {
    if (outer?.aborted) this.#controller.abort();
    outer?.addEventListener('abort', () => this.#controller.abort(), { once: true });
    this.restart(milliseconds);
  }

  get signal() {
    return this.#controller.signal;
  }

  /** @param {number} milliseconds */
  restart(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.ranOut = true;
      this.#controller.abort();
    }, milliseconds);
  }

  /** Stops the time and closes what may still be open. */
  stop() {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}

/** @param {string} address */
function isLocal(address) {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}

/**
 * @param {Response} response
 * @returns {Promise<unknown>}
 */
async function readJson(response) {
  if (!/[/+]json/.test(response.headers.get('Content-Type') ?? '') || !response.body) {
    throw new BackendError({ type: 'not-paperglot' });
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let json = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    json += decoder.decode(value, { stream: true });
    if (json.length > MAX_ANSWER_CHARACTERS) {
      await reader.cancel();
      throw new BackendError({ type: 'bad-answer' });
    }
  }
  try {
    return JSON.parse(json);
  } catch {
    throw new BackendError({ type: 'bad-answer' });
  }
}

/**
 * @param {string} event
 * @param {string} data
 * @returns {StreamEvent | null} null for what this version does not know
 */
function toStreamEvent(event, data) {
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
  if (typeof body?.id !== 'string') return null;
  const { id } = body;
  if (event === 'failed') return { event, id, problem: toProblem(body.problem, null, 'unknown') };
  if (typeof body.text !== 'string') return null;
  if (event === 'delta') return { event, id, text: body.text };
  if (event !== 'segment') return null;
  const issues = Array.isArray(body.issues) ? body.issues.map(issueName).filter(Boolean) : [];
  return { event, id, text: body.text, verified: body.verified === true, cached: body.cached === true, issues };
}

/** @param {any} issue a name, or an object that has one @returns {string} */
function issueName(issue) {
  const name = typeof issue === 'string' ? issue : issue?.name;
  return typeof name === 'string' && /^[a-z-]{1,40}$/.test(name) ? name : '';
}

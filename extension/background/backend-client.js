/**
 * The only file that knows the backend's HTTP API; `answers.js` reads what it says.
 *
 * Whatever the server sends is outside text: answers have a largest size and a longest time.
 */

import { toProblem, toStreamEvent } from './answers.js';
import { readEvents, StreamError } from './event-stream.js';
import { Clock, Silence } from './timeouts.js';

/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('../messages.js').SourceSegment} SourceSegment */
/** @typedef {import('../messages.js').Context} Context */
/** @typedef {import('../messages.js').Paper} Paper */
/** @typedef {import('./answers.js').StreamEvent} StreamEvent */

const MAX_ANSWER_CHARACTERS = 8 * 1024 * 1024;
/** A sleeping server (Heroku's, for one) may need this long for its first byte. */
const FIRST_BYTE_MS = 45_000;
/** The backend sends at least a comment every second of a stream. */
const SILENCE_MS = 20_000;
/** A stream that is silent for so long while the backend answers other questions is gathered by a proxy. */
const GATHERING_MS = 8_000;
/** What a server that has just woken up may need for the stream after it answered another question. */
const GRACE_MS = 2_000;
/** A whole answer says nothing until it is complete. */
const WHOLE_ANSWER_MS = 180_000;
/** Addresses whose proxies gather streams; known as long as the background lives. */
const gathering = new Set();
/** What `#events` throws when a proxy gathers the stream. */
const GATHERED = new Error('gathered');

/** The backend did not do what was asked; `problem` says why. */
export class BackendError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.type);
    this.problem = problem;
  }
}

export class BackendClient {
  #base;
  #token;
  #gatheringMs;

  /**
   * @param {{ backendUrl: string, accessToken: string }} settings
   * @param {{ gatheringMs?: number }} [times]
   */
  constructor({ backendUrl, accessToken }, { gatheringMs = GATHERING_MS } = {}) {
    this.#base = backendUrl;
    this.#token = accessToken;
    this.#gatheringMs = gatheringMs;
  }

  /** @returns {Promise<unknown>} */
  status() {
    return this.#json('/api/v1/status');
  }

  /**
   * One day's papers.
   *
   * @param {string} date YYYY-MM-DD or `latest`
   * @param {string} lang
   * @param {string} [list] its name at the server; without one its first
   * @returns {Promise<unknown>}
   */
  edition(date, lang, list = '') {
    const query = new URLSearchParams({ lang, ...(list ? { list } : {}) });
    return this.#json(`/api/v1/daily/${encodeURIComponent(date)}?${query}`);
  }

  /** @returns {Promise<unknown>} the lists of the server; servers before 0.3 have one and do not know this */
  lists() {
    return this.#json('/api/v1/lists');
  }

  /**
   * What is found among all that is stored; servers before 0.3 do not know this.
   *
   * @param {Record<string, string>} query
   * @returns {Promise<unknown>}
   */
  search(query) {
    return this.#json(`/api/v1/search?${new URLSearchParams(query)}`);
  }

  /**
   * Translates segments; the stream ends with `done`, or early when it breaks.
   *
   * @param {{ lang: string, segments: SourceSegment[], context?: Context, paper?: Paper, retry?: boolean,
   *   sentences?: boolean, glossary?: { source: string, target: string }[] }} request
   * @param {AbortSignal} signal
   */
  translate(request, signal) {
    return this.#stream('/api/v1/translations', request, signal);
  }

  /**
   * Translates titles and abstracts of papers the backend knows.
   *
   * @param {{ lang: string, ids: string[], retry?: boolean }} request
   * @param {AbortSignal} signal
   */
  translatePapers(request, signal) {
    return this.#stream('/api/v1/papers/translations', request, signal);
  }

  /**
   * A paper's own terms.
   *
   * @param {string} id arXiv identifier
   * @param {string} lang
   * @param {{ method: 'POST' | 'PUT' | 'DELETE', body: object }} [change] first; POST draws what is not drawn yet
   * @returns {Promise<unknown>}
   */
  paperTerms(id, lang, change) {
    const path = `/api/v1/papers/${id.split('/').map(encodeURIComponent).join('/')}/terms`;
    if (!change) return this.#json(`${path}?lang=${encodeURIComponent(lang)}`);
    return this.#json(path, { method: change.method, body: JSON.stringify({ lang, ...change.body }) });
  }

  /**
   * A reader's own wording of a paper's title, abstract or both, as plain text with TeX.
   *
   * @param {string} id arXiv identifier
   * @param {{ lang: string, title?: string, abstract?: string }} wording
   * @returns {Promise<unknown>}
   */
  correctPaper(id, wording) {
    const path = `/api/v1/papers/${id.split('/').map(encodeURIComponent).join('/')}/translation`;
    return this.#json(path, { method: 'PUT', body: JSON.stringify(wording) });
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

  /**
   * @param {string} path
   * @param {{ method?: string, body?: string }} [options]
   * @returns {Promise<unknown>}
   */
  async #json(path, options) {
    const clock = new Clock(FIRST_BYTE_MS);
    try {
      const response = await this.#fetch(path, { ...options, accept: 'application/json', signal: clock.signal });
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
    if (!gathering.has(this.#base)) {
      try {
        yield* this.#events(path, request, signal);
        return;
      } catch (error) {
        if (error !== GATHERED) throw error;
        gathering.add(this.#base);
      }
    }
    yield* this.#whole(path, request, signal);
  }

  /**
   * @param {string} path
   * @param {object} request
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<StreamEvent>} throws GATHERED when a proxy holds the stream back
   */
  async *#events(path, request, signal) {
    const clock = new Clock(FIRST_BYTE_MS, signal);
    const silence = new Silence(this.#gatheringMs, async () => {
      await this.status();
      await new Promise((resolve) => { setTimeout(resolve, GRACE_MS); });
      return () => clock.stop();
    });
    try {
      const response = await this.#fetch(path, {
        method: 'POST', body: JSON.stringify(request), accept: 'text/event-stream', signal: clock.signal,
      });
      const type = response.headers.get('Content-Type') ?? '';
      if (!response.body || !type.startsWith('text/event-stream')) {
        throw new BackendError({ type: 'not-paperglot' });
      }
      clock.restart(SILENCE_MS);
      const heard = () => {
        clock.restart(SILENCE_MS);
        silence.restart();
      };
      for await (const { event, data } of readEvents(response.body, heard)) {
        const known = toStreamEvent(event, data);
        if (known) yield known;
        if (known?.event === 'done') return;
      }
    } catch (error) {
      if (error instanceof BackendError || signal.aborted) throw error;
      if (silence.gathered) throw GATHERED;
      if (error instanceof StreamError) throw new BackendError({ type: 'bad-answer' });
      throw new BackendError({ type: clock.ranOut ? 'backend-silent' : 'backend-unreachable' });
    } finally {
      silence.stop();
      clock.stop();
    }
  }

  /**
   * The same in one JSON document, as the events it stands for.
   *
   * @param {string} path
   * @param {object} request
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<StreamEvent>}
   */
  async *#whole(path, request, signal) {
    const clock = new Clock(WHOLE_ANSWER_MS, signal);
    try {
      const response = await this.#fetch(path, {
        method: 'POST', body: JSON.stringify(request), accept: 'application/json', signal: clock.signal,
      });
      const { translations, usage } = /** @type {any} */ (await readJson(response)) ?? {};
      if (!Array.isArray(translations)) throw new BackendError({ type: 'bad-answer' });
      let [translated, cached] = [0, 0];
      for (const each of translations) {
        const known = toStreamEvent(each?.problem ? 'failed' : 'segment', JSON.stringify(each ?? null));
        if (!known) continue;
        if (known.event === 'segment') {
          translated += 1;
          cached += Number(known.cached);
        }
        yield known;
      }
      const sum = { usage, translated, cached, failed: translations.length - translated };
      const done = toStreamEvent('done', JSON.stringify(sum));
      if (done) yield done;
    } catch (error) {
      if (error instanceof BackendError || signal.aborted) throw error;
      throw new BackendError({ type: clock.ranOut ? 'backend-silent' : 'backend-unreachable' });
    } finally {
      clock.stop();
    }
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


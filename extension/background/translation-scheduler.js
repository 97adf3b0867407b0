/**
 * Gives every page its translations over a few streams.
 *
 * Browsers open six connections to an HTTP/1.1 host, so all tabs share three streams; the tab the
 * reader looks at goes first. When the backend asks to wait nothing is sent until the time it
 * named. A Port that closes takes its work with it.
 */

import { load } from '../settings.js';
import { StreamLimits } from './stream-limits.js';
import { BackendClient, BackendError } from './backend-client.js';
import { paperOf, takeBatches } from './batching.js';
import { isBreak, pauseBeforeRetry } from './retry-policy.js';

/** @typedef {import('../messages.js').PortMessage} PortMessage */
/** @typedef {import('../messages.js').PortRequest} PortRequest */
/** @typedef {import('../messages.js').Problem} Problem */
/** @typedef {import('./batching.js').Item} Item */
/** @typedef {import('./session-cache.js').SessionCache} SessionCache */

const MAX_STREAMS = 3;
/** A wait as long as this is said to those who wait. */
const MIN_SAID_MS = 3_000;

/**
 * @typedef {object} Requester one Port
 * @property {chrome.runtime.Port} port
 * @property {Item[]} queue
 * @property {Set<{ items: Map<string, Item>, controller: AbortController, later: boolean }>} streams
 * @property {number} focusedAt
 */

export class TranslationScheduler {
  /** @type {Set<Requester>} */
  #requesters = new Set();
  #heldUntil = 0;
  /** When the backend last said something. */
  #heardAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #wake;
  #cache;

  /** @param {SessionCache} cache */
  constructor(cache) {
    this.#cache = cache;
  }

  /** @param {chrome.runtime.Port} port */
  connect(port) {
    /** @type {Requester} */
    const requester = { port, queue: [], streams: new Set(), focusedAt: 0 };
    this.#requesters.add(requester);
    port.onMessage.addListener((message) => this.#receive(requester, message));
    port.onDisconnect.addListener(() => {
      this.#requesters.delete(requester);
      for (const stream of requester.streams) stream.controller.abort();
      this.#pump();
    });
  }

  /** Forgets a wait, because the reader changed the address or the token. */
  release() {
    this.#heldUntil = 0;
    this.#pump();
  }

  /**
   * @param {Requester} requester
   * @param {PortRequest} message
   */
  #receive(requester, message) {
    if (message.type === 'translate') {
      const { lang, context, paper, retry = false } = message;
      const items = message.segments.map((one) =>
        ({ ...one, kind: /** @type {const} */ ('segment'), lang, context, paper, retry, breaks: 0 }));
      void this.#enqueue(requester, items);
    } else if (message.type === 'translate-papers') {
      const { lang, retry = false } = message;
      void this.#enqueue(requester, message.papers.map((id) =>
        ({ id, text: '', kind: /** @type {const} */ ('paper'), lang, retry, breaks: 0 })));
    } else if (message.type === 'cancel') {
      this.#cancel(requester, new Set(message.ids));
    } else if (message.type === 'hasten') {
      const ids = new Set(message.ids);
      for (const item of requester.queue) if (ids.has(item.id)) item.later = undefined;
      this.#line(requester, requester.queue);
    } else if (message.type === 'focus') {
      requester.focusedAt = Date.now();
    } else if (message.type === 'ping') {
      this.#tell(requester, { type: 'pong' });
    }
  }

  /**
   * @param {Requester} requester
   * @param {Item[]} items
   */
  async #enqueue(requester, items) {
    const missing = [];
    const known = await this.#cache.find(items, scopeOf(await load()));
    for (const item of items) {
      const answer = item.retry || item.anew ? undefined : known.get(item);
      if (!answer) missing.push(item);
      else this.#tell(requester, { type: 'segment', id: item.id, ...answer, verified: true, cached: true, issues: [] });
    }
    this.#line(requester, [...requester.queue, ...missing]);
  }

  /**
   * @param {Requester} requester
   * @param {Item[]} items all that it waits for; what may come later goes behind the rest
   */
  #line(requester, items) {
    requester.queue = items.toSorted((a, b) => Number(a.later ?? false) - Number(b.later ?? false));
    this.#pump();
  }

  /**
   * Drops what is still queued, and a stream of which nothing else is wanted.
   *
   * @param {Requester} requester
   * @param {Set<string>} ids
   */
  #cancel(requester, ids) {
    const dropped = requester.queue.filter((item) => ids.has(item.id)).map((item) => item.id);
    requester.queue = requester.queue.filter((item) => !ids.has(item.id));
    for (const stream of requester.streams) {
      if ([...stream.items.keys()].every((id) => ids.has(id))) {
        dropped.push(...stream.items.keys());
        stream.items.clear();
        stream.controller.abort();
      }
    }
    if (dropped.length) this.#tell(requester, { type: 'cancelled', ids: dropped });
  }

  /** Starts as many streams as may be open now. */
  #pump() {
    clearTimeout(this.#wake);
    const wait = this.#heldUntil - Date.now();
    if (wait > 0) {
      this.#wake = setTimeout(() => this.#pump(), wait);
      return;
    }
    for (;;) {
      const requesters = [...this.#requesters];
      const open = requesters.reduce((sum, requester) => sum + requester.streams.size, 0);
      if (open >= MAX_STREAMS) return;
      const isLaterOpen = requesters.some(({ streams }) => [...streams].some(({ later }) => later));
      const [requester] = requesters.filter(({ queue: [first] }) => first && !(first.later && isLaterOpen))
        .sort((a, b) => b.focusedAt - a.focusedAt);
      if (!requester) return;
      for (const batch of takeBatches(requester.queue, MAX_STREAMS - open)) void this.#stream(requester, batch);
    }
  }

  /**
   * @param {Requester} requester
   * @param {Item[]} batch all of one kind, language, context
   */
  async #stream(requester, batch) {
    const stream = {
      items: new Map(batch.map((item) => [item.id, item])),
      controller: new AbortController(),
      later: batch[0].later ?? false,
    };
    requester.streams.add(stream);
    /** @type {Problem | null} */
    let problem = null;
    try {
      await this.#read(requester, stream, batch);
      if (stream.items.size) problem = { type: 'backend-unreachable' };
    } catch (error) {
      if (stream.controller.signal.aborted) stream.items.clear();
      else problem = error instanceof BackendError ? error.problem : { type: 'unknown' };
    }
    requester.streams.delete(stream);
    if (problem) this.#retryOrFail(requester, [...stream.items.values()], problem);
    this.#pump();
  }

  /**
   * @param {Requester} requester
   * @param {{ items: Map<string, Item>, controller: AbortController }} stream
   * @param {Item[]} batch
   */
  async #read(requester, stream, batch) {
    const settings = await load();
    const client = new BackendClient(settings);
    const { signal } = stream.controller;
    const [{ kind, lang, context, paper, retry }] = batch;
    const events = kind === 'paper'
      ? client.translatePapers({ lang, ids: batch.map(({ id }) => id), ...(retry ? { retry } : {}) }, signal)
      : client.translate({
        lang, segments: batch.map(({ id, text, parts }) => ({ id, text, ...(parts ? { parts } : {}) })), context,
        sentences: true,
        ...(paper ? { paper } : {}),
        ...(retry ? { retry } : {}),
        ...(settings.glossary.length ? { glossary: settings.glossary } : {}),
      }, signal);
    const limits = new StreamLimits(batch);

    for await (const event of events) {
      this.#heardAt = Date.now();
      if (event.event === 'done') {
        const { tokens, translated, cached, failed } = event;
        this.#tell(requester, { type: 'usage', tokens, translated, cached, failed });
        continue;
      }
      if (event.event === 'queue') {
        this.#tell(requester, { type: 'hold', problem: event.place ? { type: 'queued', place: event.place } : null });
        continue;
      }
      const item = stream.items.get(kind === 'paper' ? paperOf(event.id) : event.id);
      if (!item) continue; // somebody else's, or already answered
      if (event.event === 'delta') {
        if (!event.text) continue;
        limits.take(event.id, event.text.length);
        item.breaks = 0;
        this.#tell(requester, { type: 'delta', id: event.id, text: event.text });
      } else if (event.event === 'segment') {
        limits.renew(event.id);
        limits.take(event.id, event.text.length);
        const { id, text, verified, cached, issues, sourceSentences } = event;
        const answer = { text, ...(sourceSentences ? { sourceSentences } : {}) };
        if (limits.finish(id)) stream.items.delete(item.id);
        this.#tell(requester, { type: 'segment', id, ...answer, verified, cached, issues });
        if (verified && kind === 'segment') void this.#cache.store(item, scopeOf(settings), answer);
      } else {
        if (kind === 'segment' || limits.finish(event.id)) stream.items.delete(item.id);
        if (kind === 'segment') this.#retryOrFail(requester, [item], event.problem);
        else this.#tell(requester, { type: 'failed', id: event.id, problem: event.problem });
      }
    }
  }

  /**
   * @param {Requester} requester
   * @param {Item[]} items that were not translated
   * @param {Problem} problem
   */
  #retryOrFail(requester, items, problem) {
    if (!items.length || !this.#requesters.has(requester)) return;
    if (isBreak(problem)) for (const item of items) item.breaks += 1;
    const [{ breaks }] = items;
    const pause = pauseBeforeRetry(problem, { breaks, heardAt: this.#heardAt, now: Date.now() });
    if (pause === null) this.#fail(requester, items, problem);
    else this.#again(requester, items, pause, problem);
  }

  /**
   * @param {Requester} requester
   * @param {Item[]} items
   * @param {number} pause milliseconds
   * @param {Problem} problem
   */
  #again(requester, items, pause, problem) {
    this.#heldUntil = Math.max(this.#heldUntil, Date.now() + pause);
    for (const { id, kind } of items) if (kind === 'segment') this.#tell(requester, { type: 'restart', id });
    if (pause >= MIN_SAID_MS) this.#tell(requester, { type: 'hold', problem: { ...problem, until: this.#heldUntil } });
    this.#line(requester, [...items, ...requester.queue]);
  }

  /**
   * @param {Requester} requester
   * @param {Item[]} items
   * @param {Problem} problem
   */
  #fail(requester, items, problem) {
    for (const { id, kind } of items) {
      const ids = kind === 'paper' ? [`${id}/title`, `${id}/abstract`] : [id];
      for (const one of ids) this.#tell(requester, { type: 'failed', id: one, problem });
    }
  }

  /**
   * @param {Requester} requester
   * @param {PortMessage} event
   */
  #tell(requester, event) {
    if (this.#requesters.has(requester)) requester.port.postMessage(event);
  }
}

/**
 * What a translation depends on beside its text and language.
 *
 * @param {import('../settings.js').Settings} settings
 */
function scopeOf({ backendUrl, glossary }) {
  return JSON.stringify([backendUrl, glossary]);
}

/**
 * The page's end of the Port to the background: keeps it awake while work is under way, and when it
 * breaks opens it again and asks for what is missing.
 */

import { browser } from '../../browser.js';
import { PING_INTERVAL, TRANSLATION_PORT } from '../../messages.js';
import { LongSegments } from './long-segments.js';

/** @typedef {import('../../messages.js').PortEvent} PortEvent */
/** @typedef {import('../../messages.js').PortMessage} PortMessage */
/** @typedef {import('../../messages.js').PortRequest} PortRequest */
/** @typedef {import('../../messages.js').SourceSegment} SourceSegment */
/** @typedef {import('../../messages.js').TranslateRequest} TranslateRequest */

/** Pauses before opening a Port again that closed without giving anything. */
const PAUSES_MS = [50, 250, 1_000, 4_000];
const REST_MS = 1_000;

export class BackgroundPort {
  /** @type {chrome.runtime.Port | null} */
  #port = null;
  /** @type {Map<string, TranslateRequest>} what was asked and not yet answered, each as a request of one segment */
  #open = new Map();
  #barren = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ping;
  /** Whether a ping has had no answer yet. */
  #isUnanswered = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  #long;
  #signal;
  #pingMs;

  /**
   * @param {(event: PortEvent) => void} onEvent
   * @param {AbortSignal} signal closes the Port, and so ends the work behind it
   * @param {{ pingMs?: number }} [times]
   */
  constructor(onEvent, signal, { pingMs = PING_INTERVAL } = {}) {
    this.#pingMs = pingMs;
    this.#long = new LongSegments(onEvent);
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#close());
    const focus = () => {
      if (document.visibilityState === 'visible') this.#post({ type: 'focus' });
    };
    document.addEventListener('visibilitychange', focus, { signal });
    addEventListener('focus', focus, { signal });
    // A page in the back/forward cache keeps no Port; one that returns asks for what it still lacks.
    addEventListener('pagehide', () => this.#close(), { signal });
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.#resume();
    }, { signal });
  }

  /** Wakes the background, which takes it a moment, before there is anything to ask. */
  wake() {
    if (!this.#port && this.#connect()) this.#rest();
  }

  /** @param {TranslateRequest} request */
  translate(request) {
    request = this.#long.cut(request);
    for (const one of request.segments) this.#open.set(one.id, { ...request, segments: [one] });
    this.#send(request);
  }

  /** @param {string[]} ids */
  cancel(ids) {
    if (this.#port) this.#post({ type: 'cancel', ids: this.#long.asked(ids) });
  }

  /** @param {string[]} ids of what was to come later and is wanted now */
  hasten(ids) {
    if (this.#port) this.#post({ type: 'hasten', ids: this.#long.asked(ids) });
  }

  /** @param {TranslateRequest} request */
  #send(request) {
    if (!this.#port && !this.#connect()) return;
    this.#post(request);
  }

  /** @param {PortRequest} request */
  #post(request) {
    try {
      this.#port?.postMessage(request);
    } catch {
      this.#disconnected(); // closed between two events
    }
  }

  /** @returns {boolean} */
  #connect() {
    let port;
    try {
      port = browser.runtime.connect({ name: TRANSLATION_PORT });
    } catch {
      // The extension was updated or removed while this page stood open.
      this.#giveUp('extension-reloaded');
      return false;
    }
    this.#port = port;
    port.onMessage.addListener((event) => {
      if (port === this.#port) this.#receive(event);
    });
    port.onDisconnect.addListener(() => {
      if (port === this.#port) this.#disconnected();
    });
    this.#isUnanswered = false;
    this.#ping = setInterval(() => this.#checkEnd(), this.#pingMs);
    if (document.hasFocus()) this.#post({ type: 'focus' });
    return true;
  }

  /** A Port whose other end went away without a word, with a machine that slept for one, is opened anew. */
  #checkEnd() {
    if (this.#isUnanswered) {
      this.#disconnected();
      return;
    }
    this.#isUnanswered = true;
    this.#post({ type: 'ping' });
  }

  /** @param {PortMessage} event */
  #receive(event) {
    this.#isUnanswered = false;
    if (event.type === 'pong') return;
    this.#barren = 0;
    if (event.type === 'segment' || event.type === 'failed') this.#open.delete(event.id);
    if (event.type === 'cancelled') for (const id of event.ids) this.#open.delete(id);
    this.#long.receive(event);
    if (!this.#open.size) this.#rest();
  }

  /** Closes the Port when nothing more was asked for a while: an open one keeps the page out of the back/forward cache. */
  #rest() {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (!this.#open.size) this.#close();
    }, REST_MS);
  }

  #disconnected() {
    this.#close();
    if (!this.#open.size || this.#signal.aborted) return;
    const pause = PAUSES_MS[this.#barren];
    this.#barren += 1;
    if (pause === undefined) this.#giveUp('backend-silent');
    else setTimeout(() => this.#resume(), pause);
  }

  /** Asks for everything that has not been answered, in as few requests as it was asked in. */
  #resume() {
    if (this.#signal.aborted || this.#port || !this.#open.size) return;
    /** @type {Map<string, TranslateRequest>} */
    const requests = new Map();
    for (const one of this.#open.values()) {
      const group = JSON.stringify([one.lang, one.context, one.paper, one.retry]);
      const request = requests.get(group);
      if (request) request.segments.push(...one.segments);
      else requests.set(group, { ...one, segments: [...one.segments] });
    }
    for (const id of this.#open.keys()) this.#long.receive({ type: 'restart', id });
    for (const request of requests.values()) this.#send(request);
  }

  /** @param {string} type of the problem */
  #giveUp(type) {
    const ids = [...this.#open.keys()];
    this.#open.clear();
    this.#barren = 0;
    for (const id of ids) this.#long.receive({ type: 'failed', id, problem: { type } });
  }

  #close() {
    clearInterval(this.#ping);
    const port = this.#port;
    this.#port = null;
    port?.disconnect();
  }
}

/** Times after which a question is given up, or looked into. */

/** Aborts its signal when it runs out, or when the outer signal does. */
export class Clock {
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

/** Calls after some silence, and sets `gathered` when it goes on although the backend is there. */
export class Silence {
  #timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #turn = 0;
  gathered = false;

  /**
   * @param {number} milliseconds of silence before it asks
   * @param {() => Promise<() => void>} ask whether the backend is there, rejects when not; gives what ends the stream
   */
  constructor(milliseconds, ask) {
    this.milliseconds = milliseconds;
    this.ask = ask;
    this.restart();
  }

  restart() {
    this.stop();
    const turn = this.#turn;
    this.#timer = setTimeout(async () => {
      const end = await this.ask().catch(() => null);
      if (!end || turn !== this.#turn) return;
      this.gathered = true;
      end();
    }, this.milliseconds);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }
}

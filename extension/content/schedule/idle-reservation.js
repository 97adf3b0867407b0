/**
 * Reserves space for translations that nobody is near yet, a few at a time while the browser has nothing
 * else to do. A reader who jumps to the end of a long list then finds it as it stays, and one who
 * scrolls moves nothing: on a list of two thousand every change of height costs a walk through all of it.
 */

/** @typedef {import('./viewport.js').Boxes} Boxes */

/** So many that the layout after them stays unnoticed. */
const AT_ONCE = 80;
const BREATH_MS = 50;
const MAX_WAIT_MS = 100;

export class IdleReservation {
  /** @type {Boxes} */
  #boxes = new Map();
  #reserve;
  #signal;
  #waiting = false;

  /**
   * @param {(boxes: Boxes) => void} reserve
   * @param {AbortSignal} signal
   */
  constructor(reserve, signal) {
    this.#reserve = reserve;
    this.#signal = signal;
  }

  /** @param {Boxes} boxes */
  add(boxes) {
    for (const [element, box] of boxes) this.#boxes.set(element, box);
    if (this.#boxes.size) this.#wait();
  }

  #wait() {
    if (this.#waiting || this.#signal.aborted) return;
    this.#waiting = true;
    // An idle moment that the browser had before it drew the last ones is none for the next.
    setTimeout(() => requestIdleCallback(() => {
      this.#waiting = false;
      const some = [...this.#boxes].slice(0, AT_ONCE);
      for (const [element] of some) this.#boxes.delete(element);
      if (this.#signal.aborted) return;
      this.#reserve(new Map(some));
      if (this.#boxes.size) this.#wait();
    }, { timeout: MAX_WAIT_MS }), BREATH_MS);
  }
}

/** Changes to the page, gathered and made in the next frame, all at once. */

/** How long a change may wait where no frames are drawn. */
const HIDDEN_MS = 300;

export class FrameQueue {
  /** @type {(() => void)[]} */
  #changes = [];
  #after;
  #signal;
  #waiting = false;

  /**
   * @param {() => void} after follows the changes of each frame
   * @param {AbortSignal} signal
   */
  constructor(after, signal) {
    this.#after = after;
    this.#signal = signal;
  }

  /** @param {() => void} [change] */
  next(change) {
    if (change) this.#changes.push(change);
    if (this.#waiting) return;
    this.#waiting = true;
    const draw = () => {
      if (!this.#waiting || this.#signal.aborted) return;
      this.#waiting = false;
      for (const each of this.#changes.splice(0)) each();
      this.#after();
    };
    if (document.hidden) setTimeout(draw, HIDDEN_MS); // a hidden tab draws no frames
    else requestAnimationFrame(draw);
  }
}

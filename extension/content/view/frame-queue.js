/**
 * Changes to the page, gathered and made in the next frame: all at once, but for those above what the reader
 * looks at. These and the others take turns, so that in each frame something stays for the browser to hold on to.
 */

/** How long a change may wait where no frames are drawn. */
const HIDDEN_MS = 300;

export class FrameQueue {
  /** @type {{ change: () => void, isAbove: () => boolean }[]} */
  #changes = [];
  /** Whether those above were changed last. */
  #wasAbove = false;
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

  /**
   * @param {() => void} [change]
   * @param {() => boolean} [isAbove] whether it is to something that begins above the screen's upper edge, when
   *   the time has come
   */
  next(change, isAbove = () => false) {
    if (change) this.#changes.push({ change, isAbove });
    if (this.#waiting) return;
    this.#waiting = true;
    const draw = () => {
      if (!this.#waiting || this.#signal.aborted) return;
      this.#waiting = false;
      this.#change();
      this.#after();
      if (this.#changes.length) this.next();
    };
    if (document.hidden) setTimeout(draw, HIDDEN_MS); // a hidden tab draws no frames
    else requestAnimationFrame(draw);
  }

  #change() {
    const { true: above = [], false: seen = [] } = Object.groupBy(this.#changes.splice(0), ({ isAbove }) => String(isAbove()));
    const isAboveNow = above.length > 0 && (!seen.length || !this.#wasAbove);
    this.#wasAbove = isAboveNow;
    const [now, later] = isAboveNow ? [above, seen] : [seen, above];
    for (const { change } of now) change();
    this.#changes.unshift(...later);
  }
}

/** Long work in short tasks: the page stays alive meanwhile, is told how far the work is, and can stop it. */

const MAX_TASK_MS = 10;

export class Pace {
  #signal;
  #report;
  #end = performance.now() + MAX_TASK_MS;
  #before = 0;
  #share = 0;
  #steps = 1;
  #done = 0;

  /** @param {{ signal?: AbortSignal, report?: (done: number) => void }} [listener] `done` goes from 0 to 1 */
  constructor({ signal, report } = {}) {
    this.#signal = signal;
    this.#report = report;
  }

  /**
   * The next part of the work begins.
   *
   * @param {number} share of the whole, between 0 and 1
   * @param {number} steps that it has
   */
  begin(share, steps) {
    this.#before += this.#share;
    this.#share = share;
    this.#steps = Math.max(steps, 1);
    this.#done = 0;
  }

  /**
   * After a piece of work. The next one is in a new task when this one has lasted long enough.
   *
   * @param {number} [steps] how many the piece had
   * @throws what the signal was aborted with
   */
  async step(steps = 1) {
    this.#done += steps;
    if (performance.now() < this.#end) return;
    this.#report?.(this.#before + this.#share * Math.min(this.#done / this.#steps, 1));
    await nextTask();
    this.#signal?.throwIfAborted();
    this.#end = performance.now() + MAX_TASK_MS;
  }
}

/**
 * A timer would wait for a second in a tab that nobody looks at; `scheduler.yield` would go before translations that
 * arrive meanwhile.
 */
async function nextTask() {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
  port1.close();
}

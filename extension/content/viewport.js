/** Tells which elements come near the screen, a screen ahead, and which leave it behind. */

export class Viewport {
  #observer;

  /**
   * @param {{ onNear: (elements: Element[]) => void, onLeft: (elements: Element[]) => void, signal: AbortSignal }} options
   */
  constructor({ onNear, onLeft, signal }) {
    this.#observer = new IntersectionObserver((entries) => {
      /** @param {boolean} near */
      const targets = (near) =>
        entries.filter(({ isIntersecting }) => isIntersecting === near).map(({ target }) => target);
      if (targets(false).length) onLeft(targets(false));
      if (targets(true).length) onNear(targets(true));
    }, { rootMargin: '100% 0px' });
    signal.addEventListener('abort', () => this.#observer.disconnect());
  }

  /** @param {Element} element */
  watch(element) {
    this.#observer.observe(element);
  }
}

/**
 * The leading elements that are near the screen now, for those who cannot wait for the observer: it
 * answers a frame later, and a frame is enough to see the page jump.
 *
 * @param {Element[]} elements in document order
 * @returns {Element[]}
 */
export function nearNow(elements) {
  const near = [];
  for (const element of elements) {
    const { top, bottom, height } = element.getBoundingClientRect();
    if (top > 2 * innerHeight) break;
    if (height > 0 && bottom > -innerHeight) near.push(element);
  }
  return near;
}

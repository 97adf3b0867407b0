/**
 * Tells which elements come near the screen and which leave it behind.
 *
 * Three screens ahead there is time to reserve space before anything can be seen to move; a screen ahead
 * there is time to translate before the reader arrives.
 */

const SOON = '300% 0px';

/** @typedef {Map<Element, DOMRectReadOnly>} Boxes elements and where they are */

/** @param {IntersectionObserverEntry[]} entries @returns {Boxes} */
const boxesOf = (entries) => new Map(entries.map((entry) => [entry.target, entry.boundingClientRect]));

/**
 * @typedef {object} Listeners
 * @property {(boxes: Boxes) => void} onSoon came within three screens
 * @property {(boxes: Boxes) => void} onFar are further away than that
 * @property {(boxes: Boxes) => void} onNear came within a screen
 * @property {(elements: Element[]) => void} onLeft are further than a screen away, again or from the start
 */

export class Viewport {
  #listeners;
  #observers;

  /**
   * @param {Listeners} listeners
   * @param {{ ahead?: number, signal: AbortSignal }} options `ahead`: how many screens below are near
   */
  constructor(listeners, { ahead = 1, signal }) {
    this.#listeners = listeners;
    /** @param {IntersectionObserverEntry[]} entries */
    const inside = (entries) => boxesOf(entries.filter(({ isIntersecting }) => isIntersecting));
    this.#observers = [
      new IntersectionObserver((entries) => {
        listeners.onSoon(inside(entries));
        // What is shown but far: the observer speaks of it once, when it begins to watch.
        listeners.onFar(boxesOf(entries.filter(({ isIntersecting, boundingClientRect }) =>
          !isIntersecting && boundingClientRect.height > 0)));
      }, { rootMargin: SOON }),
      new IntersectionObserver((entries) => {
        listeners.onLeft(entries.filter(({ isIntersecting }) => !isIntersecting).map(({ target }) => target));
        listeners.onNear(inside(entries));
      }, { rootMargin: `100% 0px ${ahead * 100}% 0px` }),
    ];
    signal.addEventListener('abort', () => {
      for (const observer of this.#observers) observer.disconnect();
    });
  }

  /** @param {Element[]} elements in document order */
  watch(elements) {
    for (const observer of this.#observers) for (const element of elements) observer.observe(element);
    if (document.hidden) this.#look(elements);
  }

  /** @param {Element[]} elements whose space is reserved; where they are is not asked again for that */
  reserved(elements) {
    for (const element of elements) this.#observers[0].unobserve(element);
  }

  /** @param {Element[]} elements that are no longer in the page */
  forget(elements) {
    for (const observer of this.#observers) for (const element of elements) observer.unobserve(element);
  }

  /**
   * A hidden tab is not drawn, so its observers are silent; its first screen is translated all the same,
   * and is ready when the reader turns to it.
   *
   * @param {Element[]} elements
   */
  #look(elements) {
    /** @type {Boxes} */
    const near = new Map();
    for (const element of elements) {
      const box = element.getBoundingClientRect();
      if (box.top > 2 * innerHeight) break;
      if (box.height > 0) near.set(element, box);
    }
    this.#listeners.onSoon(near);
    this.#listeners.onNear(near);
  }
}

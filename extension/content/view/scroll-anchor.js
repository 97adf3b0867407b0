/**
 * Keeps what the reader looks at where it is on the screen, whatever changes above it.
 *
 * Browsers do so themselves (CSS Scroll Anchoring): of what is seen they hold the first. That may be a text
 * cut by the upper edge, which is about to change itself, or one that is replaced and gone. So a text that
 * begins above the edge is offered to them as an anchor no more, which leaves the first whole one. Where a
 * text begins is learnt from an observer: to ask would cost a layout.
 *
 * https://drafts.csswg.org/css-scroll-anchoring/
 */

/** On what browsers may not hold on to; see `translation-view.css`. */
const PASSED = 'data-paperglot-passed';
/** So far above the screen what begins above its edge is known, in pixels. */
const REACH = 100_000;

export class ScrollAnchor {
  /** @type {IntersectionObserver | null} */
  #observer = null;
  /** @type {Map<Element, Element>} originals and translations that are watched, each with the original */
  #originals = new Map();
  /** @type {Set<Element>} of these, those that begin above the upper edge */
  #passed = new Set();
  /** @type {Set<Element>} that are no anchors */
  #marked = new Set();
  #edge = 0;
  #signal;

  /** @param {AbortSignal} signal leaves the page as it was */
  constructor(signal) {
    this.#signal = signal;
    addEventListener('resize', () => this.#observe(), { signal });
    signal.addEventListener('abort', () => {
      this.#observer?.disconnect();
      this.#originals.clear();
      this.#passed.clear();
      this.#mark();
    });
  }

  /**
   * @param {Element} original near the screen
   * @param {Element} [translation] its own
   */
  watch(original, translation = original) {
    if (this.#signal.aborted) return;
    if (!this.#observer) this.#observe();
    for (const element of new Set([original, translation])) {
      if (this.#originals.has(element)) continue;
      this.#originals.set(element, original);
      this.#observer?.observe(element);
    }
  }

  /**
   * @param {Element} original
   * @param {DOMRectReadOnly} box where it is
   * @returns {boolean} whether it is news that the upper edge cuts it; browsers heed that from the next frame on
   */
  learns(original, box) {
    if (this.#signal.aborted || box.top >= 0 && box.top >= this.#edge || box.bottom <= 0 || this.#passed.has(original)) return false;
    this.watch(original);
    this.#passed.add(original);
    this.#mark();
    return true;
  }

  /** @param {Element} element original or translation that is near no more */
  forget(element) {
    if (!this.#originals.delete(element)) return;
    this.#observer?.unobserve(element);
    if (this.#passed.delete(element)) this.#mark();
  }

  /** @param {Element} element original or translation @returns {boolean} whether it begins above the upper edge */
  hasPassed(element) {
    return this.#passed.has(element);
  }

  /**
   * For changes after which no anchor of the browser's is left, at the price of a layout.
   *
   * @param {() => void} change
   */
  keep(change) {
    /** @type {{ element: Element, top: number } | null} */
    let first = null;
    if (scrollY > 0) for (const element of this.#originals.keys()) { // nothing is above the beginning of a page
      const { top, height } = element.getBoundingClientRect();
      if (height > 0 && top >= this.#edge && top < (first?.top ?? innerHeight)) first = { element, top };
    }
    change();
    if (!first) return;
    const original = /** @type {Element} */ (this.#originals.get(first.element));
    const seen = [first.element, ...this.#originals.keys()].find((element) =>
      this.#originals.get(element) === original && element.isConnected && element.getClientRects().length);
    if (seen) scrollBy({ top: seen.getBoundingClientRect().top - first.top, behavior: 'instant' });
  }

  #observe() {
    this.#observer?.disconnect();
    this.#edge = upperEdge();
    this.#observer = new IntersectionObserver((entries) => {
      if (this.#signal.aborted) return; // what was on its way
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting && this.#originals.has(target)) this.#passed.add(target);
        else this.#passed.delete(target);
      }
      this.#mark();
    }, { rootMargin: `${REACH}px 0px ${Math.min(0, this.#edge - 1 - innerHeight)}px` });
    for (const element of this.#originals.keys()) this.#observer.observe(element);
  }

  #mark() {
    const wanted = new Set([...this.#passed].flatMap((element) =>
      outermost(this.#originals.get(element) ?? element)));
    for (const element of this.#marked) if (!wanted.has(element)) element.removeAttribute(PASSED);
    for (const element of wanted) if (!this.#marked.has(element)) element.setAttribute(PASSED, '');
    this.#marked = wanted;
  }
}

/** @returns {number} where what is read begins to be seen, below what sticks there, in pixels */
function upperEdge() {
  const heights = [...document.querySelectorAll('header, nav')].map((element) => {
    const { position, top } = getComputedStyle(element);
    const { height, width } = element.getBoundingClientRect();
    return /^(?:fixed|sticky)$/.test(position) && parseFloat(top) <= 0 && width > innerWidth / 2 ? height : 0;
  });
  return Math.min(Math.max(0, ...heights), innerHeight / 2);
}

/**
 * @param {Element} original
 * @returns {Element[]} with its translation, or what they are the end of: all of that is above, or is they
 */
function outermost(original) {
  /** @type {Element[]} */
  let found = [];
  for (let around = original; !around.matches('article, main, body'); around = /** @type {Element} */ (around.parentElement)) {
    found = [around];
    let next = around.nextElementSibling;
    for (; next?.hasAttribute('data-paperglot'); next = next.nextElementSibling) {
      if (!next.matches('[data-paperglot="replaced"], [data-paperglot="beside"]')) found.push(next);
      else break;
    }
    if (next || !around.parentElement) break;
  }
  return found;
}

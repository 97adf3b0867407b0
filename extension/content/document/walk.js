/**
 * Finds what a page's rules select, from where it stopped before: a paper's page grows to a hundred
 * thousand elements, nine of ten of them in formulas, and is looked at again and again while it is parsed.
 */

/** Elements in the order of the page, without going into those that hold no text of their own. */
export class Walk {
  #root;
  #closed;
  /** @type {Element | null} */
  #last = null;

  /**
   * @param {string} root selector of the element whose inside is walked
   * @param {string} closed selector of elements that are not gone into
   */
  constructor(root, closed) {
    this.#root = root;
    this.#closed = closed;
  }

  /** From the beginning again. */
  restart() {
    this.#last = null;
  }

  /** @returns {Element | null} the element after those that were passed; null when there is none yet */
  next() {
    const root = document.querySelector(this.#root);
    if (!root) return null;
    if (!this.#last?.isConnected) return root.firstElementChild;
    if (this.#last.firstElementChild && !this.#last.matches(this.#closed)) return this.#last.firstElementChild;
    /** @type {Element | null} */
    let element = this.#last;
    while (element && element !== root && !element.nextElementSibling) element = element.parentElement;
    return element === root ? null : element?.nextElementSibling ?? null;
  }

  /** @param {Element} element that `next` gave and that need not be given again */
  pass(element) {
    this.#last = element;
  }
}

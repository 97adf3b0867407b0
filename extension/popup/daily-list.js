/** A list of papers: the first few at once, the others a handful at a time, and what is there stays. */

import { drawPaper, save } from './paper-item.js';

/** @typedef {import('../editions.js').Paper} Paper */

/**
 * @typedef {object} Place where the reader is in a list
 * @property {string} id of the first paper that is seen
 * @property {number} top where it begins in the window
 */

/** As many as a popup shows. */
const AT_ONCE = 7;
/** What building papers may take of a frame; their layout and painting come on top. */
const BUILDING_MS = 6;

export class DailyList {
  #root;
  #dress;
  /** @type {Paper[]} */
  #papers = [];
  /** @type {Map<string, { item: HTMLLIElement, paper: Paper }>} */
  #items = new Map();
  #drawing = 0;
  #filter = '';

  /**
   * @param {HTMLElement} root the list element
   * @param {(item: HTMLElement, paper: Paper) => void} [dress] adds to a paper that is drawn
   */
  constructor(root, dress = () => {}) {
    this.#root = root;
    this.#dress = dress;
  }

  /**
   * Draws papers. Those that are drawn as they are stay untouched, unfolded ones too.
   *
   * @param {Paper[]} papers
   */
  show(papers) {
    if (papers === this.#papers) return;
    this.#papers = papers;
    const drawing = (this.#drawing += 1);
    const wanted = new Set(papers.map(({ id }) => id));
    for (const [id, { item }] of this.#items) {
      if (wanted.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    for (let index = 0; index < Math.min(papers.length, AT_ONCE); index += 1) this.#place(index);
    const rest = (/** @type {number} */ from) => {
      if (drawing !== this.#drawing) return;
      const start = performance.now();
      let index = from;
      while (index < papers.length && performance.now() - start < BUILDING_MS) this.#place(index++);
      // After the next painting: a task each, so that a click or a key is never kept waiting.
      if (index < papers.length) afterFrame(() => rest(index));
    };
    if (papers.length > AT_ONCE) afterFrame(() => rest(AT_ONCE));
  }

  /** @param {number} index of a paper that is to stand there */
  #place(index) {
    const paper = this.#papers[index];
    const known = this.#items.get(paper.id);
    let item = known?.item;
    if (!item || !same(paper, known?.paper)) {
      item = drawPaper(paper, known?.item.hasAttribute('data-open') ?? false);
      this.#dress(item, paper);
      const focused = known?.item.contains(document.activeElement);
      known?.item.replaceWith(item);
      if (focused) /** @type {HTMLElement} */ (item.querySelector('.title')).focus();
      this.#items.set(paper.id, { item, paper });
    }
    item.hidden = !this.#matches(paper);
    const there = this.#root.children[index];
    if (there !== item) this.#root.insertBefore(item, there ?? null);
  }

  get isEmpty() {
    return !this.#papers.length;
  }

  /**
   * @param {string} words
   * @returns {number} how many papers match
   */
  filter(words) {
    this.#filter = words.trim().toLocaleLowerCase();
    for (const { item, paper } of this.#items.values()) item.hidden = !this.#matches(paper);
    return this.#papers.filter((paper) => this.#matches(paper)).length;
  }

  /** @param {Paper} paper */
  #matches({ id, title, authors, translation, categories }) {
    if (!this.#filter) return true;
    const all = [id, title, translation?.title ?? '', ...authors, ...categories].join('\n').toLocaleLowerCase();
    return this.#filter.split(/\s+/).every((word) => all.includes(word));
  }

  /** @param {Element | null} inside @returns {Paper | undefined} */
  paperAt(inside) {
    const item = inside?.closest('[data-paper-id]');
    return item ? this.#items.get(item.getAttribute('data-paper-id') ?? '')?.paper : undefined;
  }

  /** @returns {HTMLElement[]} the titles one can walk through */
  get titles() {
    return [...this.#root.querySelectorAll('li:not([hidden]) .title')].map((one) => /** @type {HTMLElement} */ (one));
  }

  /** @returns {Place | null} null where nothing is seen */
  get place() {
    const edge = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0;
    for (const item of this.#root.querySelectorAll('li:not([hidden])')) {
      const { top, bottom, height } = item.getBoundingClientRect();
      if (height && bottom > edge) return { id: item.getAttribute('data-paper-id') ?? '', top };
    }
    return null;
  }

  /** @param {Place | null} place which this list had, while it was hidden or narrowed */
  returnTo(place) {
    const item = this.#items.get(place?.id ?? '')?.item;
    if (!place || !item) return;
    const move = () => scrollBy({ top: item.getBoundingClientRect().top - place.top, behavior: 'instant' });
    move();
    requestAnimationFrame(move); // once the papers around it have their heights again
  }

  /** @param {number} index of a paper whose title gets the focus, once it is drawn */
  async focus(index) {
    const id = this.#papers[index]?.id ?? '';
    while (this.#papers[index]?.id === id && !this.#items.has(id)) await new Promise((done) => afterFrame(() => done(null)));
    this.#items.get(id)?.item.querySelector('button')?.focus({ preventScroll: true });
  }

  /** @param {Paper} paper @param {boolean} on */
  async save(paper, on) {
    const item = this.#items.get(paper.id)?.item;
    if (item) await save(item, paper, on);
  }
}

/** @param {() => void} callback */
function afterFrame(callback) {
  requestAnimationFrame(() => setTimeout(callback));
}

/**
 * Not by their JSON: Chromium's store gives the fields back in another order.
 *
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean}
 */
function same(one, other) {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  const [fields, others] = [Object.entries(one), new Map(Object.entries(other))];
  return fields.length === others.size && fields.every(([name, value]) => same(value, others.get(name)));
}

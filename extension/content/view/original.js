/**
 * How an original steps aside for the translation that stands in its place, and comes back as it was.
 *
 * While it is away the translation answers to the addresses of the notes in it: a hidden element is no
 * place that a link leads to. No id is ever there twice.
 */

import { injected } from './injected.js';

/** The id that a copy may have while its original is away. */
export const ID = 'data-paperglot-id';
/** What the original's id begins with meanwhile: without it, the attribute would come back in another place. */
const AWAY = 'paperglot-away-';

/** @param {Element} note @returns {string} its id, lent or not */
export function idOf({ id }) {
  return id.startsWith(AWAY) ? id.slice(AWAY.length) : id;
}

export class Original {
  #element;
  #translation;
  #skip;
  /** @type {HTMLElement | null} holds the words of an original that has its translation inside */
  #words = null;
  /** @type {Map<ChildNode, ChildNode[]>} what stood right before each of the nodes that stayed */
  #before = new Map();
  /** @type {'replaced' | 'beside' | null} */
  #place = null;

  /**
   * @param {Element} element
   * @param {HTMLElement} translation after it or, as its last child, inside it
   * @param {string} skip what inside it is not its text and stays
   */
  constructor(element, translation, skip) {
    this.#element = element;
    this.#translation = translation;
    this.#skip = skip;
  }

  /** @param {'replaced' | 'beside' | null} place null: as it was */
  put(place) {
    if (place === this.#place) {
      if (place === 'replaced') this.#lendIds(); // the translation may be another one now
      return;
    }
    this.#back();
    this.#place = place;
    if (place === 'replaced') {
      (this.#isInside ? this.#wrapped() : this.#element).setAttribute('data-paperglot', place);
      this.#lendIds();
    } else if (place) {
      this.#element.setAttribute('data-paperglot', place);
    }
  }

  get #isInside() {
    return this.#translation.parentNode === this.#element;
  }

  #back() {
    if (!this.#place) return;
    this.#element.removeAttribute('data-paperglot');
    for (const [stayed, nodes] of this.#before) {
      if (stayed.parentNode === this.#element) stayed.before(...nodes.filter(({ parentNode }) => parentNode === this.#words));
    }
    this.#before.clear();
    if (this.#words) this.#words.replaceWith(...this.#words.childNodes);
    this.#words = null;
    for (const twin of this.#translation.querySelectorAll(`[${ID}]`)) twin.removeAttribute('id');
    returnIds(this.#element);
  }

  /** @returns {HTMLElement} an element of ours around the words */
  #wrapped() {
    const words = injected('span', 'replaced');
    words.dataset.paperglotWords = '';
    // MathJax typesets what stands in an element of such a class, and nothing deeper.
    words.className = [...this.#element.classList].filter((name) => name.startsWith('mathjax')).join(' ');
    if (!words.className) words.removeAttribute('class');
    /** @type {ChildNode[]} */
    let moved = [];
    for (const node of [...this.#element.childNodes]) {
      const isSkipped = node instanceof Element && this.#skip && node.matches(this.#skip);
      if (isSkipped) {
        this.#before.set(node, moved);
        moved = [];
      } else if (!(node instanceof Element && node.hasAttribute('data-paperglot'))) {
        words.append(node);
        moved.push(node);
      }
    }
    this.#translation.before(words);
    this.#words = words;
    return words;
  }

  #lendIds() {
    for (const twin of this.#translation.querySelectorAll(`[${ID}]`)) {
      const id = twin.getAttribute(ID) ?? '';
      const owner = [...this.#element.querySelectorAll('.ltx_note')].find((note) => idOf(note) === id);
      if (!owner || twin.id) continue;
      owner.id = AWAY + id;
      twin.id = id;
    }
  }
}

/** @param {ParentNode} root whose elements lent their ids to copies that are gone */
export function returnIds(root) {
  for (const owner of root.querySelectorAll(`[id^="${AWAY}"]`)) owner.id = idOf(owner);
}

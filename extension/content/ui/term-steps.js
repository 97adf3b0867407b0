/** Leads from one place of a term to the next, and marks all of them, and their translations, while it does. */

import { patternOf, rangesIn } from '../document/term-places.js';

/** @typedef {import('../schedule/term-scope.js').TermPlace} TermPlace */

const ALL = 'paperglot-term';
const HERE = 'paperglot-term-here';

export class TermSteps {
  #term = '';
  #index = -1;

  /** @param {AbortSignal} signal takes the marks away */
  constructor(signal) {
    signal.addEventListener('abort', () => {
      CSS.highlights.delete(ALL);
      CSS.highlights.delete(HERE);
    });
  }

  /**
   * @param {{ source: string, target: string }} term
   * @param {TermPlace[]} places where it stands now
   * @returns {{ index: number, total: number }} to which of them the reader was brought, from 0
   */
  next({ source, target }, places) {
    const total = places.length;
    if (!total) return { index: -1, total };
    this.#index = source === this.#term ? (this.#index + 1) % total : 0;
    this.#term = source;
    const pattern = patternOf(target);
    const translations = new Set(places.map(({ translation }) => translation).filter((one) => one !== null));
    const { range, translation } = places[this.#index];
    CSS.highlights.set(ALL, new Highlight(
      ...places.map((place) => place.range), ...[...translations].flatMap((one) => rangesIn(one, pattern)),
    ));
    CSS.highlights.set(HERE, new Highlight(range));
    bringIntoView(range, translation);
    return { index: this.#index, total };
  }
}

/** @param {Range} range whose words are out of sight where their translation stands in their place @param {Element | null} translation */
function bringIntoView(range, translation) {
  const [words] = range.getClientRects();
  const box = words?.width > 1 ? words : translation?.getBoundingClientRect();
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
  if (box) scrollBy({ top: box.top - innerHeight / 3, behavior });
}

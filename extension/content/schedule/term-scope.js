/**
 * What a term of the paper means for its page: where it stands, what a change of it costs, and the texts
 * that are translated anew after one.
 */

import { isAsked, isTranslated } from '../document/block-states.js';
import { patternOf, rangesIn } from '../document/term-places.js';

/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('../document/blocks.js').Blocks} Blocks */
/** @typedef {import('./request-queue.js').RequestQueue} RequestQueue */

/**
 * @typedef {object} TermPlace
 * @property {Range} range of the term in the original
 * @property {Element | null} translation of the text it stands in
 */

/** In and out, for a character of the original: a fourth of a token to read, a little more to write. */
const TOKENS_A_CHARACTER = 0.55;
/** Instructions and what else a request has. */
const TOKENS_A_REQUEST = 300;
const CHARACTERS_A_REQUEST = 8_000;
const TRANSLATION = '[data-paperglot="translation"]';

export class TermScope {
  #blocks;
  #requests;

  /** @param {{ blocks: Blocks, requests: RequestQueue }} parts */
  constructor({ blocks, requests }) {
    this.#blocks = blocks;
    this.#requests = requests;
  }

  /** @param {string} source @returns {TermPlace[]} where the term stands in the paper, in its order */
  places(source) {
    const pattern = patternOf(source);
    return [...this.#blocks].filter(({ state }) => state !== 'empty').flatMap(({ parts }) => parts.flatMap((part) =>
      rangesIn(part, pattern).map((range) => ({ range, translation: translationOf(part) }))));
  }

  /**
   * @param {string} source
   * @returns {{ paragraphs: number, tokens: number }} how much of what is translated already would be anew
   */
  price(source) {
    const affected = this.#affected(source);
    const characters = affected.reduce((sum, { segment }) => sum + (segment?.text.length ?? 0), 0);
    const requests = Math.ceil(characters / CHARACTERS_A_REQUEST);
    return {
      paragraphs: affected.length,
      tokens: Math.ceil(characters * TOKENS_A_CHARACTER + requests * TOKENS_A_REQUEST),
    };
  }

  /**
   * Has the texts in which a term stands translated as it is called now.
   *
   * @param {string} source
   * @returns {number} of them
   */
  renew(source) {
    const affected = this.#affected(source);
    this.#requests.askAgain(affected);
    return affected.length;
  }

  /** @param {string} source @returns {Block[]} that have been asked for with the term in their text */
  #affected(source) {
    const pattern = patternOf(source);
    return [...this.#blocks].filter((block) => (isAsked(block) || isTranslated(block) || block.state === 'failed')
      && block.parts.some((part) => rangesIn(part, pattern).length > 0));
  }
}

/** @param {Element} original @returns {Element | null} */
function translationOf(original) {
  const after = original.nextElementSibling;
  return after?.matches(TRANSLATION) ? after : original.querySelector(`:scope > ${TRANSLATION}`);
}

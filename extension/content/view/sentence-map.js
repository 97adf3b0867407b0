/**
 * Where each sentence of a text and of its translation stands in the page. Worked out when somebody
 * points at one of them, and anew when the translation is another.
 *
 * Which is which the marks tell that came back in the translation; where they were lost it is guessed by
 * the sentences' lengths.
 */

import { solidLength } from './bitexts.js';
import { alignByLength } from './sentence-alignment.js';
import { OBJECT, sentenceStarts } from './sentence-split.js';

/** @typedef {import('./bitexts.js').Bitext} Bitext */
/** @typedef {'original' | 'translation'} Side */
/** @typedef {{ node: Node, start: number, length: number }} Piece text, or an opaque node, and where it stands in the whole */
/** @typedef {{ node: Node, from: number, to: number }} Slice of a piece; of text, these characters */

/** Papers are written in it. */
const SOURCE_LANGUAGE = 'en';

/** @type {WeakMap<Bitext, SentenceMap>} */
const known = new WeakMap();

/** @param {Bitext} bitext @returns {SentenceMap} */
export function sentenceMapOf(bitext) {
  let map = known.get(bitext);
  if (!map) known.set(bitext, map = new SentenceMap(bitext));
  return map;
}

export class SentenceMap {
  /** Whether it was guessed which sentence is which. */
  byLength;
  bitext;
  #pieces;
  #starts;

  /** @param {Bitext} bitext */
  constructor(bitext) {
    this.bitext = bitext;
    this.#pieces = { original: piecesOfOriginal(bitext), translation: piecesOfTranslation(bitext) };
    const marked = markedStarts(bitext);
    this.byLength = marked === null;
    this.#starts = marked ?? guessedStarts(bitext, this.#pieces);
  }

  /** @returns {number} how many pairs of sentences there are */
  get size() {
    return this.#starts.original.length;
  }

  /**
   * @param {Node} node of the page
   * @param {number} offset in its text
   * @returns {{ side: Side, index: number } | null} the sentence that stands there
   */
  at(node, offset) {
    for (const side of /** @type {const} */ (['translation', 'original'])) {
      const piece = this.#pieces[side].find((one) => one.node.contains(node));
      if (!piece) continue;
      const place = piece.start + (piece.node instanceof Text ? solidLength(piece.node.data.slice(0, offset)) : 0);
      const index = this.#starts[side].findLastIndex((start) => start <= place);
      return { side, index: Math.max(0, index) };
    }
    return null;
  }

  /** @param {Side} side @param {number} index @returns {Slice[]} what a sentence consists of, in order */
  slices(side, index) {
    const from = this.#starts[side][index];
    const to = this.#starts[side][index + 1] ?? Infinity;
    return this.#pieces[side].flatMap(({ node, start, length }) => {
      if (!node.isConnected || start >= to || start + Math.max(1, length) <= from) return [];
      if (!(node instanceof Text)) return [{ node, from: 0, to: 1 }];
      const [begin, end] = [indexOf(node.data, from - start), endOf(node.data, Math.min(length, to - start))];
      return begin < end ? [{ node, from: begin, to: end }] : [];
    });
  }
}

/** @param {Bitext} bitext @returns {Piece[]} */
function piecesOfOriginal({ segment: { tokens } }) {
  /** @type {Piece[]} */
  const pieces = [];
  let start = 0;
  for (const token of tokens) {
    if ('text' in token && token.node) {
      pieces.push({ node: token.node, start, length: solidLength(token.text) });
      start += solidLength(token.text);
    } else if ('x' in token && token.original.kind === 'x') {
      for (const [index, node] of token.original.nodes.entries()) pieces.push({ node, start, length: index ? 0 : 1 });
      start += 1;
    }
  }
  return pieces;
}

/** @param {Bitext} bitext @returns {Piece[]} */
function piecesOfTranslation({ parts }) {
  /** @type {Piece[]} */
  const pieces = [];
  let start = 0;
  for (const { element, written: { opaque } } of parts) {
    /** @param {Node} parent */
    const walk = (parent) => {
      for (const node of parent.childNodes) {
        const counts = node instanceof Text ? solidLength(node.data) : opaque.get(node);
        if (counts !== undefined) {
          // What belongs to the formula before it stands where that stands.
          pieces.push({ node, start: node instanceof Text || counts ? start : start - 1, length: counts });
          start += counts;
        } else if (!(node instanceof Element && node.matches('[data-paperglot="mark"]'))) {
          walk(node);
        }
      }
    };
    walk(element);
  }
  return pieces;
}

/** @param {Bitext} bitext @returns {{ original: number[], translation: number[] } | null} where sentences begin by their marks */
function markedStarts({ segment: { before, text }, sourceSentences, parts }) {
  if (!sourceSentences) return null;
  let shift = 0;
  const found = parts.flatMap(({ written: { sentences, length } }) => {
    const here = sentences.map(({ number, at }) => ({ number, at: shift + at }));
    shift += length;
    return here;
  });
  if (found.length !== sourceSentences.length || found.some(({ number }, index) => number !== index + 1)) return null;
  const first = sentLength(before);
  /** @param {number[]} starts */
  const fromZero = (starts) => [0, ...starts.slice(1)];
  return {
    original: fromZero(sourceSentences.map((offset) => first + sentLength(text.slice(0, offset)))),
    translation: fromZero(found.map(({ at }) => at)),
  };
}

/** @param {string} text as it is sent @returns {number} its length in the page */
function sentLength(text) {
  return solidLength(text.replace(/<x\d+\/>/g, OBJECT).replace(/<\/?[gp]\d+\/?>/g, '').replace(/&(?:lt|gt|amp);/g, '&'));
}

/**
 * @param {Bitext} bitext
 * @param {Record<Side, Piece[]>} pieces
 * @returns {{ original: number[], translation: number[] }}
 */
function guessedStarts({ parts }, pieces) {
  const sides = { original: split(pieces.original, SOURCE_LANGUAGE), translation: split(pieces.translation, parts[0].element.lang) };
  const pairs = alignByLength(lengths(sides.original), lengths(sides.translation));
  return {
    original: pairs.map(({ source }) => sides.original.starts[source]),
    translation: pairs.map(({ target }) => sides.translation.starts[target]),
  };
}

/** @param {Piece[]} pieces @param {string} lang @returns {{ starts: number[], end: number }} */
function split(pieces, lang) {
  const text = pieces.map(({ node, length }) => (node instanceof Text ? node.data : OBJECT.repeat(length))).join('');
  return { starts: sentenceStarts(text, lang).map((start) => solidLength(text.slice(0, start))), end: solidLength(text) };
}

/** @param {{ starts: number[], end: number }} sentences @returns {number[]} */
function lengths({ starts, end }) {
  return starts.map((start, index) => (starts[index + 1] ?? end) - start);
}

/** @param {string} data @param {number} count @returns {number} where the character stands that has so many before it */
function indexOf(data, count) {
  const solid = /\S/g;
  for (let left = count; left > 0 && solid.exec(data); left -= 1);
  return solid.exec(data)?.index ?? data.length;
}

/** @param {string} data @param {number} count @returns {number} the end of so many characters */
function endOf(data, count) {
  return count > 0 ? indexOf(data, count - 1) + 1 : 0;
}

/**
 * From a piece of the page to a segment: its prose, with a placeholder for everything that has to stay
 * as it is.
 *
 * `<xN/>` stands for something opaque (a formula, a line break, an address); `<gN>…</gN>` encloses words
 * that are translated but keep their mark-up; `<pN/>` parts what stands in several elements. Numbers go
 * by order of appearance.
 */

import { arxivMarkup } from '../pages/arxiv-markup.js';
import { withoutFrame } from './frame.js';

/** @typedef {import('../pages/arxiv-markup.js').Markup} Markup */

/** @typedef {import('./frame.js').Original} Original */
/** @typedef {import('./frame.js').Token} Token */

/**
 * @typedef {object} Segment
 * @property {string} text
 * @property {ReadonlyMap<number, Original>} originals by number
 * @property {readonly Token[]} tokens all of it, with what stands before and after, in the page's order
 * @property {boolean} typesetting whether MathJax is still at work inside
 * @property {string} before placeholders that stand before each part of a translation and need not be translated
 * @property {string} after the same, after it
 * @property {string | null} known its translation where none need be asked for
 */

/** What MathJax takes for a formula on arXiv's pages. */
export const TEX = /(?<!\\)\$\$?[^$]+(?<!\\)\$\$?|\\\([^]+?\\\)|\\\[[^]+?\\\]|\\begin\{(\w+\*?)\}[^]*?\\end\{\1\}/g;

/** No paragraph has more; a placeholder's number has four digits at most. */
const MAX_PLACEHOLDERS = 9_999;
const MAX_CHARACTERS = 100_000;

/** @typedef {import('../pages/page-rules.js').Labels} Labels */
/** @typedef {{ skip?: string, markup?: Markup, labels?: Labels }} Options `skip`: what inside is not its text */

/**
 * @param {Node | readonly Node[]} roots an element of the page, or a copy of a selection; several are parts of one text
 * @param {Options} [options]
 * @returns {Segment | null} null when there is nothing to translate
 */
export function segment(roots, { skip = '', markup = arxivMarkup, labels } = {}) {
  const builder = new Builder(skip, markup);
  for (const [index, root] of [roots].flat().entries()) {
    if (index) builder.part();
    builder.children(root);
  }
  const { core, before, after } = withoutFrame(builder.tokens);
  const writer = new TokenWriter();
  const text = writer.write(core).replace(/\s+/g, ' ').trim();
  if (writer.originals.size > MAX_PLACEHOLDERS || text.length > MAX_CHARACTERS) return null;
  const prose = text.replace(/<[^>]*>/g, ' ').replaceAll(TEX, ' ');
  const [tag = null] = before.flatMap((token) => 'x' in token ? token.x ?? [] : []);
  const known = labels?.translate(text, tag) ?? null;
  if (known === null && !/\p{L}{2}/u.test(prose)) return null;
  return {
    text, known, originals: writer.originals, typesetting: builder.typesetting,
    tokens: [...before, ...core, ...after],
    before: writer.write(before).trimStart(), after: writer.write(after).trimEnd(),
  };
}

/** Reads nodes into tokens. */
class Builder {
  /** @type {Token[]} */
  tokens = [];
  typesetting = false;
  #skip;
  #markup;
  #last = '';

  /**
   * @param {string} skip
   * @param {Markup} markup
   */
  constructor(skip, markup) {
    this.#skip = skip;
    this.#markup = markup;
  }

  part() {
    this.tokens.push({ part: true });
    this.#last = '';
  }

  /** @param {Node} parent */
  children(parent) {
    let node = parent.firstChild;
    while (node) {
      const next = isMathJax(node) ? this.#formula(node) : node.nextSibling;
      if (node instanceof Text) this.#words(node.data, node);
      else if (node instanceof Element && !isMathJax(node)) this.#element(node);
      node = next;
    }
  }

  /** @param {string} words @param {Text} [node] that says them */
  #words(words, node) {
    if (!words) return;
    this.tokens.push({ text: words, node });
    this.#last = words;
  }

  /** @param {Node[]} nodes */
  #opaque(nodes) {
    const [node] = nodes;
    this.tokens.push({ x: node instanceof Element ? node : null, original: { kind: 'x', nodes } });
    this.#last = '';
  }

  /** @param {Element} element */
  #element(element) {
    if (this.#skip && element.matches(this.#skip)) return;
    const role = this.#markup(element);
    if (role === 'nothing') return;
    if (role === 'opaque') {
      this.#opaque([element]);
    } else if (role === 'space') {
      this.#words(' ');
    } else if (role === 'wrap' || (role === 'emphasis' && !this.#isInWord(element))) {
      this.tokens.push({ open: element });
      this.children(element);
      this.tokens.push({ close: true });
      this.#last = '';
    } else if (role === 'block') {
      this.#words(' ');
      this.children(element);
      this.#words(' ');
    } else {
      // Marks that are not the author's, such as a search hit in the middle of a word, leave no trace.
      this.children(element);
    }
  }

  /**
   * @param {Element} element
   * @returns {boolean} whether its emphasis begins or ends inside a word: no other language has that letter there
   */
  #isInWord(element) {
    const inside = element.textContent ?? '';
    const after = element.nextSibling instanceof Text ? element.nextSibling.data : '';
    return (/\p{L}$/u.test(this.#last) && /^\p{L}/u.test(inside)) || (/\p{L}$/u.test(inside) && /^\p{L}/u.test(after));
  }

  /**
   * One formula as MathJax 2 leaves it: a preview, what is seen, and the TeX in a script.
   *
   * @param {Node} first
   * @returns {ChildNode | null} the node after it
   */
  #formula(first) {
    /** @type {ChildNode | null} */
    let node = /** @type {ChildNode} */ (first);
    /** @type {Node[]} */
    const seen = [];
    let tex = '';
    while (node instanceof Element && isMathJax(node)) {
      const { nextSibling } = /** @type {Element} */ (node);
      if (node.matches('script')) {
        tex = node.textContent ?? '';
        node = nextSibling;
        break;
      }
      if (node.matches('.MathJax_Processing, .MathJax_Processed')) this.typesetting = true;
      else if (!node.matches('.MathJax_Preview')) seen.push(node);
      node = nextSibling;
    }
    if (!seen.length) this.typesetting = true;
    this.#opaque(seen.length ? seen : [new Text(`$${tex}$`)]);
    return node;
  }
}

/** Writes tokens as text, and numbers what its placeholders stand for. */
class TokenWriter {
  /** @type {Map<number, Original>} */
  originals = new Map();
  #parts = 0;
  /** @type {number[]} pairs that are not closed yet, perhaps by what is written next */
  #open = [];

  /** @param {readonly Token[]} tokens @returns {string} */
  write(tokens) {
    let text = '';
    for (const token of tokens) {
      if ('text' in token) {
        text += token.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      } else if ('x' in token) {
        text += `<x${this.#number(token.original)}/>`;
      } else if ('open' in token) {
        this.#open.push(this.#number({ kind: 'g', element: token.open }));
        text += `<g${this.#open.at(-1)}>`;
      } else if ('close' in token) {
        text += `</g${this.#open.pop()}>`;
      } else {
        this.#parts += 1;
        text += `<p${this.#parts}/>`;
      }
    }
    return text;
  }

  /** @param {Original} original @returns {number} */
  #number(original) {
    const number = this.originals.size + 1;
    this.originals.set(number, original);
    return number;
  }
}

/** @param {Node} node @returns {boolean} whether it is a part of a typeset formula */
export function isMathJax(node) {
  return node instanceof Element && (
    node.matches('.MathJax_Preview, .MathJax, .MathJax_Display, .MathJax_SVG, .MathJax_CHTML, .mjx-chtml, .MathJax_Error')
    || node.matches('script[type^="math/tex"], script[type^="math/mml"]')
  );
}

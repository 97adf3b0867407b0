/**
 * From a piece of the page to a segment: its prose, with a placeholder for everything that has to stay
 * as it is.
 *
 * `<xN/>` stands for something opaque (a formula, a line break, an address); `<gN>…</gN>` encloses words
 * that are translated but keep their mark-up. Numbers go by order of appearance.
 */

/**
 * What a placeholder stands for.
 *
 * @typedef {{ kind: 'x', nodes: Node[] } | { kind: 'g', element: Element }} Original
 */

/**
 * @typedef {object} Segment
 * @property {string} text
 * @property {ReadonlyMap<number, Original>} originals by number
 * @property {boolean} typesetting whether MathJax is still at work inside
 */

/** What MathJax takes for a formula on arXiv's pages. */
export const TEX = /(?<!\\)\$\$?[^$]+(?<!\\)\$\$?|\\\([^]+?\\\)|\\\[[^]+?\\\]|\\begin\{(\w+\*?)\}[^]*?\\end\{\1\}/g;

const MAX_PLACEHOLDERS = 400;
const MAX_CHARACTERS = 8_000;

/** Never text, and never put into a translation either. */
const IGNORED = 'script, style, noscript, template, button, input, select, textarea, iframe, object, [data-paperglot]';
const OPAQUE = 'br, img, svg, math, picture, code, kbd, samp, tt, sub, sup, hr';
/** Words of two of these are never one word. A selection may hold several. */
const BLOCK = 'address, article, blockquote, dd, div, dl, dt, figcaption, figure, h1, h2, h3, h4, h5, h6, li, ol, p, pre, section, table, td, th, tr, ul';
const EMPHASIS = 'em, strong, i, b, u, s, small, mark, q, abbr, cite, dfn, del, ins';

/** A link whose words are an address, an identifier or arXiv's stand-in for one. */
const NAMES_AN_ADDRESS = /^(?:this (?:https?|ftp) URL|https?:\/\/\S+|www\.\S+|\S+@\S+|(?:arXiv|doi):\S+|[\d.]+\/\S+|[a-z-]+\/\d{7}(?:v\d+)?|\d{4}\.\d{4,5}(?:v\d+)?)$/i;

/**
 * @param {Node} root an element of the page, or a copy of a selection
 * @param {{ skip?: string }} [options] what inside is not its text
 * @returns {Segment | null} null when there is nothing to translate
 */
export function segment(root, { skip = '' } = {}) {
  const builder = new Builder(skip);
  builder.children(root);
  const { originals, typesetting } = builder;
  const text = builder.text.replace(/\s+/g, ' ').trim();
  if (originals.size > MAX_PLACEHOLDERS || text.length > MAX_CHARACTERS) return null;
  const prose = text.replace(/<[^>]*>/g, ' ').replaceAll(TEX, ' ');
  return /\p{L}{2}/u.test(prose) ? { text, originals, typesetting } : null;
}

class Builder {
  text = '';
  typesetting = false;
  /** @type {Map<number, Original>} */
  originals = new Map();
  #skip;

  /** @param {string} skip */
  constructor(skip) {
    this.#skip = skip;
  }

  /** @param {Node} parent */
  children(parent) {
    let node = parent.firstChild;
    while (node) {
      const next = isMathJax(node) ? this.#formula(node) : node.nextSibling;
      if (node instanceof Text) this.#words(node.data);
      else if (node instanceof Element && !isMathJax(node)) this.#element(node);
      node = next;
    }
  }

  /** @param {string} words */
  #words(words) {
    this.text += words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  }

  /** @param {Original} original @returns {number} */
  #number(original) {
    const number = this.originals.size + 1;
    this.originals.set(number, original);
    return number;
  }

  /** @param {Element} element */
  #element(element) {
    if (element.matches(IGNORED) || (this.#skip && element.matches(this.#skip))) return;
    const words = (element.textContent ?? '').trim();
    if (element.matches(OPAQUE)) {
      this.text += `<x${this.#number({ kind: 'x', nodes: [element] })}/>`;
    } else if (!words) {
      this.children(element); // an anchor, a spacer; an image inside still counts
    } else if (element.matches('a[href]') && (element.hasAttribute('data-arxiv-id') || NAMES_AN_ADDRESS.test(words))) {
      this.text += `<x${this.#number({ kind: 'x', nodes: [element] })}/>`;
    } else if (element.matches('a[href]') || (element.matches(EMPHASIS) && !this.#isInWord(element))) {
      const number = this.#number({ kind: 'g', element });
      this.text += `<g${number}>`;
      this.children(element);
      this.text += `</g${number}>`;
    } else if (element.matches(BLOCK)) {
      this.text += ' ';
      this.children(element);
      this.text += ' ';
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
    return (/\p{L}$/u.test(this.text) && /^\p{L}/u.test(inside)) || (/\p{L}$/u.test(inside) && /^\p{L}/u.test(after));
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
    const nodes = seen.length ? seen : [new Text(`$${tex}$`)];
    this.text += `<x${this.#number({ kind: 'x', nodes })}/>`;
    return node;
  }
}

/** @param {Node} node @returns {boolean} whether it is a part of a typeset formula */
export function isMathJax(node) {
  return node instanceof Element && (
    node.matches('.MathJax_Preview, .MathJax, .MathJax_Display, .MathJax_SVG, .MathJax_CHTML, .mjx-chtml, .MathJax_Error')
    || node.matches('script[type^="math/tex"], script[type^="math/mml"]')
  );
}

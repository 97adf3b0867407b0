/**
 * Puts a translation into the page: its words as text, its placeholders as copies of the page's own
 * nodes. Nothing else can come out of it, whatever goes in.
 */

import { solidLength } from './bitexts.js';
import { ID, idOf } from './original.js';

/** @typedef {import('../document/segmenter.js').Original} Original */
/** @typedef {(node: Node, twin: Element) => void} Fill translates what in the copy of a node has a translation of its own */

const XML = 'http://www.w3.org/XML/1998/namespace';
const TAG = /<(?:x(\d{1,4})\/|g(\d{1,4})|\/g(\d{1,4})|s(\d{1,4})\/)>/y;
const BEGINNING_OF_TAG = /^<\/?(?:[xgs]\d{0,4}\/?)?$/;
const ENTITY = /&(lt|gt|amp);/y;
const BEGINNING_OF_ENTITY = /^&[a-z]{0,3}$/;
const CHARACTERS = /** @type {Record<string, string>} */ ({ lt: '<', gt: '>', amp: '&' });

/** The most characters of a translation whose original is not known to be long. */
const LIMIT = 40_000;
/** A translation has no more characters for each of its source. */
const MAX_RATIO = 8;

const WIDE_END = /[：。]$/;

/** Controls that no prose needs: C0, and those that override the direction of what follows. */
// eslint-disable-next-line no-control-regex -- they are what is to be found
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/g;

/** @param {string} source @returns {number} the most characters of a translation that are shown */
export function limitFor(source) {
  return Math.max(LIMIT, MAX_RATIO * source.length);
}

/**
 * Writes a translation piece by piece, as it streams in.
 *
 * A placeholder appears once at most; one that the source does not have is left out; pairs that do not
 * nest are closed where their parent ends. Marks of sentences are not shown: it is noted where they stood.
 */
export class Writer {
  /** @type {{ number: number, at: number }[]} where each sentence begins; see `bitexts.js` */
  sentences = [];
  /** @type {Map<Node, number>} copies of the page's nodes, with what each counts */
  opaque = new Map();
  /** What was written so far, counted in the same way. */
  length = 0;
  /** @type {{ node: Node, number: number }[]} where words go, innermost last */
  #open;
  #originals;
  #used = /** @type {Set<number>} */ (new Set());
  #rest = '';
  #left;
  #fill;
  /** Whether the last thing was a label with a wide colon or full stop, which no blank follows. */
  #isAfterWide = false;

  /**
   * @param {Node} target
   * @param {ReadonlyMap<number, Original>} originals
   * @param {{ limit?: number, fill?: Fill }} [options] `limit`: the most characters it takes; see `limitFor`
   */
  constructor(target, originals, { limit = LIMIT, fill } = {}) {
    this.#fill = fill;
    this.#open = [{ node: target, number: 0 }];
    this.#originals = originals;
    this.#left = limit;
  }

  /** @param {string} piece */
  write(piece) {
    const text = this.#rest + piece.slice(0, this.#left);
    this.#left -= Math.min(piece.length, this.#left);
    this.#rest = '';
    let at = 0;
    while (at < text.length) {
      const special = indexOfSpecial(text, at);
      this.#words(text.slice(at, special));
      if (special === text.length) return;
      TAG.lastIndex = ENTITY.lastIndex = special;
      const tag = TAG.exec(text);
      const entity = ENTITY.exec(text);
      if (tag) {
        at = TAG.lastIndex; // before a text within this one is written with the same expression
        this.#placeholder(tag);
      } else if (entity) {
        this.#words(CHARACTERS[entity[1]]);
        at = ENTITY.lastIndex;
      } else {
        const tail = text.slice(special, special + 8);
        if (special + tail.length === text.length && (BEGINNING_OF_TAG.test(tail) || BEGINNING_OF_ENTITY.test(tail))) {
          this.#rest = tail; // the next piece will tell
          return;
        }
        this.#words(text[special]);
        at = special + 1;
      }
    }
  }

  /** The translation is whole: what looked like the beginning of a placeholder was none. */
  end() {
    this.#words(this.#rest);
    this.#rest = '';
  }

  /** @param {string} words */
  #words(words) {
    let clean = words.replace(CONTROLS, '');
    if (this.#isAfterWide) clean = clean.trimStart();
    if (!clean) return;
    this.#isAfterWide = false;
    this.length += solidLength(clean);
    const { node: parent } = this.#open[this.#open.length - 1];
    if (parent.lastChild instanceof Text) parent.lastChild.appendData(clean);
    else parent.appendChild(new Text(clean));
  }

  /** @param {RegExpExecArray} tag */
  #placeholder([, opaque, opening, closing, sentence]) {
    if (sentence) {
      this.sentences.push({ number: Number(sentence), at: this.length });
      return;
    }
    const number = Number(opaque ?? opening ?? closing);
    const original = this.#originals.get(number);
    if (closing) {
      const index = this.#open.findIndex((one) => one.number === number);
      if (index > 0) this.#open.length = index;
      return;
    }
    if (!original || this.#used.has(number) || (original.kind === 'x') !== Boolean(opaque)) return;
    this.#used.add(number);
    const { node: parent } = this.#open[this.#open.length - 1];
    if (original.kind === 'x') {
      for (const node of original.nodes) {
        const twin = asItIs(node);
        if (twin instanceof Element && twin.matches('.ltx_tag')) trimEnd(twin);
        // Its address may become the copy's: see `original.js`.
        if (twin instanceof Element && node instanceof Element && node.matches('.ltx_note[id]')) twin.setAttribute(ID, idOf(node));
        if (twin instanceof Element) this.#fill?.(node, twin);
        this.#isAfterWide = twin instanceof Element && twin.matches('.ltx_tag') && WIDE_END.test(twin.textContent ?? '');
        const placed = parent.appendChild(isolated(twin));
        if (placed instanceof Text) this.length += solidLength(placed.data);
        else this.opaque.set(placed, Number(node === original.nodes[0]));
      }
      this.length += Number(!(original.nodes[0] instanceof Text));
    } else {
      const element = copy(original.element, false);
      parent.appendChild(element);
      this.#open.push({ node: element, number });
    }
  }
}

/** @param {string} text @param {number} from */
function indexOfSpecial(text, from) {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '<' || text[index] === '&') return index;
  }
  return text.length;
}

/**
 * A copy that repeats nothing that must be unique in the page, and does nothing by itself.
 *
 * @param {Node} node
 * @param {boolean} deep
 * @returns {Node}
 */
export function copy(node, deep) {
  const twin = node.cloneNode(deep);
  if (!(twin instanceof Element)) return twin;
  for (const script of twin.querySelectorAll('script')) script.remove();
  for (const element of [twin, ...twin.querySelectorAll('*')]) {
    for (const { name } of [...element.attributes]) {
      if (/^(?:id|name|tabindex|for|accesskey|on.*|aria-(?:describedby|labelledby|controls|owns))$/i.test(name)) {
        element.removeAttribute(name);
      }
    }
  }
  const tex = texOf(node);
  if (tex) {
    // MathJax draws with glyphs in the page's own order; this is what a screen reader should say.
    twin.setAttribute('role', 'math');
    twin.setAttribute('aria-label', tex);
  }
  return twin;
}

/**
 * A copy that is set as its original is. Generic fonts go by the language and brackets by the direction,
 * which the translation around it changes.
 *
 * @param {Node} node
 * @returns {Node}
 */
function asItIs(node) {
  const twin = copy(node, true);
  if (!(twin instanceof Element) || !(node instanceof Element)) return twin;
  const page = /** @type {Document} */ (node.ownerDocument).documentElement;
  // What was selected is cut out of the page, and has no more of it around it than was selected.
  const place = node.closest('[lang]') ?? page;
  const lang = place.getAttribute('lang') ?? '';
  if (twin instanceof HTMLElement) twin.lang = lang;
  else twin.setAttributeNS(XML, 'xml:lang', lang); // `lang` is HTML's: it says nothing on other elements
  twin.setAttribute('dir', (node.isConnected ? node : page).matches(':dir(rtl)') ? 'rtl' : 'ltr');
  return twin;
}

/**
 * A formula in a `bdi`: in text that runs to the left Firefox would reverse those that only punctuation
 * separates. MathJax's boxes keep their order by themselves.
 *
 * @param {Node} node
 * @returns {Node}
 */
function isolated(node) {
  if (!(node instanceof Element) || node.localName !== 'math' || node.getAttribute('display') === 'block') return node;
  const isolate = document.createElement('bdi');
  isolate.append(node);
  return isolate;
}

/** @param {Element} tag a number before a text; the blank after it belongs to the text, whichever way that runs */
function trimEnd(tag) {
  let last = tag.lastChild;
  while (last?.lastChild) last = last.lastChild;
  if (last instanceof Text) last.data = last.data.trimEnd();
}

/** @param {Node} node what is seen of a formula @returns {string} its TeX, from the script after it */
function texOf(node) {
  if (!(node instanceof Element) || !node.matches('.MathJax, .MathJax_Display')) return '';
  const script = node.nextElementSibling;
  return script?.matches('script[type^="math/tex"]') ? (script.textContent ?? '').trim() : '';
}

/** From a translated page to a tree: what is the paper's is taken, what was put around it is not. */

import { identifier, portable } from './addresses.js';
import { drawing, formula, isolated } from './formulas.js';
import { classesOf, colourOf, nameOf, SKIPPED } from './names.js';
import { addClass, cleanText, element, languageChange, plainText } from './nodes.js';
import { matchNotes, NOTE, noteReference, notesIn } from './notes.js';
import { isApparatus, isTranslation, isWrapper, originalNodes } from './pairs.js';
import { pictureOf } from './pictures.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {import('./pairs.js').Pair} Pair */
/** @typedef {import('./notes.js').Context} Context */

const LEFT_TO_RIGHT = '.ltx_eqn_table, .ltx_tabular, .ltx_listing, .ltx_flex_figure, pre';
/** What is read from left to right in the middle of any text. */
const CODE = '.ltx_url, .ltx_path, code';
const IN_SOURCE_LANGUAGE = '.ltx_authors, .ltx_biblist, .ltx_listing, .ltx_eqn_table';
const HOLDS_TEXT = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'figcaption', 'th', 'td', 'dt', 'pre']);
const FIRST_WORDS = 90;

/** One paper on its way into a tree. */
export class Conversion {
  /** @type {Map<Element, import('./nodes.js').Note>} by the notes of the page */
  notes = new Map();
  /** @type {Map<string, string>} file names of pictures by their addresses */
  pictures = new Map();
  /** @type {{id: string, text: string}[]} */
  unverified = [];
  /** @type {Map<Element, Element>} copies by their notes */
  copies = new Map();
  /** @type {Map<Element, Element>} notes by their copies */
  notesByCopy = new Map();
  /** @type {Map<string, TreeElement>} what stands in place of a hidden original that had an id inside */
  heirs = new Map();
  /** @type {Set<string>} */
  #ids = new Set();

  /**
   * @param {object} setting
   * @param {import('./pairs.js').Pairs} setting.pairs
   * @param {'translated' | 'bilingual'} setting.mode
   * @param {{lang: string, dir: string}} setting.reader
   * @param {string} setting.sourceLang
   * @param {string} setting.base
   * @param {string} setting.page
   * @param {Iterable<string>} setting.taken ids of the page, so that ours are others
   */
  constructor({ pairs, mode, reader, sourceLang, base, page, taken }) {
    this.pairs = pairs;
    this.mode = mode;
    this.reader = reader;
    this.source = { lang: sourceLang, dir: 'ltr' };
    this.base = base;
    this.page = page;
    this.taken = new Set(taken);
    /** The language that the paper's frame has. */
    this.home = mode === 'translated' ? reader : this.source;
  }

  /** @returns {Context} */
  get context() {
    return { ...this.home, inLink: false, inTranslation: false, asWritten: false };
  }

  /**
   * @param {string} id
   * @returns {string | undefined} it, when it is one and nothing has it yet
   */
  claim(id) {
    if (!id || this.#ids.has(id)) return undefined;
    this.#ids.add(id);
    return id;
  }

  /** @param {string} stem */
  newId(stem) {
    for (let number = 1; ; number += 1) {
      const id = number === 1 && stem.includes('-mark') ? stem : `${stem}-${number}`;
      if (!this.taken.has(id) && this.claim(id)) return id;
    }
  }

  /**
   * @param {Iterable<Node>} nodes
   * @param {Context} context
   * @returns {TreeNode[]}
   */
  convert(nodes, context) {
    return [...nodes].flatMap((node) => this.#node(node, context));
  }

  /**
   * @param {Node} node
   * @param {Context} context
   * @returns {TreeNode[]}
   */
  #node(node, context) {
    const found = this.special(node, context);
    if (found) return found;
    const shell = this.plain(/** @type {Element} */ (node), context);
    shell.node.children = this.convert(node.childNodes, shell.context);
    return [shell.node];
  }

  /**
   * @param {Node} node
   * @param {Context} context
   * @returns {TreeNode[] | null} null for an element that becomes one with what its own nodes become
   */
  special(node, context) {
    if (node instanceof Text) {
      const text = cleanText(node.data);
      return [context.asWritten ? text : text.replace(/[ \t\r\n]+/g, ' ')];
    }
    if (!(node instanceof Element) || isApparatus(node) || isTranslation(node) || node.matches(SKIPPED)) return [];
    if (node.localName === 'math') return [isolated(formula(node), context.dir)];
    if (node.localName === 'svg') {
      return drawing(node, (child) => this.#node(child, context), (id) => this.claim(id));
    }
    if (node.matches(NOTE)) return noteReference(node, this, context);
    if (node.matches('img, object, embed')) return [pictureOf(node, this)];
    if (isWrapper(node) || node.getAttribute('data-paperglot') === 'doubt' || node.localName === 'bdi') {
      return this.convert(node.childNodes, context);
    }
    const pair = this.pairs.get(node);
    return pair ? this.#block(node, pair, context) : null;
  }

  /**
   * An element's name and attributes.
   *
   * @param {Element} node without a translation of its own
   * @param {Context} context
   * @returns {{node: TreeElement, context: Context}} the context of what is in it
   */
  plain(node, context) {
    const inSource = this.mode === 'translated' && !context.inTranslation && context.lang !== this.source.lang
      && this.#isUntranslated(node);
    return this.#shell(node, inSource ? { ...context, ...this.source } : context, context);
  }

  /**
   * Whether an element outside of all translations has words of its own, in the original language.
   *
   * @param {Element} node
   */
  #isUntranslated(node) {
    if (node.matches(IN_SOURCE_LANGUAGE)) return true;
    const words = (/** @type {string | null} */ text) => /\p{L}{2}/u.test(text ?? '');
    if (HOLDS_TEXT.has(nameOf(node)) && !node.querySelector('[data-paperglot="translation"]')) {
      return words(node.textContent);
    }
    return [...node.childNodes].some((child) => child instanceof Text && words(child.data));
  }

  /**
   * An element's name and attributes, and what holds inside it.
   *
   * @param {Element} node
   * @param {Context} context that it is to have
   * @param {Context} outer
   * @returns {{node: TreeElement, context: Context}}
   */
  #shell(node, context, outer) {
    let name = nameOf(node);
    /** @type {Record<string, string | undefined>} */
    const attributes = { id: this.#id(node), class: classesOf(node), style: colourOf(node) };
    const inside = { ...context, asWritten: context.asWritten || name === 'pre' || node.matches('.ltx_lstlisting') };
    if (node.matches(CODE) || (node.matches(LEFT_TO_RIGHT) && !context.inTranslation)) inside.dir = 'ltr';
    if (name === 'a') {
      const href = outer.inLink || node.matches('.ltx_path') ? null : portable(node.getAttribute('href') ?? '', this.base, this.page);
      if (href) attributes.href = href;
      else name = 'span';
      inside.inLink = true;
    }
    if (name === 'td' || name === 'th') {
      // Columns keep their order in right-to-left papers; what is translated in them reads as it does elsewhere.
      const isRead = this.mode === 'translated' && node.querySelector('[data-paperglot="translation"]');
      if (isRead) inside.dir = this.reader.dir;
      for (const span of ['rowspan', 'colspan']) {
        const size = Number(node.getAttribute(span));
        if (size > 1) attributes[span] = String(Math.min(size, 1000));
      }
    }
    Object.assign(attributes, languageChange(outer, inside));
    return { node: element(name, attributes), context: inside };
  }

  /** @param {Element} node */
  #id(node) {
    return this.claim(identifier(node.id));
  }

  /**
   * A block and its translation, as the mode wants them.
   *
   * @param {Element} node
   * @param {Pair} pair
   * @param {Context} context
   * @returns {TreeNode[]}
   */
  #block(node, pair, context) {
    const originals = originalNodes(pair, this.pairs);
    for (const [note, copy] of matchNotes(originals, pair.translation)) {
      this.copies.set(note, copy);
      this.notesByCopy.set(copy, note);
    }
    const shell = this.#shell(node, context, context);
    const rest = pair.place === 'inside' ? this.#besides(node, pair, originals, shell.context) : [];
    if (this.mode === 'translated') this.#inherit(node, originals, shell.node);
    const isAlone = !rest.some((other) => typeof other !== 'string' || other.trim());
    const words = this.pair(pair.translation, shell.context, originals, isAlone ? shell.node : undefined);
    shell.node.children = [...rest, ...words];
    // A paragraph and its translation are two paragraphs; a heading stays one.
    const isTwo = shell.node.name === 'p' && this.mode === 'bilingual' && pair.place === 'after';
    if (!isTwo) return [shell.node];
    const translated = /** @type {TreeElement} */ (shell.node.children.pop());
    translated.name = 'p';
    return [shell.node, translated];
  }

  /**
   * What an element holds beside the words that its translation stands for: headings with their own, a number.
   *
   * @param {Element} node
   * @param {Pair} pair
   * @param {Node[]} originals
   * @param {Context} context
   * @returns {TreeNode[]}
   */
  #besides(node, pair, originals, context) {
    const others = [...node.childNodes].filter((child) => child !== pair.translation && !originals.includes(child)
      && !isWrapper(child));
    const tag = this.mode === 'translated' && !pair.translation.querySelector('.ltx_tag')
      ? originals.filter((child) => child instanceof Element && child.matches('.ltx_tag:not(.ltx_tag_note)')) : [];
    return this.convert([...others, ...tag], context);
  }

  /**
   * The words of a block in the mode's languages.
   *
   * @param {Element | undefined} translation
   * @param {Context} context
   * @param {Node[]} originals
   * @param {TreeElement} [holder] of these words and no others
   * @returns {TreeNode[]}
   */
  pair(translation, context, originals, holder) {
    const isTranslated = this.mode === 'translated';
    if (!translation) {
      const change = isTranslated && !context.inTranslation ? this.source : {};
      const children = this.convert(originals, { ...context, ...change });
      const attributes = languageChange(context, { ...context, ...change });
      return Object.keys(attributes).length ? [element('span', attributes, ...children)] : children;
    }
    const inside = { ...context, ...this.reader, inTranslation: true };
    const before = isTranslated ? [] : this.convert(originals, context);
    const after = this.convert(translation.childNodes, inside);
    if (isTranslated) after.push(...this.#forgottenNotes(originals, inside));
    const change = languageChange(context, inside);
    const isUnverified = translation.getAttribute('data-state') === 'unverified';
    const needsOwn = !isTranslated || (!holder && (isUnverified || Object.keys(change).length > 0));
    const target = needsOwn ? element('span', { class: isTranslated ? undefined : 'translation' }, ...after) : holder;
    if (!target) return after;
    Object.assign(target.attributes, change);
    if (isUnverified) {
      addClass(target, 'unverified');
      target.attributes.id ??= this.newId('unverified');
      this.unverified.push({ id: target.attributes.id, text: shortened(plainText(after)) });
    }
    return needsOwn ? [...before, target] : after;
  }

  /**
   * Notes of an original that its translation has lost.
   *
   * @param {Node[]} originals
   * @param {Context} context
   */
  #forgottenNotes(originals, context) {
    return notesIn(originals).filter((note) => !this.copies.has(note)).flatMap((note) => noteReference(note, this, context));
  }

  /**
   * Links to places inside a hidden original shall lead to its translation.
   *
   * @param {Element} node
   * @param {Node[]} originals
   * @param {TreeElement} holder
   */
  #inherit(node, originals, holder) {
    for (const original of originals) {
      if (!(original instanceof Element)) continue;
      for (const inner of [original, ...original.querySelectorAll('[id]')]) {
        if (inner.id && inner !== node && !inner.closest('math')) this.heirs.set(identifier(inner.id), holder);
      }
    }
  }
}

/** @param {string} text */
function shortened(text) {
  const characters = [...text];
  return characters.length <= FIRST_WORDS ? text : `${characters.slice(0, FIRST_WORDS).join('').trimEnd()}…`;
}

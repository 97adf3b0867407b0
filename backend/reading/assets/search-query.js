/**
 * What a reader looks for, and where it stands in a text: as the server's `backend/texts/search_query.py` reads it
 * and `search_marks.py` finds it.
 */

import { pair } from './search-tokens.js';

/** @typedef {import('./search-tokens.js').Atom} Atom */
/** @typedef {import('./search-tokens.js').Cut} Cut */
/** @typedef {import('./search-tokens.js').Cutter} Cutter */

/**
 * @typedef {string | { all: Expression[] } | { any: Expression[] }} Expression a token that a paper must hold, or
 *   several so joined
 */

const QUOTED = /"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』/gu;
const MAX_TERMS = 32;

/** A word, a run of characters, or a phrase. */
export class Term {
  /**
   * @param {Atom[]} atoms
   * @param {string | null} whole the token of a joined word as a whole
   * @param {boolean} phrase its atoms must follow each other
   */
  constructor(atoms, whole, phrase) {
    this.atoms = atoms;
    this.whole = whole;
    this.phrase = phrase;
  }

  /** @returns {Expression} what a paper must hold that has the term */
  get anywhere() {
    return this.#either([...this.#singles(), ...this.#pairs()]);
  }

  /** @returns {Expression} the same without regard to which words follow each other */
  get apart() {
    return this.#either(this.#singles());
  }

  /** @param {Expression[]} inside @returns {Expression} the whole of a joined word, or its parts where they say as much */
  #either(inside) {
    const parts = { all: inside };
    if (this.whole === null) return parts;
    return this.atoms.length > 1 ? { any: [this.whole, parts] } : this.whole;
  }

  #singles() {
    const { atoms } = this;
    return atoms.flatMap(({ token, run }, place) => {
      const [before, after] = [atoms[place - 1], atoms[place + 1]];
      if (!run || (before?.run !== run && after?.run !== run)) return [token];
      return after?.run === run ? [token + after.token] : [];
    });
  }

  /** @returns {Expression[]} tokens of neighbours of which one is a word, or that a space parts */
  #pairs() {
    return this.atoms.slice(1).flatMap((second, place) => {
      const first = this.atoms[place];
      if (first.run && first.run === second.run) return [];
      const apart = pair(first.token, second.token);
      return [first.run && second.run ? { any: [apart, first.token + second.token] } : apart];
    });
  }

  /** @param {Cut} cut of a text @returns {[start: number, end: number][]} where the term stands in it */
  places({ atoms, forms }) {
    const wanted = this.atoms.map(({ token }) => token);
    const names = [this.whole, wanted.length === 1 ? wanted[0] : null];
    /** @type {[number, number][]} */
    const found = [...atoms, ...forms].flatMap(({ start, end, token }) => (names.includes(token) ? [[start, end]] : []));
    if (wanted.length < 2) return found;
    const isRun = this.atoms[0].run && !this.phrase;
    const together = new Set(wanted.slice(1).map((token, place) => `${wanted[place]} ${token}`));
    atoms.forEach((first, place) => {
      const window = atoms.slice(place, place + (isRun ? 2 : wanted.length));
      const last = window[window.length - 1];
      const fits = isRun
        ? window.length === 2 && first.run && first.run === last.run && together.has(`${first.token} ${last.token}`)
        : window.length === wanted.length && window.every(({ token }, index) => token === wanted[index]);
      if (fits) found.push([first.start, last.end]);
    });
    return found;
  }
}

/**
 * @param {string} text
 * @param {Cutter} cutter
 * @returns {Term[]} all of them must occur
 */
export function parse(text, cutter) {
  /** @type {Map<string, Term>} */
  const terms = new Map();
  /** @param {Term} term */
  const add = (term) => {
    const key = JSON.stringify([term.atoms.map(({ token }) => token), term.whole, term.phrase]);
    if (!terms.has(key)) terms.set(key, term);
  };
  let position = 0;
  for (const match of text.matchAll(QUOTED)) {
    words(text.slice(position, match.index), cutter).forEach(add);
    const inside = match.slice(1).find((group) => group !== undefined) ?? '';
    const { atoms } = cutter.cut(inside);
    if (atoms.length === 1) words(inside, cutter).forEach(add);
    else if (atoms.length) add(new Term(atoms, null, true));
    position = match.index + match[0].length;
  }
  words(text.slice(position), cutter).forEach(add);
  return [...terms.values()].slice(0, MAX_TERMS);
}

/** @param {string} text @param {Cutter} cutter @returns {Term[]} one for each word and each run of characters */
function words(text, cutter) {
  const { atoms, forms } = cutter.cut(text);
  const covering = forms.filter(({ token }) => [...token].length > 1);
  /** @type {Atom[][]} */
  const groups = [];
  for (const atom of atoms) {
    const group = groups[groups.length - 1];
    const last = group?.[group.length - 1];
    const joined = last && ((atom.run && atom.run === last.run)
      || covering.some(({ start, end }) => start <= last.start && atom.end <= end));
    if (joined) group.push(atom);
    else groups.push([atom]);
  }
  return groups.map((group) => {
    const [first, last] = [group[0], group[group.length - 1]];
    const wholes = forms.filter(({ start, end }) => start <= first.start && last.end <= end);
    return new Term(group, !first.run && wholes.length ? wholes[wholes.length - 1].token : null, false);
  });
}

/** @param {Expression} expression @returns {string[]} the tokens in it */
export function tokensOf(expression) {
  if (typeof expression === 'string') return [expression];
  return ('all' in expression ? expression.all : expression.any).flatMap(tokensOf);
}

/** @param {Expression} expression @returns {Expression} the same for titles */
export function inTitle(expression) {
  if (typeof expression === 'string') return `^${expression}`;
  return 'all' in expression ? { all: expression.all.map(inTitle) } : { any: expression.any.map(inTitle) };
}

/**
 * @param {Expression} expression
 * @param {(token: string) => Set<number>} of the papers that hold a token
 * @returns {Set<number>} the papers that meet it
 */
export function meeting(expression, of) {
  if (typeof expression === 'string') return of(expression);
  if ('any' in expression) return new Set(expression.any.flatMap((part) => [...meeting(part, of)]));
  return expression.all.map((part) => meeting(part, of))
    .reduce((some, others) => new Set([...some].filter((number) => others.has(number))));
}

/**
 * Marks the terms in an element's texts, but for its formulas.
 *
 * @param {Element} element
 * @param {Term[]} terms
 * @param {Cutter} cutter
 * @returns {Set<Term>} those that stand in it
 */
export function mark(element, terms, cutter) {
  const found = new Set();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => (
    node instanceof Element && node.localName === 'math' ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode instanceof Text) texts.push(walker.currentNode);
  for (const node of texts) {
    const cut = cutter.cut(node.data);
    const places = terms.flatMap((term) => {
      const here = term.places(cut);
      if (here.length) found.add(term);
      return here;
    });
    let end = node.data.length;
    for (const [from, to] of merged(places).reverse()) {
      if (to > end) continue;
      node.splitText(to);
      const hit = node.splitText(from);
      const around = document.createElement('mark');
      hit.replaceWith(around);
      around.append(hit);
      end = from;
    }
  }
  return found;
}

/** @param {[number, number][]} places @returns {[number, number][]} in order, those that touch or overlap as one */
function merged(places) {
  /** @type {[number, number][]} */
  const found = [];
  for (const [start, end] of places.sort(([a], [b]) => a - b)) {
    const last = found[found.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

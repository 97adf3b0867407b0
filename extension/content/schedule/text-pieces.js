/**
 * A text with more than a request's segment may hold, as pieces of it that are translated each by itself,
 * and their translations as one.
 *
 * It is cut where a sentence ends, best outside of every pair; within a sentence that is too long itself
 * between two words. A pair that goes on after a cut is closed before it and opened again behind it.
 */

import { OBJECT, sentenceStarts } from '../view/sentence-split.js';

/** What the backend takes, with room to spare for placeholders: opening and closing a pair are two. */
const MAX_CHARACTERS = 8_000;
const MAX_TAGS = 400;
const MAX_PART_MARKS = 150;
/** The longest placeholder of a piece, `</g400>`. */
const TAG_LENGTH = 7;
/** Mark-up within so much other mark-up is left out of pieces; its words are in them. */
const MAX_DEPTH = 30;
/** How much after a possible cut tells whether a sentence begins there. */
const LOOK_AHEAD = 60;
/** Papers are written in it. */
const SOURCE_LANGUAGE = 'en';
/** Languages that put no space between sentences. */
const SPACELESS = /^(?:zh|ja)\b/;

const TAG = /<(?:x\d+\/|\/?g\d+|p\d+\/)>/g;
// A character goes with what is combined with it, but not with any number of that.
const ATOM = /<(?<kind>x|g|\/g|p)(?<number>\d+)\/?>|&(?:lt|gt|amp);|\s|[^]\p{M}{0,20}/gu;
const SENTENCE_MARK = /<s(\d+)\/>/g;
const PLACEHOLDER = /<(x|\/?g|p|s)(\d+)(\/?)>/g;

/**
 * @typedef {object} TextPiece
 * @property {string} text its placeholders and its marks between parts numbered from 1, in order of appearance
 * @property {string} joint what of the whole stands before it and is not translated: a blank, marks between parts
 * @property {readonly number[]} numbers of its placeholders in the whole, the first that of `<x1/>` or `<g1>`
 * @property {number} partMarks how many marks between parts stand before it
 * @property {readonly number[]} goesOn numbers, in the whole, of pairs that began before it, outermost first
 * @property {readonly { at: number, whole: number }[]} places of the text in the whole; what follows each goes on as there
 */

/** @typedef {{ text: string, kind: 'x' | 'g' | '/g' | 'p' | 'blank' | 'word', number: number, at: number, open: readonly number[] }} Atom `open`: the pairs it stands in */

/** @param {string} text @returns {boolean} whether it is more than one segment may hold */
export function isTooLong(text) {
  if (text.length > MAX_CHARACTERS) return true;
  if (text.length <= MAX_PART_MARKS) return false;
  const tags = text.match(TAG) ?? [];
  return tags.length > MAX_TAGS || tags.filter((tag) => tag.startsWith('<p')).length > MAX_PART_MARKS;
}

/**
 * @param {string} text of a segment, as it would be sent
 * @returns {TextPiece[]} all of it, in order, each within the limits
 */
export function piecesOf(text) {
  const atoms = atomsOf(text);
  const pieces = [];
  let [from, partMarks] = [0, 0];
  while (from < atoms.length) {
    const begin = skipJoint(atoms, from, 1);
    const joint = atoms.slice(from, begin);
    partMarks += joint.filter(({ kind }) => kind === 'p').length;
    if (begin === atoms.length) break; // a mark with nothing behind it
    const cut = nextCut(atoms, begin);
    const own = atoms.slice(begin, skipJoint(atoms, cut, -1));
    pieces.push({ ...numbered(own), joint: joint.map((atom) => atom.text).join(''), partMarks, goesOn: own[0].open });
    partMarks += own.filter(({ kind }) => kind === 'p').length;
    from = begin + own.length;
  }
  return pieces;
}

/**
 * @param {string} translated of a piece, or the beginning of it that ends with no half placeholder
 * @param {TextPiece} piece
 * @returns {string} the same with the placeholders of the whole
 */
export function inWhole(translated, { numbers, partMarks }) {
  return translated.replace(PLACEHOLDER, (tag, kind, number, end) => {
    if (kind === 's') return tag;
    const whole = kind === 'p' ? partMarks + Number(number) : numbers[Number(number) - 1];
    return whole === undefined ? '' : `<${kind}${whole}${end}>`;
  });
}

/** @param {string} joint between two pieces @param {string} lang of the translation */
export function jointIn(joint, lang) {
  return joint === ' ' && SPACELESS.test(lang) ? '' : joint;
}

/**
 * @param {readonly TextPiece[]} pieces all of a text
 * @param {readonly string[]} translations of them, with marks of sentences or without
 * @param {string} lang
 * @returns {string} the translation of the whole; its marks of sentences are numbered through
 */
export function joined(pieces, translations, lang) {
  let whole = '';
  let sentences = 0;
  for (const [index, piece] of pieces.entries()) {
    const before = sentences;
    let next = inWhole(translations[index], piece).replace(SENTENCE_MARK, (_, number) => {
      sentences = Math.max(sentences, before + Number(number));
      return `<s${before + Number(number)}/>`;
    });
    for (const number of piece.goesOn) {
      const [closing, opening] = [whole.lastIndexOf(`</g${number}>`), next.indexOf(`<g${number}>`)];
      if (closing < 0 || opening < 0) continue;
      whole = without(whole, closing, `</g${number}>`.length);
      next = without(next, opening, `<g${number}>`.length);
    }
    whole += jointIn(piece.joint, lang) + next;
  }
  return whole;
}

/**
 * @param {TextPiece} piece
 * @param {number} offset in its text
 * @returns {number} where that stands in the whole
 */
export function wholeOffset({ places }, offset) {
  const { at, whole } = /** @type {TextPiece['places'][number]} */ (places.findLast((place) => place.at <= offset));
  return whole + offset - at;
}

/** @param {string} text @param {number} at @param {number} length */
function without(text, at, length) {
  return text.slice(0, at) + text.slice(at + length);
}

/** @param {string} text @returns {Atom[]} what of it cannot be cut */
function atomsOf(text) {
  /** @type {Atom[]} */
  const atoms = [];
  /** @type {readonly number[]} */
  let open = [];
  let depth = 0;
  for (const { 0: own, index: at, groups } of text.matchAll(ATOM)) {
    const number = Number(groups?.number ?? 0);
    const kind = /** @type {Atom['kind']} */ (groups?.kind ?? (/\s/.test(own) ? 'blank' : 'word'));
    const level = kind === 'g' ? depth += 1 : kind === '/g' ? depth-- : 0;
    if (level > MAX_DEPTH) continue;
    atoms.push({ text: own, kind, number, at, open });
    if (kind === 'g') open = [...open, number];
    if (kind === '/g') open = open.slice(0, -1);
  }
  return atoms;
}

/** @param {readonly Atom[]} atoms @param {number} index @param {1 | -1} way @returns {number} past what stands between pieces */
function skipJoint(atoms, index, way) {
  const isJoint = (/** @type {Atom | undefined} */ atom) => atom?.kind === 'blank' || atom?.kind === 'p';
  while (isJoint(atoms[way > 0 ? index : index - 1])) index += way;
  return index;
}

/**
 * @param {readonly Atom[]} atoms
 * @param {number} from where a piece begins
 * @returns {number} where it ends: the last place of the best kind
 */
function nextCut(atoms, from) {
  const fits = fitting(atoms, from);
  const farthest = [...fits].at(-1) ?? from + 1;
  if (farthest === atoms.length) return farthest;
  const possible = (/** @type {number[]} */ cuts) => cuts.map((index) => besidePair(atoms, index)).filter((index) => fits.has(index));
  const before = (/** @type {Atom['kind']} */ kind) => possible([...fits].filter((index) => atoms[index].kind === kind));
  const outside = (/** @type {number[]} */ cuts) => cuts.findLast((index) => !atoms[index].open.length);
  const sentences = possible(sentenceCuts(atoms, from, farthest));
  return outside(sentences) ?? outside(before('p')) ?? sentences.at(-1)
    ?? outside(before('blank')) ?? before('blank').at(-1) ?? farthest;
}

/**
 * @param {readonly Atom[]} atoms
 * @param {number} from
 * @returns {Set<number>} where a piece that begins there may end without being too long, in order
 */
function fitting(atoms, from) {
  const fits = new Set();
  const { length: depth } = atoms[from].open;
  let [characters, tags, marks] = [depth * TAG_LENGTH, depth, 0];
  for (let index = from; index < atoms.length && characters <= MAX_CHARACTERS; ) {
    const { text, kind } = atoms[index];
    const isTag = kind !== 'word' && kind !== 'blank';
    characters += isTag ? TAG_LENGTH : text.length;
    tags += Number(isTag);
    marks += Number(kind === 'p');
    index += 1;
    const open = openAt(atoms, index).length;
    if (characters + open * TAG_LENGTH <= MAX_CHARACTERS && tags + open <= MAX_TAGS && marks <= MAX_PART_MARKS) fits.add(index);
  }
  return fits;
}

/** @param {readonly Atom[]} atoms @param {number} index @returns {readonly number[]} the pairs that are open there */
function openAt(atoms, index) {
  if (index < atoms.length) return atoms[index].open;
  const { open, kind, number } = atoms[index - 1];
  return kind === 'g' ? [...open, number] : kind === '/g' ? open.slice(0, -1) : open;
}

/**
 * @param {readonly Atom[]} atoms
 * @param {number} from
 * @param {number} to
 * @returns {number[]} where in between a sentence begins
 */
function sentenceCuts(atoms, from, to) {
  let plain = '';
  const index = atoms.slice(from, to + LOOK_AHEAD).map(({ text, kind }) => {
    const at = plain.length;
    if (kind === 'word' || kind === 'blank') plain += text.startsWith('&') ? text[0] : text;
    else if (kind === 'x' || kind === 'p') plain += OBJECT;
    return at;
  });
  let next = 0;
  return sentenceStarts(plain, SOURCE_LANGUAGE).slice(1).map((start) => {
    while (index[next] < start) next += 1;
    return from + next;
  });
}

/**
 * A cut right behind the beginning of a pair is one before it, a cut right before the end is one behind it.
 *
 * @param {readonly Atom[]} atoms
 * @param {number} index
 * @returns {number}
 */
function besidePair(atoms, index) {
  let cut = index;
  for (let next = index; ['blank', '/g'].includes(atoms[next]?.kind); next += 1) if (atoms[next].kind === '/g') cut = next + 1;
  if (cut > index) return cut;
  for (let last = index - 1; ['blank', 'g'].includes(atoms[last]?.kind); last -= 1) if (atoms[last].kind === 'g') cut = last;
  return cut;
}

/** @param {readonly Atom[]} atoms of a piece @returns {Pick<TextPiece, 'text' | 'numbers' | 'places'>} */
function numbered(atoms) {
  /** @type {number[]} */
  const numbers = [];
  const places = [{ at: 0, whole: atoms[0].at }];
  let [text, marks] = ['', 0];
  const numberOf = (/** @type {number} */ whole) => numbers.indexOf(whole) + 1 || numbers.push(whole);
  for (const number of atoms[0].open) text += `<g${numberOf(number)}>`;
  for (const { text: own, kind, number, at } of atoms) {
    const { at: before, whole } = places[places.length - 1];
    if (at - text.length !== whole - before) places.push({ at: text.length, whole: at });
    if (kind === 'word' || kind === 'blank') text += own;
    else if (kind === 'p') text += `<p${marks += 1}/>`;
    else text += `<${kind}${numberOf(number)}${kind === 'x' ? '/' : ''}>`;
  }
  for (const number of openAt(atoms, atoms.length).toReversed()) text += `</g${numberOf(number)}>`;
  return { text, numbers, places };
}

/**
 * Texts cut into search tokens as the server's `backend/texts/search_tokens.py` cuts them, by the rules that it
 * wrote beside the index; a test holds that both cut alike.
 */

/**
 * @typedef {object} Rules see `backend/texts/search_rules.py`
 * @property {number} longest
 * @property {string} unspaced
 * @property {string} marks
 * @property {string} accents
 * @property {Record<string, string>} cases
 * @property {Record<string, string>} spellings
 */

/**
 * @typedef {object} Atom a word, or a character of a script without spaces
 * @property {number} start
 * @property {number} end
 * @property {string} token
 * @property {number} run of characters that no space parts; 0 for a word
 */

/** @typedef {{ start: number, end: number, token: string }} Form a further token that a word is found by */
/** @typedef {{ atoms: Atom[], forms: Form[] }} Cut */

const JOINED = /[-\u2010\u2011'\u2019\u05f4\u05f3_]/gu;
const SUBPART = /\p{Nd}+(?:\.\p{Nd}+)*|(?:(?!\p{Nd})[\p{L}\p{N}_])+/gu;
const INSIDE = /(?<!\p{Nd})[-\u2010\u2011_]|[-\u2010\u2011_](?!\p{Nd})|['\u2019\u05f4\u05f3,]/gu;
const ACCENTED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** @param {string} text */
const length = (text) => [...text].length;

export class Cutter {
  #rules;
  #spellings;
  #accent;
  #piece;
  #unit;

  /**
   * @param {Rules} rules
   * @param {string} [chinese] pairs of characters; without them both ways of writing Chinese are two
   */
  constructor(rules, chinese = '') {
    this.#rules = rules;
    this.#spellings = new Map(Object.entries(rules.spellings));
    const pairs = [...chinese];
    for (let index = 0; index < pairs.length; index += 2) this.#spellings.set(pairs[index], pairs[index + 1]);
    this.#accent = new RegExp(`[${rules.accents}]`, 'u');
    const { unspaced, marks } = rules;
    const unit = `[${unspaced}][${marks}\\uff9e\\uff9f]*`;
    const letter = `(?![${unspaced}])[\\p{L}\\p{N}]`;
    const chunk = `${letter}(?:${letter}|[${marks}\\u0640\\u200c\\u200d])*`;
    const joiner = "(?:[-\\u2010\\u2011'\\u2019\\u05f4\\u05f3_]|(?<=\\p{Nd})[.,](?=\\p{Nd}))";
    const word = `${chunk}(?:${joiner}${chunk})*`;
    this.#unit = new RegExp(unit, 'gu');
    this.#piece = new RegExp(
      `(?<run>(?:${unit})+)|(?<word>${word}(?:\\+\\+|[#+])?(?![\\p{L}\\p{N}_+#])|${word})`, 'gu',
    );
  }

  /**
   * @param {string} text
   * @returns {string} a word as it is looked up
   */
  fold(text) {
    if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
    const { cases } = this.#rules;
    const folded = [...text.normalize('NFKC')].map((c) => cases[c] ?? c.toLowerCase()).join('').normalize('NFC');
    return [...folded].map((c) => this.#plain(c)).map((c) => this.#spellings.get(c) ?? c).join('');
  }

  /** @param {string} character @returns {string} it without accents or points that tell no words apart */
  #plain(character) {
    if (character <= '\x7f') return character;
    if (/\p{Mn}/u.test(character)) return this.#accent.test(character) ? '' : character;
    const [base, ...others] = character.normalize('NFD');
    return others.length && ACCENTED.test(base) ? base : character;
  }

  /** @param {string} text @returns {string} no longer than a token may be */
  #short(text) {
    return text.length > this.#rules.longest ? [...text].slice(0, this.#rules.longest).join('') : text;
  }

  /** @param {string} text @returns {Cut} */
  cut(text) {
    /** @type {Cut} */
    const found = { atoms: [], forms: [] };
    let runs = 0;
    for (const { 0: piece, index, groups } of text.matchAll(this.#piece)) {
      if (groups?.word) {
        this.#word(piece, index, found);
        continue;
      }
      runs += 1;
      for (const { 0: unit, index: place } of piece.matchAll(this.#unit)) {
        const token = this.#short(this.fold(unit));
        if (token) found.atoms.push({ start: index + place, end: index + place + unit.length, token, run: runs });
      }
    }
    return found;
  }

  /**
   * @param {string} word
   * @param {number} start
   * @param {Cut} found what is added to
   */
  #word(word, start, { atoms, forms }) {
    const body = word.replace(/[+#]+$/, '');
    const suffix = word.slice(body.length);
    const tokens = new Set();
    /** @param {Atom[] | Form[]} list @param {number} from @param {number} to @param {string} token */
    const add = (list, from, to, token) => {
      list.push({ start: start + from, end: start + to, token, run: 0 });
      tokens.add(token);
    };
    let first = 0;
    for (const last of [...[...body.matchAll(JOINED)].map(({ index }) => index), body.length]) {
      const written = body.slice(first, last);
      const part = this.#short(this.fold(written).replaceAll(',', '').replace(/^[\u200c\u200d]+|[\u200c\u200d]+$/g, ''));
      if (part && suffix && last === body.length) { // of C++ the C alone is a further form
        add(atoms, first, word.length, part + suffix);
        add(forms, first, last, part);
      } else if (part) {
        add(atoms, first, last, part);
      }
      const pieces = length(part) === length(written) ? [...part.matchAll(SUBPART)] : [];
      for (const { 0: piece, index } of pieces.length > 1 ? pieces : []) {
        if (length(piece) < 2 && !/^\p{Nd}$/u.test(piece)) continue;
        add(forms, first + index, first + index + piece.length, piece);
      }
      first = last + 1;
    }
    const whole = this.#short(this.fold(word.replace(INSIDE, '').replace(/[\u2010\u2011_]/g, '-')));
    if (whole && !tokens.has(whole)) add(forms, 0, word.length, whole);
  }

  /** @param {string} text @returns {Set<string>} everything a text is found by */
  tokens(text) {
    const { atoms, forms } = this.cut(text);
    const found = new Set([...atoms, ...forms].map(({ token }) => token));
    atoms.slice(1).forEach((second, index) => {
      const first = atoms[index];
      found.add(first.run && first.run === second.run ? first.token + second.token : pair(first.token, second.token));
    });
    return found;
  }
}

/** @type {Uint32Array | undefined} */
let table;

/** @param {string} text @returns {number} its CRC-32 (IEEE 802.3), as zlib computes it */
export function crc32(text) {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let value = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) value = (value >>> 8) ^ table[(value ^ byte) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}

/** @param {string} first @param {string} second @returns {string} the token of two words that follow each other */
export function pair(first, second) {
  return `~${(crc32(`${first} ${second}`) & 0x1ffff).toString(16).padStart(5, '0')}`;
}

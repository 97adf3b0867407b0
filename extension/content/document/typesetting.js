/**
 * Reads how a piece of the page is set, so that its translation can be set likewise and the space it
 * will need can be reserved before a word of it is there.
 */

/** @typedef {import('../pages/page-rules.js').BlockRule} BlockRule */

/**
 * How much longer a line of English becomes, by the language's usual length and the width of its letters.
 *
 * @type {Record<string, number>}
 */
const EXPANSION = {
  'zh-Hans': 0.78, 'zh-Hant': 0.78, ja: 1, ko: 0.95, th: 1, ar: 0.95, he: 0.9, fa: 1, ur: 1.05, hi: 1.05, vi: 1.1,
};
const OTHERWISE = 1.2;

/** Line heights that a script's letters need, where arXiv's are too tight for it. */
const TALL = new Set(['zh-Hans', 'zh-Hant', 'ja', 'ko', 'ar', 'fa', 'ur', 'he', 'hi', 'th', 'bn', 'ta', 'te']);

/** The mean width of a letter of arXiv's fonts, in ems. */
const LETTER = 0.5;
const BOLD_LETTER = 0.56;
/** TeX takes so much of its own space once it is typeset. */
const TYPESET = 0.45;
/** MathJax's margin above and below a displayed formula, in ems. */
const DISPLAY_MARGIN = 1;

/**
 * @typedef {object} Setting how blocks of one rule are set
 * @property {Record<string, string>} style custom properties and font properties for their translations
 * @property {number} size of the font, in pixels
 * @property {number} line height of the original, in pixels
 * @property {number} leading line height of the translation, in ems
 * @property {number} letter mean width of a letter, in pixels
 */

/**
 * @typedef {object} Metrics
 * @property {Record<string, string>} style
 * @property {number} reserve pixels
 */

export class Typesetting {
  #lang;
  /** @type {Map<string, Setting>} a list's titles are all set alike, and asking costs a layout */
  #known = new Map();

  /**
   * @param {string} lang of the translations
   * @param {AbortSignal} signal
   */
  constructor(lang, signal) {
    this.#lang = lang;
    addEventListener('resize', () => this.#known.clear(), { signal });
  }

  /**
   * @param {Element} original
   * @param {BlockRule} rule
   * @param {DOMRectReadOnly} box the original's
   * @returns {Metrics}
   */
  measure(original, rule, box) {
    // What looks alike has the same rule, and the same classes in the same surroundings.
    const alike = `${rule.select} ${original.localName}.${original.className} ${original.parentElement?.className}`;
    let setting = this.#known.get(alike);
    if (!setting) {
      setting = this.#read(original, rule.place);
      this.#known.set(alike, setting);
    }
    const { style, size, line, leading, letter } = setting;
    const words = seenOf(original);
    const tex = (words.match(/\$[^$]+\$/g) ?? []).join('').length;
    // A displayed formula stands in the translation as tall as in the original.
    const displayed = this.#displayed(original, size);
    const full = Math.max(1, Math.round((box.height - displayed) / line));
    // The last line is seldom full; how full, the length of the text tells without another layout.
    const byLength = (words.trim().length * letter) / Math.max(1, box.width);
    const lines = Math.min(full, Math.max(full - 0.9, byLength)) * (1 - ((1 - TYPESET) * tex) / (words.length || 1));
    const expansion = EXPANSION[this.#lang] ?? OTHERWISE;
    // Each paragraph begins a new line, and so does what follows a displayed formula.
    const breaks = original.querySelectorAll('br, .MathJax_Display').length;
    const most = Math.ceil(full * Math.max(1, expansion));
    const wanted = Math.max(1, Math.min(Math.ceil(lines * expansion) + breaks, most));
    return { style, reserve: Math.ceil(wanted * leading * size + displayed) };
  }

  /**
   * @param {Element} original
   * @param {number} size of its font, in pixels
   * @returns {number} the height of its displayed formulas with their margins, in pixels
   */
  #displayed(original, size) {
    let height = 0;
    for (const formula of original.querySelectorAll('.MathJax_Display')) {
      height += formula.getBoundingClientRect().height + 2 * DISPLAY_MARGIN * size;
    }
    return height;
  }

  /**
   * @param {Element} original
   * @param {BlockRule['place']} place
   * @returns {Setting}
   */
  #read(original, place) {
    const own = getComputedStyle(original);
    const surrounding = getComputedStyle(place === 'after' ? original.parentElement ?? original : original);
    const size = parseFloat(own.fontSize);
    const line = parseFloat(own.lineHeight) || size * 1.2;
    const heading = Number(own.fontWeight) >= 600;
    const leading = Math.max(line / size, TALL.has(this.#lang) ? (heading ? 1.4 : 1.75) : 1.2);

    /** @type {Record<string, string>} */
    const style = { '--paperglot-leading': leading.toFixed(3) };
    if (own.display === 'inline' || own.display === 'inline-block') style['--paperglot-display'] = 'inline';
    if (own.textAlign === 'center') style['--paperglot-align'] = own.textAlign;
    if (place === 'inside') {
      style['--paperglot-size'] = own.fontSize;
    } else {
      for (const property of /** @type {const} */ (['fontSize', 'fontWeight', 'fontFamily', 'fontStyle'])) {
        const hyphenated = property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        if (own[property] !== surrounding[property]) style[hyphenated] = own[property];
      }
      const outer = own.display === 'inline' ? null : own;
      style['--paperglot-left'] = outer?.marginLeft ?? '0px';
      style['--paperglot-right'] = outer?.marginRight ?? '0px';
      style['--paperglot-before'] = outer?.marginTop ?? '0px';
      style['--paperglot-above'] = outer?.marginBottom ?? '0px';
    }
    return { style, size, line, leading, letter: size * (heading ? BOLD_LETTER : LETTER) };
  }
}

/**
 * @param {Element} original
 * @returns {string} its text without "Title:" and without what MathJax keeps unseen beside a formula
 */
function seenOf(original) {
  let words = original.textContent ?? '';
  for (const { textContent } of original.querySelectorAll('.descriptor, .MathJax_Preview, script')) {
    words = words.replace(textContent ?? '', '');
  }
  return words;
}

/**
 * Reads how a piece of the page is set, so that its translation can be set likewise and the room it
 * will need can be kept free before a word of it is there.
 */

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

/**
 * @typedef {object} Metrics
 * @property {Record<string, string>} style custom properties and font properties for the translation
 * @property {number} reserve pixels
 */

/**
 * @param {Element} original
 * @param {string} lang
 * @param {'after' | 'inside'} place
 * @returns {Metrics}
 */
export function measure(original, lang, place) {
  const own = getComputedStyle(original);
  const surrounding = getComputedStyle(place === 'after' ? original.parentElement ?? original : original);
  const size = parseFloat(own.fontSize);
  const line = parseFloat(own.lineHeight) || size * 1.2;
  const heading = Number(own.fontWeight) >= 600;
  const tall = TALL.has(lang);
  const leading = Math.max(line / size, tall ? (heading ? 1.4 : 1.75) : 1.2);

  /** @type {Record<string, string>} */
  const style = { '--paperglot-leading': leading.toFixed(3) };
  if (place === 'inside') style['--paperglot-size'] = own.fontSize;
  if (place === 'after') {
    for (const property of ['fontSize', 'fontWeight', 'fontFamily', 'fontStyle']) {
      const value = own[/** @type {'fontSize'} */ (property)];
      const hyphenated = property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      if (value !== surrounding[/** @type {'fontSize'} */ (property)]) style[hyphenated] = value;
    }
    const outer = own.display === 'inline' ? null : own;
    style['--paperglot-left'] = outer?.marginLeft ?? '0px';
    style['--paperglot-right'] = outer?.marginRight ?? '0px';
    style['--paperglot-before'] = outer?.marginTop ?? '0px';
    style['--paperglot-above'] = outer?.marginBottom ?? '0px';
  }
  const lines = Math.ceil(fullLines(original, line) * typesetShare(original) * (EXPANSION[lang] ?? OTHERWISE));
  return { style, reserve: Math.ceil(Math.max(1, lines) * leading * size) };
}

/**
 * @param {Element} original
 * @param {number} line its line height in pixels
 * @returns {number} how many lines it takes, the last one by its share
 */
function fullLines(original, line) {
  const box = original.getBoundingClientRect();
  const lines = Math.max(1, Math.round(box.height / line));
  const range = document.createRange();
  const words = document.createTreeWalker(original, NodeFilter.SHOW_TEXT);
  let last = words.lastChild();
  while (last && !last.textContent?.trim()) last = words.previousNode();
  if (!last || !box.width) return lines;
  range.selectNodeContents(last);
  const [end] = [...range.getClientRects()].slice(-1);
  return end ? lines - 1 + Math.min(1, Math.max(0.1, (end.right - box.left) / box.width)) : lines;
}

/** TeX takes so much of its own room once it is typeset. */
const TYPESET = 0.45;

/**
 * @param {Element} original
 * @returns {number} the share of its height that will be left when MathJax has typeset its TeX
 */
function typesetShare(original) {
  const words = original.textContent ?? '';
  if (!words.includes('$')) return 1;
  const tex = (words.match(/\$[^$]+\$/g) ?? []).join('').length;
  return 1 - ((1 - TYPESET) * tex) / words.length;
}

/**
 * Where a term stands in an element's words: whole words across its mark-up, in any case and in the plural
 * too, unless it is an abbreviation; never across a formula or a note.
 */

const NOT_TEXT = 'math, .ltx_Math, .ltx_note, .ltx_cite, .ltx_tag, svg, [data-paperglot]:not([data-paperglot-words])';
/** Stands for what is no text: no term goes across it. */
const GAP = '\uFFFC';
const ABBREVIATION = /^\P{Ll}*\p{Lu}\P{Ll}*$/u;
/** Written without blanks between words, so that no word ends there. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/**
 * @param {string} term
 * @returns {RegExp} global, for `rangesIn`
 */
export function patternOf(term) {
  const words = term.trim().split(/[\s-]+/).map((word) => word.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&'));
  const isAbbreviation = ABBREVIATION.test(term);
  const last = /** @type {string} */ (words.pop());
  const plural = /y$/i.test(last) ? `(?:${last}|${last.slice(0, -1)}ies)` : `${last}(?:e?s)?`;
  const body = [...words, plural].join(`(?:\\s+|-)`);
  const [start, end] = UNSPACED.test(term) ? ['', ''] : ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])'];
  return new RegExp(`${start}${body}${end}`, isAbbreviation ? 'gu' : 'giu');
}

/**
 * @param {Element} element
 * @param {RegExp} pattern of `patternOf`
 * @returns {Range[]} in the order of the text
 */
export function rangesIn(element, pattern) {
  /** @type {{ node: Text, start: number }[]} */
  const texts = [];
  let words = '';
  /** @param {Node} node */
  const collect = (node) => {
    for (const child of node.childNodes) {
      if (child instanceof Text) {
        texts.push({ node: child, start: words.length });
        words += child.data;
      } else if (child instanceof Element) {
        if (child.matches(NOT_TEXT)) words += GAP;
        else collect(child);
      }
    }
  };
  collect(element);
  return [...words.matchAll(pattern)].filter(([found]) => found)
    .map(({ index, 0: { length } }) => rangeOver(texts, index, index + length));
}

/** @param {{ node: Text, start: number }[]} texts @param {number} from @param {number} to @returns {Range} */
function rangeOver(texts, from, to) {
  /** @param {number} place */
  const at = (place) => /** @type {{ node: Text, start: number }} */ (texts.findLast(({ start }) => start <= place));
  const [first, last] = [at(from), at(to - 1)];
  const range = new Range();
  range.setStart(first.node, from - first.start);
  range.setEnd(last.node, to - last.start);
  return range;
}

/**
 * Marks one sentence and its counterpart in the page, without an element for it: a CSS highlight over
 * words, an attribute on formulas. Highlights over MathML are painted in patches in both browsers.
 */

/** @typedef {import('../view/sentence-map.js').SentenceMap} SentenceMap */
/** @typedef {import('../view/sentence-map.js').Side} Side */

const NAME = 'paperglot-sentence';
const LIT = 'data-paperglot-lit';
const FORMULA = 'math, .MathJax, .MathJax_Display, .MathJax_SVG, .MathJax_CHTML, img, svg';
/** What an opaque node holds that is not read with the sentence. */
const APART = '.ltx_note_outer, .ltx_pubnotes_content, [data-paperglot="translation"]';
/** Between two lines of a sentence one is still in it. */
const SLACK = { x: 2, y: 6 };

/** @type {{ map: SentenceMap, index: number } | null} */
let marked = null;
/** @type {Element[]} */
let formulas = [];
/** Whether the mark stays where it is, wherever one points. */
let kept = false;

/** @returns {{ map: SentenceMap, index: number } | null} the pair that is marked */
export function markedSentence() {
  return marked;
}

/** @returns {boolean} whether the marked sentence is kept until it is unmarked */
export function isMarkKept() {
  return kept;
}

/**
 * @param {SentenceMap} map
 * @param {number} index of the pair
 * @param {{ keep?: boolean }} [options] `keep`: the pointer does not move the mark
 */
export function markSentence(map, index, { keep = false } = {}) {
  kept = keep;
  if (marked?.map === map && marked.index === index) return;
  const [there, here] = [extentOf(map, 'original', index), extentOf(map, 'translation', index)];
  unmarkFormulas();
  formulas = [...there.formulas, ...here.formulas];
  for (const formula of formulas) formula.setAttribute(LIT, '');
  CSS.highlights.set(NAME, new Highlight(...there.ranges, ...here.ranges));
  marked = { map, index };
}

export function unmarkSentence() {
  kept = false;
  if (!marked) return;
  marked = null;
  CSS.highlights.delete(NAME);
  unmarkFormulas();
}

function unmarkFormulas() {
  for (const formula of formulas) formula.removeAttribute(LIT);
  formulas = [];
}

/**
 * @param {SentenceMap} map
 * @param {Side} side
 * @param {number} index
 * @returns {{ ranges: Range[], formulas: Element[] }} one range for each text outside of formulas
 */
export function extentOf(map, side, index) {
  /** @type {Range[]} */
  const ranges = [];
  /** @type {Element[]} */
  const found = [];
  for (const { node, from, to } of map.slices(side, index)) {
    if (node instanceof Text) ranges.push(rangeOver(node, from, to));
    else if (node instanceof Element) collect(node, ranges, found);
  }
  return { ranges, formulas: found };
}

/** @param {Element} element @param {Range[]} ranges @param {Element[]} found */
function collect(element, ranges, found) {
  if (element.matches(APART)) return;
  if (element.matches(FORMULA)) {
    found.push(element);
    return;
  }
  for (const node of element.childNodes) {
    if (node instanceof Element) collect(node, ranges, found);
    else if (node instanceof Text && node.data.trim()) ranges.push(rangeOver(node, 0, node.length));
  }
}

/** @param {Text} node @param {number} from @param {number} to */
function rangeOver(node, from, to) {
  const range = new Range();
  // The page may have shortened it since.
  range.setStart(node, Math.min(from, node.length));
  range.setEnd(node, Math.min(to, node.length));
  return range;
}

/** @param {SentenceMap} map @param {Side} side @param {number} index @returns {DOMRect[]} where a sentence is seen */
export function boxesOf(map, side, index) {
  const { ranges, formulas: elements } = extentOf(map, side, index);
  return [...ranges, ...elements].flatMap((one) => [...one.getClientRects()]);
}

/** @param {DOMRect[]} boxes @param {number} x @param {number} y */
export function areAt(boxes, x, y) {
  return boxes.some(({ left, right, top, bottom }) =>
    x >= left - SLACK.x && x <= right + SLACK.x && y >= top - SLACK.y && y <= bottom + SLACK.y);
}

/** @param {SentenceMap} map @param {number} index */
export function bringIntoView(map, index) {
  const boxes = [...boxesOf(map, 'translation', index), ...boxesOf(map, 'original', index)].filter(({ width }) => width > 1);
  if (!boxes.length) return;
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  if (top >= 0 && bottom <= innerHeight) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  scrollBy({ top: top - innerHeight / 3, behavior: calm ? 'instant' : 'smooth' });
}

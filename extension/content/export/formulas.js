/** Formulas and drawings, with what validators and readers' programs know, and nothing else. */

import { identifier } from './addresses.js';
import { cleanText, element } from './nodes.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */

const MATHML = new Set(`
  annotation maction maligngroup malignmark math menclose merror mfenced mfrac mglyph mi mlabeledtr mmultiscripts mn mo
  mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder
  munderover none semantics
`.trim().split(/\s+/));
/** From so many characters on a formula may be wider than a telephone. */
const LONG_FORMULA = 16;
const TOKENS = new Set(['mi', 'mn', 'mo', 'mtext', 'ms', 'annotation']);
const MATH_ATTRIBUTES = new Set(`
  accent accentunder align bevelled close columnalign columnlines columnspacing columnspan denomalign depth display
  displaystyle encoding fence form frame framespacing height largeop linebreak linethickness lspace mathsize mathvariant
  maxsize minsize movablelimits notation numalign open rowalign rowlines rowspacing rowspan rspace scriptlevel separator
  separators side stretchy subscriptshift superscriptshift symmetric voffset width
`.trim().split(/\s+/));

/**
 * A formula. Its TeX stays, as alternative text and as annotation.
 *
 * @param {Element} math
 * @returns {import('./nodes.js').TreeElement}
 */
export function formula(math) {
  const alttext = math.getAttribute('alttext');
  const block = math.getAttribute('display') === 'block';
  const children = [...math.childNodes].flatMap(mathNode);
  return element('math', {
    alttext: alttext === null ? undefined : cleanText(alttext).replace(/\s+/g, ' '),
    display: block ? 'block' : undefined,
  }, ...children);
}

/**
 * A formula as it stands in a line.
 *
 * @param {import('./nodes.js').TreeElement} math
 * @param {string} dir of the text
 * @returns {import('./nodes.js').TreeElement} in right-to-left text Firefox lets two formulas change places, unless something parts them;
 *   a long one has a box that scrolls, because Chromium breaks none
 */
export function isolated(math, dir) {
  if (math.attributes.display) return math;
  const isLong = signsIn(math) >= LONG_FORMULA;
  return isLong || dir === 'rtl' ? element('bdi', isLong ? { class: 'long', dir: 'ltr' } : {}, math) : math;
}

/** @param {TreeNode} node @returns {number} what is seen of a formula, in characters */
function signsIn(node) {
  if (typeof node === 'string') return node.length;
  return node.name === 'annotation' ? 0 : node.children.reduce((sum, child) => sum + signsIn(child), 0);
}

/**
 * @param {Node} node
 * @returns {TreeNode[]}
 */
function mathNode(node) {
  if (node instanceof Text) {
    const token = node.parentElement && TOKENS.has(node.parentElement.localName);
    return token ? [cleanText(node.data)] : [];
  }
  if (!(node instanceof Element) || node.localName === 'annotation-xml') return [];
  const { localName } = node;
  // Words set in a formula may be marked up as HTML; a formula in them keeps its TeX.
  if (!MATHML.has(localName) || localName === 'math') return [wordsIn(node)];
  if (TOKENS.has(localName)) return [element(localName, mathAttributes(node), wordsIn(node))];
  const children = [...node.childNodes].flatMap(mathNode);
  return [element(localName, mathAttributes(node), ...children)];
}

/** @param {Element} node */
function wordsIn(node) {
  const copy = /** @type {Element} */ (node.cloneNode(true));
  for (const math of copy.querySelectorAll('math')) math.replaceWith(math.getAttribute('alttext') ?? '');
  return cleanText(copy.textContent ?? '');
}

/** @param {Element} node */
function mathAttributes(node) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const { name, value } of node.attributes) {
    if (MATH_ATTRIBUTES.has(name) && cleanText(value).trim()) kept[name] = cleanText(value).trim();
  }
  const colour = node.getAttribute('mathcolor') ?? '';
  if (/^#[\da-f]{6}$/i.test(colour) && colour !== '#000000') kept.mathcolor = colour;
  return kept;
}

const SVG = new Map(`
  svg g defs path rect circle ellipse line polyline polygon text tspan textPath clipPath mask marker use symbol pattern
  linearGradient radialGradient stop title desc
`.trim().split(/\s+/).map((name) => [name.toLowerCase(), name]));
const SVG_ATTRIBUTES = new Set(`
  clip-path clip-rule clipPathUnits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size
  font-style font-weight fx fy gradientTransform gradientUnits height id letter-spacing marker-end marker-mid marker-start
  markerHeight markerUnits markerWidth mask offset opacity orient overflow pathLength patternTransform patternUnits points
  preserveAspectRatio r refX refY rx ry spreadMethod stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
  stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor transform viewBox visibility
  width word-spacing x x1 x2 y y1 y2
`.trim().split(/\s+/));

/**
 * A drawing. HTML inside it (`foreignObject`) stays where it is.
 *
 * @param {Element} node `svg` or what is in one
 * @param {(node: Node) => TreeNode[]} convert makes nodes of the HTML inside
 * @param {(id: string) => string | undefined} claim gives an id when it is free
 * @returns {TreeNode[]}
 */
export function drawing(node, convert, claim) {
  if (node.localName === 'foreignObject') {
    const children = [...node.childNodes].flatMap(convert);
    const size = svgAttributes(node, () => undefined);
    return [element('foreignObject', size, element('div', { class: 'drawn' }, ...children))];
  }
  const name = SVG.get(node.localName.toLowerCase());
  if (!name) return [];
  const isText = ['text', 'tspan', 'textPath', 'title', 'desc'].includes(name);
  const children = [...node.childNodes].flatMap((child) => {
    if (child instanceof Text) return isText ? [cleanText(child.data)] : [];
    return child instanceof Element ? drawing(child, convert, claim) : [];
  });
  return [element(name, svgAttributes(node, claim), ...children)];
}

/**
 * @param {Element} node
 * @param {(id: string) => string | undefined} claim
 */
function svgAttributes(node, claim) {
  /** @type {Record<string, string | undefined>} */
  const kept = {};
  for (const { name, value } of node.attributes) {
    if (name === 'id') kept.id = claim(identifier(value));
    else if (name === 'stroke' && value.includes('var(')) kept.stroke = 'currentColor';
    else if (SVG_ATTRIBUTES.has(name) && !/var\(|url\((?!\s*["']?#)/.test(value)) kept[name] = cleanText(value);
  }
  const target = node.getAttribute('href') ?? node.getAttribute('xlink:href');
  if (node.localName === 'use' && target?.startsWith('#')) kept.href = target;
  return kept;
}

/**
 * Puts each element where HTML allows it. LaTeXML sets blocks into spans and paragraphs into paragraphs; browsers take
 * that, validators and some reading programs do not.
 */

import { addClass, element, hasClass } from './nodes.js';
import { evenTable } from './tables.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */

const PHRASING = new Set(`
  a abbr b bdi br cite code del dfn em i img ins kbd math mark q s samp small span strong sub sup svg u var wbr
`.trim().split(/\s+/));
/** What holds no blocks, by the class that keeps the look of the `div` it becomes when it does. */
const INLINE_ONLY = new Map([
  ['p', 'ltx_p'], ['span', ''], ['em', 'ltx_font_italic'], ['i', 'ltx_font_italic'], ['strong', 'ltx_font_bold'],
  ['b', 'ltx_font_bold'], ['code', 'ltx_font_typewriter'], ['pre', 'ltx_font_typewriter'], ['cite', ''], ['sub', ''],
  ['sup', ''], ['bdi', ''], ['q', ''], ['s', ''], ['u', 'ltx_underline'], ['small', ''], ['abbr', ''], ['del', ''], ['ins', ''],
  ['mark', ''], ['dfn', ''], ['kbd', ''], ['samp', ''], ['var', ''],
]);
const HEADING = /^h([1-6])$/;
const TABLE_PARTS = new Set(['td', 'th', 'tr', 'tbody', 'thead', 'tfoot', 'caption']);

/** @param {TreeNode} node */
function isBlock(node) {
  if (typeof node === 'string') return false;
  if (node.name === 'a' || node.name === 'ins' || node.name === 'del') return node.children.some(isBlock);
  return !PHRASING.has(node.name);
}

/**
 * The nodes in a form that HTML allows inside a block.
 *
 * @param {TreeNode[]} nodes changed in place
 * @returns {TreeNode[]}
 */
export function fitted(nodes) {
  return nodes.map((node) => (typeof node === 'string' ? node : inBox(fit(node, ''))));
}

/**
 * @param {TreeElement} node
 * @returns {TreeElement} a table of equations in a box that scrolls where it is too narrow for them: as a block of
 *   its own a table would lose its columns
 */
function inBox(node) {
  if (node.name !== 'table' || !hasClass(node, 'ltx_eqn_table')) return node;
  return element('div', { class: 'wide', dir: node.attributes.dir }, node); // so that its beginning is seen first
}

/**
 * @param {TreeElement} node
 * @param {string} parent the name of what holds it
 * @returns {TreeElement}
 */
function fit(node, parent) {
  if (node.name === 'math') return node;
  if (node.name === 'a') unlink(node.children);
  if (TABLE_PARTS.has(node.name) && !mayHold(parent, node.name)) node.name = 'div';
  if ((node.name === 'li' && parent !== 'ul' && parent !== 'ol') || (/^d[dt]$/.test(node.name) && parent !== 'dl')) node.name = 'div';
  if (node.name === 'figcaption' && parent !== 'figure') node.name = 'div';
  const { name } = node;
  node.children = node.children.flatMap((child) => {
    if (typeof child === 'string') return [child];
    const isBare = child.name === 'span' && Object.keys(child.attributes).length === 0;
    const fitting = fit(child, name);
    return isBare && fitting.name === 'span' ? fitting.children : [inBox(fitting)];
  });
  const heading = HEADING.exec(name);
  if (heading && node.children.some(isBlock)) {
    node.name = 'div';
    Object.assign(node.attributes, { role: 'heading', 'aria-level': heading[1] });
  } else if (INLINE_ONLY.has(name) && node.children.some(isBlock)) {
    node.name = 'div';
    const look = INLINE_ONLY.get(name);
    if (look) addClass(node, look);
  }
  if (node.name === 'th' || node.name === 'dt') plainHeadings(node.children);
  ARRANGED.get(node.name)?.(node);
  if (!isInline(node)) dropBlanks(node);
  return node;
}

/** @param {TreeElement} node */
const isInline = (node) => PHRASING.has(node.name) || node.name === 'pre' || hasClass(node, 'ltx_listingline');

/**
 * Blanks that no browser shows: beside blocks, and at the ends of a block.
 *
 * @param {TreeElement} block
 */
function dropBlanks(block) {
  const isBlank = (/** @type {TreeNode | undefined} */ child) => child === undefined || (typeof child === 'string' && !child.trim());
  const atEdge = (/** @type {TreeNode | undefined} */ child) => child === undefined || isBlock(child);
  block.children = block.children.filter((child, index, all) => !isBlank(child) || !(atEdge(all[index - 1]) || atEdge(all[index + 1])));
  const last = block.children.length - 1;
  block.children = block.children.map((child, index, all) => {
    if (typeof child !== 'string') return child;
    const start = atEdge(all[index - 1]) ? child.trimStart() : child;
    return index === last || atEdge(all[index + 1]) ? start.trimEnd() : start;
  });
}

/**
 * @param {string} parent
 * @param {string} part
 */
function mayHold(parent, part) {
  if (part === 'td' || part === 'th') return parent === 'tr';
  if (part === 'tr') return ['tbody', 'thead', 'tfoot', 'table'].includes(parent);
  return parent === 'table';
}

/** @param {TreeNode[]} nodes inside a link */
function unlink(nodes) {
  for (const node of nodes) {
    if (typeof node === 'string') continue;
    if (node.name === 'a') {
      node.name = 'span';
      delete node.attributes.href;
      delete node.attributes.role;
    }
    unlink(node.children);
  }
}

/** @param {TreeNode[]} nodes where no heading may stand */
function plainHeadings(nodes) {
  for (const node of nodes) {
    if (typeof node === 'string') continue;
    if (HEADING.test(node.name)) node.name = 'p';
    if (node.name === 'section') node.name = 'div';
    plainHeadings(node.children);
  }
}

/**
 * What some elements hold in a fixed form.
 *
 * @type {Map<string, (node: TreeElement) => void>}
 */
const ARRANGED = new Map([
  ['ul', (node) => wrapOthers(node, ['li'], 'li')],
  ['ol', (node) => wrapOthers(node, ['li'], 'li')],
  ['dl', (node) => {
    wrapOthers(node, ['dt', 'dd'], 'dd');
    const parts = /** @type {TreeElement[]} */ (node.children);
    if (parts[0]?.name === 'dd') parts.unshift(element('dt'));
    if (parts.at(-1)?.name === 'dt') parts.push(element('dd'));
  }],
  ['tr', (node) => wrapOthers(node, ['td', 'th'], 'td')],
  ['tbody', (node) => wrapOthers(node, ['tr'], 'tr')],
  ['thead', (node) => wrapOthers(node, ['tr'], 'tr')],
  ['tfoot', (node) => wrapOthers(node, ['tr'], 'tr')],
  ['table', arrangeTable],
  ['figure', arrangeFigure],
]);

/**
 * @param {TreeElement} node
 * @param {string[]} allowed
 * @param {string} wrapper
 */
function wrapOthers(node, allowed, wrapper) {
  node.children = node.children.filter((child) => typeof child !== 'string' || child.trim()).map((child) => {
    if (typeof child !== 'string' && allowed.includes(child.name)) return child;
    return wrapper === 'tr' ? element('tr', {}, element('td', {}, child)) : element(wrapper, {}, child);
  });
}

/** @param {TreeElement} table */
function arrangeTable(table) {
  wrapOthers(table, ['tr', 'tbody', 'thead', 'tfoot', 'caption'], 'tr');
  const parts = /** @type {TreeElement[]} */ (table.children);
  if (parts.some(({ name }) => name === 'tr') && parts.some(({ name }) => name !== 'tr' && name !== 'caption')) {
    table.children = parts.map((part) => (part.name === 'tr' ? element('tbody', {}, part) : part));
  }
  evenTable(table);
  const present = (/** @type {TreeNode} */ child) => typeof child === 'string' || child.name !== '';
  for (const part of table.children) {
    if (typeof part !== 'string') part.children = part.children.filter(present);
  }
  table.children = table.children.filter(present);
  // A head may stand first only, and once; others are rows like all.
  table.children.forEach((part, index) => {
    if (typeof part === 'string' || (part.name !== 'thead' && part.name !== 'tfoot')) return;
    const isFirst = table.children.slice(0, index).every((before) => typeof before !== 'string' && before.name === 'caption');
    if (part.name === 'tfoot' ? index < table.children.length - 1 : !isFirst) part.name = 'tbody';
  });
}

/**
 * One caption, first or last; a figure with several has them as blocks.
 *
 * @param {TreeElement} figure
 */
function arrangeFigure(figure) {
  const parts = figure.children.filter((child) => typeof child !== 'string' || child.trim());
  const captions = /** @type {TreeElement[]} */ (parts.filter((part) => typeof part !== 'string' && part.name === 'figcaption'));
  const isAtAnEnd = captions.length === 1 && (parts[0] === captions[0] || parts.at(-1) === captions[0]);
  if (isAtAnEnd) return;
  for (const caption of captions) {
    caption.name = 'div';
    if (!hasClass(caption, 'ltx_caption')) addClass(caption, 'ltx_caption');
  }
}

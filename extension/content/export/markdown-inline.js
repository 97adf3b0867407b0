/** Words, formulas, links and notes as Markdown. */

import { elements, hasClass } from './nodes.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {((nodes: TreeNode[]) => string) & {anchor: (node: TreeElement) => string}} InlineWriter */

const SPECIAL = /[\\`*_[\]<>$|~]/g;
const MARKS = new Map([['em', '*'], ['i', '*'], ['strong', '**'], ['b', '**'], ['s', '~~'], ['del', '~~']]);

/**
 * @param {import('./nodes.js').ExportTree} tree
 * @returns {InlineWriter} its `anchor` gives the place of a block that something links to
 */
export function inlineWriter({ body, notes, unverified, pictures }) {
  const numbers = new Map(notes.map(({ id }, index) => [id, index + 1]));
  const urls = new Map(pictures.map(({ name, url }) => [name, url]));
  const all = [...elements([...body, ...notes.flatMap(({ children }) => children)])];
  const linked = new Set([
    ...all.filter(({ name, attributes }) => name === 'a' && attributes.role !== 'doc-noteref').map(({ attributes }) => attributes.href ?? ''),
    ...unverified.map(({ id }) => `#${id}`),
  ]);
  /** @param {TreeElement} node */
  const anchor = ({ attributes: { id } }) => (id && linked.has(`#${id}`) ? `<a id="${id.replace(/["<>&]/g, '')}"></a>` : '');
  /**
   * @param {TreeNode[]} nodes
   * @returns {string}
   */
  const inline = (nodes) => nodes.map((node) => (typeof node === 'string' ? escapedText(node) : `${anchor(node)}${written(node)}`)).join('');
  /**
   * @param {TreeElement} node
   * @returns {string}
   */
  const written = (node) => {
    const { name, attributes, children } = node;
    if (name === 'math') return formula(node);
    if (name === 'br') return ' ';
    if (name === 'svg') return '';
    if (hasClass(node, 'note-reference')) return noteMark(node);
    if (name === 'img') return `![${escapedText(attributes.alt)}](${urls.get(attributes.src) ?? attributes.src})`;
    const text = inline(children);
    if (hasClass(node, 'missing-picture')) return text.replace(/^\[/, '![');
    if (name === 'a' && attributes.href) return text.trim() ? `[${text.trim()}](${attributes.href.replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))})` : '';
    if (name === 'sub' || name === 'sup') return `<${name}>${text}</${name}>`;
    if (name === 'code' || hasClass(node, 'ltx_font_typewriter')) return code(node, text);
    const before = hasClass(node, 'translation') ? ' — ' : hasClass(node, 'ltx_contact') ? ', ' : '';
    return `${before}${emphasised(text, markOf(node))}`;
  };
  /** @param {TreeElement} node */
  const noteMark = (node) => {
    const link = [...elements(node.children)].find((child) => child.name === 'a');
    const number = numbers.get(link?.attributes.href?.slice(1) ?? '');
    return number ? `[^${number}]` : `<sup>${inline(node.children)}</sup>`;
  };
  return Object.assign(inline, { anchor });
}

/** @param {TreeElement} math */
function formula({ attributes: { alttext = '', display } }) {
  const tex = texOf(alttext);
  if (!tex) return '';
  return display === 'block' ? `$$${tex}$$` : `$${tex}$`;
}

/**
 * TeX that ends where its dollars do.
 *
 * @param {string} alttext
 */
export function texOf(alttext) {
  return alttext.replace(/^\\(?:displaystyle|textstyle)(?![A-Za-z])\s*/, '').replace(/(?<!\\)\$/g, '').replace(/\s+/g, ' ').trim();
}

/** @param {string} text */
function escapedText(text) {
  return text.replace(/\s+/g, ' ').replace(SPECIAL, '\\$&').replace(/^(\s*)([#+-]|\d+\.)(?=\s)/, '$1\\$2');
}

/**
 * @param {TreeElement} node
 * @param {string} text of it, written already
 */
function code(node, text) {
  const plain = node.children.every((child) => typeof child === 'string') ? node.children.join('').replace(/\s+/g, ' ') : '';
  if (!plain.trim()) return text;
  const fence = plain.includes('`') ? '``' : '`';
  return `${fence}${plain.trim()}${fence}`;
}

/** @param {TreeElement} node */
function markOf(node) {
  if (hasClass(node, 'ltx_font_bold')) return '**';
  if (hasClass(node, 'ltx_font_italic')) return '*';
  return MARKS.get(node.name) ?? '';
}

/**
 * @param {string} text
 * @param {string} mark
 */
function emphasised(text, mark) {
  const inner = text.trim();
  if (!mark || !inner) return text;
  return text.replace(inner, () => `${mark}${inner}${mark}`);
}

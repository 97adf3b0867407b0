/** A tree as HTML or as XML. */

import { elements } from './nodes.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */

const VOID = new Set(['br', 'hr', 'img', 'wbr', 'meta', 'link', 'col']);
/** What may hold most of a paper. */
const DIVIDED = new Set(['html', 'body', 'main', 'section', 'div', 'ul', 'ol', 'table', 'tbody', 'figure']);
const HTML = 'http://www.w3.org/1999/xhtml';
const NAMESPACES = new Map([
  ['math', 'http://www.w3.org/1998/Math/MathML'], ['svg', 'http://www.w3.org/2000/svg'],
]);

/**
 * @param {TreeNode[]} nodes
 * @param {'html' | 'xml'} syntax
 * @param {string} [parent] the name of what holds them
 * @returns {string}
 */
export function markup(nodes, syntax, parent = '') {
  return nodes.map((node) => {
    if (typeof node === 'string') return escaped(node);
    const [start, end] = tags(node, syntax, parent);
    return `${start}${markup(node.children, syntax, node.name)}${end}`;
  }).join('');
}

/**
 * The same in pieces.
 *
 * @param {TreeNode[]} nodes
 * @param {'html' | 'xml'} syntax
 * @param {import('./pace.js').Pace} pace steps by elements outside of formulas
 * @returns {Promise<string>}
 */
export async function pacedMarkup(nodes, syntax, pace) {
  const written = [];
  for (const node of nodes) {
    if (typeof node !== 'string' && DIVIDED.has(node.name)) {
      const [start, end] = tags(node, syntax, '');
      written.push(start, await pacedMarkup(node.children, syntax, pace), end);
      await pace.step();
    } else {
      written.push(markup([node], syntax));
      await pace.step([...elements([node])].length);
    }
  }
  return written.join('');
}

/**
 * @param {import('./nodes.js').TreeElement} node
 * @param {'html' | 'xml'} syntax
 * @param {string} parent
 * @returns {[string, string]} what stands before and after its children
 */
function tags({ name, attributes }, syntax, parent) {
  const isBackInHtml = parent === 'foreignObject';
  const namespace = syntax === 'xml' ? NAMESPACES.get(name) ?? (isBackInHtml ? HTML : undefined) : undefined;
  const given = Object.entries(namespace ? { xmlns: namespace, ...attributes } : attributes);
  const written = given.filter(([attribute]) => syntax === 'xml' || !attribute.startsWith('epub:'))
    .map(([attribute, value]) => ` ${attribute}="${escaped(value).replace(/"/g, '&quot;').replace(/\n/g, '&#10;')}"`).join('');
  if (VOID.has(name)) return [`<${name}${written}${syntax === 'xml' ? '/' : ''}>`, ''];
  return [`<${name}${written}>`, `</${name}>`];
}

/** @param {string} text */
export function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

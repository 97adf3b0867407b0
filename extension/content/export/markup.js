/** A tree as HTML or as XML. */

/** @typedef {import('./nodes.js').TreeNode} TreeNode */

const VOID = new Set(['br', 'hr', 'img', 'wbr', 'meta', 'link', 'col']);
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
    const { name, attributes, children } = node;
    const isBackInHtml = parent === 'foreignObject';
    const namespace = syntax === 'xml' ? NAMESPACES.get(name) ?? (isBackInHtml ? HTML : undefined) : undefined;
    const given = Object.entries(namespace ? { xmlns: namespace, ...attributes } : attributes);
    const written = given.filter(([attribute]) => syntax === 'xml' || !attribute.startsWith('epub:'))
      .map(([attribute, value]) => ` ${attribute}="${escaped(value).replace(/"/g, '&quot;').replace(/\n/g, '&#10;')}"`).join('');
    if (VOID.has(name)) return `<${name}${written}${syntax === 'xml' ? '/' : ''}>`;
    return `<${name}${written}>${markup(children, syntax, name)}</${name}>`;
  }).join('');
}

/** @param {string} text */
export function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Headings that descend step by step, and the contents made of them. */

import { element, elements, hasClass, plainText } from './nodes.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {import('./nodes.js').ContentsEntry} ContentsEntry */

const TITLED = ['ltx_abstract', 'ltx_theorem', 'ltx_proof', 'ltx_keywords', 'ltx_classification', 'ltx_acknowledgements'];

/** @param {TreeElement} node */
const isHeading = (node) => /^h[1-6]$/.test(node.name) || node.attributes.role === 'heading';

/**
 * Gives each heading the level of what it is the title of, and never more than one below the heading before.
 *
 * @param {TreeElement[]} body changed in place
 */
export function levelHeadings(body) {
  let before = 0;
  /**
   * @param {TreeNode} node
   * @param {number} depth
   */
  const visit = (node, depth) => {
    if (typeof node === 'string' || node.name === 'math') return;
    if (isHeading(node)) {
      const wanted = hasClass(node, 'ltx_title_document') && before === 0 ? 1 : Math.max(depth + 1, 2);
      const level = Math.min(wanted, before + 1, 6);
      before = level;
      if (node.attributes.role === 'heading') node.attributes['aria-level'] = String(level);
      else node.name = `h${level}`;
    }
    const isDeeper = node.name === 'section' || TITLED.some((name) => hasClass(node, name));
    node.children.forEach((child) => visit(child, depth + (isDeeper ? 1 : 0)));
  };
  body.forEach((node) => visit(node, 0));
}

/**
 * @param {TreeNode[]} nodes whose sections have ids
 * @returns {ContentsEntry[]}
 */
export function contentsOf(nodes) {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return [];
    if (node.name !== 'section') return contentsOf(node.children);
    const heading = node.children.find((child) => typeof child !== 'string' && isHeading(child));
    const entries = contentsOf(node.children);
    if (!heading || typeof heading === 'string' || !node.attributes.id) return entries;
    const title = titleWords(heading);
    return plainText(title) ? [{ id: node.attributes.id, title, entries }] : entries;
  });
}

/**
 * A heading's words and formulas without links, ids and notes; those of the translation where it has both.
 *
 * @param {TreeElement} heading
 * @returns {TreeNode[]}
 */
function titleWords(heading) {
  const translation = [...elements(heading.children)].find((node) => hasClass(node, 'translation'));
  return heading.name === 'div' ? [plainText([translation ?? heading])] : withoutLinks([translation ?? heading]);
}

/**
 * @param {TreeNode[]} nodes
 * @returns {TreeNode[]}
 */
function withoutLinks(nodes) {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return [node.replace(/\s+/g, ' ')];
    if (node.name === 'math') return [node];
    if (node.name === 'br') return [' '];
    if (hasClass(node, 'note-reference')) return [];
    const children = withoutLinks(node.children);
    const { lang, dir } = node.attributes;
    const isKept = ['em', 'i', 'b', 'strong', 'sub', 'sup', 'bdi', 'code'].includes(node.name) || lang || dir;
    if (!isKept) return children;
    const name = /^h\d$/.test(node.name) || node.name === 'div' ? 'span' : node.name;
    return [element(name === 'a' ? 'span' : name, { lang, dir }, ...children)];
  });
}

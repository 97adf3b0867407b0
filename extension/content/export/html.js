/** The export as one HTML file that needs nothing beside it. */

import { contentsList, notesSection, origin, RECEIPT_ID, receiptSection } from './about.js';
import { element } from './nodes.js';
import { markup } from './markup.js';
import { PAPER_STYLE, SCREEN_STYLE } from './style.js';

/** @typedef {import('./nodes.js').ExportTree} ExportTree */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */

// The file shows what is in it and loads nothing.
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/**
 * One self-contained HTML file.
 *
 * @param {ExportTree} tree
 * @returns {string}
 */
export function toHtml(tree) {
  const here = (/** @type {string} */ id) => `#${id}`;
  const { contents, notes } = tree;
  const home = tree.mode === 'bilingual' ? { lang: tree.sourceLang, dir: 'ltr' } : {};
  const body = [
    origin(tree, here(RECEIPT_ID)),
    ...(contents.length ? [element('details', { class: 'contents' }, element('summary', {}, tree.words('exportContents')), element('nav', {}, contentsList(contents, here)))] : []),
    element('main', home, ...withPictures(tree)),
    ...(notes.length ? [notesSection(notes, tree)] : []),
    receiptSection(tree, here),
  ];
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, tree.title),
  ];
  const page = element('html', { lang: tree.lang, dir: tree.dir }, element('head', {}, ...head), element('body', { class: tree.mode }, ...body));
  const text = markup([page], 'html');
  // A style sheet is no text: it stands as it is.
  return `<!DOCTYPE html>\n${text.replace('</head>', () => `<style>${PAPER_STYLE}${SCREEN_STYLE}</style></head>`)}\n`;
}

/** @param {ExportTree} tree */
function withPictures({ body, pictures }) {
  const addresses = new Map(pictures.map(({ name, type, bytes }) => [name, `data:${type};base64,${base64(bytes)}`]));
  /**
   * @param {TreeElement} node
   * @returns {TreeElement}
   */
  const placed = (node) => {
    const src = node.name === 'img' ? addresses.get(node.attributes.src) : undefined;
    const children = node.children.map((child) => (typeof child === 'string' ? child : placed(child)));
    return { ...node, attributes: src ? { ...node.attributes, src } : node.attributes, children };
  };
  return body.map(placed);
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  const parts = [];
  // More at once are more arguments than a call takes.
  for (let start = 0; start < bytes.length; start += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  }
  return btoa(parts.join(''));
}

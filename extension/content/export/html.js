/** The export as one HTML file that needs nothing beside it. */

import { contentsList, notesSection, origin, RECEIPT_ID, receiptSection } from './about.js';
import { element, elements } from './nodes.js';
import { pacedMarkup } from './markup.js';
import { Pace } from './pace.js';
import { PAPER_STYLE, SCREEN_STYLE } from './style.js';

/** @typedef {import('./nodes.js').ExportTree} ExportTree */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */

// The file shows what is in it and loads nothing.
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

// More are more arguments than a call takes; three bytes make four characters.
const AT_ONCE = 3 * 0x2000;

/**
 * One self-contained HTML file.
 *
 * @param {ExportTree} tree
 * @param {Pace} [pace]
 * @returns {Promise<string>}
 */
export async function toHtml(tree, pace = new Pace()) {
  await pace.step(0);
  const here = (/** @type {string} */ id) => `#${id}`;
  const { contents, notes } = tree;
  const home = tree.mode === 'bilingual' ? { lang: tree.sourceLang, dir: 'ltr' } : {};
  const body = [
    origin(tree, here(RECEIPT_ID)),
    ...(contents.length ? [element('details', { class: 'contents' }, element('summary', {}, tree.words('exportContents')), element('nav', {}, contentsList(contents, here)))] : []),
    element('main', home, ...await withPictures(tree, pace)),
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
  pace.begin(0.2, [...elements([page])].length);
  await pace.step(0);
  const text = await pacedMarkup([page], 'html', pace);
  // A style sheet is no text: it stands as it is.
  return `<!DOCTYPE html>\n${text.replace('</head>', () => `<style>${PAPER_STYLE}${SCREEN_STYLE}</style></head>`)}\n`;
}

/**
 * @param {ExportTree} tree
 * @param {Pace} pace
 */
async function withPictures({ body, pictures }, pace) {
  const addresses = new Map();
  for (const { name, type, bytes } of pictures) addresses.set(name, `data:${type};base64,${await base64(bytes, pace)}`);
  /**
   * @param {TreeElement} node
   * @returns {TreeElement}
   */
  const placed = (node) => {
    if (node.name === 'math') return node;
    const src = node.name === 'img' ? addresses.get(node.attributes.src) : undefined;
    const children = node.children.map((child) => (typeof child === 'string' ? child : placed(child)));
    const isSame = !src && children.every((child, index) => child === node.children[index]);
    return isSame ? node : { ...node, attributes: src ? { ...node.attributes, src } : node.attributes, children };
  };
  const written = [];
  for (const node of body) {
    written.push(placed(node));
    await pace.step(0);
  }
  return written;
}

/**
 * @param {Uint8Array} bytes
 * @param {Pace} pace
 */
async function base64(bytes, pace) {
  const parts = [];
  for (let start = 0; start < bytes.length; start += AT_ONCE) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + AT_ONCE))));
    await pace.step(0);
  }
  return parts.join('');
}

/**
 * What is copied out of a translation has its formulas as TeX. By itself Chromium puts each sign of one on a
 * line of its own, both browsers add what is hidden, and in its place that is the whole original.
 */

import { isTyping } from './sentence-steps.js';

const TRANSLATION = '[data-paperglot="translation"]';
const NOT_COPIED = [
  '[data-paperglot="replaced"]:not([data-paperglot-shown])', `[data-paperglot-shown] + ${TRANSLATION}`, '[data-paperglot="mark"]', '[data-paperglot="control"]',
  '[data-paperglot="reserved"]', '[data-paperglot="lines"]', '[data-paperglot="player"]', '.ltx_note_outer', 'script', 'style',
].join(', ');
const BLOCK = 'p, div, h1, h2, h3, h4, h5, h6, li, tr, table, figcaption, figure, section, blockquote, dt, dd, .ltx_p, [data-paperglot="translation"]:not([data-display="within"])';

/** @param {AbortSignal} signal */
export function copyFormulasAsTex(signal) {
  document.addEventListener('copy', (event) => {
    const selection = getSelection();
    const { clipboardData } = event;
    if (!clipboardData || event.defaultPrevented || !selection?.rangeCount || selection.isCollapsed || isTyping(event)) return;
    const { fragment, isOurs } = copyOf(selection);
    if (!isOurs) return;
    clipboardData.setData('text/plain', textOf(fragment));
    clipboardData.setData('text/html', htmlOf(fragment));
    event.preventDefault();
  }, { signal });
}

/** @param {Selection} selection @returns {{ fragment: DocumentFragment, isOurs: boolean }} without what is not seen */
function copyOf(selection) {
  const fragment = document.createDocumentFragment();
  let isOurs = false;
  for (let index = 0; index < selection.rangeCount; index += 1) {
    const range = selection.getRangeAt(index);
    const { commonAncestorContainer: around } = range;
    const element = around instanceof Element ? around : around.parentElement;
    const copy = range.cloneContents();
    isOurs ||= element?.closest(TRANSLATION) !== null || copy.querySelector(TRANSLATION) !== null;
    fragment.append(copy);
  }
  for (const one of fragment.querySelectorAll(NOT_COPIED)) one.remove();
  return { fragment, isOurs };
}

/** @param {Node} root @returns {string} with a line for each block, formulas as TeX */
function textOf(root) {
  let text = '';
  /** @param {Node} parent */
  const walk = (parent) => {
    for (const node of parent.childNodes) {
      if (node instanceof Text) text += node.data.replace(/\s+/g, ' ');
      else if (node instanceof Element && node.localName === 'math') text += texOf(node);
      else if (node instanceof Element && node.matches('br')) text += '\n';
      else if (node instanceof Element) {
        const isBlock = node.matches(BLOCK);
        if (isBlock) text += '\n';
        walk(node);
        if (isBlock) text += '\n';
      }
    }
  };
  walk(root);
  return text.replace(/ *\n\s*/g, '\n').replace(/ {2,}/g, ' ').trim();
}

/** @param {DocumentFragment} fragment @returns {string} without what only we can read */
function htmlOf(fragment) {
  for (const one of fragment.querySelectorAll('*')) {
    for (const { name } of [...one.attributes]) {
      if (name.startsWith('data-paperglot') || name === 'style' || name === 'tabindex') one.removeAttribute(name);
    }
  }
  const html = document.createElement('div');
  html.append(fragment);
  return html.innerHTML;
}

/** @param {Element} math @returns {string} */
function texOf(math) {
  const tex = math.getAttribute('alttext');
  if (tex === null) return math.textContent ?? '';
  return math.getAttribute('display') === 'block' ? `\n$$${tex}$$\n` : `$${tex}$`;
}

/**
 * The only way of outside HTML into an extension page: formulas, emphasis and links to the web come
 * through, everything else stays outside.
 */

import { webAddress } from '../editions.js';

const MATHML = 'http://www.w3.org/1998/Math/MathML';
const XML = 'http://www.w3.org/XML/1998/namespace';

/** MathML Core, as the backend writes it. https://www.w3.org/TR/mathml-core/ */
const FORMULA = [
  'math', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mstyle', 'merror', 'mpadded', 'mphantom',
  'mfrac', 'msqrt', 'mroot', 'msup', 'msub', 'msubsup', 'mover', 'munder', 'munderover', 'mmultiscripts',
  'mprescripts', 'mtable', 'mtr', 'mtd', 'semantics',
].map((name) => ({
  name,
  namespace: MATHML,
  attributes: [
    'display', 'displaystyle', 'scriptlevel', 'mathvariant', 'dir', 'stretchy', 'fence', 'form', 'separator',
    'accent', 'accentunder', 'largeop', 'movablelimits', 'symmetric', 'linethickness', 'lspace', 'rspace',
    'width', 'height', 'depth', 'voffset', 'minsize', 'maxsize', 'columnspan', 'rowspan', 'columnalign',
  ],
}));

const SANITIZER = {
  elements: [
    ...FORMULA, 'em', 'strong', 'mark', 'sub', 'sup', 'bdi', 'br',
    { name: 'a', attributes: ['href'] },
    { name: 'span', attributes: ['class'] },
  ],
  replaceWithChildrenElements: ['b', 'i', 'p', 'div'],
  attributes: [],
  comments: false,
  dataAttributes: false,
};

/** A formula with the marks that touch it, or one that may be wider than its place: see popup.css. */
const SPANS = ['formula', 'formula-wide'];

/** No formula of a title or an abstract is nested as deep; browsers take seconds to lay out thousands of levels. */
const MAX_DEPTH = 100;

/** @param {string} html @returns {boolean} whether its elements are nested deeper than any formula's */
function isTooDeep(html) {
  let depth = 0;
  for (const [, closes, empty] of html.matchAll(/<(\/?)(?!br\b)[a-z][^<>]*?(\/?)>/gi)) {
    if (closes) depth -= 1;
    else if (!empty) depth += 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/**
 * Fills an element with a server's HTML.
 *
 * @param {Element} element
 * @param {string} html
 * @param {string} plain the same as text, for browsers without `setHTML` and for empty HTML
 */
export function fill(element, html, plain) {
  const setHTML = /** @type {{ setHTML?: (html: string, options: object) => void }} */ (element).setHTML;
  // A handler would be taken out below, but Chromium complains of it first; nothing of ours has one.
  if (!setHTML || !html || /<[^<>]*\son[a-z]{3,}\s*=/i.test(html) || isTooDeep(html)) {
    element.textContent = plain;
    return;
  }
  try {
    setHTML.call(element, html, { sanitizer: SANITIZER });
  } catch {
    element.textContent = plain; // a browser whose sanitizer knows other options
    return;
  }
  for (const link of element.querySelectorAll('a')) {
    const address = webAddress(link.getAttribute('href'));
    if (!address) link.replaceWith(...link.childNodes);
    else Object.assign(link, { href: address, target: '_blank', rel: 'noreferrer' });
  }
  // A formula is the paper's own, in a translation too: fonts go by the language, brackets by the direction.
  for (const formula of element.querySelectorAll('math')) {
    formula.setAttributeNS(XML, 'xml:lang', 'en'); // `lang` is HTML's: it says nothing on other elements
    formula.setAttribute('dir', 'ltr');
  }
  for (const span of element.querySelectorAll('span')) {
    if (!SPANS.includes(span.className)) span.replaceWith(...span.childNodes);
  }
  if (!element.textContent?.trim()) element.textContent = plain;
}

/**
 * The tree that every export is written from; `document.js` makes it. It is of our own, because a page's markup is what
 * browsers repair, not what validators accept.
 *
 * Names are those of HTML, MathML and SVG. A tree is valid by its making (see `content-model.js`), so that whoever
 * writes it out only has to escape.
 */

/** @typedef {string | TreeElement} TreeNode */
/**
 * @typedef {object} TreeElement
 * @property {string} name
 * @property {Record<string, string>} attributes
 * @property {TreeNode[]} children
 */
/**
 * @typedef {object} Source where the paper comes from
 * @property {string} id without version, "2404.00001"
 * @property {string} version "v2", or "" when unknown
 * @property {string} title in the original language, plain text
 * @property {string} url of the page that was translated
 * @property {string} licence its name, as the page gives it; "" when unknown
 */
/**
 * @typedef {object} Note
 * @property {string} id that references link to
 * @property {string} mark "1", "†"
 * @property {string} back id of the first reference to it, "" when there is none
 * @property {TreeNode[]} children
 */
/**
 * @typedef {object} Picture
 * @property {string} name a path for the file, "images/1.png"
 * @property {string} url where it came from
 * @property {string} type "image/png"
 * @property {Uint8Array} bytes
 */
/**
 * @typedef {object} ContentsEntry
 * @property {string} id of the section
 * @property {TreeNode[]} title words and formulas, no links
 * @property {ContentsEntry[]} entries
 */
/**
 * @typedef {object} ExportTree
 * @property {'translated' | 'bilingual'} mode
 * @property {string} lang of the reader, BCP 47
 * @property {string} dir of the reader's language: "ltr" or "rtl"
 * @property {string} sourceLang
 * @property {string} title plain text
 * @property {Source} source
 * @property {string} model its name
 * @property {string} date of the translation, YYYY-MM-DD
 * @property {TreeElement[]} body the paper, its bibliography included
 * @property {Note[]} notes in the order of the text
 * @property {Picture[]} pictures
 * @property {ContentsEntry[]} contents
 * @property {import('./receipt.js').Receipt} receipt
 * @property {{id: string, text: string}[]} unverified blocks whose translation did not verify, with their first words
 * @property {Words} words
 */
/** @typedef {(key: string, ...values: (string | number)[]) => string} Words the interface's words, as `text` gives them */

/**
 * @param {string} name
 * @param {Record<string, string | undefined>} [attributes] those without a value are left out
 * @param {...TreeNode} children
 * @returns {TreeElement}
 */
export function element(name, attributes = {}, ...children) {
  const given = /** @type {[string, string][]} */ (Object.entries(attributes).filter(([, value]) => value !== undefined));
  return { name, attributes: Object.fromEntries(given), children };
}

/**
 * Text without the characters no XML parser reads.
 *
 * @param {string} text
 */
export function cleanText(text) {
  // eslint-disable-next-line no-control-regex -- these are the ones to take out
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufdd0-\ufdef\ufffe\uffff]/g, '');
}

/**
 * Every element, outer ones first; a formula is one.
 *
 * @param {TreeNode[]} nodes
 * @returns {Generator<TreeElement>}
 */
export function* elements(nodes) {
  const open = [nodes.values()];
  while (open.length) {
    const { value: node, done } = /** @type {ArrayIterator<TreeNode>} */ (open.at(-1)).next();
    if (done) {
      open.pop();
    } else if (typeof node !== 'string') {
      yield node;
      if (node.name !== 'math') open.push(node.children.values());
    }
  }
}

/**
 * The words of some nodes in one line; formulas as TeX, marks of notes left out.
 *
 * @param {TreeNode[]} nodes
 * @returns {string}
 */
export function plainText(nodes) {
  return spoken(nodes).replace(/\s+/g, ' ').trim();
}

/**
 * @param {TreeNode[]} nodes
 * @returns {string}
 */
function spoken(nodes) {
  return nodes.map((node) => {
    if (typeof node === 'string') return node;
    if (node.name === 'math') return node.attributes.alttext ?? '';
    if (node.name === 'br') return ' ';
    return hasClass(node, 'note-reference') ? '' : spoken(node.children);
  }).join('');
}

/**
 * @param {TreeElement} node
 * @param {string} name
 */
export function hasClass(node, name) {
  return (node.attributes.class ?? '').split(' ').includes(name);
}

/**
 * @param {TreeElement} node
 * @param {string} name
 */
export function addClass(node, name) {
  if (!hasClass(node, name)) node.attributes.class = `${node.attributes.class ?? ''} ${name}`.trim();
}

/**
 * The attributes of an element whose language or direction is another than around it.
 *
 * @param {{lang: string, dir: string}} outer
 * @param {{lang: string, dir: string}} inner
 */
export function languageChange(outer, inner) {
  return {
    ...(outer.lang === inner.lang ? {} : { lang: inner.lang }),
    ...(outer.dir === inner.dir ? {} : { dir: inner.dir }),
  };
}

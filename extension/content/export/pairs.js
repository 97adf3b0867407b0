/** Which element of a translated page is the translation of which. */

/** Values of `data-paperglot` on elements that hold, or are, text of the paper. */
const TEXT = new Set(['translation', 'replaced', 'beside', 'doubt']);
const READY = new Set(['done', 'unverified']);
/** What a translation stands after; in anything else it stands inside, as the last child. */
const UNIT = 'p, h1, h2, h3, h4, h5, h6, .ltx_p, .ltx_title, [data-paperglot="replaced"]:not([data-paperglot-words]), '
  + '[data-paperglot="beside"]';

/**
 * @typedef {object} Pair
 * @property {Element} original
 * @property {Element} translation
 * @property {'after' | 'inside'} place of the translation
 */
/** @typedef {Map<Element, Pair>} Pairs by their originals */

/**
 * Whether an element was put into the page and holds no text of the paper.
 *
 * @param {Element} element
 */
export function isApparatus(element) {
  const value = element.getAttribute('data-paperglot');
  return value !== null && !TEXT.has(value);
}

/** @param {Element} element */
export function isTranslation(element) {
  return element.getAttribute('data-paperglot') === 'translation';
}

/**
 * Whether a node was put around an original's words while its translation stands in their place.
 *
 * @param {Node} node
 * @returns {boolean}
 */
export function isWrapper(node) {
  return node instanceof Element && node.hasAttribute('data-paperglot-words');
}

/**
 * Whether there is a whole text in it: not one on its way, nor a sentence that says why there is none.
 *
 * @param {Element} translation
 */
export function isReady(translation) {
  return READY.has(translation.getAttribute('data-state') ?? 'done');
}

/**
 * The finished translations below a root, those in translations' notes included.
 *
 * @param {ParentNode} root
 * @returns {Pairs}
 */
export function findPairs(root) {
  /** @type {Pairs} */
  const pairs = new Map();
  for (const translation of root.querySelectorAll('[data-paperglot="translation"]')) {
    if (!isReady(translation) || !translation.parentElement) continue;
    const before = neighbour(translation);
    const original = before?.matches(UNIT) ? before : translation.parentElement;
    pairs.set(original, { original, translation, place: original === before ? 'after' : 'inside' });
  }
  return pairs;
}

/**
 * The element right before another, blanks and apparatus passed over.
 *
 * @param {Element} element
 * @returns {Element | null}
 */
function neighbour(element) {
  let node = element.previousSibling;
  while (node) {
    if (node instanceof Element) {
      if (!isApparatus(node)) return isTranslation(node) || isWrapper(node) ? null : node;
    } else if (node instanceof Text && node.data.trim()) {
      return null;
    }
    node = node.previousSibling;
  }
  return null;
}

/**
 * The nodes that a translation stands for.
 *
 * @param {Pair} pair
 * @param {Pairs} pairs
 * @returns {Node[]}
 */
export function originalNodes({ original, place }, pairs) {
  const nodes = [...original.childNodes];
  if (place === 'after') return nodes;
  const wrapper = nodes.find(isWrapper);
  if (wrapper) return [...wrapper.childNodes];
  return nodes.filter((node) => !(node instanceof Element) || !(isTranslation(node) || pairs.has(node)));
}

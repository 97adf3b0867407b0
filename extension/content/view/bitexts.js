/**
 * Which text of the page is the translation of which: what is needed to find a sentence's counterpart,
 * noted when a translation is whole and worked out when somebody asks (see `sentence-map.js`).
 *
 * Places in a text are counted in characters that are no white space, a placeholder counting as one: so
 * they are the same in what was sent, in what came back and in the page's own nodes.
 */

/** @typedef {import('../document/segmenter.js').Segment} Segment */

/**
 * @typedef {object} Written what was written into one element
 * @property {readonly { number: number, at: number }[]} sentences where each begins
 * @property {ReadonlyMap<Node, number>} opaque copies of the page's nodes, with what each counts
 * @property {number} length
 */

/**
 * @typedef {object} Part
 * @property {Element} original
 * @property {HTMLElement} element its translation
 * @property {Written} written
 */

/**
 * @typedef {object} Bitext one text and its whole translation, which stand in one element each or in several
 * @property {Segment} segment
 * @property {readonly number[] | undefined} sourceSentences where its sentences begin in what was sent
 * @property {readonly Part[]} parts in order
 */

/** @type {WeakMap<Segment, Bitext>} */
const bySegment = new WeakMap();
/** @type {WeakMap<Element, Bitext>} by originals and by translations */
const byElement = new WeakMap();

/** @param {string} text @returns {number} its characters that are no white space */
export function solidLength(text) {
  return text.replace(/\s+/g, '').length;
}

/**
 * Notes that a part of a text has its translation; a new one takes the place of the old one.
 *
 * @param {Part} part
 * @param {Segment} segment
 * @param {readonly number[] | undefined} sourceSentences
 */
export function noteTranslation(part, segment, sourceSentences) {
  const before = bySegment.get(segment)?.parts ?? [];
  const index = before.findIndex(({ original }) => original === part.original);
  const parts = index < 0 ? [...before, part] : before.with(index, part);
  const bitext = { segment, sourceSentences, parts };
  bySegment.set(segment, bitext);
  for (const { original, element } of parts) {
    byElement.set(original, bitext);
    byElement.set(element, bitext);
  }
}

/** @param {Element} original whose translation is there no more, or not yet again */
export function forgetTranslation(original) {
  for (const { original: one, element } of byElement.get(original)?.parts ?? []) {
    byElement.delete(one);
    byElement.delete(element);
  }
}

/** @param {Node | null} node @returns {Bitext | null} the innermost one around it */
export function bitextAt(node) {
  for (let element = node instanceof Element ? node : node?.parentElement; element; element = element.parentElement) {
    const bitext = byElement.get(element);
    if (bitext) return bitext;
  }
  return null;
}

/** Footnotes: in a page they stand inside the words that carry them; in an export they stand by themselves. */

import { identifier } from './addresses.js';
import { cleanText, element } from './nodes.js';
import { isTranslation, isWrapper } from './pairs.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */
/**
 * @typedef {object} Context what holds around a node
 * @property {string} lang
 * @property {string} dir
 * @property {boolean} inLink
 * @property {boolean} inTranslation
 * @property {boolean} asWritten whether white space counts
 */
/**
 * @typedef {object} Conversion what a note needs of `convert.js`
 * @property {import('./pairs.js').Pairs} pairs
 * @property {Map<Element, import('./nodes.js').Note>} notes by the notes of the page
 * @property {Map<Element, Element>} copies in translations, by their notes
 * @property {Map<Element, Element>} notesByCopy
 * @property {Context} context of the paper's frame
 * @property {(id: string) => string | undefined} claim
 * @property {(stem: string) => string} newId
 * @property {(nodes: Iterable<Node>, context: Context) => TreeNode[]} convert
 * @property {(translation: Element | undefined, context: Context, originals: Node[]) => TreeNode[]} pair
 */

export const NOTE = '.ltx_note, .ltx_pubnote';
const MARKS = '.ltx_note_mark, .ltx_tag_note, .ltx_note_type';
const NAME = '.ltx_note_name';
const SIGNS = ['*', '†', '‡', '§', '¶', '‖'];

/**
 * Notes of a block beside their copies in its translation, by their marks, then by their order.
 *
 * @param {Node[]} originals nodes
 * @param {Element} translation
 * @returns {Map<Element, Element>} copies by their notes
 */
export function matchNotes(originals, translation) {
  const copies = [...translation.querySelectorAll(NOTE)];
  const notes = notesIn(originals);
  /** @type {Map<Element, Element>} */
  const found = new Map();
  for (const same of [true, false]) {
    for (const note of notes) {
      if (found.has(note)) continue;
      const index = copies.findIndex((copy) => !same || markOf(copy) === markOf(note));
      if (index >= 0) found.set(note, copies.splice(index, 1)[0]);
    }
  }
  return found;
}

/** @param {Node[]} nodes */
export function notesIn(nodes) {
  return nodes.flatMap((node) => {
    if (!(node instanceof Element) || isTranslation(node)) return [];
    const notes = [...(node.matches(NOTE) ? [node] : []), ...node.querySelectorAll(NOTE)];
    return notes.filter((note) => !note.closest('[data-paperglot="translation"]'));
  });
}

/** @param {Element} note */
function markOf(note) {
  return cleanText(note.querySelector('.ltx_note_mark, .ltx_tag_note')?.textContent ?? '').trim();
}

/**
 * A reference to a note; the note itself goes to the conversion's list when it is first met.
 *
 * @param {Element} met the note, or its copy in a translation
 * @param {Conversion} conversion
 * @param {Context} context
 * @returns {TreeNode[]}
 */
export function noteReference(met, conversion, context) {
  if (met.matches('.ltx_role_footnotemark')) return [element('sup', { class: 'note-reference' }, markOf(met))];
  const note = conversion.notesByCopy.get(met) ?? met;
  let kept = conversion.notes.get(note);
  const isFirst = !kept;
  if (!kept) {
    const signs = [...conversion.notes.values()].filter(({ mark }) => SIGNS.includes(mark)).length;
    const id = conversion.claim(identifier(note.id)) ?? conversion.newId('note');
    kept = { id, mark: markOf(note) || SIGNS[signs % SIGNS.length], back: '', children: [] };
    conversion.notes.set(note, kept);
    kept.children = content(note, met, conversion);
  }
  if (context.inLink) return [element('sup', { class: 'note-reference' }, kept.mark)];
  if (isFirst) kept.back = conversion.newId(`${kept.id}-mark`);
  const link = element('a', { href: `#${kept.id}`, id: isFirst ? kept.back : undefined, role: 'doc-noteref' }, kept.mark);
  return [element('sup', { class: 'note-reference' }, link)];
}

/**
 * @param {Element} note
 * @param {Element} met
 * @param {Conversion} conversion
 * @returns {TreeNode[]}
 */
function content(note, met, conversion) {
  const { pairs, copies } = conversion;
  const inside = (/** @type {Element} */ each) => each.querySelector('.ltx_note_content') ?? each;
  const own = [inside(note), note];
  const copy = met === note ? copies.get(note) : met;
  const others = copy ? [inside(copy), copy] : [];
  const translation = [...own, ...others].map((each) => pairs.get(each)?.translation).find(Boolean);
  const words = [...inside(note).childNodes].filter((node) => !(node instanceof Element && node.matches(`${MARKS}, ${NAME}`)));
  const unwrapped = words.flatMap((node) => (isWrapper(node) ? [...node.childNodes] : [node]));
  // "Thanks: " is no part of what was translated, unless the translation repeats it.
  const name = translation?.querySelector(NAME) ? null : inside(note).querySelector(NAME);
  const named = name ? conversion.convert([name], conversion.context) : [];
  return [...named, ...conversion.pair(translation, conversion.context, unwrapped)];
}

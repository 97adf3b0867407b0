/** What a voice says of a sentence: its words, formulas by rules or by name, no citations and notes. */

import { find } from '../../languages.js';
import { spoken } from '../document/plain-text.js';
import { speakFormula, singleSign } from './formula-speech.js';
import { FORMULA_WORDS } from './formula-words.js';

/** @typedef {import('../view/sentence-map.js').SentenceMap} SentenceMap */

const UNSPOKEN = '.ltx_cite, .ltx_note, .ltx_pubnotes, .ltx_tag, img, svg, script, annotation';
const FORMULA = 'math, .MathJax, .MathJax_Display, .MathJax_SVG, .MathJax_CHTML';

/**
 * @param {SentenceMap} map
 * @param {number} index
 * @param {string} lang of the translation
 * @returns {string} '' where there is nothing to say
 */
export function spokenSentence(map, index, lang) {
  const said = map.slices('translation', index).map(({ node, from, to }) => {
    if (node instanceof Text) return node.data.slice(from, to);
    return node instanceof Element ? wordsOf(node, lang) : '';
  });
  // What follows a sign of its own is said after it, what was left out leaves no gap.
  const sentence = said.join(' ').replace(/\s+/g, ' ').replace(/ ([.,;:!?。，、；：！？)）])/g, '$1').trim();
  return /[\p{L}\p{N}]/u.test(sentence) ? sentence : '';
}

/** @param {Element} element @param {string} lang @returns {string} */
function wordsOf(element, lang) {
  if (element.matches(UNSPOKEN)) return '';
  if (element.matches(FORMULA)) return ` ${formulaWords(element, lang)} `;
  let words = '';
  for (const node of element.childNodes) {
    if (node instanceof Text) words += node.data;
    else if (node instanceof Element) words += wordsOf(node, lang);
  }
  return words;
}

/** @param {Element} formula @param {string} lang @returns {string} */
export function formulaWords(formula, lang) {
  const tex = formula.getAttribute('alttext') ?? formula.getAttribute('aria-label') ?? '';
  const isMathml = formula.localName === 'math';
  if (find(lang)?.tag === 'en') return (isMathml && speakFormula(formula)) || spoken(tex);
  const sign = isMathml ? singleSign(formula) : /^[a-z]$|^[\d.]+$/i.test(tex) ? tex : '';
  return sign || FORMULA_WORDS[find(lang)?.tag ?? ''] || FORMULA_WORDS.en;
}

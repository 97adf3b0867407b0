/**
 * Sentences where nothing says where they begin: `Intl.Segmenter` cuts, and what it cuts wrongly is
 * joined. When in doubt, join: two sentences marked as one do no harm.
 */

/** What stands for a formula, a citation, a note in a text to split. */
export const OBJECT = '\uFFFC';

const ABBREVIATION = new RegExp(`(?:^|[\\s(\\[${OBJECT}])(?:${[
  'cf', 'e\\.g', 'i\\.e', 'viz', 'al', 'vs', 'resp', 'approx', 'ca', 'etc', 'incl', 'Figs?', 'Eqs?', 'Eqns?', 'Secs?', 'Sects?', 'Refs?', 'Tabs?', 'Tbl',
  'Ch', 'Chap', 'App', 'Alg', 'Thms?', 'Lem', 'Prop', 'Def', 'Cor', 'Rem', 'Ex', 'Nos?', 'Vol', 'pp?', 'eds?', 'Profs?', 'Drs?', 'Mrs?', 'Ms', 'St', 'Inc', 'Ltd',
  'Corp', 'Univ', 'Dept', 'w\\.r\\.t', 'i\\.i\\.d', 'a\\.k\\.a', 'bzw', 'usw', 'vgl', 'Abb', 'Gl', 'Gln', 'Nr', 'Bd', 'Kap', 'Abschn', 'sog', 'ggf', 'evtl', 'etw',
  'p\\. ?ej', 'ej', 'fig', 'ec', 'secc?', 'núm', 'éq', 'chap', 'env', 'рис', 'см', 'т\\. ?е', 'т\\. ?д', 'др', '\\p{L}',
].join('|')})\\.\\s*$`, 'u');
/** No sentence begins so. */
const CONTINUES = /^[\s\])}”’»,;:]*(?:\p{Ll}|[([,;:.)\]}])/u;

/**
 * @param {string} text
 * @param {string} lang BCP 47
 * @returns {number[]} where its sentences begin; the first at 0
 */
export function sentenceStarts(text, lang) {
  // The segmenter ends a sentence at every line feed, and pages keep the author's lines.
  const line = text.replace(/\s/g, ' ');
  const starts = [0];
  for (const { index } of new Intl.Segmenter(lang, { granularity: 'sentence' }).segment(line)) {
    const before = line.slice(starts[starts.length - 1], index);
    if (index && before.trim() && !joins(before, line.slice(index))) starts.push(index);
  }
  return starts;
}

/** @param {string} before @param {string} after @returns {boolean} whether they are one sentence */
function joins(before, after) {
  return ABBREVIATION.test(before) || CONTINUES.test(after) || count(before, /[([（]/g) > count(before, /[)\]）]/g);
}

/** @param {string} text @param {RegExp} pattern */
const count = (text, pattern) => text.match(pattern)?.length ?? 0;

/** A paper as a BibTeX entry, in the form arXiv itself gives. */

/** @typedef {import('../editions.js').Paper} Paper */

/**
 * Text for a BibTeX field: TeX stays as it is, braces are balanced, and a per cent sign in words makes no
 * comment of the rest.
 *
 * @param {string} text
 */
function field(text) {
  let depth = 0;
  let out = '';
  const words = text.replace(/\s+/g, ' ').trim().split(/(\$[^$]+\$)/)
    .map((piece, index) => (index % 2 ? piece : piece.replace(/(?<!\\)[%&#]/g, '\\$&'))).join('');
  for (const character of words) {
    if (character === '}' && depth === 0) continue;
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    out += character;
  }
  return out + '}'.repeat(depth);
}

/**
 * @param {Paper} paper
 * @returns {string}
 */
export function bibtex(paper) {
  const year = /^\d{4}/.exec(paper.published)?.[0] ?? `20${paper.id.slice(0, 2)}`;
  const family = (paper.authors[0] ?? '').trim().split(/\s+/).pop() ?? '';
  const word = /\p{L}{4,}/u.exec(paper.title)?.[0] ?? '';
  const key = `${family}${year}${word}`.normalize('NFD').replace(/[^A-Za-z0-9]/g, '').toLowerCase() || 'arxiv';
  /** @type {[string, string][]} */
  const fields = [
    ['title', `{${field(paper.title)}}`],
    ['author', field(paper.authors.join(' and '))],
    ['year', year],
    ['eprint', paper.id],
    ['archivePrefix', 'arXiv'],
    ['primaryClass', paper.categories[0] ?? ''],
    ['url', `https://arxiv.org/abs/${paper.id}`],
    ['note', field(paper.translation?.abstract ?? '')],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${key},\n${lines.join(',\n')}\n}\n`;
}

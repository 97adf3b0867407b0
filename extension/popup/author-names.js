/** Authors' names as BibTeX needs them; the server's backend/reading/citations/names.py reads them alike. */

// Not a person: without braces BibTeX would make a given name of all but its last word.
const GROUP = /\b(?:collaborations?|consortium|teams?|groups?|project|initiative|community|network|alliance|institutes?|laborator(?:y|ies)|labs?|university)\b|\sand\s|,(?! *(?:jr|sr|ii|iii|iv)\b)/i;
const SUFFIX = /^(.*[^\s,])(?:,\s*|\s+)([JS]r\.?|II|III|IV)$/s;
// Particles a name may begin with; any other small first word is a given name (bell hooks).
const PARTICLES = new Set(
  'af al av bin da das de del della dem den der di do dos du el ibn la le ten ter van von zu zum zur'.split(' '),
);

/**
 * @typedef {object} Name
 * @property {string} family the family name without its particle; of a group all of it
 * @property {string} given
 * @property {string} particle `van der`
 * @property {string} suffix `Jr.`
 * @property {boolean} isGroup a collaboration or an institute, never to be taken apart
 */

/**
 * @param {string} name as arXiv writes it, given names first
 * @returns {Name}
 */
export function parseName(name) {
  let words = name.trim().replace(/\s+/g, ' ');
  if (GROUP.test(words)) return { family: words, given: '', particle: '', suffix: '', isGroup: true };
  let suffix = '';
  const found = SUFFIX.exec(words);
  if (found) [, words, suffix] = found;
  const tokens = words.split(' ');
  const small = tokens.slice(0, -1).flatMap((token, index) => (isParticle(token, index) ? [index] : []));
  const start = small[0] ?? tokens.length - 1;
  const end = small.length ? small[small.length - 1] + 1 : start;
  return {
    family: tokens.slice(end).join(' '),
    given: tokens.slice(0, start).join(' '),
    particle: tokens.slice(start, end).join(' '),
    suffix,
    isGroup: false,
  };
}

/**
 * @param {string} token
 * @param {number} index
 */
const isParticle = (token, index) => (index ? /^\p{Ll}/u.test(token) : PARTICLES.has(token));

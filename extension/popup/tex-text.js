/** Text from an API, half TeX and half Unicode, as TeX that sets with plain LaTeX and BibTeX. */

/** What mathematics writes with a command: characters and the commands' names. */
const SYMBOLS = new Map(`
  α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota κ kappa λ lambda
  μ mu µ mu ν nu ξ xi π pi ρ rho σ sigma ς varsigma τ tau υ upsilon φ varphi ϕ phi χ chi ψ psi ω omega
  Γ Gamma Δ Delta ∆ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega Ω Omega
  × times ÷ div ± pm ∓ mp · cdot ∗ ast ∘ circ • bullet ⋆ star ⊕ oplus ⊗ otimes ⊙ odot ∧ wedge ∨ vee ∩ cap ∪ cup
  ≤ le ≥ ge ≠ ne ≈ approx ∼ sim ≃ simeq ≅ cong ≡ equiv ∝ propto ≪ ll ≫ gg ⊂ subset ⊆ subseteq ⊃ supset ⊇ supseteq
  ∈ in ∉ notin ∋ ni ∅ emptyset ∖ setminus ∀ forall ∃ exists ¬ neg ⊥ perp ∥ parallel ∣ mid ∞ infty ∂ partial
  ∇ nabla ∑ sum ∏ prod ∫ int √ surd ⟨ langle ⟩ rangle ⌈ lceil ⌉ rceil ⌊ lfloor ⌋ rfloor ℓ ell ℏ hbar ′ prime
  → to ← gets ↔ leftrightarrow ↑ uparrow ↓ downarrow ⇒ Rightarrow ⇐ Leftarrow ⇔ Leftrightarrow ↦ mapsto † dagger
  ‡ ddagger ⋯ cdots ♯ sharp ♭ flat ♮ natural △ triangle ⊤ top ⊢ vdash ⊨ models ≺ prec ≻ succ ⊔ sqcup ⊓ sqcap
`.trim().split(/\s+/).reduce((pairs, word, index) => {
  if (index % 2) pairs[pairs.length - 1][1] = word; else pairs.push([word, '']);
  return pairs;
}, /** @type {[string, string][]} */ ([])));
const MATH_COMMANDS = new Set(SYMBOLS.values());

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎';

/** What stands for a character of TeX's own in words. `^` and `~` are accents only after a backslash. */
const SPECIAL = new Map([
  ['_', '\\_'], ['$', '\\$'], ['%', '\\%'], ['&', '\\&'], ['#', '\\#'], ['^', '\\textasciicircum{}'],
  ['~', '\\textasciitilde{}'], ['<', '\\textless{}'], ['>', '\\textgreater{}'], ['|', '\\textbar{}'],
  ['\\', '\\textbackslash{}'],
  // BibTeX counts a brace after a backslash too.
  ['\\{', '\\textbraceleft{}'], ['\\}', '\\textbraceright{}'], ['\\\\', ' '],
  ['\\(', '('], ['\\)', ')'], ['\\[', '['], ['\\]', ']'], ['\\|', '$\\|$'],
]);

/** Accents by their combining characters. */
const ACCENTS = new Map([
  ['\u0300', '`'], ['\u0301', "'"], ['\u0302', '^'], ['\u0303', '~'], ['\u0304', '='], ['\u0306', 'u'], ['\u0307', '.'],
  ['\u0308', '"'], ['\u030a', 'r'], ['\u030b', 'H'], ['\u030c', 'v'], ['\u0323', 'd'], ['\u0327', 'c'], ['\u0331', 'b'],
]);

/** LaTeX's own commands of text; the name of any other would stop it, and is shown as it is written. */
const TEXT_COMMAND = new RegExp(`^\\\\(?:${[
  'text(?:bf|it|tt|sc|rm|sf|sl|md|up|normal|(?:super|sub)script|quote\\w+|ascii\\w+|backslash|underscore|bar|less|greater|dollar)',
  'emph', 'em', 'bf', 'it', 'tt', 'rm', 'sc', 'sf', 'sl', 'mbox', '[oOlLij]', 'ss', 'a[ea]', 'A[EA]', 'oe', 'OE',
  '[Hcvurdbkt]', 'd?dag', '[SP]', 'copyright', 'pounds', 'l?dots', '(?:La)?TeX',
].join('|')})$`);

const PIECE = new RegExp([
  '\\\\[A-Za-z]+', '(?<accent>\\\\[`\'^~=.](?=[\\p{L}{\\\\])|\\\\"(?=[aeiouwxyAEIOUWXY{\\\\]))',
  '\\\\[^A-Za-z]', '[\\\\_$%&#^~<>|]', `[${[...SYMBOLS.keys()].join('')}]+`,
  `[${SUPERSCRIPTS}]+`, `[${SUBSCRIPTS}]+`, '[\u0180-\u024f\u1e00-\u1eff]',
].join('|'), 'gu');

/** Formulas, by their kinds of fences. `$5 and $6` is money: a fence of one dollar touches what it holds. */
const FORMULA = new RegExp([
  String.raw`\$\$(?<display>[^$]+)\$\$`, String.raw`\\\((?<round>(?:(?!\\[()]).)+)\\\)`, String.raw`\\\[(?<square>(?:(?!\\[\[\]]).)+)\\\]`,
  String.raw`\\ensuremath\s*\{(?<ensured>[^{}$]+)\}`,
  String.raw`(?<!\\)\$(?<touching>[^\s$](?:(?:\\\$|[^$])*[^\s$\\])?)\$(?!\d)`,
  String.raw`(?<!\\)\$(?<spaced>\s*(?:\p{L}\s*|[^$]*[\\^_][^$]*))\$(?!\d)`,
].join('|'), 'gu');

/**
 * A field's text. Formulas stay formulas; braces are balanced, so that nothing ends the field but its end.
 *
 * @param {string} text
 * @returns {string}
 */
export function texText(text) {
  const plain = text.replace(/[\u{1d400}-\u{1d7ff}\ufb00-\ufb06]/gu, (character) => character.normalize('NFKC'))
    .replace(/\p{Cf}|\p{VS}|\p{Emoji_Presentation}/gu, '')
    .replace(/[\u2010\u2011]/g, '-').replace(/\u2212/g, '$-$').replace(/\s+/g, ' ').trim();
  let out = '';
  let end = 0;
  for (const match of plain.matchAll(FORMULA)) {
    const { display, round, square, ensured, touching, spaced } = /** @type {Record<string, string>} */ (match.groups);
    const body = formula(display ?? round ?? square ?? ensured ?? touching ?? spaced);
    if (body === null) continue;
    out += `${words(plain.slice(end, match.index))}$${body}$`;
    end = match.index + match[0].length;
  }
  return balanced(out + words(plain.slice(end)));
}

/**
 * @param {string} body of a formula
 * @returns {string | null} null when its braces do not pair, so that it is no formula
 */
function formula(body) {
  const safe = body.replace(/\\[{}]/g, (brace) => (brace === '\\{' ? '\\lbrace ' : '\\rbrace '))
    .replace(/(?<!\\)[%#]/g, '\\$&').replace(/(?<!\\)&/g, body.includes('\\begin') ? '&' : '\\&')
    .replace(PIECE, (piece) => mathematics(piece) ?? piece);
  return balanced(safe) === safe ? safe.trim() : null;
}

/** @param {string} text without formulas */
function words(text) {
  return text.replace(PIECE, (piece, ...rest) => {
    const symbols = mathematics(piece);
    if (symbols !== null) return `$${symbols.trim()}$`;
    const name = piece.slice(1);
    if (MATH_COMMANDS.has(name)) return `$${piece}$`;
    if (rest.at(-1).accent || TEXT_COMMAND.test(piece) || /^\\[%&$#_ ,;:!@*/-]$/.test(piece)) return piece;
    if (/^\\[A-Za-z]/.test(piece)) return `\\textbackslash{}${name}`;
    return SPECIAL.get(piece) ?? (name && piece[0] === '\\' ? SPECIAL.get(name) ?? name : accented(piece));
  });
}

/**
 * @param {string} piece
 * @returns {string | null} commands for symbols and raised or lowered digits; null for anything else
 */
function mathematics(piece) {
  if (SUPERSCRIPTS.includes(piece[0])) return `^{${piece.normalize('NFKC').replace('\u2212', '-')}}`;
  if (SUBSCRIPTS.includes(piece[0])) return `_{${piece.normalize('NFKC').replace('\u2212', '-')}}`;
  if (!SYMBOLS.has(piece[0])) return null;
  return [...piece].map((character) => `\\${SYMBOLS.get(character)} `).join('');
}

/** @param {string} letter one that LaTeX does not know by itself, such as those of Vietnamese names */
function accented(letter) {
  const [base, ...marks] = letter.normalize('NFD');
  // A hook above and a horn (ả, ơ) need fonts that few documents load; Vietnamese names are read without them.
  const accents = marks.filter((mark) => !/[\u0309\u031b]/.test(mark)).map((mark) => ACCENTS.get(mark));
  if (!marks.length || accents.includes(undefined)) return letter;
  return accents.reduce((inside, accent) => `{\\${accent}${/^[a-z]$/i.test(accent ?? '') ? ' ' : ''}${inside}}`, base) ?? letter;
}

/** @param {string} text */
function balanced(text) {
  let depth = 0;
  let out = '';
  for (const character of text) {
    if (character === '}' && depth === 0) continue;
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    out += character;
  }
  return out + '}'.repeat(depth);
}

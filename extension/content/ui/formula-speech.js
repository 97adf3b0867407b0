/**
 * How a formula is said in English, by rules from its presentation MathML. A rule-based reading names what
 * is seen: it does not know what a formula means.
 */

/** @param {string} pairs `+ plus, − minus` @returns {Map<string, string>} */
const table = (pairs) => new Map(pairs.split(',').map((pair) => pair.trim().split(/ (.*)/s, 2)).map(([sign, words]) => [sign, words ?? '']));

const SIGNS = table(`
  + plus, - minus, − minus, ± plus or minus, ∓ minus or plus, × times, ⋅ times, · times, ∗ star, * star, ⋆ star, ÷ divided by, / over, ∘ composed with,
  = equals, ≠ is not equal to, ≈ is approximately, ≃ is approximately, ≅ is isomorphic to, ∼ is similar to, ~ is similar to, ≡ is equivalent to,
  ∝ is proportional to, := is defined as, ≔ is defined as, ≜ is defined as, < is less than, > is greater than, ≤ is at most, ≥ is at least,
  ≪ is much less than, ≫ is much greater than, ∈ in, ∉ not in, ∋ contains, ⊂ is a subset of, ⊆ is a subset of, ⊃ is a superset of, ⊇ is a superset of,
  ∪ union, ∩ intersection, ∖ without, ∅ the empty set, ∀ for all, ∃ there is, ¬ not, ∧ and, ∨ or, ⊕ direct sum, ⊗ tensor, ⊙ times element by element,
  → to, ↦ maps to, ⟶ to, ← from, ↔ corresponds to, ⇒ implies, ⟹ implies, ⇔ if and only if, ⟺ if and only if, ∞ infinity, ∂ partial, ∇ nabla, ∑ the sum,
  ∏ the product, ∫ the integral, ∮ the contour integral, ⋃ the union, ⋂ the intersection, | bar, ∣ given, ‖ norm, ∥ norm, ( open paren, ) close paren,
  [ open bracket, ] close bracket, { open brace, } close brace, ⟨ open angle, ⟩ close angle, ⌊ floor of, ⌋ end floor, ⌈ ceiling of, ⌉ end ceiling,
  … and so on, ⋯ and so on, ⋮ and so on, ... and so on, ! factorial, % percent, ° degrees, : colon, ′ prime, ⊤ transpose, ⊥ perpendicular, † dagger,
  ℝ the reals, ℕ the naturals, ℤ the integers, ℚ the rationals, ℂ the complex numbers, ℓ ell, ℏ h bar, ⁡ of`);
const GREEK = table(`
  α alpha, β beta, γ gamma, δ delta, ϵ epsilon, ε epsilon, ζ zeta, η eta, θ theta, ϑ theta, ι iota, κ kappa, λ lambda, μ mu, ν nu, ξ xi, π pi, ρ rho,
  σ sigma, ς sigma, τ tau, υ upsilon, ϕ phi, φ phi, χ chi, ψ psi, ω omega`);
const ACCENTS = table('^ hat, ˆ hat, ¯ bar, ‾ bar, ― bar, ~ tilde, ˜ tilde, → vector, ⃗ vector, ˙ dot, . dot, ¨ double dot, ˇ check, ˘ breve, _ underlined');
const POWERS = table('2 squared, 3 cubed, ′ prime, ″ double prime, ⊤ transpose, T transpose, ∗ star, * star, † dagger, ° degrees, + plus, − minus, -1 inverse, −1 inverse');
const BIG = /^[∑∏∫∮⋃⋂⨁⨂]$/u;
const HIDDEN = new Set(['annotation', 'annotation-xml', 'mphantom', 'mspace', 'none', 'mprescripts']);
const MAX_DEPTH = 40;

/** @param {Element} math @returns {string} */
export function speakFormula(math) {
  return say(math, 0).replace(/\s+/g, ' ').replace(/ ,/g, ',').trim();
}

/**
 * @param {Element} math
 * @returns {string} what it says if it is a single letter or number, which any voice can say; otherwise ''
 */
export function singleSign(math) {
  const leaves = [...math.querySelectorAll('mi, mn, mo, mtext')].filter((leaf) => !leaf.closest('annotation-xml') && signOf(leaf));
  const [leaf] = leaves;
  return leaves.length === 1 && leaf.matches('mi, mn') && !math.querySelector('msqrt, mover, mtable') ? signOf(leaf) : '';
}

/** @param {Element | undefined} element @returns {string} */
const textOf = (element) => (element?.textContent ?? '').trim();

/** @param {Element} leaf @returns {string} in plain letters: 𝑥 is an x */
const signOf = (leaf) => textOf(leaf).normalize('NFKC');

/** @param {Element} element @param {number} depth @returns {string} */
function say(element, depth) {
  const { localName: name } = element;
  if (HIDDEN.has(name) || depth > MAX_DEPTH) return '';
  const children = [...element.children];
  /** @param {number} index */
  const child = (index) => (children[index] ? say(children[index], depth + 1) : '');
  switch (name) {
    case 'mi': case 'mn': case 'mo': case 'mtext': case 'ms': return leaf(element);
    case 'semantics': return child(0);
    case 'mfrac': return fraction(element, child(0), child(1));
    case 'msqrt': return `the square root of ${ended(all(children, depth), 'root')}`;
    case 'mroot': return `the root of order ${child(1)} of ${ended(child(0), 'root')}`;
    case 'msup': return `${child(0)} ${power(children[1], child(1))}`;
    case 'msub': return isBig(children[0]) ? `${child(0)} over ${child(1)} of` : `${child(0)} sub ${ended(child(1), 'sub')}`;
    case 'munder': return isBig(children[0]) ? `${child(0)} over ${child(1)} of` : under(children, child);
    case 'msubsup': case 'munderover':
      return isBig(children[0])
        ? `${child(0)} from ${child(1)} to ${child(2)} of`
        : `${child(0)} sub ${ended(child(1), 'sub')} ${power(children[2], child(2))}`;
    case 'mover': return `${child(0)} ${ACCENTS.get(textOf(children[1])) ?? `with ${child(1)} above`}`;
    case 'mtable': return matrix(children, depth);
    default: return all(children, depth);
  }
}

/** @param {Element[]} children @param {number} depth */
const all = (children, depth) => children.map((one) => say(one, depth + 1)).join(' ');

/** @param {Element | undefined} element */
const isBig = (element) => element !== undefined && BIG.test(signOf(element));

/** @param {Element} element @returns {string} */
function leaf(element) {
  const sign = SIGNS.get(textOf(element)) ?? SIGNS.get(signOf(element));
  if (sign !== undefined) return sign;
  const plain = signOf(element).replace(/[\u2061-\u2064]/g, '');
  const small = GREEK.get(plain.toLowerCase());
  if (small) return GREEK.has(plain) ? small : `capital ${small}`;
  return element.localName === 'mi' && /^\p{Lu}$/u.test(plain) ? `capital ${plain}` : plain;
}

/** @param {string} words @param {string} what @returns {string} where more than one word is under it, its end is said */
const ended = (words, what) => (words.trim().split(/\s+/).length > 2 ? `${words} end ${what}` : words);

/** @param {Element | undefined} exponent @param {string} words */
function power(exponent, words) {
  const known = POWERS.get(textOf(exponent).replace(/\s/g, ''));
  return known ?? `to the ${ended(words, 'power')}`;
}

/** @param {Element} element @param {string} above @param {string} below */
function fraction(element, above, below) {
  if (/^0(?:\D|$)/.test(element.getAttribute('linethickness') ?? '')) return `${above} choose ${below}`;
  const isShort = [above, below].every((words) => words.trim().split(/\s+/).length <= 2);
  return isShort ? `${above} over ${below}` : `the fraction ${above} over ${below} end fraction`;
}

/** @param {Element[]} children @param {(index: number) => string} child */
function under([, below], child) {
  const accent = ACCENTS.get(textOf(below));
  return accent ? `${child(0)} ${accent}` : `${child(0)} over ${child(1)} of`;
}

/** @param {Element[]} rows @param {number} depth */
function matrix(rows, depth) {
  const said = rows.map((row) => [...row.children].map((cell) => say(cell, depth + 2)).join(', '));
  return said.length > 1 ? said.map((row, index) => `row ${index + 1}: ${row}`).join('; ') : said.join('');
}

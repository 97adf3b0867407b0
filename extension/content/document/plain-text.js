/**
 * A piece of the page as one line of text, for places that show nothing but text: formulas as the
 * letters one would say them with, as far as that goes, otherwise as the TeX they are.
 */

import { TEX } from './segmenter.js';

/** @param {string} pairs `alpha α beta β` @returns {[string, string][]} */
const table = (pairs) => [...pairs.matchAll(/(\S+) (\S+)/g)].map(([, name, letter]) => [name, letter]);

const LETTERS = new Map(table(`
  alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
  xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
  Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ imath ı jmath ȷ aleph ℵ
  partial ∂ nabla ∇ infty ∞ times × cdot · pm ± mp ∓ div ÷ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ odot ⊙
  leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ lt < gt >
  in ∈ notin ∉ subset ⊂ subseteq ⊆ supset ⊃ cup ∪ cap ∩ setminus ∖ emptyset ∅ forall ∀ exists ∃ neg ¬ wedge ∧ vee ∨
  to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ mapsto ↦ uparrow ↑ downarrow ↓ langle ⟨ rangle ⟩
  sum ∑ prod ∏ int ∫ sqrt √ perp ⊥ parallel ∥ mid | vert | Vert ‖ prime ′ dagger † ldots … dots … cdots ⋯ colon : deg °`));
const SPACES = new Set([',', ';', ':', ' ', 'quad', 'qquad', 'enspace']);
const RAISED = new Map(table('0 ⁰ 1 ¹ 2 ² 3 ³ 4 ⁴ 5 ⁵ 6 ⁶ 7 ⁷ 8 ⁸ 9 ⁹ + ⁺ - ⁻ − ⁻ = ⁼ ( ⁽ ) ⁾ n ⁿ i ⁱ ∘ ° ′ ′ ∗ * * *'));
const LOWERED = new Map(table('0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ + ₊ - ₋ − ₋ = ₌ ( ₍ ) ₎ a ₐ e ₑ i ᵢ j ⱼ k ₖ m ₘ n ₙ o ₒ p ₚ s ₛ t ₜ x ₓ'));
const DOUBLE_STRUCK = new Map(table('C ℂ F 𝔽 H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ'));
/** Their names mean something; any other macro only says how its argument is set. */
const NAMED = /^(?:log|ln|exp|sin|cos|tan|cot|sinh|cosh|tanh|min|max|sup|inf|lim|det|dim|ker|gcd|arg|mod|Pr|deg|hom)$/;
const MAX_DEPTH = 12;

/**
 * @param {Element} element
 * @returns {string}
 */
export function plainText(element) {
  return wordsOf(element).replaceAll(TEX, (tex) => spoken(tex.replace(/^(?:\$\$?|\\[([])|(?:\$\$?|\\[)\]])$/g, '')))
    .replaceAll('\\$', '$').replace(/\s+/g, ' ').trim();
}

/** @param {Node} parent @returns {string} */
function wordsOf(parent) {
  let words = '';
  for (const node of parent.childNodes) {
    if (node instanceof Text) words += node.data;
    if (!(node instanceof Element) || node.matches('[data-paperglot]:not([data-paperglot="doubt"])')) continue;
    const isFormula = node.matches('.MathJax, .MathJax_Display, [role="math"]');
    words += isFormula ? spoken(node.getAttribute('aria-label') ?? node.textContent ?? '') : wordsOf(node);
  }
  return words;
}

/**
 * @param {string} tex
 * @returns {string}
 */
export function spoken(tex) {
  const pieces = tex.match(/\\[a-zA-Z]+\*?|\\[^]|[^]/gu) ?? [];
  return new Reader(pieces).until(null, 0).replace(/\s+/g, ' ').trim();
}

class Reader {
  #pieces;
  #at = 0;

  /** @param {string[]} pieces */
  constructor(pieces) {
    this.#pieces = pieces;
  }

  /**
   * @param {string | null} end
   * @param {number} depth
   * @returns {string}
   */
  until(end, depth) {
    let text = '';
    while (this.#at < this.#pieces.length && this.#pieces[this.#at] !== end) text += this.#one(depth);
    this.#at += 1;
    return text;
  }

  /** @param {number} depth @returns {string} what an argument stands for: a group, or one piece */
  #argument(depth) {
    while (this.#pieces[this.#at] === ' ') this.#at += 1;
    return this.#at < this.#pieces.length ? this.#one(depth) : '';
  }

  /** @param {number} depth @returns {string} */
  #one(depth) {
    const piece = this.#pieces[this.#at];
    this.#at += 1;
    if (depth > MAX_DEPTH) return piece;
    if (piece === '{') return this.until('}', depth + 1);
    if (piece === '^' || piece === '_') return script(piece, this.#argument(depth + 1));
    if (piece === '~') return ' ';
    if (piece === "'") return '′';
    if (!piece.startsWith('\\') || piece.length === 1) return piece === '}' ? '' : piece;
    const name = piece.slice(1);
    if (SPACES.has(name)) return ' ';
    if (/^[tdc]?frac$/.test(name)) {
      return `${inBrackets(this.#argument(depth + 1))}/${inBrackets(this.#argument(depth + 1))}`;
    }
    if (name === 'sqrt') return `√${inBrackets(this.#argument(depth + 1))}`;
    if (name === 'mathbb') {
      const letters = this.#argument(depth + 1);
      return DOUBLE_STRUCK.get(letters) ?? letters;
    }
    if (NAMED.test(name)) return name + (/^[a-z0-9\\]/i.test(this.#pieces[this.#at] ?? '') ? ' ' : '');
    return LETTERS.get(name) ?? (/^[a-z]/i.test(name) ? '' : name);
  }
}

/** @param {string} text @returns {string} */
const inBrackets = (text) => ([...text].length > 1 && !/^\w+$/.test(text) ? `(${text})` : text);

/** @param {string} mark `^` or `_` @param {string} text @returns {string} */
function script(mark, text) {
  const letters = [...text].map((letter) => (mark === '^' ? RAISED : LOWERED).get(letter));
  return letters.includes(undefined) ? mark + inBrackets(text) : letters.join('');
}

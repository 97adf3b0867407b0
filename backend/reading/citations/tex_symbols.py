"""Tables for `tex_text`: characters that LaTeX writes with a command. The extension has the same."""

from __future__ import annotations

_TABLE = """
  α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota κ kappa λ lambda
  μ mu µ mu ν nu ξ xi π pi ρ rho σ sigma ς varsigma τ tau υ upsilon φ varphi ϕ phi χ chi ψ psi ω omega
  Γ Gamma Δ Delta ∆ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega Ω Omega
  × times ÷ div ± pm ∓ mp · cdot ∗ ast ∘ circ • bullet ⋆ star ⊕ oplus ⊗ otimes ⊙ odot ∧ wedge ∨ vee ∩ cap ∪ cup
  ≤ le ≥ ge ≠ ne ≈ approx ∼ sim ≃ simeq ≅ cong ≡ equiv ∝ propto ≪ ll ≫ gg ⊂ subset ⊆ subseteq
  ⊃ supset ⊇ supseteq ∈ in ∉ notin ∋ ni ∅ emptyset ∖ setminus ∀ forall ∃ exists ¬ neg ⊥ perp ∥ parallel
  ∣ mid ∞ infty ∂ partial
  ∇ nabla ∑ sum ∏ prod ∫ int √ surd ⟨ langle ⟩ rangle ⌈ lceil ⌉ rceil ⌊ lfloor ⌋ rfloor ℓ ell ℏ hbar ′ prime
  → to ← gets ↔ leftrightarrow ↑ uparrow ↓ downarrow ⇒ Rightarrow ⇐ Leftarrow ⇔ Leftrightarrow ↦ mapsto † dagger
  ‡ ddagger ⋯ cdots ♯ sharp ♭ flat ♮ natural △ triangle ⊤ top ⊢ vdash ⊨ models ≺ prec ≻ succ ⊔ sqcup ⊓ sqcap
"""
SYMBOLS = dict(zip(_TABLE.split()[::2], _TABLE.split()[1::2], strict=True))
"""What mathematics writes with a command: characters and the commands' names."""

MATH_COMMANDS = frozenset(SYMBOLS.values())

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"

SPECIAL = {
    **{"_": r"\_", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#", "^": r"\textasciicircum{}"},
    **{"~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"},
    "\\": r"\textbackslash{}",
    # BibTeX counts a brace after a backslash too.
    **{r"\{": r"\textbraceleft{}", r"\}": r"\textbraceright{}", "\\\\": " "},
    **{r"\(": "(", r"\)": ")", r"\[": "[", r"\]": "]", r"\|": r"$\|$"},
}
"""What stands for a character of TeX's own in words. `^` and `~` are accents only after a backslash."""

ACCENTS = {
    **{"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u"},
    **{"\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d"},
    **{"\u0327": "c", "\u0331": "b"},
}
"""Accents by their combining characters."""

EMOJI = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2630-\u2637\u2648-\u2653\u267f"
    "\u268a-\u268f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3"
    "\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0"
    "\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f000-\U0001faff"
)
"""Characters shown as pictures, which no text font has (Unicode's Emoji_Presentation, and its planes)."""

"""Scientific text as a safe fragment of HTML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from backend.texts.html import ALLOWED_ELEMENTS, to_html


def parsed(text: str) -> ET.Element:
    """The fragment as a tree; fails if it is not well formed or holds what is not listed."""
    tree = ET.fromstring(f"<p>{to_html(text)}</p>")
    for element in tree.iter():
        if element is not tree:
            assert element.tag in ALLOWED_ELEMENTS
            assert set(element.attrib) <= ALLOWED_ELEMENTS[element.tag]
    return tree


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"Gr\"obner & Verdi\`ere", "Gröbner &amp; Verdière"),
        ("J3<0, J2>0", "J3&lt;0, J2&gt;0"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (r"\textbf{a \emph{b}} {\it c}", "<strong>a <em>b</em></strong> <em>c</em>"),
        ("One.\n  Two.", "One. <br/>Two."),
        (r"\textsc{Name} \texttt{a<b}", "Name <code>a&lt;b</code>"),
        (r"10^33 erg, N_c, v_{2}", "10<sup>33</sup> erg, N<sub>c</sub>, v<sub>2</sub>"),
        (r"5 \pm 2 \kms", r"5 ± 2 \kms"),
        (r"\url{https://a.b/c\_d}", "https://a.b/c_d"),
        (r"\href{https://a.b}{our code}", "our code (https://a.b)"),
        ("it costs $3 and $4", "it costs $3 and $4"),
        (r"\cite{a},\cite{b}", r"\cite{a},\cite{b}"),
        ("$x$", "<math><mi>x</mi></math>"),
        (r"$\mathbb{R}^2$", "<math><msup><mi>ℝ</mi><mn>2</mn></msup></math>"),
        ("$<v>$", "<math><mrow><mo>&lt;</mo><mi>v</mi><mo>&gt;</mo></mrow></math>"),
        (r"$\frac{a$", r"$\frac{a$"),
        ("a\x00\x08\ud800b", "ab"),
    ],
)
def test_shows(text, shown):
    assert to_html(text) == shown
    parsed(text)


def test_display_formulas_are_blocks():
    tree = parsed("so\n\\begin{align*}\na &= b \\\\\nc &= 5\\%\n\\end{align*}")
    (formula,) = tree.iter("math")
    assert formula.get("display") == "block"
    assert len(list(formula.iter("mtr"))) == 2


@pytest.mark.parametrize(
    "text",
    [
        r"$\text{<img src=x onerror=alert(1)>}$",
        r"$\style{position:fixed}{x}$",
        r"$\class{a}{x}$",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\unicode{x3c}script$",
        r"$\color{red}{x}$",
        r"$\hspace{9999em}x$",
        r"$\verb|<b>|$",
        r"$\def\a{\b\b}\def\b{\c\c}\a$",
        '$x" onmouseover="alert(1)$',
    ],
)
def test_formulas_cannot_smuggle_markup(text):
    tree = parsed(text)
    for element in tree.iter():
        for value in element.attrib.values():
            assert len(value) < 13
            assert "999" not in value
    assert "<img" not in to_html(text)
    assert "<script" not in to_html(text)


@pytest.mark.parametrize(
    "tex", [r"v_2=12%", r"\mathrm{GeV}", r"{\'e}t", r"\mathcal{O}(n^2)", r"\text{if $x$}"]
)
def test_no_letter_of_a_formula_is_lost(tex):
    import unicodedata

    text = "".join(parsed(f"${tex}$").itertext())
    shown = unicodedata.normalize("NFKC", text)
    for character in tex.replace("\\mathrm", "").replace("\\mathcal", "").replace("\\text", ""):
        if character.isalnum() or character == "%":
            assert character in shown or character == "e"

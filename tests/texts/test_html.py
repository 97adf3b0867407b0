"""Scientific text as a safe fragment of HTML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from backend.texts.html import ALLOWED_ELEMENTS, to_html, translation_to_html
from backend.texts.placeholders import escape, protect
from tests.measured import assert_cpu_seconds

from . import hard_texts


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
        (r"\textsc{Name} \texttt{a<b}", "Name a&lt;b"),
        (r"10\textsuperscript{a} H\textsubscript{2}O", "10<sup>a</sup> H<sub>2</sub>O"),
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
    ("tex", "shown"),
    [
        (r"v_2=12%", "v2=12%"),
        (r"\mathrm{GeV}", "GeV"),
        (r"{\'e}t", "ét"),
        (r"\text{if $x$}", "if x"),
        (r"\AA\ ", "Å"),
        (r"\not= \not\in", "≠∉"),
        (r"\begin{cases} a & b \\ c \end{cases}", "{abc"),
        (r"\label{e} a \nonumber", "a"),
        (r"4500\kms", r"4500\kms"),
    ],
)
def test_reads_what_authors_write_in_formulas(tex, shown):
    text = "".join(parsed(f"${tex}$").itertext()).replace("\xa0", " ")
    assert text.strip() == shown


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"a\pm b", "<mi>a</mi><mo>±</mo><mi>b</mi>"),
        ("(-1)", '<mo stretchy="false">(</mo><mo form="prefix">−</mo><mn>1</mn>'),
        ("a/b", '<mi>a</mi><mo lspace="0" rspace="0">/</mo><mi>b</mi>'),
        (r"n\log n", '<mi>n</mi><mspace width="0.167em"></mspace><mi>log</mi>'),
        (r"\log(n)", '<mi>log</mi><mo stretchy="false">(</mo>'),
        (r"\infty", "<mi>∞</mi>"),
        (
            r"\Big|_0",
            '<msub><mo minsize="1.62em" maxsize="1.62em" stretchy="true" lspace="0" rspace="0">|</mo>',
        ),
        (r"\overline{AB}", '<mo accent="true">‾</mo>'),
        (r"k_\mathrm{S}", '<mi mathvariant="normal">S</mi>'),
        (r"\mathbf{x}\mathscr{F}\mathfrak C\mathbb{1}", "<mi>𝐱</mi><mi>ℱ</mi><mi>ℭ</mi>"),
    ],
)
def test_formulas_are_spaced_and_styled_as_browsers_can(tex, shown):
    assert shown in to_html(f"${tex}$")


def test_a_translation_shows_formulas_as_the_source_meant_them():
    source = protect(
        escape("It costs \\$5 and not \\textbf{$x$ dollars}, \\method{as we said}.\n  So.")
    )
    translated = "<x4/>So. <g1><x2/> Dollar</g1>, nicht $5 und <g3>wie gesagt</g3>, 1 < 2 $."
    assert translation_to_html(source, translated) == (
        "<br/>So. <strong><bdi><math><mi>x</mi></math></bdi> Dollar</strong>,"
        " nicht $5 und \\method{wie gesagt}, 1 &lt; 2 $."
    )


def test_each_formula_of_a_translation_keeps_its_place_and_its_marks():
    source = protect(escape(r"For $n=1$, $2$ (or $3$): N_c."))
    html = translation_to_html(source, "עבור <x1/>, <x2/> (או <x3/>): <x4/>.")
    assert html.count("<bdi>") == 4
    assert "<bdi>N<sub>c</sub></bdi>." in html
    assert re.search('<span class="formula"><bdi><math>.{10,200}</math></bdi>,</span> ', html)
    assert html.endswith("<bdi><math><mn>3</mn></math></bdi>):</span> <bdi>N<sub>c</sub></bdi>.")
    wide = protect(escape(f"So ${'a+' * 80}b$."))
    assert translation_to_html(wide, wide.text).startswith(
        'So <span class="formula-wide"><bdi><math>'
    )


def test_text_keeps_a_formula_with_its_marks_too():
    assert to_html("a ($x$), $y$ b") == (
        'a <span class="formula">(<math><mi>x</mi></math>),</span> <math><mi>y</mi></math> b'
    )


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\arg\min_x f", "<mi>arg</mi>"),
        (r"\arg z", "<mi>arg</mi>"),
        (r"a^\dag b^\ddag", "<mi>‡</mi>"),
        (r"\textsc{Bert}", "<mtext>Bert</mtext>"),
        (r"\operatorname*{arg\,min}_x f", "<mi>min</mi>"),
        (r"x \sim y", "<mo>∼</mo>"),
        (r"G \backslash H", "<mo>∖</mo>"),
        (r"1, \hdots, n", "…"),
        (r"\P \copyright", "¶"),
        (r"\nicefrac{1}{2}", "<mfrac>"),
        (r"\abs{x} \norm{y}", "|</mo><mi>x</mi>"),
        (r"\Tr A", "<mi>Tr</mi>"),
        (r"10{,}000", "<mtext>10,000</mtext>"),
        (r"\ourmethod{x}", r"<mi>\ourmethod</mi>"),
    ],
)
def test_known_commands_are_shown_as_what_they_stand_for(tex, shown):
    html = to_html(f"${tex}$")
    assert shown in html
    assert "*" not in html
    assert "our" in tex or "\\" not in html


@pytest.mark.parametrize("tex", [r"\intertext{a}", r"\SI{5}{\kilo\gram}", r"\dv{f}{x}"])
def test_what_cannot_be_read_is_shown_as_its_source(tex):
    assert "<math" not in to_html(f"${tex}$")


@pytest.mark.parametrize(
    "piece", [*hard_texts.HOSTILE, "\\sqrt", "\\left(", "\\frac", "x'", "\\hbox{$"]
)
@pytest.mark.parametrize("around", ["${}$", "\\[{}\\]", "\\begin{{align}}{}\\end{{align}}"])
def test_no_formula_runs_away(piece, around):
    assert_cpu_seconds(
        1.5,
        lambda: [
            parsed(around.format(piece * (length // len(piece)))) for length in (8_000, 1_900)
        ],
    )


def test_the_popup_lets_every_element_in():
    """An element that the popup's list lacks would vanish there with its words, an attribute with its sense."""
    listed = (Path(__file__).parents[2] / "extension/popup/safe-html.js").read_text("utf-8")
    for name, attributes in ALLOWED_ELEMENTS.items():
        for each in (name, *attributes):
            assert f"'{each}'" in listed

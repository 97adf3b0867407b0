"""Cutting scientific prose into pieces."""

from __future__ import annotations

import pytest

from backend.texts.tex.scanner import Kind, scan
from tests.measured import assert_cpu_seconds

from .. import hard_texts


def read(text: str) -> str:
    """The text as it reads, with ‹role:source› for opaque pieces and «role … » for pairs."""
    shown = {
        Kind.PROSE: lambda piece: piece.text,
        Kind.OPAQUE: lambda piece: f"‹{piece.role}:{piece.source}›",
        Kind.OPEN: lambda piece: f"«{piece.role} ",
        Kind.CLOSE: lambda piece: "»",
        Kind.BREAK: lambda piece: "¶",
    }
    return "".join(shown[piece.kind](piece) for piece in scan(text))


@pytest.mark.parametrize("text", hard_texts.ALL)
def test_nothing_is_lost(text):
    assert "".join(piece.source for piece in scan(text)) == text


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("$x$ and $$y$$", "‹math:$x$› and ‹display:$$y$$›"),
        (r"\(x\) and \[y\]", r"‹math:\(x\)› and ‹display:\[y\]›"),
        ("a lone $ sign", "a lone $ sign"),
        (r"costs \$5 or \$6", "costs $5 or $6"),
        ("costs $3 and $4", "costs $3 and $4"),
        ("US$ 5 and US$ 10 a day", "US$ 5 and US$ 10 a day"),
        ("HK$ 3.5 million, then $x$", "HK$ 3.5 million, then ‹math:$x$›"),
        ("R$ 20 e R$ 30", "R$ 20 e R$ 30"),
        (
            "U$(1)$, SU$(2)$, GL$2n$ and C$_2$",
            "U‹math:$(1)$›, SU‹math:$(2)$›, GL‹math:$2n$› and C‹math:$_2$›",
        ),
        ("$3 million or $n$", "$3 million or ‹math:$n$›"),
        ("$5/$10 a token", "$5/$10 a token"),
        ("$花费5元$", "‹math:$花费5元$›"),
        ("花费$5和$10", "花费$5和$10"),
        ("$3$ of $4 K$", "‹math:$3$› of ‹math:$4 K$›"),
        (r"$\text{a $b$ c}$", r"‹math:$\text{a $b$ c}$›"),
        ("$a{b$ c", "‹math:$a{b$› c"),
        ("$v_2=-12%$.", "‹math:$v_2=-12%$›."),
        (
            "a $stray dollar before plain words then $x$",
            "a $stray dollar before plain words then ‹math:$x$›",
        ),
        ("\\begin{align}\n  a \\\\\n  b\\end{align} c", None),
        (r"\begin{itemize}\item so\end{itemize}", None),
    ],
)
def test_finds_formulas(text, reading):
    if reading is None:
        kinds = [piece.role for piece in scan(text) if piece.kind is Kind.OPAQUE]
        assert kinds == (["display"] if "align" in text else ["command"] * 3)
    else:
        assert read(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("N_c, 10^{-3} and x^2y_1", "‹bare:N_c›, ‹bare:10^{-3}› and ‹bare:x^2y_1›"),
        (r"\la r^2\ra^\pi_s is", r"‹bare:\la r^2\ra^\pi_s› is"),
        (r"of \tau_i and \bar\theta", r"of ‹bare:\tau_i› and ‹bare:\bar\theta›"),
        (r"\pi and \Lambda", "π and Λ"),
        ("a _slow drift_ and (_more of it_).", "a «em slow drift» and («em more of it»)."),
        ("x_ 1 and x_ i but U_ the set", "‹bare:x_ 1› and ‹bare:x_ i› but U_ the set"),
        (r"500\kms fast", r"500‹command:\kms› fast"),
        (r"\cite{a},\cite{b}", r"‹command:\cite{a}›,‹command:\cite{b}›"),
        (r"\citep[p.~3]{a}", r"‹command:\citep[p.~3]{a}›"),
        (r"\textbf{a \emph{b}} c", "«textbf a «emph b»» c"),
        (r"{\bf A}, {\it b c}", "«bf A», «it b c»"),
        (r"\href{u}{some words}", "«href some words»"),
        (r"\method{} and \method{a few words}", r"‹command:\method{}› and «method a few words»"),
        (r"a_b\_c 50\% \& \#1", "‹bare:a_b›_c 50% & #1"),
        (r"{B}ERT {1} {}", "{B}ERT {1} {}"),
        (r"10{,}000, 1{,}234{,}567 and 10\,000", "10,000, 1,234,567 and 10,000"),
        (r"3.141\,592 and a{,}b and 5\,km", "3.141 592 and a{,}b and 5 km"),
        (r"\textbf{never closed", r"‹command:\textbf›{never closed"),
    ],
)
def test_finds_commands(text, reading):
    assert read(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (r"Gr\"obner, Gr\"{o}bner, Gr{\"o}bner", "Gröbner, Gröbner, Gröbner"),
        (r"Verdi\`ere, It\^o, Djokovi\'{c}", "Verdière, Itô, Djoković"),
        (r"{\AA}, \AA{}, Bj\o rn, Stra\ss e, \L{}", "Å, Å, Bjørn, Straße, Ł"),
        (r"\c{c} \c c \v{S} \H{o} \k{a} na\"{\i}ve Bolet\'\i n", "ç ç Š ő ą naïve Boletín"),
        (r"\upsilon \textgreater \S 5 \dots", "υ > § 5 …"),
        ("``a'' `b' 'c' 5''", "“a” ‘b’ 'c' 5''"),
        ("1--5, so---yes, --flag, ----", "1–5, so—yes, --flag, ----"),
        ("Fig.~3 of ~10 km, 5~6", "Fig. 3 of ~10 km, 5~6"),
        (r"a\,b\ c\-d", "a b cd"),
        ("{é}", "é"),
    ],
)
def test_reads_typing(text, reading):
    assert read(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("see https://a.org/b_c?d=e. So", "see ‹url:https://a.org/b_c?d=e›. So"),
        ("(https://a.org/b(c))", "(‹url:https://a.org/b(c)›)"),
        ("a.b@c.org!", "‹email:a.b@c.org›!"),
        ("Node.js, e.g. this", "‹url:Node.js›, e.g. this"),
        ("zero temperature.The atoms", "zero temperature.The atoms"),
        ("arXiv:2306.02707v2.", "‹identifier:arXiv:2306.02707v2›."),
        ("hep-th/9901001", "‹identifier:hep-th/9901001›"),
        ("doi:10.1000/182,", "doi:‹identifier:10.1000/182›,"),
        ("HJD=2450.2744", "HJD=2450.2744"),
        ("in [12, 13] and [1]", "in ‹citation:[12, 13]› and ‹citation:[1]›"),
        ("(Smith et al., 2023)", "‹citation:(Smith et al., 2023)›"),
        ("(see Li & Wu 2020a,b; Ng, 2021)", "‹citation:(see Li & Wu 2020a,b; Ng, 2021)›"),
        (r"(L\'opez and D\'emoulin 2006)", r"‹citation:(L\'opez and D\'emoulin 2006)›"),
        (
            r"(Smith {\it et al.} 2022; Ng et~al.~2019)",
            r"‹citation:(Smith {\it et al.} 2022; Ng et~al.~2019)›",
        ),
        ("(May 2020) (in 2019) (Japan 2011)", "(May 2020) (in 2019) (Japan 2011)"),
        ("use `pip install x`", "use ‹code:`pip install x`›"),
        (r"use \verb|a $b| or", r"use ‹command:\verb|a $b|› or"),
        ("```python a``` b", "```python a``` b"),
        ("见https://a.org/b。", "见‹url:https://a.org/b›。"),
    ],
)
def test_finds_addresses_and_citations(text, reading):
    assert read(text) == reading


def test_paragraphs_are_indented_lines_or_follow_an_empty_one():
    assert read("a\nb\n  c\n\nd\n e") == "a\nb¶c¶d¶e"
    assert read("\n  a\n  ") == "\n  a\n  "


@pytest.mark.parametrize("piece", hard_texts.HOSTILE)
@pytest.mark.parametrize(
    "around", ["{}", "${}$", "\\textbf{{{}}}", "\\a{{{}}}", "({})", "{}$", "{}\\)"]
)
def test_takes_time_in_proportion_to_length(piece, around):
    """It takes some 20 ms; a quadratic step over 8,000 characters takes a second and more."""
    text = around.format(piece * (8_000 // len(piece)))
    assert_cpu_seconds(0.5, lambda: scan(text))
    assert "".join(part.source for part in scan(text)) == text

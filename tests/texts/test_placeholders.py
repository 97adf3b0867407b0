"""Protecting, restoring, comparing and completing placeholders."""

from __future__ import annotations

import pytest

from backend.errors import InvalidRequest
from backend.texts.placeholders import (
    compare,
    complete,
    escape,
    protect,
    restore,
    tidy,
    to_plain,
    unescape,
)


def test_escape_is_undone_by_unescape():
    plain = "a<b & c>d &lt; <x1/> &amp;amp;"
    assert unescape(escape(plain)) == plain
    assert to_plain(escape(plain)) == plain


@pytest.mark.parametrize(
    ("text", "protected"),
    [
        ("Plain  prose\nover lines. ", "Plain prose over lines."),
        ("A <x7/> and <x3/>, <g9>so</g9>.", "A <x1/> and <x2/>, <g3>so</g3>."),
        ("<x1/> twice <x1/>", "<x1/> twice <x2/>"),
        ("We use $x$ and $y$.", "We use <x1/> and <x2/>."),
        ("<x5/> then $x$ then <x2/>", "<x1/> then <x2/> then <x3/>"),
        (r"1\textit{T}-TiSe$_{2}$", "1<g1>T</g1>-TiSe<x2/>"),
        (r"{\bf A} \emph{very \textbf{nested} b}", "<g1>A</g1> <g2>very <g3>nested</g3> b</g2>"),
        (r"Gr\"obner, Verdi\`ere, {\AA}", "Gröbner, Verdière, Å"),
        (r"\cite{a},\cite{b}", "<x1/>,<x2/>"),
        (r"code~\url{https://a.b/.} here", "code <x1/> here"),
        ("See https://a.b/c_d.", "See <x1/>."),
        ("Stated in [12, 13] and (Smith et al., 2023).", "Stated in <x1/> and <x2/>."),
        ("literal &lt;x1/&gt; and &lt;think&gt;", "literal &lt;x1/&gt; and &lt;think&gt;"),
        ("J3<0, J2>0 & so", "J3&lt;0, J2&gt;0 &amp; so"),
        ("it costs $3 and $4 a day", "it costs $3 and $4 a day"),
        ("a lone (TMTSF)2$SO3 salt", "a lone (TMTSF)2$SO3 salt"),
        ("One.\n  Two.", "One. <x1/>Two."),
        ("``quotes''", "“quotes”"),
    ],
)
def test_protects_and_restores(text, protected):
    result = protect(text)
    assert result.text == protected
    # Protecting what was restored finds the same again.
    assert protect(restore(result, result.text)).text == protected


def test_restores_the_source_of_each_placeholder():
    text = r"Let <x7/> be \textbf{a $p&lt;q$ <g3>b</g3>} of \cite{k}"
    result = protect(text)
    assert result.text == "Let <x1/> be <g2>a <x3/> <g4>b</g4></g2> of <x5/>"
    assert restore(result, result.text) == text
    turned = "<g2><x3/> <g4>c</g4></g2> <x5/> <x1/> <x99/>"
    assert restore(result, turned) == r"\textbf{$p&lt;q$ <g3>c</g3>} \cite{k} <x7/> "


@pytest.mark.parametrize(
    "text",
    ["<g1>a", "a</g1>", "<g1>a<g2>b</g1>c</g2>", "<x0/>", "<x10000/>", "<x01/>", "<x1/>" * 501],
)
def test_refuses_malformed_placeholders(text):
    with pytest.raises(InvalidRequest):
        protect(text)


def test_compare_names_what_is_wrong():
    source = "a <x1/> <g2>b</g2>"
    assert compare(source, "<g2>B</g2> <x1/>") == ()
    assert [fault.name for fault in compare(source, "<g2>B</g2>")] == ["placeholder"]
    assert [fault.name for fault in compare(source, "</g2>B<g2> <x1/>")] == ["nesting"]


def test_complete_delivers_every_formula():
    source = "a <x1/> <g2>b <x3/></g2>"
    assert complete(source, "A <x9/>") == "A <x1/> <x3/>"
    assert complete(source, "<g2>B <x1/><x1/>") == "B <x1/> <x3/>"
    assert compare(source, complete(source, "<x3/> <g2>c</g2> <x1/>")) == ()


def test_tidy_accepts_other_spellings():
    for written in ("<x1 />", "< x1/>", "<X1/>", "＜x1/＞", "<x1></x1>", "&lt;x1/&gt;", "<x1>"):
        assert tidy("a <x1/>", f"b {written}.") == "b <x1/>."

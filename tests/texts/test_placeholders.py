"""Protecting a segment and putting its placeholders back."""

from __future__ import annotations

import pytest

from backend.errors import InvalidRequest
from backend.texts.placeholders import escape, protect, restore, to_plain, unescape

from . import hard_texts


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
        ("<x5/> then $x$ then <x2/>", "<x1/> then <x2/> then <x3/>"),
        ("<g2>a <g1>b</g1></g2> <g1>c</g1>", "<g1>a <g2>b</g2></g1> <g3>c</g3>"),
        (r"1\textit{T}-TiSe$_{2}$", "1<g1>T</g1>-TiSe<x2/>"),
        (r"{\bf A} \emph{very \textbf{nested} b}", "<g1>A</g1> <g2>very <g3>nested</g3> b</g2>"),
        (r"Gr\"obner, Verdi\`ere, {\AA}", "Gröbner, Verdière, Å"),
        (r"code~\url{https://a.b/.} here", "code <x1/> here"),
        ("literal &lt;x1/&gt; and &lt;think&gt;", "literal &lt;x1/&gt; and &lt;think&gt;"),
        ("&amp;lt; stays", "&amp;lt; stays"),
        ("J3<0, J2>0 & so", "J3&lt;0, J2&gt;0 &amp; so"),
        ("<x> <x/> <gl> </x1> <X1/>", "&lt;x&gt; &lt;x/&gt; &lt;gl&gt; &lt;/x1&gt; &lt;X1/&gt;"),
        ("One.\n  Two.", "One. <x1/>Two."),
        ("e\u0301 \u0131\u0301 \ue000 \x00\ud800", "é í \ue000 \ufffd"),
    ],
)
def test_protects(text, protected):
    assert protect(text).text == protected


@pytest.mark.parametrize(
    ("text", "protected"),
    [
        ("a <g1><x2/></g1> b", "a <x1/> b"),
        ("a <g1> $x$ </g1> b", "a <x1/> b"),
        ("see <g1>arXiv:1209.5993</g1> now", "see <x1/> now"),
        ("at <g1>this https URL</g1>.", "at <x1/>."),
        ("a <g1></g1> b", "a <x1/> b"),
        ("a <g1><x2/><x3/></g1> b", "a <g1><x2/><x3/></g1> b"),
    ],
)
def test_a_pair_with_nothing_to_translate_is_one_placeholder(text, protected):
    result = protect(text)
    assert result.text == protected
    assert restore(result, result.text) == text


@pytest.mark.parametrize(
    ("text", "protected"),
    [
        (r"\textbf{B}idirectional \textbf{E}ncoders, \textbf{whole} words",
         "Bidirectional Encoders, <g1>whole</g1> words"),
        (r"un\emph{der}stand {\bf B}ERT's \textsc{Bert}s", "understand BERT's Berts"),
        (r"\textbf{\emph{B}}idirectional \textbf{GPT}-4 \emph{a}$x$",
         "Bidirectional <g1>GPT</g1>-4 <g2>a</g2><x3/>"),
        ("<g4>B</g4>idirectional and <g2>GPT</g2>s", "<g1>B</g1>idirectional and <g2>GPT</g2>s"),
        (r"\href{u}{GPT}s and x\footnote{so it is}", "<g1>GPT</g1>s and x<g2>so it is</g2>"),
    ],
)  # fmt: skip
def test_emphasis_in_a_word_is_dissolved(text, protected):
    """No other language has that letter there; around words it stays, and so do a client's pairs."""
    assert protect(text).text == protected


@pytest.mark.parametrize("text", hard_texts.ALL)
def test_keeps_each_formula_and_command_exactly(text):
    """What became a placeholder comes back as it was, and nothing but typing is read otherwise."""
    api_form = escape(text)
    result = protect(api_form)
    restored = restore(result, result.text)
    for opening, closing in result.originals.values():
        assert opening in api_form
        assert closing in api_form
        assert opening.strip() in restored
    again = protect(restored)
    assert again.text == result.text
    assert restore(again, again.text) == restored


EXACT = (*hard_texts.PROSE, *hard_texts.FORMULAS[4:7], *hard_texts.PARAGRAPHS)


@pytest.mark.parametrize("text", EXACT)
def test_is_the_identity_where_there_is_nothing_to_read(text):
    result = protect(escape(text))
    assert restore(result, result.text).split() == escape(text).split()


def test_restores_the_source_of_each_placeholder():
    text = r"Let <x7/> be \textbf{a $p&lt;q$ <g3>b</g3>} of \cite{k}"
    result = protect(text)
    assert result.text == "Let <x1/> be <g2>a <x3/> <g4>b</g4></g2> of <x5/>"
    assert restore(result, result.text) == text
    turned = "<g2><x3/> <g4>c</g4></g2> <x5/> <x1/> <x99/>"
    assert restore(result, turned) == r"\textbf{$p&lt;q$ <g3>c</g3>} \cite{k} <x7/> "


def test_restores_lines_and_keeps_commands_apart():
    result = protect("First \\kms.\n  Second.")
    assert result.text == "First <x1/>. <x2/>Second."
    assert restore(result, "Zweitens. <x2/> Erstens <x1/>und so.") == (
        "Zweitens.\n  Erstens \\kms und so."
    )


def test_restore_leaves_out_what_the_segment_does_not_have():
    result = protect("<x5/> <g6>a</g6>")
    assert restore(result, "<x1/><x3/> <g2>b</g2></g3> <g1>c</g1> <x2/>") == "<x5/> <g6>b</g6> c "


def test_restored_words_are_escaped_however_the_model_wrote_them():
    result = protect("a &lt; b &amp; <x3/>")
    assert restore(result, "a < b & c &lt; d <x1/>") == "a &lt; b &amp; c &lt; d <x3/>"


@pytest.mark.parametrize(
    "text",
    [
        "<g1>a",
        "a</g1>",
        "<g1>a<g2>b</g1>c</g2>",
        "<x0/>",
        "<x10000/>",
        "<x01/>",
        "<x1/>" * 501,
        "<g1></g1>" * 251,
    ],
)
def test_refuses_malformed_placeholders_with_a_sentence(text):
    with pytest.raises(InvalidRequest) as problem:
        protect(text)
    assert problem.value.detail.endswith(".")


def test_a_placeholder_may_stand_inside_tex():
    """arXiv's pages put line breaks into environments, which MathJax reads over."""
    text = "is \\begin{align} <x1/>a &amp;= b \\\\ <x2/>c\\end{align} so <g3>\\emph{d}</g3>"
    result = protect(text)
    assert result.text == "is <x1/> so <g2><g3>d</g3></g2>"
    assert restore(result, result.text) == text


def test_pairs_of_client_and_tex_never_cross():
    text = r"\textbf{a <g1>b} c</g1> $x <g2>y$ z</g2>"
    result = protect(text)
    assert result.text == r"<x1/>{a <g2>b} c</g2> $x <g3>y$ z</g3>"
    assert restore(result, result.text) == text

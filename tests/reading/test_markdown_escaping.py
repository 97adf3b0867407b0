"""What strangers wrote is text in Markdown, to a renderer that knows CommonMark and GitHub's extensions."""

from __future__ import annotations

import re
import time

import hypothesis
import pytest
from hypothesis import strategies
from markdown_it import MarkdownIt

from backend.reading.citations.tex_text import tex_text
from backend.reading.markdown.escaping import inline
from backend.reading.readable_text import readable

GITHUB = MarkdownIt("gfm-like")
PLACES = ("{}", "# {}", "A word. {}", "- {}", "Authors: {}, Ada Example")
"""Where a text stands in our documents."""
# Block and inline tokens that our own marks make; `text_special` is an escaped mark.
OURS = {
    *("paragraph_open", "paragraph_close", "heading_open", "heading_close", "inline"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    *("text", "text_special", "code_inline"),
}

TEXTS = {
    "plain words, 5% of them": "plain words, 5% of them",
    "a *b* _c_ **d**": r"a \*b\* \_c\_ \*\*d\*\*",
    "two ~~c~~": r"two \~ c \~",
    "[a](b) ![c](d) [e]: f": r"\[a\](b) !\[c\](d) \[e\]: f",
    "<b>x</b> &lt; &amp; AT&T": r"\<b>x\</b> \&lt; \&amp; AT&T",
    "`code`": r"\`code\`",
    "C:\\dir": r"C:\\dir",
    "# no heading": r"\# no heading",
    "no heading #": r"no heading \#",
    "> no quotation": r"\> no quotation",
    "- no item": r"\- no item",
    "+ no item": r"\+ no item",
    "1. no item": r"1\. no item",
    "(1) no item": r"(1\) no item",
    "i) no item": r"i\) no item",
    "***": r"\*\*\*",
    "---": "—",
    "- - -": r"\- - -",
    "=====": r"\=====",
    ": no definition": r"\: no definition",
    "| no | table |": r"\| no | table |",
    "H^2^ {#id} @key $5": r"H\^2\^ \{#id\} \@key \$5",
    "at https://example.org/a_b, or": "at `https://example.org/a_b`, or",
    "of someone@example.org.": "of `someone@example.org`.",
    "with Node.js": "with `Node.js`",
    "javascript:alert(1)": "`javascript:alert(1`)",
    r"\url{https://example.org/\_x}": "`https://example.org/_x`",
    r"see \href{https://example.org}{this}": "see this (`https://example.org`)",
    "$x_1$, \\(y\\) and $$z^2$$": "$x_1$, $y$ and $$z^2$$",
    "是$x_1$的": "是$x_1$的",
    r"$\frac{a}{b}\,\{c\}$": r"$\frac{a}{b}\,\{c\}$",
    "$a<b$, $a<1$": "$a< b$, $a<1$",
    "$a^*$ and $b^*c$": r"$a^\ast$ and $b^* c$",
    "$}_{a}$ and $x_{b}$": "$}_ {a}$ and $x_{b}$",
    "$[a](b)$": "$[a] (b)$",
    "Poincar\\'e, ``q'', \\textbf{B}i": "Poincaré, “q”, Bi",
    "two\nlines\r\n\n# and more": "two lines # and more",
}


@pytest.mark.parametrize(("text", "markdown"), TEXTS.items())
def test_a_text_reads_as_it_is(text: str, markdown: str):
    assert inline(text) == markdown


def _tokens(markdown: str) -> list[tuple[str, str]]:
    found = []
    for token in GITHUB.parse(markdown):
        found += [
            (each.type, each.content) for each in (token, *(token.children or ())) if each.type
        ]
    return found


def _assert_only_text(text: str) -> None:
    for place in PLACES:
        kinds = {kind for kind, _ in _tokens(place.format(inline(text)))}
        assert kinds <= OURS, (place, inline(text))
        with_list = "bullet_list_open" in kinds
        assert with_list == place.startswith("- ")
        assert ("heading_open" in kinds) == place.startswith("# ")


MARKS = [*"\\`*_[]()<>~|$^{}!&#+-=:.@;%/\n \t1aé中", "http://", "www.", "](", "$$", "\\(", "&lt;"]


@hypothesis.given(strategies.lists(strategies.sampled_from(MARKS), max_size=24).map("".join))
@hypothesis.settings(max_examples=300)
def test_no_text_is_more_than_text(text: str):
    _assert_only_text(text)


@hypothesis.given(strategies.text(max_size=60))
def test_nor_is_any_other(text: str):
    _assert_only_text(text)


@pytest.mark.parametrize(
    "piece", ["{", "x", "(1", "/", "a@", "www.", "$", "$a", "\\(", "\\[x", "`", "#", "[", "~", "*"]
)
def test_no_text_keeps_the_server_busy(piece: str):
    """The longest text that is kept, 20,000 characters of one kind."""
    text = piece * (20_000 // len(piece)) + "@"
    began = time.process_time()
    inline(text)
    tex_text(text)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_shown_is_what_was_written(text: str):
    """Escapes are gone when it is rendered, and nothing of the words with them."""
    [*_, shown] = [
        "".join(child.content for child in token.children or ())
        for token in GITHUB.parse(inline(text))
        if token.type == "inline"
    ]
    assert _bare(shown) == _bare(readable(text))


def _bare(text: str) -> str:
    """Without what a renderer that knows no formulas takes from them, and what defuses them."""
    return re.sub(r"[\s\\*]|ast(?=\$)", "", text)

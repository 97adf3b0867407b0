"""What holds for every text that can be put together, found by hypothesis."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET

from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.texts.html import ALLOWED_ELEMENTS, to_html, translation_to_html
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
from backend.texts.tex.scanner import Kind, scan

from . import hard_texts

FRAGMENTS = [
    *hard_texts.ALL,
    *hard_texts.HOSTILE,
    "$", "$$", "\\$", "{", "}", "\\(", "\\)", "\\[", "\\]", "\\begin{align}", "\\end{align}", "~", "%", "&",
    "\\textbf{", "\\emph{", "{\\bf ", "'", "''", "``", "`", '"', "_", "^", "<", ">", "&lt;", "&amp;",
    "&lt;x1/&gt;", "\\alpha", "\\'e", '\\"o', "\\c{c}", "N_c", "x^2", "[1,2]", "(A, 2000", ")", "12.5", "1--2",
    "_{", "(Li, 2000, ", "\\url{", "\\cite[", "https://a.b/", "a@b.cd", "\\method{", "\\href{u}{",
    "\\verb|", "|", "```",
    " ", "\n", "\n  ", "\n\n", "word", "und", "的", "عربي", "😀", "e\u0301", "\u2028",
]  # fmt: skip

# How long one example takes says nothing on a busy machine; test_tex bounds the time.
unhurried = settings(deadline=None)

plain = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5)), max_size=10).map("".join),
)


@st.composite
def segments(draw: st.DrawFn) -> str:
    """API form with the client's placeholders in it, pairs that nest and any numbers."""
    parts: list[str] = []
    waiting: list[int] = []
    for _ in range(draw(st.integers(0, 12))):
        number = draw(st.integers(1, 9999))
        match draw(st.sampled_from(["text", "text", "x", "open", "close"])):
            case "text":
                parts.append(escape(draw(plain)))
            case "x":
                parts.append(f"<x{number}/>")
            case "open":
                parts.append(f"<g{number}>")
                waiting.append(number)
            case _ if waiting:
                parts.append(f"</g{waiting.pop()}>")
    parts += [f"</g{number}>" for number in reversed(waiting)]
    return "".join(parts)


TAG = re.compile(r"</?[xg]\d+/?>")


@unhurried
@given(plain)
def test_pieces_joined_are_the_text(text):
    pieces = scan(text)
    assert "".join(piece.source for piece in pieces) == text
    depth = 0
    for piece in pieces:
        depth += (piece.kind is Kind.OPEN) - (piece.kind is Kind.CLOSE)
        assert depth >= 0
    assert depth == 0


@unhurried
@given(segments())
def test_numbers_go_by_order_of_appearance_and_pairs_nest(segment):
    text = protect(segment).text
    numbers = [int(number) for number in re.findall(r"<[xg](\d+)", text)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert compare(text, text) == ()
    assert text == " ".join(text.split())


@unhurried
@given(segments())
def test_each_placeholder_of_the_client_comes_back(segment):
    result = protect(segment)
    restored = restore(result, result.text)
    assert TAG.findall(restored) == TAG.findall(segment)


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _without_typing(segment: str) -> str:
    """No character left that means more than itself: hyphens that come together make one dash."""
    text = re.sub(r"[\\`'\"~{}]", "", segment)
    return re.sub(rf"-(?:{CONTROL.pattern}*-)+", "-", text)


@unhurried
@given(segments())
@example("a -'- b")
@example("a -\x08- b -\x08'\ufffe- c")
def test_without_typing_restoring_is_the_identity(segment):
    """But for white space, control characters and Unicode's composed form of prose."""
    text = _without_typing(segment)
    result = protect(text)

    def canonical(api_form: str) -> str:
        known = CONTROL.sub("", unescape(api_form))
        known = re.sub("[\ud800-\udfff]", "\ufffd", known)
        known = re.sub(
            "[ıȷ](?=[\u0300-\u036f])", lambda match: "i" if match[0] == "ı" else "j", known
        )
        return "".join(unicodedata.normalize("NFC", known).split())

    assert canonical(restore(result, result.text)) == canonical(text)


@unhurried
@given(segments())
def test_what_became_a_placeholder_comes_back_exactly(segment):
    result = protect(segment)
    restored = restore(result, result.text)
    for opening, closing in result.originals.values():
        assert opening.strip(" ") in restored
        assert closing in restored


@unhurried
@given(segments(), st.text(max_size=80), st.randoms(use_true_random=False))
def test_complete_is_clean_for_every_answer(segment, noise, chance):
    source = protect(segment).text
    parts = re.findall(r"<[^<>]*>|[^<>]+|[<>]", source + escape(noise))
    chance.shuffle(parts)
    answer = "".join(parts[: chance.randrange(len(parts) + 1)] + parts[:2])
    completed = complete(source, answer)
    for fault in compare(source, completed):
        assert fault.name == "placeholder"
        assert "g" in fault.detail.partition(" ")[0]
        assert fault.detail.endswith("is missing.")
    assert complete(source, completed) == completed


@unhurried
@given(segments())
def test_tidy_leaves_a_clean_answer_alone(segment):
    source = protect(segment).text
    assert tidy(source, source) == source


@unhurried
@given(segments(), st.text(max_size=80))
def test_restoring_any_answer_gives_api_form(segment, answer):
    """Whatever a model says, what is delivered holds the client's placeholders and no others."""
    result = protect(segment)
    restored = restore(result, answer + result.text)
    assert set(TAG.findall(restored)) <= set(TAG.findall(segment))
    assert "<" not in TAG.sub("", restored)


@unhurried
@given(plain)
def test_escaped_text_has_no_placeholders_of_a_client(text):
    result = protect(escape(text))
    restored = restore(result, result.text)
    assert TAG.search(restored) is None
    assert unescape(escape(text)) == text
    assert escape(to_plain(restored)) == restored


@unhurried
@given(plain)
def test_html_is_well_formed_whatever_the_text(text):
    result = protect(escape(text))
    for fragment in (to_html(text), translation_to_html(result, result.text + text)):
        tree = ET.fromstring(f"<p>{fragment}</p>")
        for element in tree.iter():
            if element is not tree:
                assert element.tag in ALLOWED_ELEMENTS
                assert set(element.attrib) <= ALLOWED_ELEMENTS[element.tag]


@unhurried
@given(plain)
def test_html_of_formulas_is_well_formed(tex):
    for text in (f"${tex}$", f"\\[{tex}\\]", f"\\begin{{align}}{tex}\\end{{align}}"):
        tree = ET.fromstring(f"<p>{to_html(text)}</p>")
        assert {element.tag for element in tree.iter()} <= {"p", *ALLOWED_ELEMENTS}

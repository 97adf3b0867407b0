"""Where sentences begin: in an answer with marks, and in the segment as the client sent it."""

from __future__ import annotations

import pytest

from backend.alignment import sentence_markers
from backend.texts import placeholders
from backend.translation.sentence_alignment import offsets

SOURCE = "We <x1/> do. <g2>This</g2> is two. Three comes."


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("<s1/>Wir tun. <s2/>Dies ist zwei. <s3/>Drei.", ["Wir tun. ", "Dies ist zwei. ", "Drei."]),
        ("Wir tun. <s2/>Dies ist zwei. <s3/>Drei.", ["Wir tun. ", "Dies ist zwei. ", "Drei."]),
        ("<s1/>我们。<s2/>这是二。 <s3/>三。", ["我们。", "这是二。", "三。"]),
        ("<s1/>A. <g2><s2/>B</g2> b. <s3/>C.", ["A. ", "<g2>B</g2> b. ", "C."]),
        ("<s1/>A. < s2 >B. <S3/> C.", ["A. ", "B. ", "C."]),
        ("<s1/>A <p1/> a. <s2/><p2/> B. <s3/>C.", ["A <p1/> a. <p2/> ", "B. ", "C."]),
    ],
)
def test_sentences_are_found_in_an_answer(answer: str, found: list[str]):
    places = sentence_markers.starts(SOURCE, answer)
    text = sentence_markers.remove(answer)
    assert places is not None
    ends = [*places[1:], len(text)]
    assert [text[a:b] for a, b in zip(places, ends, strict=True)] == found


@pytest.mark.parametrize(
    "answer",
    [
        "A. B. C.",
        "<s1/>A. <s3/>C.",
        "<s1/>A. <s2/>B.",
        "<s2/>B. <s1/>A. <s3/>C.",
        "<s1/>A. <s2/>B. <s2/>b. <s3/>C.",
        "<s1/>A. <s2/><s3/>C.",
        "<s1/>A. <s2/>B. <s3/>",
        "A. <s1/>B. <s2/>C. <s3/>",
        "<s1/>A. <g2>B <s2/>b</g2>. <s3/>C.",
        "<s1/>A. <s2/>B. <s3/>C. <s4/>D.",
    ],
)
def test_nothing_is_said_when_a_mark_is_not_there_once_and_in_order(answer: str):
    assert sentence_markers.starts(SOURCE, answer) is None


def test_one_sentence_needs_no_mark():
    assert sentence_markers.starts("Only one.", "Nur einer.") == (0,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One is. Two <x4/> are.", ["One is. ", "Two <x4/> are."]),
        ("  One\n\tis.\n  <x9/> are. Three &lt; 4 is.", ["One", "<x9/>", "Three"]),
        (
            r"Gr\"obner \emph{bases} are. A \textbf{B}idirectional one is. We see.",
            ["Gr", "A", "We"],
        ),
        ("A $x$ is < 3. We see & so.", ["A $x$", "We see"]),
        ("A <x1/> is. <p1/> We <p2/> where it is. Then.", ["A", "We", "Then"]),
        ("𝒪 is 𝔽. Then 𝔽 is.", ["𝒪", "Then"]),
        ("", []),
    ],
)
def test_the_sources_sentences_are_found_where_the_client_has_them(text: str, found: list[str]):
    places = offsets(text, placeholders.protect(text, in_parts="<p" in text))
    assert places is not None
    assert len(places) == len(found)
    for place, beginning in zip(places, found, strict=True):
        assert text[place:].startswith(beginning), (place, beginning)

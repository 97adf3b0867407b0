"""Texts that displays part: their marks come once, in order, and nothing moves across them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import InvalidRequest
from backend.texts import parts, placeholders, sentences
from tests.measured import assert_cpu_seconds

SOURCE = "The loss is <p1/> where <x1/> is <g2>the rate</g2>. <p2/> Hence it falls."


def test_marks_stay_and_placeholders_count_on():
    text = "  Let <x7/> be\n <p1/>\nwhere $x$ is <g3>small</g3> <p2/>"
    protected = placeholders.protect(text, in_parts=True)
    assert protected.text == "Let <x1/> be <p1/> where <x2/> is <g3>small</g3> <p2/>"
    assert placeholders.restore(protected, "wobei <x2/> <g3>klein</g3> <p2/> sei <x1/>") == (
        "wobei $x$ <g3>klein</g3> <p2/> sei <x7/>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "a <p2/> b",
        "a <p1/> b <p1/>",
        "a <p2/> b <p1/> c",
        "a <p0/> b",
        "a <p01/> b",
        "<g1>a <p1/> b</g1>",
        "a <p1/> b</g1>",
        "a <p99999999999999999999/>",
        "".join(f"a <p{n}/>" for n in range(1, 202)),
    ],
)
def test_other_marks_are_refused_with_a_sentence(text: str):
    with pytest.raises(InvalidRequest) as refused:
        placeholders.protect(text, in_parts=True)
    assert refused.value.detail.endswith(".")


def test_a_mark_in_a_text_that_has_no_parts_is_refused():
    with pytest.raises(InvalidRequest, match='"parts": true'):
        placeholders.protect("a <p1/> b")
    literal = placeholders.protect("the tag &lt;p1/&gt; of HTML")
    assert literal.text == "the tag &lt;p1/&gt; of HTML"
    answer = placeholders.tidy(literal.text, "das Tag <p1/> von HTML")
    assert placeholders.compare(literal.text, answer) == ()
    assert placeholders.restore(literal, answer) == "das Tag &lt;p1/&gt; von HTML"


@pytest.mark.parametrize(
    "answer",
    [
        "Le <p1/> où <x1/> est <g2>le taux</g2>. <p2/> Donc.",
        "Le < p1 /> où <x1/> est <g2>le taux</g2>. <P2> Donc.",
        "Le <p1></p1> où <x1/> est <g2>le taux</g2>. ＜p2／＞ Donc.",
        "Le &lt;p1/&gt; où <x1/> est <g2>le taux</g2>. [p2] Donc.",
        "Le <р1/> où <x1/> est <g2>le taux</g2>. <p2/></p2> Donc.",
    ],
)
def test_other_spellings_of_a_mark_are_read(answer: str):
    tidied = placeholders.tidy(SOURCE, answer)
    assert placeholders.compare(SOURCE, tidied) == ()
    assert [part.strip() for part in parts.PART.split(tidied)[::2]] == [
        "Le",
        "où <x1/> est <g2>le taux</g2>.",
        "Donc.",
    ]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ("Le où <x1/> est <g2>le taux</g2>. <p2/> Donc.", "<p1/> is missing"),
        ("Le <p1/> où <p1/> <x1/> est <g2>le taux</g2>. <p2/> Donc.", "once, not twice"),
        ("Le <p2/> où <x1/> est <g2>le taux</g2>. <p1/> Donc.", "in order"),
        ("Le <x1/> <p1/> où est <g2>le taux</g2>. <p2/> Donc.", "<x1/> moved across"),
        ("Le <g2>taux <p1/> où <x1/></g2>. <p2/> Donc.", "moved across"),
        ("Le <p1/> où <x1/> est <g2>le taux</g2>. Donc. <p2/>", "empty"),
        ("Le <p1/> où <x1/> est <g2>le taux</g2>. <p2/> Donc. <p3/>", "<p3/> is not in the source"),
    ],
)
def test_a_mark_that_is_lost_doubled_or_crossed_is_a_fault(answer: str, detail: str):
    faults = placeholders.compare(SOURCE, answer)
    assert {fault.name for fault in faults} <= {"placeholder", "nesting"}
    assert any(detail in fault.detail for fault in faults), faults


def test_what_is_missing_is_put_where_the_source_has_it():
    source = "one two three four <p1/> five six seven eight <p2/> nine ten eleven."
    assert parts.complete(source, "un deux trois quatre cinq six sept huit neuf dix onze.") == (
        "un deux trois quatre<p1/> cinq six sept huit<p2/> neuf dix onze."
    )
    assert parts.complete(source, "un <p2/>deux") == "un<p1/> <p2/>deux"
    cut = parts.complete(source, "一二三四五六七八九十。")
    assert [len(part) for part in parts.PART.split(cut)[::2]] == [4, 4, 3]
    assert parts.complete("a <p1/> b", "") == "<p1/>"
    assert parts.complete("a b", "a <p1/> b") == "a  b"


def test_a_lost_formula_is_appended_to_its_part():
    done = placeholders.complete(SOURCE, "Le <p1/> où est le taux. <p2/> Donc.")
    assert done == "Le <p1/> où est le taux. <x1/> <p2/> Donc."


def test_thousands_of_marks_take_no_time():
    source = parts.join(["word"] * parts.MAX_PARTS)

    def complete_all() -> None:
        for answer in (
            "<p1/>" * 4_000,
            "word " * 2_000,
            "".join(f"<p{200 - n % 200}/>w" for n in range(4_000)),
        ):
            done = placeholders.complete(source, placeholders.tidy(source, answer))
            assert len(parts.PART.findall(done)) == parts.MAX_PARTS - 1

    assert_cpu_seconds(3, complete_all)


pieces = st.sampled_from(
    [
        "<p1/>",
        "<p2/>",
        "<p3/>",
        "<p9/>",
        "<x1/>",
        "<g2>",
        "</g2>",
        "word ",
        "词",
        "3.14",
        "&lt;",
        " ",
    ]
)


@given(st.lists(pieces, max_size=25).map("".join))
def test_a_completed_translation_can_always_be_split(answer: str):
    source = "The <x1/> one <p1/> and <g2>two</g2> <p2/> then <p3/>"
    done = placeholders.complete(source, answer)
    assert parts.PART.findall(done) == ["1", "2", "3"]
    assert done.count("<x1/>") == 1
    for part in parts.PART.split(done)[::2]:
        assert part.count("<g2>") == part.count("</g2>")
    assert placeholders.complete(source, done) == done


def test_a_sentence_goes_on_behind_a_display():
    assert sentences.split(SOURCE) == [
        "The loss is <p1/> where <x1/> is <g2>the rate</g2>. <p2/> ",
        "Hence it falls.",
    ]
    assert sentences.split("It is <p1/> <p2/> Then <g1>A</g1>. <p3/> where. End <p4/>") == [
        "It is <p1/> <p2/> ",
        "Then <g1>A</g1>. <p3/> where. ",
        "End <p4/>",
    ]
    assert sentences.split("<p1/> Where") == ["<p1/> Where"]

"""Sentence marks are put in, read however a model writes them, and taken out without a trace."""

from __future__ import annotations

import pytest

from backend.alignment.sentence_markers import GrowingText, align, insert, remove

SOURCE = (
    "We study sparse graphs with many nodes. They are large, as shown in Fig. 2."
    " Finally, we show that <x1/> holds for all of them."
)
PIECES = ["Wir untersuchen dünne Graphen.", "Sie sind groß.", "Schließlich gilt <x1/>."]


def aligned(answer: str) -> list[tuple[int, str]]:
    """How many sentences each group of the source has, and their translation."""
    groups = align(SOURCE, answer)
    assert groups is not None
    return [(len(group.source), group.translation.strip()) for group in groups]


def test_each_sentence_but_the_first_gets_a_mark() -> None:
    assert insert(SOURCE) == (
        "We study sparse graphs with many nodes. <s2/>They are large, as shown in Fig. 2."
        " <s3/>Finally, we show that <x1/> holds for all of them."
    )
    assert remove(insert(SOURCE)) == SOURCE


@pytest.mark.parametrize(
    "text", ["One sentence of a title", "It is. So. Is. It. Not. At. All.", ""]
)
def test_one_sentence_or_very_short_ones_get_none(text: str) -> None:
    assert insert(text) == text


@pytest.mark.parametrize(
    "form",
    [
        "<s{}/>",
        "<s{} />",
        "<S{}/>",
        "< s{} / >",
        "<s{}>",
        "＜s{}／＞",
        "&lt;s{}/&gt;",
        '<s id="{}"/>',
        "<с{}/>",
    ],
)
@pytest.mark.parametrize("around", [("", " "), (" ", " "), (" ", "")])
def test_marks_are_read_in_other_spellings(form: str, around: tuple[str, str]) -> None:
    before, after = around
    for first in ("", form.format(1) + after):
        answer = first + PIECES[0]
        for n, piece in enumerate(PIECES[1:], 2):
            answer += before + form.format(n) + after + piece
        assert remove(answer) == " ".join(PIECES)
        assert aligned(answer) == [(1, piece) for piece in PIECES]


@pytest.mark.parametrize("last", [1, 2, 3])
def test_marks_behind_the_sentences_are_read_too(last: int) -> None:
    """Behind the last or not; where only the first came, what follows is not told apart."""
    behind = [f"{piece}<s{n}/> " for n, piece in enumerate(PIECES[:last], 1)]
    rest = " ".join(PIECES[last:])
    expected = [*((1, piece) for piece in PIECES[:last]), (3 - last, rest)]
    assert aligned("".join(behind) + rest) == [each for each in expected if each[0]]


def test_a_comment_before_the_first_mark_belongs_to_it() -> None:
    answer = "Gern: " + "".join(f"<s{n}/>{piece} " for n, piece in enumerate(PIECES, 1))
    assert aligned(answer) == [(1, "Gern: " + PIECES[0]), (1, PIECES[1]), (1, PIECES[2])]


def test_a_mark_with_nothing_behind_it_tells_of_a_sentence_left_out() -> None:
    assert aligned(f"{PIECES[0]} <s2/>{PIECES[1]} <s3/>") == [
        (1, PIECES[0]),
        (1, PIECES[1]),
        (1, ""),
    ]
    assert aligned(f"<s2/>{PIECES[1]} <s3/>{PIECES[2]}") == [(2, PIECES[1]), (1, PIECES[2])]


def test_a_lost_mark_joins_two_sentences() -> None:
    both = f"{PIECES[0]} {PIECES[1]}"
    for first in ("", "<s1/>"):
        assert aligned(f"{first}{both} <s3/>{PIECES[2]}") == [(2, both), (1, PIECES[2])]


@pytest.mark.parametrize(
    "answer",
    [
        "Eins. Zwei. Drei.",
        "<s2/>Zwei. <s1/>Eins.",
        "<s1/>Eins. <s1/>Zwei.",
        "<s1/>Eins. <s4/>Vier.",
        "<s0/>Null.",
    ],
)
def test_marks_that_are_missing_or_in_disorder_say_nothing(answer: str) -> None:
    assert align(SOURCE, answer) is None


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("第一句。<s2/>第二句。", "第一句。第二句。"),
        ("<s1/>第一句。<s2/>第二句。", "第一句。第二句。"),
        ("<s1/>第一句。 <s2/> 第二句。", "第一句。第二句。"),
        ("<s1/>첫째이다.<s2/>둘째이다.", "첫째이다. 둘째이다."),
        ("<s1/>یہ ہے۔<s2/> وہ ہے۔", "یہ ہے۔ وہ ہے۔"),
        ("<s1/>Eins<s2/>zwei", "Einszwei"),
        ("<x1/> ist <g2>groß</g2>.", "<x1/> ist <g2>groß</g2>."),
    ],
)
def test_no_trace_is_left(answer: str, text: str) -> None:
    assert remove(answer) == text


@pytest.mark.parametrize(
    "answer",
    [
        "Eins. <s2/>Zwei <x1/>. <s3/> <s4/>Vier.",
        "一。<s2/>二。 <s3/>三<s4/>。",
        "<s1/>One.<s2/> <g1>Two</g1>.<s3/>\n\n3 < 4. &lt;s4/&gt;Four. <s5",
        "No marks, 3 < 4 & so on.",
        "A <s2>B</s2> <s3/><s3/> C ＜s4／＞D",
    ],
)
def test_marks_are_taken_out_of_a_growing_answer_as_of_the_whole(answer: str) -> None:
    for step in (1, 2, 3, 7):
        growing = GrowingText()
        for end in range(step, len(answer) + step, step):
            assert growing.remove(answer[:end]) == remove(answer[:end])
        assert growing.remove("Otherwise. <s2/>Now") == "Otherwise. Now"

"""A thought before the answer is left out, however it is cut into pieces; all else stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.llm.dialects.reasoning import Reasoning


def filtered(text: str, *, size: int, opened: bool = False) -> str:
    reasoning = Reasoning(opened=opened)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return "".join([reasoning.feed(piece) for piece in pieces]) + reasoning.end()


@pytest.mark.parametrize("size", [1, 2, 5, 9, 1000])
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("plain", "plain"),
        ("", ""),
        ("  <seg>kept</seg>", "  <seg>kept</seg>"),
        ("<think>no</think>yes", "yes"),
        ("\n<think>\nno < </thin no\n</think>\n\nyes", "yes"),
        ("<thinking>no</thinking> yes", "yes"),
        ("<think></think><think>again</think>yes", "yes"),
        ("<think>never closed", ""),
        ("<thin", "<thin"),
        ("<thin air> is thin", "<thin air> is thin"),
        ("before <think>kept</think>", "before <think>kept</think>"),
        ("<seg>&lt;think></seg>", "<seg>&lt;think></seg>"),
    ],
)
def test_leaves_out_a_leading_thought(text: str, answer: str, size: int):
    assert filtered(text, size=size) == answer


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no</think>\nyes", "yes"),
        ("no, <think> no</think>yes", "yes"),
        ("nothing was opened", "nothing was opened"),
        ("<think>no</think>yes", "yes"),
    ],
)
def test_an_opened_thought_ends_with_its_end(text: str, answer: str, size: int):
    assert filtered(text, size=size, opened=True) == answer


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("thought\n</think>\n\n<seg>a</seg>", True),
        ("thought</think>", True),
        ("<seg>the tag </think> in prose</seg>", False),
        ("<think>no</think>yes", False),
    ],
)
def test_notices_an_end_without_a_beginning(text: str, stray: bool, size: int):
    reasoning = Reasoning()
    for start in range(0, len(text), size):
        reasoning.feed(text[start : start + size])
    reasoning.end()
    assert reasoning.stray == stray


def test_notices_that_nothing_was_opened_after_all():
    reasoning = Reasoning(opened=True)
    reasoning.feed("an answer")
    reasoning.end()
    assert reasoning.mistaken


@given(st.text(alphabet="<>/think a\n", max_size=60), st.integers(1, 10))
def test_the_pieces_do_not_matter(text: str, size: int):
    assert filtered(text, size=size) == filtered(text, size=1000)

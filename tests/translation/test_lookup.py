"""What of a request needs the model, and as what it is judged."""

from __future__ import annotations

import pytest

from backend.translation.lookup import has_prose, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Attention Is All You Need", "title"),
        ("Why Do Transformers Hallucinate Citations?", "title"),
        ("Can <x1/> be learned?", "title"),
        ("We study attention.", "prose"),
        ("Can it be learned? We show that it can.", "prose"),
        ("It works. Why does it?", "prose"),
        ("A word " * 60, "prose"),
    ],
)
def test_a_short_text_without_an_end_or_that_only_asks_is_a_title(text: str, kind: str):
    """A title that asks may lose its mark in Japanese."""
    assert kind_of(text) == kind


@pytest.mark.parametrize(("text", "words"), [("<x1/> &lt; 3", False), ("<g1>a</g1>", True)])
def test_marks_and_numbers_are_no_words(text: str, words: bool):
    assert has_prose(text) is words

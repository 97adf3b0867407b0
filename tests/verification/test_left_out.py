"""A sentence that was left out is missed in every language, with sentence marks and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend import languages
from backend.alignment import sentence_markers
from backend.verification.verify import Verdict, check

from ..measured import MEASURED
from .test_neighbour_languages import ENGLISH, SENTENCES
from .test_rates import Record

TRANSLATIONS = {
    tag: lines for tag, lines in SENTENCES.items() if tag not in ("en", "af", "az", "mr")
}
SOURCE = " ".join(ENGLISH)


def joined(tag: str, pieces: list[str]) -> str:
    return ("" if tag in ("zh-Hans", "ja") else " ").join(pieces)


def marked(tag: str, numbers: list[int]) -> str:
    """The sentences of these numbers with their marks."""
    return joined(tag, [sign(n) + TRANSLATIONS[tag][n - 1] for n in numbers])


def sign(number: int) -> str:
    """What is asked for before a sentence: the first begins at once."""
    return f"<s{number}/>" if number > 1 else ""


def verdict(tag: str, answer: str) -> Verdict:
    """As an answer of the model is judged."""
    return check(
        SOURCE,
        sentence_markers.remove(answer),
        language=languages.find(tag),
        groups=sentence_markers.align(SOURCE, answer),
    )


def without(*left_out: int) -> list[int]:
    return [n for n in range(1, 6) if n not in left_out]


@pytest.mark.parametrize("tag", TRANSLATIONS)
def test_the_whole_is_verified(tag: str) -> None:
    for answer in (marked(tag, without()), joined(tag, TRANSLATIONS[tag])):
        found = verdict(tag, answer)
        assert found.verified, found.issues


@pytest.mark.parametrize("tag", TRANSLATIONS)
def test_with_marks_any_sentence_is_missed(tag: str) -> None:
    """One of five, with its mark gone or standing; and each two of five."""
    for left_out in range(1, 6):
        assert not verdict(tag, marked(tag, without(left_out))).verified
        kept = [sign(n) + (t if n != left_out else "") for n, t in enumerate(TRANSLATIONS[tag], 1)]
        assert not verdict(tag, joined(tag, kept)).verified
        for other in range(left_out + 1, 6):
            assert not verdict(tag, marked(tag, without(left_out, other))).verified


@pytest.mark.parametrize("tag", TRANSLATIONS)
def test_two_joined_sentences_are_verified(tag: str) -> None:
    """With the second mark lost, inside the sentence, or with no marks at all."""
    for second in range(2, 6):
        for mark in ("", f"<s{second}/>", None):
            pieces = []
            for number, text in enumerate(TRANSLATIONS[tag], 1):
                end = re.sub("[.。।۔]$", ";" if tag not in ("zh-Hans", "ja") else "，", text)
                here = end if number == second - 1 else text
                pieces.append("" if mark is None else mark if number == second else sign(number))
                pieces[-1] += here
            found = verdict(tag, joined(tag, pieces))
            assert found.verified, (second, mark, found.issues)


def test_without_marks_all_are_missed(record_property: Record) -> None:
    """Alignment alone, where a model lost the marks."""
    for count in (1, 2):
        asked = 0
        which = []
        for tag in TRANSLATIONS:
            for first in range(1, 6):
                others = range(first + 1, 6) if count == 2 else (first,)
                for other in others:
                    left = [TRANSLATIONS[tag][n - 1] for n in without(first, other)]
                    asked += 1
                    if verdict(tag, joined(tag, left)).verified:
                        which.append((tag, first, other))
        record_property(
            MEASURED, f"{count} of 5 sentences left out and missed: {len(which)} of {asked}"
        )
        assert not which


SHORT = Path(__file__).with_name("joined_sentences.tsv").read_text(encoding="utf-8").splitlines()
SHORT_ENGLISH, *SHORT_TRANSLATIONS = [line.split("\t") for line in SHORT[1:]]


@pytest.mark.parametrize("row", SHORT_TRANSLATIONS, ids=lambda row: row[0])
def test_a_short_sentence_left_out_is_told_from_two_joined(row: list[str]) -> None:
    """Without marks: two joined by a comma or a word as "and" are verified, three of four never."""
    tag, *whole, both = row
    language, source = languages.find(tag), " ".join(SHORT_ENGLISH[1:5])
    for pieces in (whole, [*whole[:2], both]):
        found = check(source, joined(tag, pieces), language=language)
        assert found.verified, found.issues
    for n in range(4):
        assert not check(
            source, joined(tag, whole[:n] + whole[n + 1 :]), language=language
        ).verified

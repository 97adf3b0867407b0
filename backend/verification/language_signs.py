"""What of a text gives a language away, of two that share a script: Russian or Ukrainian, French or Italian.

Two languages that are much alike share most small words, so that only what one has and the other has not
counts: small words, words of research, letters and endings. Of two that are less alike their words and
their alphabets are enough.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from ..texts.numerals.tables import table
from ..texts.prose import Prose
from .english import function_words

_AS_GOOD: Final = {"nb": {"nn"}}  # languages that are no fault where another is asked for


@dataclass(frozen=True)
class _Signs:
    """What one of two languages has and the other has not: whole words, and patterns in its other words."""

    words: Set[str]
    marks: re.Pattern[str] | None

    def are_in(self, word: str) -> bool:
        # A capital may begin a name from anywhere.
        return word.lower() in self.words or bool(
            self.marks and not word[0].isupper() and self.marks.search(word)
        )


@cache
def pairs(tag: str) -> tuple[int, tuple[tuple[_Signs, _Signs], ...]]:
    """For each other language of the script, what only the target has and what only the other has.

    Returns:
        How many of the pairs are of languages much alike, which stand first; and all pairs.
    """
    alike = [*_alike(tag)]
    return len(alike), (*alike, *_others(tag))


@lru_cache(maxsize=32_768)
def signs_in(word: str, tag: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places of the pairs in which a word gives away the language itself, and the other one."""
    _, known = pairs(tag)
    return (
        tuple(place for place, (own, _) in enumerate(known) if own.are_in(word)),
        tuple(place for place, (_, other) in enumerate(known) if other.are_in(word)),
    )


def _alike(tag: str) -> Iterator[tuple[_Signs, _Signs]]:
    for group in _groups().values():
        for other, entry in group.items() if tag in group else ():
            if other != tag and other not in _AS_GOOD.get(tag, ()):
                yield _by_marks(group[tag], entry), _by_marks(entry, group[tag])


def _by_marks(one: dict[str, Any], other: dict[str, Any]) -> _Signs:
    marks = [mark for mark in one["marks"] if mark not in other["marks"]]
    words = frozenset(one["words"].split()) - frozenset(other["words"].split())
    return _Signs(words, re.compile("|".join(f"(?:{mark})" for mark in marks)) if marks else None)


def _others(tag: str) -> Iterator[tuple[_Signs, _Signs]]:
    known = _words()
    script = _script(tag) if tag in known else ""
    for other in known if script else ():
        if other not in (tag, "en", *_AS_GOOD.get(tag, ())) and _script(other) == script:
            yield _by_letters(tag, other), _by_letters(other, tag)


def _by_letters(one: str, other: str) -> _Signs:
    alphabets = _data("other_languages")["letters"]
    known = one in alphabets and other in alphabets
    letters = set(alphabets[one]) - set(alphabets[other]) if known else set()
    pattern = re.compile(f"[{''.join(sorted(letters))}]") if letters else None
    return _Signs(_words()[one] - _words()[other], pattern)


@cache
def _script(tag: str) -> str:
    return Prose(" ".join(_words()[tag])).letters.most_common(1)[0][0]


@cache
def _words() -> dict[str, frozenset[str]]:
    """The words by which each language is known; single letters may be symbols."""
    found = {tag: set(words) for tag, words in function_words().items()}
    listed = [entries for group in _groups().values() for entries in group.items()]
    for tag, words in (
        *((tag, entry["words"]) for tag, entry in listed),
        *_data("other_languages")["words"].items(),
    ):
        found.setdefault(tag, set()).update(words.split())
    for tag, small in found.items():
        small.update(table(tag).cardinals.words)
    return {
        tag: frozenset(word for word in words if len(word) > 1 or not word.isascii())
        for tag, words in found.items()
    }


def _groups() -> dict[str, dict[str, Any]]:
    return _data("neighbour_languages")


@cache
def _data(name: str) -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

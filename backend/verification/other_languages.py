"""Is a short text in another language of its script: Italian for French, Indonesian for Vietnamese?

One sentence has too few small words to outnumber the target's. What decides is whether it has any: words and
letters that one of two languages has and the other has not. A faithful sentence of some words has its own.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from ..languages import Language
from ..texts.numerals.tables import table
from ..texts.prose import Prose
from .english import function_words
from .issues import Issue
from .neighbour_languages import NEVER_REFUSED, plain_words, words_of_neighbours

_FEWEST: Final = 5  # words of which something is said
_SIGNS: Final = 2  # words that give another language away, where none gives the target away
_TIMES: Final = 2.0  # that they outnumber those of the target, else
_SHARE: Final = 0.1  # of the words, that they are at least


@dataclass(frozen=True)
class _Signs:
    """What one of two languages has and the other has not."""

    words: frozenset[str]
    letters: re.Pattern[str]

    def are_in(self, word: str) -> bool:
        # A capital may begin a name from anywhere.
        return word.lower() in self.words or (
            not word[0].isupper() and self.letters.search(word) is not None
        )


def check(source: Prose, translation: Prose, language: Language) -> list[Issue]:
    """Whether a text, without what it quotes, is in another language of the same script."""
    tag = language.tag.split("-")[0]
    pairs = _pairs(tag)
    words = plain_words(source, translation) if pairs else []
    if len(words) < _FEWEST:
        return []
    kept, found = [0] * len(pairs), [0] * len(pairs)
    for word in words:
        if word.isascii() and word.lower() not in _listed():
            continue  # most words; they say nothing
        for counts, signs in zip((kept, found), _signs_in(word, tag), strict=True):
            for place in signs:
                counts[place] += 1
    enough = max(_SIGNS, _SHARE * len(words))
    if any(
        foreign >= enough and foreign > _TIMES * own
        for own, foreign in zip(kept, found, strict=True)
    ):
        return [Issue("script", f"The text is not in {language.name}.")]
    return []


@lru_cache(maxsize=8192)
def _signs_in(word: str, tag: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places of the pairs in which a word gives away the language itself, and the other one."""
    pairs = _pairs(tag)
    return (
        tuple(place for place, (own, _) in enumerate(pairs) if own.are_in(word)),
        tuple(place for place, (_, other) in enumerate(pairs) if other.are_in(word)),
    )


@cache
def _listed() -> frozenset[str]:
    return frozenset[str]().union(*_words().values())


@cache
def _pairs(tag: str) -> tuple[tuple[_Signs, _Signs], ...]:
    """For each other language of the script, what only the target has and what only the other has."""
    known = _words()
    if tag not in known:
        return ()
    script = _script(tag)
    others = [
        other
        for other in known
        if other not in (tag, "en", *NEVER_REFUSED.get(tag, ())) and _script(other) == script
    ]
    return tuple((_apart(tag, other), _apart(other, tag)) for other in others)


def _apart(one: str, other: str) -> _Signs:
    alphabets = _data()["letters"]
    known = one in alphabets and other in alphabets
    letters = set(alphabets[one]) - set(alphabets[other]) if known else set()
    pattern = f"[{''.join(sorted(letters))}]" if letters else "(?!)"
    return _Signs(_words()[one] - _words()[other], re.compile(pattern))


def _script(tag: str) -> str:
    return Prose(" ".join(_words()[tag])).letters.most_common(1)[0][0]


@cache
def _words() -> dict[str, frozenset[str]]:
    """The words by which each language is known; single letters may be symbols."""
    found = {tag: set(words) for tag, words in function_words().items()}
    for tag, words in words_of_neighbours().items():
        found.setdefault(tag, set()).update(words)
    for tag, listed in _data()["words"].items():
        found.setdefault(tag, set()).update(listed.split())
    for tag, small in found.items():
        small.update(table(tag).cardinals.words)
    return {
        tag: frozenset(word for word in words if len(word) > 1 or not word.isascii())
        for tag, words in found.items()
    }


@cache
def _data() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("other_languages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

"""Is a part of the source in the translation as it was: five words in a row, say, of a clause left in English?

`scripts` tells a language by its small words, and needs several of them; here the source itself is the
measure, so that half a sentence is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..languages import Language
from ..texts.prose import OPAQUE, Prose, letters_of
from .english import english_only, function_words, is_name
from .issues import Issue

# A compound is one word: "state-of-the-art" may stay.
_WORD: Final = re.compile(rf"[^\W_]+(?:[-‐‑'’.,×^/][^\W_]+)*|{OPAQUE}")
# What an author would put beside a term, or talks about.
ASIDE: Final = re.compile('[(（"“「『«][^()（）"“”「」『』«»]{1,200}[)）"”」』»]')
_BREAK: Final = " \ue000 "

_RUN: Final = 5
_TAIL: Final = 4
_PLAIN: Final = 3  # words in small letters in a run, which are therefore no part of a name


def check(source: Prose, translation: Prose, language: Language) -> list[Issue]:
    """Whether the translation goes through the source word by word for a while."""
    if language.tag == "en":
        return []
    small = english_only(language.tag) if "Latn" in letters_of(language.scripts) else _english()
    theirs = {*_runs(source.text)}
    text = ASIDE.sub(_without_words, translation.text)
    if any(run in theirs and _is_clause(run, small) for run in _runs(text)) or _ends_alike(
        source.text, text
    ):
        return [
            Issue("script", f"A passage is still in English; translate it into {language.name}.")
        ]
    return []


def _ends_alike(source: str, translation: str) -> bool:
    """Whether the last words are the source's: a model that fell back into English stays there."""
    ours = _WORD.findall(translation)[-_TAIL:]
    if len(ours) < _TAIL or ours != _WORD.findall(source)[-_TAIL:]:
        return False
    plain = [word for word in ours if word.islower() and not is_name(word)]
    # A term of nouns alone may stay: zero-shot large language models.
    told = any(word in _english() for word in plain)
    return (len(plain) >= _PLAIN and told) or (
        len(plain) > 1 and any(word[0].isdigit() for word in ours)
    )


def _without_words(aside: re.Match[str]) -> str:
    return _BREAK if any(map(str.isalpha, aside[0])) else aside[0]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text)
    return zip(*(words[start:] for start in range(_RUN)), strict=False)


def _is_clause(run: tuple[str, ...], small: frozenset[str]) -> bool:
    plain = [word for word in run if word.islower() and not is_name(word)]
    said = sum(1 for word in plain if word not in _english())
    return len(plain) >= _PLAIN and said > 1 and any(word.lower() in small for word in run)


def _english() -> frozenset[str]:
    return function_words()["en"]

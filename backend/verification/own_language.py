"""Is a text in the reader's language already? Said only where it is sure; all else is translated."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Final

from .. import languages
from ..languages import Language
from ..texts import sentences
from ..texts.placeholder_tags import TAG
from ..texts.prose import Prose, letters_of
from .english import english_only, function_words
from .scripts import chinese_variants

_FEW_LETTERS: Final = 6  # of a script that no English text has
_OWN_SHARE: Final = 0.6  # of the letters, names in Latin letters and symbols apart
_WORDS: Final = 7  # of a text in an alphabet that other languages use too
_SMALL_SHARE: Final = 0.1  # of such words that are the language's small ones
_MORE: Final = 3  # times as many small words of the language as of any other
_TELLING: Final = 3  # small words that the other language does not have
_ENGLISH: Final = 3  # small English words in a sentence, which is then English
_GATE: Final = 400  # characters, which tell most English texts at once


def is_in(text: str, language: Language) -> bool:
    """Whether a protected text is certainly in the language, all of it.

    A title that could be of either language, or an abstract with a sentence in English, is not.
    """
    return _is_in(text, language)


@lru_cache(maxsize=4096)
def _is_in(text: str, language: Language) -> bool:
    own = letters_of(language.scripts)
    if _is_english(text[:_GATE], language):
        return False
    prose = Prose(text)
    written = sum(prose.letters[name] for name in own)
    if "Latn" not in own:
        names = sum(len(word) for word in prose.words if not word.islower() and word.isascii())
        if written < _FEW_LETTERS or written < _OWN_SHARE * max(1, prose.size - names):
            return False
    if "Hani" in own:
        return _is_in_characters(prose, language)
    if not _shares_alphabet(language):
        return True
    return _outnumbers_all(prose, language) and not any(
        _is_english(sentence, language) for sentence in sentences.split(prose.text)
    )


def _is_english(text: str, language: Language) -> bool:
    """Whether small English words outnumber the language's own."""
    if language.tag == "en":
        return False
    words = re.findall(r"[^\W\d_]+", TAG.sub("", text).lower())
    english = sum(1 for word in words if word in english_only(language.tag))
    mine = function_words().get(language.tag.split("-")[0], frozenset())
    return english >= _ENGLISH and english > sum(
        1 for word in words if word in mine and word not in function_words()["en"]
    )


def _is_in_characters(prose: Prose, language: Language) -> bool:
    characters, kana = prose.letters["Hani"], prose.letters["Kana"]
    if language.tag == "ja":
        return kana * 10 >= characters and kana >= 2
    simplified, traditional = chinese_variants()
    found = [char for alphabet, run in prose.runs if alphabet == "Hani" for char in run]
    simple = sum(1 for char in found if char in simplified)
    old = sum(1 for char in found if char in traditional)
    if kana or prose.letters["Hang"]:
        return False
    return simple > 1 and not old if language.tag == "zh-Hans" else old > 1 and simple * 10 <= old


@cache
def _shares_alphabet(language: Language) -> tuple[str, ...]:
    """The languages with small words that are written in the same letters."""
    mine = language.tag.split("-")[0]
    return tuple(
        {
            other: None
            for one in languages.ALL
            if (other := one.tag.split("-")[0]) != mine
            and other in function_words()
            and letters_of(one.scripts) & letters_of(language.scripts)
        }
    )


def _outnumbers_all(prose: Prose, language: Language) -> bool:
    """Whether the language's small words are there, and those of no other are many."""
    mine = function_words().get(language.tag.split("-")[0])
    words = prose.lower_words
    if mine is None or len(words) < _WORDS:
        return False
    counts = Counter(words)
    if sum(counts[word] for word in mine) < _SMALL_SHARE * len(words):
        return False
    for other in _shares_alphabet(language):
        theirs = function_words()[other]
        ours = sum(counts[word] for word in mine - theirs)
        if ours < _TELLING or ours < _MORE * sum(counts[word] for word in theirs - mine):
            return False
    return True


def without_own_half(text: str, language: Language) -> tuple[str, str] | None:
    """The foreign half of a bilingual text in protected form, and the half in the reader's language.

    An abstract that is given twice, first in one language and then in the other; None when it is not.
    """
    pieces = [piece for piece in _SENTENCE.findall(text) if piece]
    english = [_is_english(piece, language) for piece in pieces]
    for cut in range(1, len(pieces)):
        if english[cut - 1] != english[cut]:
            halves = "".join(pieces[:cut]).strip(), "".join(pieces[cut:]).strip()
            first, second = (is_in(half, language) for half in halves)
            if first != second:
                return (halves[1], halves[0]) if first else halves
    return None


# A sentence with the white space behind it, and a paragraph break or a heading's colon.
_SENTENCE: Final = re.compile(
    r"[^.!?。！？]*(?:[.!?。！？]+(?!\s)[^.!?。！？]*)*(?:[.!?。！？]+\s*|$)"
)

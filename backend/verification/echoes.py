"""Did the source come back untranslated?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..languages import Language
from ..texts.prose import Prose, letters_of
from .english import english_only, may_stay, own_only
from .issues import Issue

_FEW_WORDS: Final = 6
_SHARED: Final = 0.6  # of the answer's word triples that stand in the source
_ALL_LATIN: Final = 0.95  # of the letters, where another script is wanted
_PURE: Final = 8  # small English words to each of the target language's


def is_kept(source: Prose, translation: Prose, language: Language) -> bool:
    """Whether the text came back as it was and rightly so: a name, numbers, formulas."""
    if source.lower_words != translation.lower_words:
        return False
    return language.tag == "en" or may_stay(source, latin="Latn" in letters_of(language.scripts))


def check(source: Prose, translation: Prose, language: Language) -> list[Issue]:
    """Whether the translation is the source, or nearly, though it should not be."""
    if language.tag == "en" or not source.size:
        return []
    same = source.lower_words == translation.lower_words
    if same or _nearly(source.lower_words, translation, language):
        return [Issue("echo", f"The text was not translated; write it in {language.name}.")]
    return []


def _nearly(theirs: Sequence[str], translation: Prose, language: Language) -> bool:
    """Most word triples of a longer answer, or most words of a short one, are the source's."""
    ours = translation.lower_words
    latin = "Latn" in letters_of(language.scripts)
    if not latin and translation.letters["Latn"] < _ALL_LATIN * translation.size:
        return False
    english, own = english_only(language.tag), own_only(language.tag)
    small = sum(1 for word in ours if word in english)
    if latin and small <= _PURE * sum(1 for word in ours if word in own):
        return False
    if len(ours) < _FEW_WORDS:
        known = set(theirs)
        shared = sum(1 for word in ours if word in known)
        return len(ours) > 2 and small > 0 and shared >= _SHARED * len(ours)
    triples = set(zip(theirs, theirs[1:], theirs[2:], strict=False))
    mine = [*zip(ours, ours[1:], ours[2:], strict=False)]
    return sum(1 for triple in mine if triple in triples) >= _SHARED * len(mine)

"""Did the source come back untranslated?"""

from __future__ import annotations

from typing import Final

from ..languages import Language
from .english import english_only, may_stay, own_only
from .issue import Issue
from .prose import Prose, letters_of

_FEW_WORDS: Final = 6
_SHARED: Final = 0.6  # of the answer's word triples that stand in the source


def check(source: Prose, translation: Prose, language: Language) -> list[Issue]:
    """Whether the translation is the source, or nearly."""
    if language.tag == "en" or not source.size:
        return []
    latin = "Latn" in letters_of(language.scripts)
    theirs = [word.lower() for word in source.words]
    ours = [word.lower() for word in translation.words]
    if ours == theirs:
        stays = may_stay(source, latin=latin)
    else:
        stays = not _nearly(theirs, ours, translation, language, latin=latin)
    if stays:
        return []
    return [Issue("echo", f"The text was not translated; write it in {language.name}.")]


def _nearly(
    theirs: list[str], ours: list[str], translation: Prose, language: Language, *, latin: bool
) -> bool:
    """Most word triples of a longer answer, or nearly all words of a short one, are the source's."""
    if not latin and translation.letters["Latn"] < 0.8 * translation.size:
        return False
    english, own = english_only(language.tag), own_only(language.tag)
    small = sum(1 for word in ours if word in english)
    if latin and small <= sum(1 for word in ours if word in own):
        return False
    if len(ours) < _FEW_WORDS:
        known = set(theirs)
        shared = sum(1 for word in ours if word in known)
        return len(ours) > 2 and small > 0 and shared >= 0.7 * len(ours)
    triples = set(zip(theirs, theirs[1:], theirs[2:], strict=False))
    mine = [*zip(ours, ours[1:], ours[2:], strict=False)]
    return sum(1 for triple in mine if triple in triples) >= _SHARED * len(mine)

"""A protected text taken apart once for all checks: its prose, words and letters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from .placeholder_tags import TAG
from .placeholders import unescape

OPAQUE: Final = "\ufffc"
"""Stands in the prose where a formula is."""

LETTERS_A_WORD: Final = {"Hani": 1.6, "Kana": 2.6, "Hang": 2.4, "Thai": 4.5}
"""How many letters of a script say what an English word does; elsewhere `USUAL_LETTERS_A_WORD`."""

USUAL_LETTERS_A_WORD: Final = 5.0

_WORD: Final = re.compile(r"[^\W\d_]+")
_HYPHENS: Final = str.maketrans("’‘ʼ‐‑", "'''--")

LATIN: Final = "A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ"
"""The letters of the Latin alphabet, for a character class."""

_RANGES: Final = {
    "Latn": LATIN,
    "Grek": "Ͱ-Ͽἀ-῿",
    "Cyrl": "Ѐ-ԯ",
    "Hebr": "\u0590-\u05ff",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Deva": "\u0900-\u097f",
    "Beng": "\u0980-\u09ff",
    "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f",
    "Thai": "\u0e00-\u0e7f",
    "Kana": "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "Hang": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Hani": "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
}
_SCRIPT: Final = re.compile(
    "|".join(f"(?P<{name}>[{characters}]+)" for name, characters in _RANGES.items())
)
_NO_LETTER: Final = re.compile(f"[^{''.join(_RANGES.values())}]+")
_NO_LATIN: Final = re.compile(f"[^{_RANGES['Latn']}]+")
_SAME_LETTERS: Final = {"Hans": "Hani", "Hant": "Hani", "Hira": "Kana"}


def letters_of(scripts: tuple[str, ...]) -> frozenset[str]:
    """The alphabets (as `Prose.letters` counts them) of a language's ISO 15924 scripts."""
    return frozenset(_SAME_LETTERS.get(script, script) for script in scripts)


def count_letters(text: str) -> int:
    """How many letters of any alphabet there are."""
    return len(_NO_LETTER.sub("", text))


def count_latin(text: str) -> int:
    """How many Latin letters there are."""
    return len(_NO_LATIN.sub("", text))


@dataclass(frozen=True)
class Prose:
    """A text in protected form, and views of it that several checks need."""

    protected: str

    @cached_property
    def text(self) -> str:
        """Without tags and entities, letters composed; each formula and display is one `OPAQUE` character."""
        text = TAG.sub(lambda match: "" if match["pair"] else OPAQUE, self.protected)
        return unicodedata.normalize("NFC", unescape(text))

    @cached_property
    def lower(self) -> str:
        """The text in lower case with plain apostrophes and hyphens."""
        # The dotted capital of Turkish would leave its dot behind.
        return self.text.replace("İ", "i").lower().translate(_HYPHENS)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words as they are written, in order."""
        return tuple(_WORD.findall(self.text))

    @cached_property
    def lower_words(self) -> tuple[str, ...]:
        """Its words in lower case, in order."""
        return tuple(_WORD.findall(self.text.lower()))

    @cached_property
    def runs(self) -> tuple[tuple[str, str], ...]:
        """Its runs of letters with the alphabet of each, in order."""
        return tuple((match.lastgroup or "", match[0]) for match in _SCRIPT.finditer(self.text))

    @cached_property
    def letters(self) -> Counter[str]:
        """How many letters of each alphabet there are."""
        counts: Counter[str] = Counter()
        for alphabet, run in self.runs:
            counts[alphabet] += len(run)
        return counts

    @cached_property
    def size(self) -> int:
        """All its letters."""
        return sum(self.letters.values())

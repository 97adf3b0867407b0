"""Spellings that a reader means alike, as one: case, accents, points, both ways of writing Chinese.

Pure. Marks that tell words apart stay: vowel signs of Indic scripts (दान is not दिन), Japanese voicing (が is
not か), Thai tones.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

# What stays of these after decomposition is still no plain letter.
LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "ŋ": "n", "ŧ": "t", "ƶ": "z", "ɓ": "b", "ə": "e",
        "ى": "ي", "ی": "ي", "ک": "ك", "ھ": "ه", "ہ": "ه", "ة": "ه", "ٱ": "ا", "ـ": None,
    }
)  # fmt: skip
DIGITS = {
    zero + n: str(n)
    for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xAE6, 0xBE6, 0xC66, 0xE50)
    for n in range(10)
}
# What compatibility forms (⑴, ﷺ) may bring in.
NO_LETTERS = dict.fromkeys(
    [c for c in range(0x80) if not chr(c).isalnum()] + [0xA0, 0x2028, 0x2029, 0x3000]
)
# Scripts whose marks are accents, or points that most writers leave out.
_UNMARKED = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")


def fold(text: str) -> str:
    """A word as it is looked up; of a longer text, its words without what stands between them."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


class _Folded(dict[int, str]):
    """What each character of a composed text becomes; a table for `str.translate` that fills itself."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code)).translate(LETTERS).translate(DIGITS)
        folded = plain.translate(NO_LETTERS).translate(simplified())
        if len(self) < _MAX_FOLDED:
            self[code] = folded
        return folded


_MAX_FOLDED = 20_000
_FOLDED = _Folded()


def _plain(character: str) -> str:
    """A character without its accents or points, if its script's marks are such."""
    if character.isascii():
        return character
    if unicodedata.category(character) == "Mn":
        return "" if is_accent(character) else character
    base = unicodedata.normalize("NFD", character)
    if len(base) > 1 and unicodedata.name(base[0], "").startswith(_UNMARKED):
        return base[0]
    return character


def is_accent(mark: str) -> bool:
    """Whether a nonspacing mark (Mn) tells no words apart."""
    return unicodedata.name(mark, "").startswith(("COMBINING", "ARABIC", "HEBREW"))


@cache
def simplified() -> dict[int, str]:
    """From each traditional character to the simplified one."""
    text = Path(__file__).with_name("chinese_folding.txt").read_text(encoding="utf-8")
    groups = [
        group for line in text.splitlines() if not line.startswith("#") for group in line.split()
    ]
    return {ord(variant): group[0] for group in groups for variant in group[1:]}

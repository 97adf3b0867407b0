"""The rules by which `search_tokens` cuts texts, as data for a program in another language that cuts alike.

Pure. What both need of Unicode is said here, so that another version of its tables makes no difference.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import TypedDict

from .search_folding import DIGITS, LETTERS, NO_LETTERS, is_accent, simplified
from .search_tokens import MARK, MAX_TOKEN, UNSPACED


class Rules(TypedDict):
    """Classes are what stands between the brackets of a regular expression's class.

    Attributes:
        longest: characters of a token.
        unspaced: characters of scripts without spaces between words.
        marks: nonspacing, spacing and enclosing marks.
        accents: marks that are left out.
        cases: by character, what case folding makes of it where that is not its lower case.
        spellings: by character, what is written instead.
    """

    longest: int
    unspaced: str
    marks: str
    accents: str
    cases: dict[str, str]
    spellings: dict[str, str]


def rules() -> Rules:
    """All but the pairs of Chinese characters, of which only texts in Chinese have need."""
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    accents = [c for c in characters if unicodedata.category(c) == "Mn" and is_accent(c)]
    return Rules(
        longest=MAX_TOKEN,
        unspaced=UNSPACED,
        marks=MARK,
        accents=_ranges(accents),
        cases={c: c.casefold() for c in characters if c.casefold() != c.lower() and _is_kept(c)},
        spellings={chr(c): to or "" for c, to in (LETTERS | NO_LETTERS).items()}
        | {chr(c): to for c, to in DIGITS.items()},
    )


def chinese() -> str:
    """Each traditional character, followed by the simplified one that stands for it."""
    return "".join(chr(variant) + to for variant, to in simplified().items())


def _is_kept(character: str) -> bool:
    return unicodedata.normalize("NFKC", character) == character


def _ranges(characters: list[str]) -> str:
    found: list[list[int]] = []
    for code in map(ord, characters):
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\u{{{first:x}}}-\\u{{{last:x}}}" for first, last in found)

"""The numbers of a sentence in any of our languages, as values.

13-billion, 130亿, 13 Milliarden and 13B are the same number; 1,234.5 and 1.234,5 too. Digits inside
identifiers (GPT-4, H100) are names. What a number means is told by `numerals.number.Number`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final

from .numerals import digits, halves, in_digits, unspaced, words
from .numerals.number import Number
from .numerals.tables import table

__all__ = ["Number", "find", "is_percent", "knows_word", "knows_words", "parts_no_words", "plain"]

_PLACEHOLDER: Final = re.compile(r"<[xp][0-9]{1,6}/>")
_PAIR_TAG: Final = re.compile(r"</?g[0-9]{1,6}>")
_ARABIC_VOWELS: Final = re.compile("[\u064b-\u0652]")  # الخُمس
_CYRILLIC_APOSTROPHE: Final = re.compile("(?<=[а-яіїєґ])[’'ʼ](?=[а-яіїєґ])")


@lru_cache(maxsize=16)  # several checks ask for those of the same texts
def find(text: str, *, language: str) -> tuple[Number, ...]:
    """The numbers of a text: those in digits in their order, then those in words.

    Args:
        text: prose, or a segment's protected text: placeholders are passed over.
        language: BCP 47 tag of the text's language; without a table for it, digits only.
    """
    readable = plain(text)
    known = table(language)
    primary = language.split("-")[0].lower()
    in_figures = in_digits.scan(readable, known, primary)
    rest = _without(readable, in_figures)
    in_words = unspaced.scan(rest, primary) if known.unspaced else words.scan(rest, primary)
    return halves.join(readable, (*in_figures, *in_words), primary)


@lru_cache(maxsize=16)
def plain(text: str) -> str:
    """The text that a number's `start` and `end` count in.

    Letters are composed, digits Western, < > & literal, and each formula is one opaque character.
    """
    text = unicodedata.normalize("NFC", text)
    if "<" in text:
        text = _PAIR_TAG.sub("", _PLACEHOLDER.sub("\ufffc", text))
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if not text.isascii():
        text = _CYRILLIC_APOSTROPHE.sub("", _ARABIC_VOWELS.sub("", text))
    return digits.western(text)


def _without(text: str, found: Iterable[Number]) -> str:
    """The text with its numbers in digits blanked, at the same length."""
    pieces: list[str] = []
    at = 0
    for number in found:
        if number.end > at:
            start = max(number.start, at)
            pieces += text[at:start], "0" * (number.end - start)
            at = number.end
    return "".join(pieces) + text[at:]


def knows_words(language: str) -> bool:
    """Whether all numeral words that a language's prose uses are known, so that one can be missed."""
    return table(language).complete


def knows_word(language: str, value: Decimal) -> bool:
    """Whether the words for a cardinal from three on are all known, so that it can be missed."""
    known = table(language)
    return known.complete or value <= known.complete_to


def is_percent(plain: str, number: Number, *, language: str) -> bool:
    """Whether a number in words is one of percent: by the word behind it, before it or within it."""
    known = table(language)
    within = number.text.lower()
    return in_digits.is_percent(plain, number.start, number.end, known) is not False or any(
        word.lower() in within for word in known.percent
    )


def parts_no_words(language: str) -> bool:
    """Whether the language writes no spaces around numeral words, so that they may be found in others."""
    return table(language).unspaced

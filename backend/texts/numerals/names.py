"""Identifiers that hold digits: GPT-4, H100, v2.1, CIFAR-10, pass@1."""

from __future__ import annotations

import re
from typing import Final

from . import digits
from .number import Number
from .suffixes import LETTER, SUFFIX, SUFFIX_MAGNITUDE

MAX_NAME: Final = 24

_IS_LETTER: Final = re.compile(f"[{LETTER}]")
_STEM_BEFORE: Final = re.compile(f"[{LETTER}][{LETTER}0-9.]*$")
_WORD_BEFORE: Final = re.compile(f"[{LETTER}]+$")

# Names that have a translation without a number: 新冠肺炎, 二氧化碳.
_TRANSLATED: Final = frozenset({"covid19", "co2", "h2o", "web2.0", "sarscov2", "pm2.5"})


def read(text: str, match: re.Match[str]) -> Number | None:
    """An identifier that holds the digits: H100, v2.1, GPT-4o, pass@1; else nothing."""
    start, end = match.start("digits"), match.end("digits")
    before = text[max(0, start - MAX_NAME) : start]
    stem = None
    if before and _IS_LETTER.match(before[-1]):
        stem = _STEM_BEFORE.search(before)
    elif before and before[-1] in "-_@" and (word := _WORD_BEFORE.search(before[:-1])):
        shown = word[0]
        if before[-1] != "-" or len(shown) == 1 or shown.lower() != shown:
            stem = word
    suffix = SUFFIX.match(text, end, end + MAX_NAME)
    after = suffix[0] if suffix else ""
    if stem is None and not (len(after) > 3 and not after.islower() and not after.isupper()):
        return None  # 2WikiMultihopQA is a name, 10GB none
    end += len(after)
    begin = start - len(before) + stem.start() if stem else start
    name = re.sub("[^0-9a-zà-ɏͰ-Ͽ.]", "", text[begin:end].lower())
    name = re.sub("(?<=[0-9])s$", "", name)
    values, parts = digits.read(match["digits"], decimal=".")
    factor = SUFFIX_MAGNITUDE.get(after)
    if factor:
        values = (*values, *(digits.product(value, factor) for value in values))
    return Number(
        text=text[begin:end],
        start=begin,
        end=end,
        form="name",
        values=values,
        parts=parts,
        exact=name not in _TRANSLATED,
        name=name,
    )

"""Ratios in an English source of which a translation need not say both numbers.

One in eight is every eighth (jede achte); nine out of ten is nine tenths, which has a word of its own in some
languages (九成), and three in four are three quarters (drei Viertel).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Final

from .. import numbers
from ..numbers import Number

_ONE_IN: Final = re.compile(r"\b(1|one) (?:in|out of)(?: every)? (?=\w)", re.IGNORECASE)
_OUT_OF: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine) (?:in|out of)(?: every)?"
    r" (three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


def eased(source: str, found: Sequence[Number]) -> list[Number]:
    """The numbers of a source, those that a ratio need not say no longer `exact`."""
    optional = set(_optional(numbers.plain(source)))
    return [
        dataclasses.replace(number, exact=False) if number.start in optional else number
        for number in found
    ]


def _optional(plain: str) -> Iterator[int]:
    for pattern in (_ONE_IN, _OUT_OF):
        yield from (match.start(1) for match in pattern.finditer(plain))

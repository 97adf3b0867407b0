"""Roman numerals for numbers in digits: phase 3 is III期, the 20th century le XXe siècle."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from .. import numbers
from ..numbers import Number

_NUMERAL: Final = re.compile("(?<![A-Za-z])[IVX]+(?![A-Za-df-z])")  # the XXe siècle
_LETTERS: Final = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_HIGHEST: Final = 39
# One letter alone may be a variable or an article: only what is numbered so counts.
_NUMBERED: Final = re.compile(
    r"(?:phase|type|class|stage|part|grade|level|category|tier|volume|chapter|section|step|group"
    r"|generation|population|division|annex|article|schedule|book)s?[ \xa0-]$",
    re.IGNORECASE,
)


class RomanNumerals:
    """Those of a translation that its source does not have."""

    def __init__(self, source: str, translation: str) -> None:
        self._source = numbers.plain(source)
        found = Counter(_NUMERAL.findall(numbers.plain(translation)))
        self._left = found - Counter(_NUMERAL.findall(self._source)) if found else found

    def say(self, number: Number) -> bool:
        """Whether one of them stands for the number; it is then used."""
        if not self._left:
            return False
        for value in number.values:
            if not 1 <= value <= _HIGHEST or value % 1:
                continue
            numeral = _roman(int(value))
            alone = len(numeral) == 1 and not number.attached
            if self._left[numeral] > 0 and not (
                alone
                and not _NUMBERED.search(self._source, max(0, number.start - 16), number.start)
            ):
                self._left[numeral] -= 1
                return True
        return False


def _roman(value: int) -> str:
    numeral = ""
    for worth, letters in _LETTERS:
        while value >= worth:
            numeral += letters
            value -= worth
    return numeral

"""What a number of an English source may be called instead: 18 months a year and a half, Fig. 2b рис. 2б.

Each is allowed only where the translation says just that: what stands there for 18 months is a number of
years, and the letter behind the figure's number is the same one of its alphabet.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from ..texts import numbers
from ..texts.numbers import Number
from . import units

_LARGER: Final = {"min": (60, "h"), "h": (24, "day"), "month": (12, "year")}
_TIME: Final = re.compile(r"min|h\b|hour|hr|month")
_HALF: Final = Decimal("0.5")
_PANEL: Final = re.compile("([0-9]+)([a-g])")
_BEFORE_A_PANEL: Final = re.compile(
    r"\b(?:figs?|figures?|tables?|tabs?|panels?|eqs?|equations?|sections?|secs?|theorems?|lemmas?"
    r"|appendix)\.?[ \xa0]$",
    re.IGNORECASE,
)
_ALPHABETS: Final = ("абвгдеж", "αβγδεζη", "אבגדהוז", "أبجدهوز", "कखगघङचछ")


def eased(source: str, translation: str, found: Sequence[Number], *, language: str) -> list[Number]:
    """The numbers of a source, with what the translation calls them as another of their `values`.

    Args:
        source, translation: in protected form.
        found: the numbers of the source.
        language: BCP 47 tag of the translation's language.
    """
    plain, theirs = numbers.plain(source), numbers.plain(translation)
    durations = _durations(source, translation, theirs, language)
    return [_panel(durations.get(number.start, number), plain, theirs) for number in found]


def _panel(number: Number, plain: str, translation: str) -> Number:
    written = _PANEL.fullmatch(number.text)
    if written is None or not _BEFORE_A_PANEL.search(plain, 0, number.start):
        return number
    place = ord(written[2]) - ord("a")
    letters = "".join(alphabet[place] for alphabet in _ALPHABETS)
    if not re.search(rf"(?<![0-9.,]){written[1]}[ \xa0]?[{letters}](?![^\W\d_])", translation):
        return number
    return dataclasses.replace(number, values=(Decimal(written[1]),))


def _durations(source: str, translation: str, plain: str, language: str) -> dict[int, Number]:
    """The durations of the source that the translation says in a larger unit, by where they start."""
    found: dict[int, Number] = {}
    if not _TIME.search(source):
        return found
    said: list[tuple[Number, frozenset[str]]] | None = None
    for number, names in units.measured(source, "en"):
        unit = next((name for name in names if name in _LARGER), "")
        if not unit or (number.form == "word" and number.loose):
            continue
        times, larger = _LARGER[unit]
        worth = number.values[0] / times
        if worth % _HALF:
            continue
        if said is None:
            said = [*units.measured(translation, language)]
        if worth == _HALF and _halves(larger).search(plain.lower()):
            found[number.start] = dataclasses.replace(number, exact=False)
        elif any(worth in other.values and _is(larger, other, named) for other, named in said):
            found[number.start] = dataclasses.replace(number, values=(*number.values, worth))
    return found


def _is(unit: str, number: Number, named: frozenset[str]) -> bool:
    """Whether the number counts the unit; a half may have its unit within it: un an et demi."""
    return unit in named or (not named and number.values[0] % 1 == _HALF)


@cache
def _halves(unit: str) -> re.Pattern[str]:
    text = Path(__file__).with_name("half_units.toml").read_text(encoding="utf-8")
    return re.compile("|".join(tomllib.loads(text).get(unit, {}).values()) or "(?!)")

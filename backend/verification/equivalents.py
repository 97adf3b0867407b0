"""What a number of an English source may be called instead: two weeks 14 days, Fig. 2b рис. 2б.

Each is allowed only where the translation says just that: what stands there for two weeks is as many days,
and the letter behind the figure's number is the same one of its alphabet.
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

from ..texts import measures, numbers
from ..texts.numbers import Number

_HALVED: Final = {"min": (30, "h"), "month": (6, "year")}
_HALF: Final = Decimal("0.5")
_NONE: Final = frozenset[str]()
_MANY: Final = 1000
# Quinze jours and its like are two weeks.
_TWO_WEEKS: Final = (Decimal(14), Decimal(15))
_COUNTS_DAYS_BY_FIFTEEN: Final = frozenset({"fr", "es", "pt", "it", "ca", "ro"})
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
    durations = _converted(source, translation, theirs, language)
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


def _converted(source: str, translation: str, plain: str, language: str) -> dict[int, Number]:
    """The numbers of the source that the translation says in another unit, by where they start."""
    found: dict[int, Number] = {}
    said = [(n, one.units if one else _NONE) for n, one in measures.measured(translation, language)]
    for number, measure in measures.measured(source, "en"):
        if measure is None or (number.form == "word" and number.loose):
            continue
        names = measure.units
        half, larger = next((_HALVED[name] for name in names if name in _HALVED), (0, ""))
        if number.values[0] == half and _halves(larger).search(plain.lower()):
            found[number.start] = dataclasses.replace(number, exact=False)
            continue
        worth = {size for name in names for size in _worth(number.values[0], name, language)}
        also = [
            value
            for other, named in said
            if names.isdisjoint(named)
            for value in other.values
            for name in named or (larger if value < _MANY and value % 1 == _HALF else "",)
            if not worth.isdisjoint(_worth(value, name, language))
        ]
        if also:
            found[number.start] = dataclasses.replace(number, values=(*number.values, *also))
    return found


def _worth(value: Decimal, unit: str, language: str) -> list[tuple[str, Decimal]]:
    """How much it is of the smallest unit of its kind."""
    kind, size = _sizes().get(unit, ("", Decimal(0)))
    values = {value}
    if unit == "day" and value in _TWO_WEEKS and language.split("-")[0] in _COUNTS_DAYS_BY_FIFTEEN:
        values.update(_TWO_WEEKS)
    return [(kind, one * size) for one in values if kind]


@cache
def _sizes() -> dict[str, tuple[str, Decimal]]:
    text = Path(__file__).with_name("unit_sizes.toml").read_text(encoding="utf-8")
    return {
        unit: (kind, Decimal(size))
        for kind, sizes in tomllib.loads(text).items()
        for unit, size in sizes.items()
    }


@cache
def _halves(unit: str) -> re.Pattern[str]:
    text = Path(__file__).with_name("half_units.toml").read_text(encoding="utf-8")
    return re.compile("|".join(tomllib.loads(text).get(unit, {}).values()) or "(?!)")

"""Is each number's unit still its own: 40 GB that became 40 MB, 5 km that became 5 m, $5 that became €5?

A number is compared only where the source says a unit we know each time it states that number, and the
translation says another one of its kind. What `texts.measures` does not know is let be.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from ..texts import measures, numbers
from ..texts.measures import Measure
from .issues import Issue

_DIGITS: Final = re.compile("[0-9][0-9.,]*")
_MAX_ISSUES: Final = 3


def compare(source: str, translation: str, *, language: str) -> list[Issue]:
    """The numbers of a translation, both in protected form, whose unit became another.

    Args:
        language: BCP 47 tag of the translation's language.
    """
    stated: dict[Decimal, list[Measure | None]] = {}
    for number, measure in measures.measured(source, "en"):
        for value in number.values:
            stated.setdefault(value, []).append(measure)
    wrong: dict[str, None] = {}
    for number, measure in measures.measured(translation, language):
        if measure is None:
            continue
        known = [stated[value] for value in number.values if value in stated]
        theirs = [one for measures in known for one in measures]
        units = [one for one in theirs if one is not None]
        if units and len(units) == len(theirs) and not any(map(measure.may_be, units)):
            digits = _DIGITS.match(number.text)
            said = digits[0] if digits else number.text
            wrong[f"The unit of {said} is {min(units[0].units)}."] = None
    wrong.update(dict.fromkeys(_other_rates(source, translation, language)))
    return [Issue("number", detail) for detail in [*wrong][:_MAX_ISSUES]]


def _other_rates(source: str, translation: str, language: str) -> Iterator[str]:
    """per hour that became per minute: none of the source's rates is left, and it never mentions the other."""
    stated, said = _rates(source, "en"), _rates(translation, language.split("-")[0].lower())
    shown = {unit for _, one in measures.measured(translation, language) if one for unit in one.per}
    if stated and said and (said | shown).isdisjoint(stated | _rates(source, "mentioned")):
        yield f"The rate is per {min(stated)}."


def _rates(text: str, language: str) -> set[str]:
    lower, patterns = numbers.plain(text).lower(), _patterns().get(language, {})
    return {unit for unit, pattern in patterns.items() if re.search(pattern, lower)}


@cache
def _patterns() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("rates.toml").read_text(encoding="utf-8"))

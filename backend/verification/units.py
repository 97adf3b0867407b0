"""Is each number's unit still its own: 40 GB that became 40 MB, 5 km that became 5 m, $5 that became €5?

A number is compared only where the source says a unit we know each time it states that number, and the
translation says another one of its kind. What is not in the tables is let be.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from ..texts import numbers
from ..texts.numbers import Number
from .issues import Issue

_GAP: Final = re.compile("[ \xa0\u2009\u202f-]{0,2}(?:de |d['’]|को )?")
_DIGITS: Final = re.compile("[0-9][0-9.,]*")
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0963\u064b-\u0652])*")
_POWER: Final = re.compile(r"(?:\^|\*\*)?[-−]?[²³23⁻]")
_PER: Final = re.compile("/ ?")
_BEFORE: Final = re.compile("([A-Z]{2,3}|[A-Z]{0,2}[$€£¥￥₹₽₩])[ \xa0\u202f]?$")
_NO_BOUNDARY: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BEYOND_CYRILLIC: Final = "\u0590"
_HOURS_GAP: Final = re.compile("[ \xa0·⋅-]?")
_POWERS: Final = frozenset({"W", "kW", "MW", "GW"})
_NO_MINUTE: Final = re.compile("分[之野类類支布析割解子]")
_ACCUSATIVE: Final = re.compile(r"ا(?!\w)")  # of Arabic: 12 مترًا, its vowel sign left out
_MAX_SPELLING: Final = 24
_MAX_ISSUES: Final = 3

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Measure:
    """What stands after a number: the units it may be, and those it is divided by (km/h)."""

    units: Names
    per: Names = frozenset()

    def may_be(self, other: _Measure) -> bool:
        """Whether both may be the same unit, or are of different kinds and say nothing of each other."""
        if self.units.isdisjoint(other.units):
            return _kinds(self.units).isdisjoint(_kinds(other.units))
        return not self.per or not other.per or not self.per.isdisjoint(other.per)


@dataclass(frozen=True, slots=True)
class _Spellings:
    symbols: dict[str, Names]
    words: dict[str, Names]
    stems: dict[str, Names]
    signs: dict[str, Names]  # before a number


def compare(source: str, translation: str, *, language: str) -> list[Issue]:
    """The numbers of a translation, both in protected form, whose unit became another.

    Args:
        language: BCP 47 tag of the translation's language.
    """
    stated: dict[Decimal, list[_Measure | None]] = {}
    for number, measure in _measured(source, "en"):
        for value in number.values:
            stated.setdefault(value, []).append(measure)
    wrong: dict[str, None] = {}
    for number, measure in _measured(translation, language):
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
    shown = {unit for _, one in _measured(translation, language) if one for unit in one.per}
    if stated and said and (said | shown).isdisjoint(stated | _rates(source, "mentioned")):
        yield f"The rate is per {min(stated)}."


def _rates(text: str, language: str) -> set[str]:
    lower, patterns = numbers.plain(text).lower(), _tables("rates").get(language, {})
    return {unit for unit, pattern in patterns.items() if re.search(pattern, lower)}


def measured(text: str, language: str) -> Iterator[tuple[Number, Names]]:
    """The numbers of a text in protected form, each with the units it may be in: none that we know, say."""
    for number, measure in _measured(text, language):
        yield number, measure.units if measure else frozenset()


def _measured(text: str, language: str) -> Iterator[tuple[Number, _Measure | None]]:
    """The numbers of a text, each with what it measures; those in identifiers are left out."""
    plain = numbers.plain(text)
    for number in numbers.find(text, language=language):
        if number.form in ("digits", "word"):
            yield number, _before(plain, number) or _behind(plain, number)


def _before(plain: str, number: Number) -> _Measure | None:
    sign = _BEFORE.search(plain, max(0, number.start - 5), number.start)
    units = _spellings().signs.get(sign[1]) if sign else None
    return _Measure(units) if units else None


def _behind(plain: str, number: Number) -> _Measure | None:
    ends = [number.end]
    digits = _DIGITS.match(plain, number.start)
    if digits and digits.end() < number.end:  # 40GB, 300 K: letters that were taken for its own
        rest = plain[digits.end() : number.end].strip()
        # The 1990s, and people in their 20s, are no seconds.
        if rest.isalpha() and not (rest == "s" and digits[0].endswith("0")):
            ends.insert(0, digits.end())
    for end in ends:
        gap = _GAP.match(plain, end)
        found = _unit(plain, gap.end() if gap else end)
        if found:
            units, stop = _times_hours(plain, *found)
            power = _POWER.match(plain, stop)
            if power:
                return _Measure(frozenset(unit + power[0][-1] for unit in units))
            slash = _PER.match(plain, stop)
            per = _unit(plain, slash.end()) if slash else None
            return _Measure(units, per[0] if per else frozenset())
    return None


def _times_hours(plain: str, units: Names, stop: int) -> tuple[Names, int]:
    """Kilowatt hours for kilowatts, where hours follow."""
    if units.isdisjoint(_POWERS):
        return units, stop
    gap = _HOURS_GAP.match(plain, stop)
    hours = _unit(plain, gap.end()) if gap else None
    if hours and "h" in hours[0]:
        return frozenset(f"{unit}h" for unit in units), hours[1]
    return units, stop


def _unit(plain: str, start: int) -> tuple[Names, int] | None:
    """The unit that begins at a place, in its longest spelling, and where that ends."""
    known = _spellings()
    ahead = plain[start : start + _MAX_SPELLING]
    if _NO_MINUTE.match(ahead):  # a tenth, five fields
        return None
    prefix = _pattern("prefixes").match(ahead)
    root = _pattern("roots").match(plain, start + prefix.end()) if prefix else None
    if prefix and root:
        return frozenset({f"{prefix.lastgroup}{root.lastgroup}"}), root.end()
    for length in range(len(ahead), 0, -1):
        spelling = ahead[:length]
        units = known.symbols.get(spelling) or known.words.get(spelling.lower())
        if units and _ends_there(spelling, ahead[length:]):
            return units, start + length
    word = _WORD.match(ahead)
    lower = word[0].lower() if word else ""
    for length in range(len(lower), 2, -1):
        if lower[:length] in known.stems:
            return known.stems[lower[:length]], start + len(lower)
    return None


def _ends_there(spelling: str, following: str) -> bool:
    """Whether a spelling ends before what follows: 52 MBを, but not 52 metrics."""
    first = following[:1]
    if _NO_BOUNDARY.match(spelling[-1]) or not first.isalpha() or _ACCUSATIVE.match(following):
        return True
    return spelling[-1] < _BEYOND_CYRILLIC <= first


def _kinds(units: Names) -> Names:
    return frozenset(kind for unit in units for kind in _kinds_of().get(unit, (unit,)))


@cache
def _kinds_of() -> dict[str, list[str]]:
    """The tables that each unit stands in; its squares and hours are of its kind too."""
    found: dict[str, list[str]] = {}
    prefixed = _tables("unit_prefixes")
    for kind, units in _tables("units").items():
        roots = prefixed["roots"].keys() & units
        for unit in {*units, *(prefix + root for prefix in prefixed["prefixes"] for root in roots)}:
            for variant in (unit, f"{unit}²", f"{unit}³", f"{unit}2", f"{unit}3", f"{unit}h"):
                found.setdefault(variant, []).append(kind)
    return found


@cache
def _pattern(table: str) -> re.Pattern[str]:
    """Prefixes, or roots with what joins and ends them; the group that matches is the symbol."""
    groups = "|".join(
        f"(?P<{name}>{said})" for name, said in _tables("unit_prefixes")[table].items()
    )
    ending = f"(?:(?<!{_NO_BOUNDARY.pattern}){_WORD.pattern})?"
    whole = groups if table == "prefixes" else f"[- \u200c]?(?:{groups}){ending}"
    return re.compile(whole, re.IGNORECASE)


@cache
def _tables(name: str) -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _spellings() -> _Spellings:
    symbols: dict[str, Names] = {}
    words: dict[str, Names] = {}
    stems: dict[str, Names] = {}
    signs: dict[str, Names] = {}
    for kind, units in _tables("units").items():
        for name, listed in units.items():
            written, _, spoken = listed.partition("|")
            _add(symbols, written.split(), name)
            if kind == "currencies":
                _add(signs, written.split(), name)
            spelled = spoken.split()
            _add(words, (word for word in spelled if not word.endswith("*")), name)
            _add(stems, (word[:-1] for word in spelled if word.endswith("*")), name)
    return _Spellings(symbols, words, stems, signs)


def _add(table: dict[str, Names], spellings: Iterable[str], name: str) -> None:
    for spelling in spellings:
        table[spelling] = table.get(spelling, frozenset()) | {name}

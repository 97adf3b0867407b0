"""What the numbers of a text measure, in any of our languages: 40 GB, 40 Go, 40 Гбайт; 5 km/h, 时速5公里.

Units are told by their symbols (`units.toml`, `unit_prefixes.toml`), whatever the language; what is not in the
tables measures nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from . import numbers
from .numbers import Number

_GAP: Final = re.compile("[ \xa0\u2009\u202f-]{0,2}(?:d[ei] |d['’]|को )?")
_DIGITS: Final = re.compile("[0-9][0-9.,]*")
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0963\u064b-\u0652])*")
_POWER: Final = re.compile(r"(?:\^|\*\*)?[-−]?[²³23⁻]")
_RAISED: Final = str.maketrans("23", "²³")
_PER: Final = re.compile("/ ?")
_BEFORE: Final = re.compile(
    "([A-Z]{2,3}|[A-Z]{0,2}[$€£¥￥₹₽₩₴₺₫฿]|[摂華摄攝华]氏|섭씨|화씨)[ \xa0\u202f]?$"
)
_NO_BOUNDARY: Final = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BEYOND_CYRILLIC: Final = "\u0590"
_HOURS_GAP: Final = re.compile("[ \xa0·⋅-]?")
_POWERS: Final = frozenset({"W", "kW", "MW", "GW"})
_NO_MINUTE: Final = re.compile("分[之野类類支布析割解子]")
_ACCUSATIVE: Final = re.compile(r"ا(?!\w)")  # of Arabic: 12 مترًا, its vowel sign left out
_MAX_SPELLING: Final = 24
_MAX_PARTICLE: Final = 2  # letters that Arabic writes before a word, and one

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Measure:
    """What stands after a number: the units it may be, and those it is divided by (km/h)."""

    units: Names
    per: Names = frozenset()

    def may_be(self, other: Measure) -> bool:
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


@lru_cache(maxsize=16)
def measured(text: str, language: str) -> tuple[tuple[Number, Measure | None], ...]:
    """The numbers of a text, each with what it measures; those in identifiers are left out.

    Args:
        text: in protected form.
        language: its BCP 47 tag.
    """
    plain = numbers.plain(text)
    return tuple(
        (number, _before(plain, number) or _behind(plain, number) or _within(plain, number))
        for number in numbers.find(text, language=language)
        if number.form in ("digits", "word", "dual")
        and not (number.loose and _pattern("powers").match(plain, number.start))
    )


def _within(plain: str, number: Number) -> Measure | None:
    """What a word measures that says its unit itself: half a year, شهرين, dreiwöchig; not "the second"."""
    if number.form == "digits":
        return None
    for start in range(number.start, number.start + _MAX_PARTICLE):
        found = _unit(plain, start)
        if found and found[1] == number.end and "s" not in found[0]:
            return Measure(found[0])
    inside = _pattern("compounds").search(plain, number.start + _MAX_PARTICLE, number.end)
    return Measure(frozenset({_symbol("compounds", inside)})) if inside else None


def _before(plain: str, number: Number) -> Measure | None:
    sign = _BEFORE.search(plain, max(0, number.start - 5), number.start)
    units = _spellings().signs.get(sign[1]) if sign else None
    return Measure(units) if units else None


def _behind(plain: str, number: Number) -> Measure | None:
    ends = [number.end]
    digits = _DIGITS.match(plain, number.start)
    if digits and digits.end() < number.end:  # 40GB, 300 K: letters that were taken for its own
        rest = plain[digits.end() : number.end].strip()
        # The 1990s, and people in their 20s, are no seconds; 38 mil are no miles.
        if rest.isalpha() and rest != "mil" and not (rest == "s" and digits[0].endswith("0")):
            ends.append(digits.end())
    for end in ends:
        gap = _GAP.match(plain, end)
        found = _unit(plain, gap.end() if gap else end)
        if found:
            units, stop = _times_hours(plain, *found)
            power = _POWER.match(plain, stop)
            if power:
                raised = power[0][-1].translate(_RAISED)
                return Measure(frozenset(unit + raised for unit in units))
            slash = _PER.match(plain, stop)
            per = _unit(plain, slash.end()) if slash else None
            return Measure(units, per[0] if per else frozenset())
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
    """The unit that begins at a place, a square or cube as it is said, and where that ends."""
    before, power = _table_match("powers", plain, start)
    units, stop = _named(plain, before) or (frozenset(), start)
    if not power and units:
        before, power = _table_match("powers", plain, stop)
        stop = before if power else stop
    if power:
        units = frozenset(f"{unit}{power}" for unit in units if "length" in _kinds({unit}))
    return (units, stop) if units else None


def _named(plain: str, start: int) -> tuple[Names, int] | None:
    """The unit that begins at a place, in its longest spelling, and where that ends."""
    known = _spellings()
    ahead = plain[start : start + _MAX_SPELLING]
    if _NO_MINUTE.match(ahead):  # a tenth, five fields
        return None
    end, phrase = _table_match("phrases", plain, start)
    if phrase:
        return frozenset({phrase}), end
    end, prefix = _table_match("prefixes", plain, start)
    if prefix:
        end, root = _table_match("roots", plain, end)
        if root:
            return frozenset({prefix + root}), end
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


def _kinds(units: Iterable[str]) -> Names:
    return frozenset(kind for unit in units for kind in _kinds_of().get(unit, (unit,)))


@cache
def _kinds_of() -> dict[str, list[str]]:
    """The tables that each unit stands in; its squares and hours are of its kind too."""
    found: dict[str, list[str]] = {}
    prefixed = _tables("unit_prefixes")
    for kind, units in _tables("units").items():
        roots = prefixed["roots"].keys() & units
        for unit in {*units, *(prefix + root for prefix in prefixed["prefixes"] for root in roots)}:
            for variant in (unit, f"{unit}²", f"{unit}³", f"{unit}h"):
                found.setdefault(variant, []).append(kind)
    return found


def _table_match(table: str, plain: str, start: int) -> tuple[int, str]:
    """Where what a table of `unit_prefixes` says ends that begins at a place, and its symbol."""
    match = _pattern(table).match(plain, start)
    return (match.end(), _symbol(table, match)) if match else (start, "")


def _symbol(table: str, match: re.Match[str]) -> str:
    return [*_tables("unit_prefixes")[table]][(match.lastindex or 1) - 1]


@cache
def _pattern(table: str) -> re.Pattern[str]:
    """Prefixes, or roots with what joins and ends them, and so on; each symbol is a group."""
    groups = "|".join(f"({said})" for said in _tables("unit_prefixes")[table].values())
    ending = f"(?:(?<!{_NO_BOUNDARY.pattern}){_WORD.pattern})?"
    whole = f"[- \u200c]?(?:{groups}){ending}" if table == "roots" else groups
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
            written, spelled = (
                [one.replace("_", " ") for one in part.split()]
                for part in (listed.partition("|")[0], listed.partition("|")[2])
            )
            _add(symbols, written, name)
            if kind in ("currencies", "temperature"):
                _add(signs, written, name)
            _add(words, (word for word in spelled if not word.endswith("*")), name)
            _add(stems, (word[:-1] for word in spelled if word.endswith("*")), name)
    return _Spellings(symbols, words, stems, signs)


def _add(table: dict[str, Names], spellings: Iterable[str], name: str) -> None:
    for spelling in spellings:
        table[spelling] = table.get(spelling, frozenset()) | {name}

"""Parts of a whole in words: two thirds, trois quarts, 三分之二; what an English source states and may mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from .numerals.tables import table

Share = frozenset[Fraction]
"""What one expression may be worth."""

_PARTS: Final = {
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_PART: Final = "|".join(_PARTS)
_ANY: Final = re.compile(rf"{_PART}|hal[fv]")
_SEVERAL: Final = re.compile(
    rf"\b(?P<count>two|three|four|five|six|seven|eight|nine)[ -](?P<part>{_PART})s\b"
)
# "a third method" is none.
_ONE: Final = re.compile(
    rf"\b(?:one[ -](?P<sure>{_PART})|an? (?P<part>{_PART})(?= of\b|[.,;:)]|$| (?:as|less|more|lower|higher)\b))"
)
_HALF: Final = re.compile(r"\bhal(?:f|ves)\b")
_NAMED: Final = re.compile(rf"(?P<part>{_PART})|(?P<half>hal[fv])")
_WRITTEN: Final = re.compile(r"(?<![0-9.,/])(?P<n>[0-9]{1,2})/(?P<d>[0-9]{1,2})(?![0-9/])")
_HUNDREDTHS: Final = re.compile(r"(?<![0-9.,])(?:0\.)?(?P<n>[0-9]{1,2})(?![0-9.])")
_NUMBER: Final = "one|two|three|four|five|six|seven|eight|nine|ten|[0-9]{1,2}"
_OUT_OF: Final = re.compile(
    rf"\b(?P<n>{_NUMBER}) (?:in|out of)(?: the| every| each)? (?P<d>{_NUMBER})\b"
)
# Cut by two thirds is cut to one third.
_LESS: Final = re.compile(
    r"reduc|decreas|cut|drop|f[ea]ll|lower|less|fewer|shr[aiu]nk|declin|los[est]|sav|all but|rest|remain|other"
)
_MOST_PARTS: Final = 10
_TIMES: Final = re.compile(r"\bfactor of (?P<of>\w+)|\b(?P<n>[a-z]+|\d+)[- ]?(?:fold|times)\b")
_SIGNS: Final = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}


def stated(plain: str) -> set[Fraction]:
    """The fractions that an English text states in words.

    Args:
        plain: as `numbers.plain` leaves it.
    """
    lower = plain.lower()
    if not _ANY.search(lower):
        return {*_ratios(lower)}
    found = {
        Fraction(_count(match["count"]), _PARTS[match["part"]])
        for match in _SEVERAL.finditer(lower)
    }
    found |= {Fraction(1, _PARTS[match["sure"] or match["part"]]) for match in _ONE.finditer(lower)}
    if _HALF.search(lower):
        found.add(Fraction(1, 2))
    found |= {*_ratios(lower)}
    return {one for one in found if 0 < one < 1}


def possible(plain: str) -> set[Fraction]:
    """All that a faithful translation may say in fractions: also of percents, ratios and what is left."""
    lower = plain.lower()
    found = stated(plain)
    for match in _NAMED.finditer(lower):
        found.add(Fraction(1, 2) if match["half"] else Fraction(1, _PARTS[match["part"]]))
    several = {Fraction(_count(m["count"]), _PARTS[m["part"]]) for m in _SEVERAL.finditer(lower)}
    found -= {Fraction(1, one.denominator) for one in several} - stated(plain)
    found |= {*_digits(lower)}
    found |= {Fraction(int(match["n"]), 100) for match in _HUNDREDTHS.finditer(lower)}
    # Less by a factor of eight is an eighth of it.
    times = [_count(match["of"] or match["n"]) for match in _TIMES.finditer(lower)]
    found |= {Fraction(1, number) for number in times if number > 1}
    return found | {1 - one for one in found} if _LESS.search(lower) else found


def said(plain: str, language: str) -> list[Share]:
    """The fractions of a translation, in words and in digits.

    Args:
        language: BCP 47 tag of its language.
    """
    lower = plain.replace("İ", "i").lower()
    return [
        *_words(language.split("-")[0]).find(lower),
        *(frozenset({one}) for one in _digits(lower)),
    ]


def _ratios(text: str) -> Iterator[Fraction]:
    for match in _OUT_OF.finditer(text):
        some, of = _count(match["n"]), _count(match["d"])
        if 0 < some < of:
            yield Fraction(some, of)


def _digits(text: str) -> Iterator[Fraction]:
    for sign, written in _SIGNS.items():
        text = text.replace(sign, f" {written} ")
    for match in _WRITTEN.finditer(text):
        if 0 < int(match["n"]) < int(match["d"]):
            yield Fraction(int(match["n"]), int(match["d"]))


def _count(word: str) -> int:
    found = table("en").cardinals.get(word)
    return int(word) if word.isdigit() else int(found[0]) if found else int(word in ("a", "an"))


@dataclass(frozen=True)
class _Words:
    """How a language says fractions."""

    patterns: tuple[re.Pattern[str], ...]
    counts: dict[str, int]

    def find(self, text: str) -> Iterator[Share]:
        places: dict[int, set[Fraction]] = {}
        for pattern in self.patterns:
            for match in pattern.finditer(text):
                places.setdefault(match.end(), set()).update(self._worth(match))
        yield from (frozenset(worth) for worth in places.values() if worth)

    def _worth(self, match: re.Match[str]) -> Iterator[Fraction]:
        group = match.lastgroup or ""
        if group.startswith("whole"):
            yield Fraction(int(group[5:6]), int(group[7:]))
            return
        count = self._number(match["n"]) or 1
        part = self._number(match["d"]) if "d" in match.re.groupindex else int(group[1:])
        if count < part:
            yield Fraction(count, part)

    def _number(self, word: str | None) -> int:
        if not word:
            return 0
        return int(word) if word.isdigit() else self.counts.get(word, 0)


@cache
def _words(tag: str) -> _Words:
    entry = _data().get(tag, {})
    counts = {
        word: int(values[0])
        for word, values in table(tag).cardinals.words.items()
        if 0 < values[0] <= _MOST_PARTS and values[0] % 1 == 0
    } | _data()["counts"].get(tag, {})
    numeral = "|".join(sorted(map(re.escape, counts), key=len, reverse=True)) or "(?!)"
    patterns = [
        *_parts(entry.get("part", {}), rf"(?:(?<!\w)(?P<n>{numeral}) ?)?"),
        *_parts(entry.get("ordinal", {}), rf"(?<!\w)(?P<n>{numeral}) "),
        *([entry["ratio"]] if "ratio" in entry else []),
        *(
            f"(?P<whole{value.replace('/', '_')}>{words})"
            for value, words in entry.get("whole", {}).items()
        ),
    ]
    return _Words(tuple(re.compile(_spaced(one)) for one in patterns), counts)


def _parts(listed: dict[str, str], numeral: str) -> list[str]:
    if not listed:
        return []
    either = "|".join(f"(?P<d{value}>{words})" for value, words in listed.items())
    # Persian and Hebrew write "the" and "of" before a word.
    return [rf"(?<![a-zà-ỹа-яёіїєґα-ώ]){numeral}(?:{either})"]


def _spaced(pattern: str) -> str:
    return pattern.replace(" ", "[\\s\u200c-]")


@cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("shares.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

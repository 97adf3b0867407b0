"""Halves and quarters that join another number: half a million, deux heures et demie, 两个半小时."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from .digits import product, total
from .number import Number
from .tables import Table, Values, table

_HALF: Final = Decimal("0.5")
_ONE: Final = Decimal(1)
_TEN: Final = Decimal(10)
_THOUSAND: Final = Decimal(1000)
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c])*")
_GAP: Final = re.compile("[ \xa0-]?['’]?")
# What is counted may stand before its half: deux heures et demie, три часа с половиной.
_COUNTED: Final = re.compile(r"['’]?[ \xa0-]?(?:[^\W\d_]+[ \xa0-]){0,2}")
_WORD_BEFORE: Final = re.compile(r"([^\W\d_]+)[ \xa0]$")
_AFTER_DIGITS: Final = "(?<=[0-9]) 1/2 "  # 2½
_NO_LETTER_BEFORE: Final = r"(?<![^\W_])"
_NO_LETTER_AFTER: Final = r"(?![^\W_])"
_MAX_LINKS: Final = 2
_MAX_GAP: Final = 60
_MAX_HALVED: Final = Decimal(10) ** 15


def join(text: str, found: Sequence[Number], language: str) -> tuple[Number, ...]:
    """The numbers of a text, with a half that stands apart as part of the number it belongs to.

    Args:
        text: as `digits.western` has made it.
        found: what was read in it without looking at halves.
        language: its primary subtag.
    """
    known, patterns = table(language), _patterns(language)
    whole = sorted(filter(_is_whole, found), key=lambda n: (n.end, not n.loose))
    ends = [number.end for number in whole]
    starts = {number.start: number for number in reversed(whole)}
    joined: list[Number] = []
    taken = bytearray(len(text))

    def take(number: Number | None) -> None:
        if number is not None and not any(taken[number.start : number.end]):
            joined.append(number)
            taken[number.start : number.end] = b"\1" * (number.end - number.start)

    def before(match: re.Match[str]) -> Number | None:
        at = bisect_right(ends, match.start())
        # Vietnamese năm is five, and a year behind another number: hai năm rưỡi.
        if at > 1 and known.counted_too and whole[at - 1].text.lower() in known.counted_too:
            at -= whole[at - 2].end + 1 == whole[at - 1].start
        return whole[at - 1] if at else None

    for match in patterns.and_half.finditer(text):
        take(_with_half(text, match, before(match), known) or _one_and_a_half(text, match, known))
    for match in patterns.half_behind.finditer(text):
        take(_with_half(text, match, before(match), known, apart=False))
    for match in patterns.half_before.finditer(text):
        if (behind := starts.get(match.end())) is not None:
            more = _plus_half(text, behind, behind.end, known)
            take(replace(more, text=text[match.start() : more.end], start=match.start()))
    for match in patterns.fraction.finditer(text):
        take(_of_magnitude(text, match, known))
    if not joined:
        return tuple(found)
    return (*(n for n in found if not all(taken[n.start : n.end])), *joined)


@dataclass(frozen=True)
class _Patterns:
    and_half: re.Pattern[str]
    half_behind: re.Pattern[str]
    half_before: re.Pattern[str]
    fraction: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    known = table(language)
    fractions = sorted({**known.fractions.words, **known.fractions.stems}, key=len, reverse=True)
    start = "" if known.unspaced else _NO_LETTER_BEFORE
    phrase = str if known.unspaced else _phrase
    return _Patterns(
        and_half=_either([_AFTER_DIGITS, *map(phrase, known.and_half)]),
        half_behind=_either(map(phrase, known.half_behind)),
        half_before=_either(f"{phrase(word)}[ \xa0]" for word in known.half_before),
        fraction=_either(start + re.escape(word) for word in fractions),
    )


def _either(patterns: Iterator[str] | Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)


def _phrase(phrase: str) -> str:
    stem = phrase.removesuffix("*")
    pattern = r"[ \xa0-]".join(re.escape(word) for word in stem.split(" "))
    return _NO_LETTER_BEFORE + pattern + (r"[^\W\d_]*" if stem != phrase else _NO_LETTER_AFTER)


def _with_half(
    text: str, match: re.Match[str], before: Number | None, known: Table, *, apart: bool = True
) -> Number | None:
    """The number that a half is added to, if it stands there.

    Args:
        before: the nearest number before the half.
        apart: what is counted may stand between.
    """
    if before is None or match.start() - before.end > _MAX_GAP:
        return None
    gap = text[before.end : match.start()]
    if gap and (known.unspaced or not (_COUNTED if apart else _GAP).fullmatch(gap)):
        return None
    counted = _WORD.findall(gap.lower())
    return _plus_half(text, before, match.end(), known, counted=counted[-1] if counted else "")


def _is_whole(number: Number) -> bool:
    return (
        number.form in ("digits", "word")
        and bool(number.values)
        and 0 < number.values[0] < _MAX_HALVED
        and number.values[0] % 1 == 0
    )


def _one_and_a_half(text: str, match: re.Match[str], known: Table) -> Number | None:
    """The one of which nothing is counted (час и половина, ساعة ونصف), or the two of a dual."""
    counted = _WORD_BEFORE.search(text, max(0, match.start() - _MAX_GAP), match.start())
    if known.unspaced or counted is None or _magnitude(text, match.end(), known):
        return None
    two = bool(known.dual) and counted[1].endswith(known.dual)
    value = Decimal(2) if two else _ONE
    half = total(value, _HALF)
    return Number(
        text=text[counted.start() : match.end()],
        start=counted.start(),
        end=match.end(),
        form="word",
        values=(half, *(product(half, one) for one in known.units.get(counted[1].lower()))),
        parts=(value, _HALF),
        exact=False,
        loose=True,
    )


def _plus_half(text: str, number: Number, end: int, known: Table, *, counted: str = "") -> Number:
    """Two and a half, with a magnitude before the half (millones y medio) or behind it.

    Args:
        counted: what stands between the number and its half.
    """
    first = number.values[0]
    unit = _ONE
    words = [] if known.unspaced or counted else _WORD.findall(number.text.lower())
    if words and (factors := known.magnitudes.get(words[-1])):
        unit = factors[0]
    elif words and number.loose and first >= _TEN:  # a century and a half
        unit = first
    value = total(first, product(unit, _HALF))
    parts: Values = (first, _HALF)
    behind = _magnitude(text, end, known)
    if behind is not None:
        end, factor = behind
        value, parts = product(value, factor), ()
    return replace(
        number,
        text=text[number.start : end],
        end=end,
        values=(value, *(product(value, one) for one in known.units.get(counted))),
        parts=parts,
        loose=False,
        exact=(value > 2 and not number.loose) if number.form == "word" else number.exact,
        attached=number.form == "digits" and number.attached,
    )


def _magnitude(text: str, end: int, known: Table) -> tuple[int, Decimal] | None:
    """Where the magnitude that stands right here ends, and what it is."""
    if known.unspaced:
        for word in sorted(known.magnitudes.words, key=len, reverse=True):
            if text.startswith(word, end):
                return end + len(word), known.magnitudes.words[word][0]
        return None
    found = _next_word(text, end)
    factors = known.magnitudes.get(found[0].lower()) if found else ()
    return (found.end(), factors[0]) if found and factors else None


def _next_word(text: str, end: int) -> re.Match[str] | None:
    gap = _GAP.match(text, end)
    return _WORD.match(text, gap.end() if gap else end)


def _of_magnitude(text: str, match: re.Match[str], known: Table) -> Number | None:
    """Half a million, un quart de million, half an hour: a fraction of a magnitude or of a unit."""
    word, end = match[0].lower(), match.end()
    if not known.unspaced:
        whole = _WORD.match(text, match.start())
        if whole is None:
            return None
        word, end = whole[0].lower(), whole.end()
    share = known.fractions.get(word)
    behind = _magnitude(text, end, known)
    definite = False
    for _ in range(_MAX_LINKS):  # half of a million, of the dozen
        link = None if known.unspaced else _next_word(text, end)
        if behind is not None or link is None or link[0].lower() not in known.of | known.definite:
            break
        definite = definite or link[0].lower() in known.definite
        end = link.end()
        behind = _magnitude(text, end, known)
    if behind is None and not definite and known.units.words and (unit := _next_word(text, end)):
        smaller = known.units.get(unit[0].lower())
        behind = (unit.end(), smaller[0]) if smaller else None
    if not share or behind is None or behind[1] < _TEN:
        return None
    end, factor = behind
    return Number(
        text=text[match.start() : end],
        start=match.start(),
        end=end,
        form="word",
        values=tuple(product(one, factor) for one in share),
        parts=(*share, factor) if definite else share if factor < _THOUSAND else (),
        exact=factor >= _THOUSAND and not definite,
    )

"""Numbers written with digits, with their magnitude, sign and percent: 44K, −0.5, 130亿, 13 Mrd."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Final

from . import digits, names, unspaced
from .number import Number
from .suffixes import LETTER, SPACED_MAGNITUDE, SUFFIX, SUFFIX_MAGNITUDE
from .tables import Table, Values

_MAX_WORD: Final = 24
_ABBREVIATION: Final = 3  # letters
_IS_LETTER: Final = re.compile(f"[{LETTER}]")
_ARTICLE_OF: Final = re.compile(r"[ \xa0-]?(?:de )?")
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0dff\u064b-\u0652\u200c])*")
_WORD_BEFORE: Final = re.compile(r"(?<![^\W_])([^\W\d_]+)[ \xa0]$")
_CENTURY: Final = Decimal(20)
_TIMES_POWER: Final = re.compile(r"[ \xa0]?[×·⋅][ \xa0]?")

# Between the numbers of a range or list, which share a unit: 5-10%, 3 to 5 million, 10、20和30%.
_TOGETHER: Final = re.compile(r"[^0-9.;:()（）。；：?!？！\ufffc]{1,6}")
_PERCENT_BEFORE: Final = re.compile(r"(?:(?<![0-9])%|百分之)$")
_NO_WHOLE: Final = re.compile(r"[\s(\[=<>~:,/+-]\.(?=[0-9])")  # .95
_TENTHS: Final = re.compile("割|成(?![员員功果分本为為熟就立像长長])")
_MARGIN: Final = re.compile(r"(?<=[0-9])\)(?=[ \xa0-]?[^\W\d_])")
_BELOW_ZERO: Final = re.compile(
    r"[0-9.,]+[ \xa0]?[^0-9.,;:]{0,12}?[ \xa0]([^\W\d_][^0-9.,;:]{0,20})"
)
_ATTACHED: Final = re.compile(r"/|[-‐‑][^\W\d_]")
_ALL_DAY: Final = re.compile(r"24/7|7[x×]24|24[x×]7")  # a set phrase: round the clock


def scan(text: str, known: Table, language: str) -> list[Number]:
    """The numbers written with digits, in order, in text that `digits.western` has made plain."""
    found: list[Number] = []
    at = 0
    for match in digits.pattern(spaces=known.spaces).finditer(text):
        if match.start() < at:
            continue  # the magnitude run of the number before reached over this one
        number = names.read(text, match) or _number(text, match, known, language)
        if number.name == "" and found and _is_power(text, found[-1], match):
            number = _scientific(text, found.pop(), number)
        found.append(number)
        at = number.end
    return _share_units(text, _fractions(text, found))


def _fractions(text: str, found: list[Number]) -> list[Number]:
    """1/3 as one number that has pieces; 06/06/2023 stays three."""
    joined: list[Number] = []
    for number in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and text[before.end : number.start] == "/"
            and before.text.isdigit()
            and number.text.isdigit()
            and number.values[0] != 0
            and text[before.start - 1 : before.start] != "/"
            and text[number.end : number.end + 1] != "/"
        ):
            joined[-1] = replace(
                before,
                text=f"{before.text}/{number.text}",
                end=number.end,
                values=(digits.quotient(before.values[0], number.values[0]),),
                parts=(before.values[0], number.values[0]),
                exact=before.exact and number.exact,
                percent=number.percent,
            )
        else:
            joined.append(number)
    return joined


def _number(text: str, match: re.Match[str], known: Table, language: str) -> Number:
    start, end = match.start("digits"), match.end("digits")
    written = match["digits"]
    if _NO_WHOLE.match(text, max(0, start - 2)):
        written, start = "0." + written, start - 1
    values, parts = digits.read(written, decimal=known.decimal)
    power = match["power"] or match["e"]
    if power is not None:
        return _with_power(match, values, parts, start)
    negative = _sign(text, start, known)
    percent = is_percent(text, start, end, known)
    if known.unspaced and _TENTHS.match(text, end):  # 9割, 9成
        parts, percent = (*parts, *(digits.product(value, Decimal(10)) for value in values)), None
    after_letter = text[start - 1 : start] == "^"
    suffix = SUFFIX.match(text, end, end + _MAX_WORD)
    glued = suffix[0] if suffix else ""
    factor = SUFFIX_MAGNITUDE.get(glued)
    if factor and glued:
        end += len(glued)
        values = tuple(digits.product(value, factor) for value in values)
    elif glued:
        end += len(glued)
        if glued == "s":
            values, parts = _decade(written, values, parts)
    else:
        first, bare = start, values
        if known.magnitude_first:
            values, start = _magnitude_before(text, start, values, known)
        if start == first:
            values, parts, end = _with_magnitude(text, end, values, parts, known, language)
        elif bare != values:
            parts = ()
    return Number(
        text=text[start:end],
        start=start,
        end=end,
        form="digits",
        values=values,
        parts=parts,
        exact=not after_letter and not _ALL_DAY.search(text, max(0, start - 3), end + 3),
        percent=percent,
        negative=negative,
        attached=bool(glued) or bool(_ATTACHED.match(text, end)) or text[start - 1 : start] == "/",
    )


def _decade(written: str, values: Values, parts: Values) -> tuple[Values, Values]:
    """The 1990s are les années 90, the 90s the 1990s, and the 1800s the 19th century."""
    if not written.isdigit() or not written.endswith("0"):
        return values, parts
    if len(written) == 2:
        return (*values, Decimal(1900) + values[0]), (*parts, _CENTURY)
    if len(written) != 4:
        return values, parts
    century = Decimal(int(written[:2]) + 1)
    if written.endswith("00"):
        return (*values, century), parts
    return (*values, Decimal(written[2:])), (*parts, Decimal(written[2:]), century)


def _magnitude_before(text: str, start: int, values: Values, known: Table) -> tuple[Values, int]:
    """The values with the magnitude words before the number: bilioni 13."""
    while before := _WORD_BEFORE.search(text, max(0, start - _MAX_WORD), start):
        factors = known.magnitudes.get(before[1].lower())
        if not factors:
            break
        values = tuple(digits.product(value, factors[0]) for value in values)
        start = before.start()
    return values, start


def _with_power(match: re.Match[str], values: Values, parts: Values, start: int) -> Number:
    """10^6 and 1e-5."""
    if match["power"] is not None:
        exponent = match["power"]
        worth = [digits.power(value, exponent) for value in values]
    else:
        exponent = match["e"]
        ten = digits.power(Decimal(10), exponent)
        worth = [digits.product(value, ten) for value in values if ten is not None]
    pieces = (*values, *parts, abs(Decimal(exponent)))
    known = tuple(value for value in worth if value is not None)
    return Number(match[0], start, match.end(), "digits", known, pieces)


def _is_power(text: str, before: Number, match: re.Match[str]) -> bool:
    return (
        match["power"] is not None
        and before.form == "digits"
        and bool(_TIMES_POWER.fullmatch(text, before.end, match.start()))
    )


def _scientific(text: str, factor: Number, power: Number) -> Number:
    """3.5×10⁵ as one number."""
    return replace(
        factor,
        text=text[factor.start : power.end],
        end=power.end,
        values=tuple(
            digits.product(left, right) for left in factor.values for right in power.values
        ),
        parts=(*factor.values, *factor.parts, *power.values, *power.parts),
    )


def _with_magnitude(
    text: str, end: int, values: Values, parts: Values, known: Table, language: str
) -> tuple[Values, Values, int]:
    """The values with the magnitude words behind the number: 13 billion, 13 mil millones, 1.3亿."""
    if _MARGIN.match(text, end):  # (6.5 ± 0.7) billion
        larger, _, stop = _with_magnitude(text, end + 1, values, (), known, language)
        if stop > end + 1:
            return (*larger, *values), parts, stop
    spaced = SPACED_MAGNITUDE.match(text, end)
    if spaced:
        factor = SUFFIX_MAGNITUDE[spaced[1]]
        larger = tuple(digits.product(value, factor) for value in values)
        return (*larger, *values), parts, spaced.end()
    if known.unspaced:
        stop = end
        worth = []
        for value in values:
            amount, stop = unspaced.magnitude(text, end, value, language)
            worth.append(amount)
        return tuple(worth), parts if stop == end else (), stop
    while True:
        gap = _ARTICLE_OF.match(text, end)
        word = _WORD.match(text, gap.end() if gap else end)
        factors = known.magnitudes.get(word[0].lower()) if word else ()
        if not word or not factors or word.end() - end > _MAX_WORD:
            return values, parts, end
        values = tuple(digits.product(value, factors[0]) for value in values)
        parts, end = (), word.end()


def _sign(text: str, start: int, known: Table) -> bool | None:
    """Whether a number is negative; None when its hyphen may be a dash or belong to a range."""
    before = text[max(0, start - 14) : start]
    if before.endswith("-"):
        rest = before[:-1]
        if rest.endswith("+/"):
            return False
        if rest[-1:].isdigit() or rest[-1:] in ("%", ")", "]", ".", "-", "–"):
            return False
        if not rest or rest[-1] in "([{=:,，、（「“\"'/±<>~≈":
            return True
        if rest[-1] in " \xa0":
            return None if rest.rstrip(" \xa0")[-1:] in tuple("0123456789%") else True
        return False if _IS_LETTER.match(rest[-1]) else None
    if before.endswith("–"):
        return None if before[:-1][-1:] in ("", " ", "(", "[") else False
    words_before = before.rstrip(" \xa0").lower()
    # "moins 5" is minus five and "au moins 5" at least five: a word says no more than perhaps.
    if known.minus and words_before.endswith(known.minus):
        return None
    behind = _BELOW_ZERO.match(text, start) if known.below_zero else None
    return None if behind and behind[1].lower().startswith(known.below_zero) else False


def is_percent(text: str, start: int, end: int, known: Table) -> bool | None:
    """Whether the number there is one of percent; None where the word may mean points as well."""
    after = text[end : end + 32].lstrip(" \xa0-")
    if after.startswith("%") or _PERCENT_BEFORE.search(text, max(0, start - 5), start):
        return True
    if known.percent_before:
        before = text[max(0, start - 24) : start].rstrip(" \xa0").lower()
        if before.endswith(known.percent_before):
            return True
    words = _percent_words(known.percent)
    if not known.percent or not words.match(after.lower()):
        return False
    return None if "point" in after else True  # points of percentage are often just points


@cache
def _percent_words(listed: tuple[str, ...]) -> re.Pattern[str]:
    """The words, of which short ones end there: pp, but not ppm."""
    return re.compile(
        "|".join(
            re.escape(word.lower())
            + (r"(?![^\W_])" if word.isascii() and len(word) <= _ABBREVIATION else "")
            for word in listed
        )
    )


def _share_units(text: str, found: list[Number]) -> list[Number]:
    """Lets the numbers of a range or list have their neighbour's percent sign or magnitude too."""
    for index in range(len(found) - 2, -1, -1):
        number, after = found[index], found[index + 1]
        if number.form == "name" or not _TOGETHER.fullmatch(text, number.end, after.start):
            continue
        if after.percent is not False and number.percent is False:
            found[index] = number = replace(number, percent=None)
        elif number.percent and after.percent is False:
            found[index + 1] = replace(after, percent=None)
        factor = _factor(after)
        if factor is not None and _factor(number) is None:
            shared = tuple(digits.product(value, factor) for value in number.values)
            found[index] = replace(number, values=(*number.values, *shared))
    return found


def _factor(number: Number) -> Decimal | None:
    """The magnitude in a number such as 130亿 or 5 million."""
    if number.text[-1:].isdigit() or not number.values:
        return None
    leading = re.match("[0-9.,]*[0-9]", number.text)
    if not leading:
        return None
    bare, _ = digits.read(leading[0], decimal=".")
    if not bare or not bare[0] or bare[0] == number.values[0]:
        return None
    ratio = number.values[0] / bare[0]
    return ratio if ratio >= 10 else None

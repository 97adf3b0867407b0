"""Numbers written with digits: native digits, separators, exponents."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import cache
from typing import Final

# Zeros of the scripts whose digits our languages use (Unicode category Nd), and fullwidth forms.
_ZEROS: Final = (
    *(0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66),
    *(0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0x2080, 0xFF10),
    *(0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6),
)
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_SAME: Final = {
    **{zero + digit: str(digit) for zero in _ZEROS for digit in range(10)},
    **{0x2460 + n: f" {n + 1} " for n in range(20)},  # ① … ⑳
    **{0xFF21 + n: chr(0x41 + n) for n in range(26)},
    **{0xFF41 + n: chr(0x61 + n) for n in range(26)},
    **dict.fromkeys((0x2010, 0x2011, 0x2212, 0xFE63, 0xFF0D), "-"),
    **dict.fromkeys((0x066A, 0xFE6A, 0xFF05), "%"),
    **dict.fromkeys((0xA0, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F), "\xa0"),
    **dict.fromkeys((0x200B, 0x200E, 0x200F, 0x2060, 0x061C, 0xAD), ""),  # invisible
    **{0x2160 + n: roman for n, roman in enumerate(_ROMAN)},
    0xFF0E: ".",
    0xFF0B: "+",
    0xFF0F: "/",
    0xFF1D: "=",
    0x066B: "٫",
    0xBD: " 1/2 ",
    0xBC: " 1/4 ",
    0xBE: " 3/4 ",
    0x2153: " 1/3 ",
    0x2154: " 2/3 ",
}
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SUPERSCRIPT: Final = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_BY: Final = re.compile(r"(?<=[0-9])[ \xa0]?[x×X*✕][ \xa0]?(?=[0-9])")

_DIGITS: Final = r"[0-9]+(?:[.,٫٬][0-9]+|['’\xa0][0-9]{3}(?![0-9]))*"
_SPACED: Final = r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3}(?![0-9]))+(?:[.,][0-9]+)?"
_EXPONENT: Final = (
    r"(?:\^ ?\{?(?P<power>[+-]?[0-9]{1,6})\}?|[eE](?P<e>[+-]?[0-9]{1,3})(?![0-9A-Za-z]))?"
)

# 60 digits are more than any text means; nothing traps, so that no text makes us raise.
_CONTEXT: Final = Context(prec=60, traps=[])
_GREATEST_POWER: Final = 400


def western(text: str) -> str:
    """The text with Western digits and plain signs; exponents become `^6`, products `3×10`."""
    text = text.translate(_SAME)
    text = _SUPERSCRIPT.sub(lambda match: "^" + match[0].translate(_SUPERSCRIPTS), text)
    return _BY.sub("×", text)


@cache
def pattern(*, spaces: bool) -> re.Pattern[str]:
    """One number in digits, with its exponent."""
    digits = f"{_SPACED}|{_DIGITS}" if spaces else _DIGITS
    return re.compile(f"(?P<digits>{digits}){_EXPONENT}", re.ASCII)


def read(digits: str, *, decimal: str) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """What a run of digits and separators may be worth: as a whole, and piece by piece.

    Args:
        decimal: the marks that may stand before a fraction in this language.

    Returns:
        The values of the whole (several when `1.234` is ambiguous, none for `1.2.3`), and the
        pieces that a list such as `12,13` or `12 500` would hold.
    """
    if digits.isdigit():
        return (Decimal(digits),), ()
    pieces = tuple(Decimal(piece) for piece in re.findall("[0-9]+", digits))
    plain = re.sub("[ '’\xa0٬]", "", digits).replace("٫", ".")
    if plain.isdigit():
        return (Decimal(plain),), pieces
    if "٫" in digits:
        decimal = "."
    marks = [char for char in plain if char in ".,"]
    if len(set(marks)) == 2:
        return _both_marks(plain, marks[-1]), ()
    mark = marks[0]
    groups = plain.split(mark)
    grouped = _are_groups(groups)
    if len(groups) > 2:
        return ((Decimal("".join(groups)),) if grouped else ()), pieces
    values = []
    if mark in decimal or not grouped:
        values.append(Decimal(".".join(groups)))
    if grouped and mark != decimal:
        values.append(Decimal("".join(groups)))
    return tuple(values), () if mark == "." or groups[0] == "0" else pieces


def _both_marks(plain: str, last: str) -> tuple[Decimal, ...]:
    """1,234.5 or 1.234,5: the last mark is the decimal one."""
    if plain.count(last) > 1:
        return ()
    whole, _, fraction = plain.rpartition(last)
    return (Decimal(re.sub("[.,]", "", whole) + "." + fraction),)


def _are_groups(groups: list[str]) -> bool:
    """1,234,567, and as India writes it 12,34,567."""
    first, *middle, last = groups
    return (
        1 <= len(first) <= 3
        and not first.startswith("0")
        and len(last) == 3
        and all(len(group) in (2, 3) for group in middle)
    )


def power(base: Decimal, exponent: str) -> Decimal | None:
    """base^exponent, or nothing when it is too large to mean a quantity."""
    if abs(int(exponent)) > _GREATEST_POWER or len(base.as_tuple().digits) > _CONTEXT.prec:
        return None
    result = _CONTEXT.power(base, int(exponent))
    return result if result.is_finite() else None


def product(left: Decimal, right: Decimal) -> Decimal:
    """left × right without rounding what a text can mean."""
    return _CONTEXT.multiply(left, right)


def total(left: Decimal, right: Decimal) -> Decimal:
    """left + right, likewise."""
    return _CONTEXT.add(left, right)


def quotient(left: Decimal, right: Decimal) -> Decimal:
    """left / right, the same for the same fraction; right is not 0."""
    return _CONTEXT.divide(left, right)

"""Adds up the pieces of a numeral: two · hundred · fifty, 1.3 · 亿, 3 · 千 · 万."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .digits import product, total

_THOUSAND: Final = Decimal(1000)
_HUNDRED: Final = Decimal(100)
_TENS: Final = frozenset(map(Decimal, range(10, 100, 10)))


@dataclass(frozen=True, slots=True)
class Piece:
    """A cardinal, or a magnitude that multiplies what stands before it."""

    value: Decimal
    magnitude: bool = False


def compose(pieces: Sequence[Piece], *, largest_within: Decimal = _THOUSAND) -> Decimal:
    """The worth of a numeral's pieces in their order.

    Args:
        largest_within: magnitudes from this one on end a group (1000, or 万 in East Asia);
            smaller ones multiply inside it.
    """
    whole = group = Decimal(0)
    unit: Decimal | None = None
    for piece in pieces:
        if not piece.magnitude:
            group = total(group, unit) if unit is not None else group
            unit = piece.value
        elif piece.value < largest_within:
            factor = unit if unit is not None else Decimal(1)
            group, unit = total(group, product(factor, piece.value)), None
        else:
            group, unit = total(group, unit) if unit is not None else group, None
            if group:
                whole, group = total(whole, product(group, piece.value)), Decimal(0)
            else:  # 13 mil millones, 1万亿, a million
                whole = product(whole or Decimal(1), piece.value)
    return total(whole, total(group, unit) if unit is not None else group)


def compose_magnitude_first(pieces: Sequence[Piece]) -> tuple[Decimal, ...]:
    """The same where magnitudes stand first (Swahili): mia tatu na hamsini is 100 · 3 + 50.

    Elfu kumi na mbili may be 1000 · 12 and 1000 · 10 + 2: both are what it is worth.
    """
    worth = other = Decimal(0)
    magnitude: Decimal | None = None
    factor = Decimal(0)
    for piece in [*pieces, Piece(Decimal(1), magnitude=True)]:
        if piece.magnitude:
            if magnitude is not None:
                amount = product(magnitude, factor or Decimal(1))
                worth, other = total(worth, amount), total(other, amount)
            magnitude, factor = piece.value, Decimal(0)
        elif magnitude is None or (magnitude == _HUNDRED and piece.value > 9) or 0 < factor < 10:
            worth, other = total(worth, piece.value), total(other, piece.value)
        elif factor:  # elfu kumi · na mbili
            worth = total(worth, product(magnitude, piece.value))
            other = total(other, piece.value)
        else:
            factor = piece.value
    return (worth,) if worth == other else (worth, other)


def may_follow(
    before: Sequence[Piece],
    piece: Piece,
    *,
    joined: bool = False,
    unit_first: bool = False,
    magnitude_first: bool = False,
) -> bool:
    """Whether a word numeral goes on with the piece: hundred after two, five after twenty.

    Args:
        joined: a word such as "and" stands before the piece.
        unit_first, magnitude_first: what the language's table says.
    """
    if piece.magnitude:
        return True
    last = before[-1]
    if last.magnitude:
        return piece.value < last.value
    if magnitude_first and joined:
        return piece.value < last.value or any(
            p.magnitude and piece.value < p.value for p in before
        )
    if unit_first and last.value < 10:
        return piece.value in _TENS and not (joined and piece.value == 10)
    lowest = 20 if joined else 10  # on üç, mười ba
    return piece.value < 10 and lowest <= last.value <= 90 and last.value in _TENS

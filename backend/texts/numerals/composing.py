"""Adds up the pieces of a numeral: two · hundred · fifty, 1.3 · 亿, 3 · 千 · 万."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .digits import product, total

_THOUSAND: Final = Decimal(1000)
_HUNDRED: Final = Decimal(100)


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


def may_follow(before: Sequence[Piece], piece: Piece) -> bool:
    """Whether a word numeral goes on with the piece: hundred after two, five after twenty."""
    if piece.magnitude:
        return True
    last = before[-1]
    if last.magnitude:
        return piece.value < last.value
    return piece.value < 10 and 20 <= last.value <= 90 and last.value % 10 == 0

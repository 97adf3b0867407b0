"""One number as a text states it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Form = Literal["digits", "word", "name", "vague", "dual"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and how firmly it is stated.

    Attributes:
        text: as written, for messages.
        start, end: where it stands in the text that was searched.
        form: `digits` (13, 44K, 130亿); `word` (three, 三, dreifach); `name`: the number belongs
            to an identifier (GPT-4); `vague`: an order of magnitude (millions of); `dual`: a noun
            whose ending may say two of it (مرحلتين).
        values: what it may be worth as a whole; absolute, see `negative`.
        parts: what its pieces are worth (3.5, 10 and 5 in 3.5×10⁵; 12 and 13 in `12,13`).
        exact: a faithful translation has to state it.
        percent: True, False, or None when a neighbour's % may belong to it too (5-10%).
        negative: True, False, or None when its hyphen may be a dash.
        attached: something is joined to the digits (2x, 1-shot, 1/3): words may say it without
            a cardinal.
        loose: the word says other things too (double, first, 对), or is part of one (이, 一).
        name: the identifier without punctuation, in lower case (`gpt4`), else "".
    """

    text: str
    start: int
    end: int
    form: Form
    values: tuple[Decimal, ...]
    parts: tuple[Decimal, ...] = ()
    exact: bool = True
    percent: bool | None = False
    negative: bool | None = False
    attached: bool = False
    loose: bool = False
    name: str = ""

    def may_be(self, value: Decimal) -> bool:
        """Whether the number, as a whole or in one of its pieces, may mean the value."""
        return value in self.values or value in self.parts

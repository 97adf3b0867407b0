"""The numbers of a translation, to be accounted for one by one."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from ..texts import numbers
from ..texts.numbers import Number

_SECOND: Final = Decimal(2)
_SHARES: Final = frozenset(map(Decimal, (25, 50, 75)))  # percent that are halves and quarters
_MAX_ENDING: Final = 4  # letters that inflection adds to a name


@dataclass(slots=True, eq=False)
class Slot:
    """A number of the translation, and what of it the source has accounted for."""

    number: Number
    parts: list[Decimal] = field(default_factory=list)
    used: bool = False

    def take_part(self, value: Decimal) -> bool:
        if not self.used and value in self.parts:
            self.parts.remove(value)
            return True
        return False

    @property
    def untouched(self) -> bool:
        return not self.used and len(self.parts) == len(self.number.parts)


class Index:
    """The slots of some numbers by what they may be worth, so that none is looked at twice."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        self._by_value: dict[Decimal, deque[Slot]] = {}
        self._by_part: dict[Decimal, deque[Slot]] = {}
        for slot in slots:
            for value in dict.fromkeys(slot.number.values):
                self._by_value.setdefault(value, deque()).append(slot)
            for part in dict.fromkeys(slot.number.parts):
                self._by_part.setdefault(part, deque()).append(slot)

    def free(self, values: Iterable[Decimal]) -> Iterator[Slot]:
        """The slots of these values that are not used yet."""
        for value in values:
            waiting = self._by_value.get(value, deque())
            while waiting and waiting[0].used:
                waiting.popleft()
            for slot in waiting:
                if not slot.used:
                    yield slot

    def take_part(self, value: Decimal) -> bool:
        """Whether a piece of some number is worth this; it is then used."""
        waiting = self._by_part.get(value, deque())
        while waiting:
            if waiting[0].take_part(value):
                return True
            waiting.popleft()
        return False


def is_ordinal(word: Number) -> bool:
    """third, triple, second: words that stay numbers in any language, unlike both, pair, first."""
    return word.values[0] > _SECOND or word.text.lower() == "second"


def lacks_two(stated: Iterable[Number], said: Iterable[Number]) -> bool:
    """Whether the source has a "two" that no number of the translation may mean, nor a dual."""
    there = any(n.form == "word" and not n.loose and n.values == (_SECOND,) for n in stated)
    return there and not any(n.form == "dual" or n.may_be(_SECOND) for n in said)


def counted(words: Iterable[Number]) -> Counter[Decimal]:
    """How many of the words may stand for each value."""
    return Counter(value for n in words for value in dict.fromkeys((*n.values, *n.parts)))


def percents(words: Iterable[Number], translation: str, *, language: str) -> Iterator[Number]:
    """The words that say percent, or a half or quarter; "une quarantaine" is forty things."""
    plain = numbers.plain(translation)
    for word in words:
        share = word.loose and not _SHARES.isdisjoint(word.values)
        if share or numbers.is_percent(plain, word, language=language):
            yield word


def uninflected(name: str) -> Iterator[str]:
    """A name, and what it may be without an ending: GPT-4s is GPT-4."""
    yield name
    for length in range(1, _MAX_ENDING + 1):
        if len(name) <= length or not name[-length].isalpha():
            return
        yield name[:-length]


def stem(name: Number) -> str:
    """GPT of GPT-4: a second number after it is another version."""
    return re.sub("[0-9.]+.*", "", name.name)

"""Are the numbers of the source in the translation, and no others?

Strict for digits: each number in digits has to reappear, as often as it stands, by value or by the
same digits, with its sign and percent. Tolerant for words: cardinals from three on have to be there
in languages whose numeral words we know; "one of the", "both", "half", "dozens" may go their ways.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Final

from ..texts import numbers
from ..texts.numbers import Number
from ..texts.numerals import ratios, roman
from . import equivalents
from .issues import Issue
from .number_slots import Index, Slot, counted, is_ordinal, lacks_two, percents, stem, uninflected

_MAX_QUOTE: Final = 24
_MAX_ISSUES: Final = 6
_MAX_PARTS: Final = 12
_TWO: Final = Decimal(2)
_NO_MATTER: Final = Decimal(1)  # comes and goes with articles
_ORDERS_OF_MAGNITUDE: Final = tuple(Decimal(10) ** power for power in range(1, 7))
_PERCENT: Final = re.compile("%|percent|per cent|point", re.IGNORECASE)
_GROUPED: Final = re.compile("[0-9]{1,3}(?:,[0-9]{3})+")
# Names that are words with a number: a translation may say 第一 or "erste" for Top-1.
_NUMBERED: Final = re.compile(
    "(?:top|type|stage|level|phase|step|class|layer|version|v|part|figure|fig|table|section|mid|pre"
    "|post|q|tier|track|task|week|day|year|grade|rank|round|order|degree)[0-9]"
)


def compare(source: str, translation: str, *, language: str) -> list[Issue]:
    """The numbers that are missing, added or changed in a translation from English.

    Args:
        language: BCP 47 tag of the translation's language.
    """
    comparison = _Comparison(source, translation, language)
    details = dict.fromkeys(comparison.faults())
    return [Issue("number", detail) for detail in [*details][:_MAX_ISSUES]]


class _Comparison:
    def __init__(self, source: str, translation: str, language: str) -> None:
        stated = ratios.eased(source, numbers.find(source, language="en"))
        self._source = equivalents.eased(source, translation, stated, language=language)
        slots = [
            Slot(number, [*number.parts]) for number in numbers.find(translation, language=language)
        ]
        self._digits = [slot for slot in slots if slot.number.form == "digits"]
        self._by_worth = Index(self._digits)
        self._by_text: dict[str, list[Slot]] = {}
        for slot in self._digits:
            self._by_text.setdefault(slot.number.text, []).append(slot)
        self._names = [slot for slot in slots if slot.number.form == "name"]
        self._names_by_worth = Index(self._names)
        self._by_name: dict[str, list[Slot]] = {}
        for slot in self._names:
            for name in uninflected(slot.number.name):
                self._by_name.setdefault(name, []).append(slot)
        self._words = [slot.number for slot in slots if slot.number.form == "word"]
        self._roman = roman.RomanNumerals(source, translation)
        self._duals = sum(slot.number.form == "dual" for slot in slots)
        self._vague = [slot.number for slot in slots if slot.number.form == "vague"]
        self._words_said = counted(self._words)
        self._cardinals_said = counted(n for n in self._words if not n.loose)
        self._numerals_stated = counted(
            n for n in self._source if n.form == "word" and (not n.loose or is_ordinal(n))
        )
        self._in_words = {*self._words_said}
        self._in_cardinals = {*self._cardinals_said}
        self._unspaced = numbers.parts_no_words(language)
        self._stated = {value for n in self._source for value in (*n.values, *n.parts)}
        self._stated_in_words = {
            value for n in self._source if n.form == "word" for value in (*n.values, *n.parts)
        }
        if "of magnitude" in source:
            self._stated.update(_ORDERS_OF_MAGNITUDE)
        self._complete = numbers.knows_words(language)
        self._lacks_two = lacks_two(self._source, [slot.number for slot in slots])
        self._translation, self._language = translation, language
        self._has_percent = bool(_PERCENT.search(source))
        self._changed: list[str] = []
        self._found_names: set[str] = set()

    def faults(self) -> Iterator[str]:
        """What is wrong, one sentence each."""
        names = [n for n in self._source if n.form == "name" and not self._has_name(n)]
        figures = [n for n in self._source if n.form == "digits" and n.exact]
        figures = [n for n in figures if not self._takes_as_it_is(n)]
        figures = [n for n in figures if not self._takes_somehow(n)]
        for number in figures:
            if not self._says_otherwise(number):
                yield f"The number {_quoted(number)} is missing."
        for name in names:
            if name.exact and not self._takes_somehow(name) and not self._says_name_in_words(name):
                yield f"The name {_quoted(name)} is missing or changed."
        yield from self._changed
        yield from self._missing_words()
        yield from self._added()
        yield from self._other_orders()

    def _has_name(self, name: Number) -> bool:
        """Whether an identifier is in the translation, inflected or not; every mention counts."""
        found = self._by_name.pop(name.name, None)
        if found is not None:
            self._found_names.add(name.name)
            for slot in found:
                slot.used = True
        return name.name in self._found_names

    def _takes_as_it_is(self, number: Number) -> bool:
        for slot in self._by_worth.free(number.values):
            other = slot.number
            faults = (self._sign_fault(number, other), self._percent_fault(number, other))
            if not any(faults):
                slot.used = True
                return True
        return False

    def _takes_somehow(self, number: Number) -> bool:
        """By value with another sign or unit (a fault), by the same digits, or piece by piece."""
        for slot in self._by_worth.free(number.values):
            slot.used = True
            if number.form == "digits":
                other = slot.number
                faults = (self._sign_fault(number, other), self._percent_fault(number, other))
                self._changed += filter(None, faults)
            return True
        same = self._by_text.get(number.text)
        while same:
            slot = same.pop()
            if not slot.used:
                slot.used = True
                return True
        if any(self._by_worth.take_part(value) for value in number.values):
            return True
        if number.form == "digits":
            for slot in self._names_by_worth.free(number.values):
                slot.used = True
                return True
        return bool(number.parts) and self._takes_parts(number)

    def _takes_parts(self, number: Number) -> bool:
        """12,13 as two numbers, 3.5×10⁵ as three; but 1,000 is no list of two."""
        if len(number.parts) > _MAX_PARTS or _GROUPED.fullmatch(number.text):
            return False
        taken: list[Slot] = []
        for part in number.parts:
            for slot in self._by_worth.free((part,)):
                if slot.untouched and not slot.number.parts and slot not in taken:
                    taken.append(slot)
                    break
            else:
                if part not in self._in_words:
                    return False
        for slot in taken:
            slot.used = True
        return True

    def _says_otherwise(self, number: Number) -> bool:
        """Whether Roman numerals, the dual or words say it."""
        if self._roman.say(number) or self._says_by_ending(number):
            return True
        return self._says_in_words(number) and not self._has_another

    def _says_in_words(self, number: Number) -> bool:
        """Whether words say it; where words are single characters, by a cardinal only."""
        strict = self._unspaced and not number.attached and number.percent is False
        said = self._cardinals_said if strict else self._words_said
        if number.percent is True and not self._unspaced:
            said = self._percents_said
        for value in number.values:
            # What the source itself has in words is what those words are for.
            if said[value] > self._numerals_stated[value]:
                said[value] -= 1
                return True
        return False

    @cached_property
    def _percents_said(self) -> Counter[Decimal]:
        return counted(percents(self._words, self._translation, language=self._language))

    def _says_by_ending(self, number: Number) -> bool:
        """Whether a noun in the dual says the 2; not where another cardinal stands for something."""
        if not self._duals or number.values != (_TWO,) or self._has_another_cardinal:
            return False
        self._duals -= 1
        return True

    @cached_property
    def _has_another_cardinal(self) -> bool:
        """Whether the translation has a cardinal in words for which the source does not account."""
        return any(
            n.values[0] > _TWO and not self._accounts_for(n) for n in self._words if not n.loose
        )

    @cached_property
    def _has_another(self) -> bool:
        """Whether a number in digits is left over that no words of the source account for.

        Then a word is not what became of a missing number: 1-2 was not "eine 2-2".
        """
        parts = {part for n in self._source if n.form == "digits" for part in n.parts}
        return any(
            slot.untouched and (self._stated_in_words | parts).isdisjoint(slot.number.values)
            for slot in self._digits
        )

    def _says_name_in_words(self, name: Number) -> bool:
        return bool(_NUMBERED.match(name.name)) and self._says_in_words(name)

    def _sign_fault(self, number: Number, other: Number) -> str:
        if number.negative is True and other.negative is False:
            return f"The minus sign of {_quoted(number)} is missing."
        if number.negative is False and other.negative is True:
            return f"The number {_quoted(number)} is not negative."
        return ""

    def _percent_fault(self, number: Number, other: Number) -> str:
        if number.percent is True and other.percent is False:
            return f"The percent sign of {_quoted(number)} is missing."
        if number.percent is False and other.percent is True and not self._has_percent:
            return f"The number {_quoted(number)} is no percentage."
        return ""

    def _missing_words(self) -> Iterator[str]:
        """Cardinals from three on that are written out in the source."""
        in_digits = {
            value
            for slot in (*self._digits, *self._names)
            for value in (*slot.number.values, *slot.number.parts)
        }
        for number in self._source:
            stated = number.form == "word" and number.exact
            if not stated or not numbers.knows_word(self._language, number.values[0]):
                continue
            said = any(v in in_digits or v in self._in_words for v in number.values)
            pieces = number.parts and all(
                v in in_digits or v in self._in_words for v in number.parts
            )
            if not said and not pieces:
                yield f"The number “{_quoted(number)}” is missing."

    def _added(self) -> Iterator[str]:
        """Numbers of the translation for which nothing in the source accounts."""
        stems = {stem(number) for number in self._source if number.form == "name"}
        for slot in (*self._digits, *self._names):
            if not slot.untouched:
                continue
            other_name = slot.number.form == "name" and stem(slot.number) in stems
            repeated = self._stated_in_words.isdisjoint(slot.number.values) and any(
                value != _NO_MATTER for value in slot.number.values
            )
            if (
                other_name
                or not self._accounts_for(slot.number)
                or (repeated and self._leaves_unsaid)
            ):
                yield f"The number {_quoted(slot.number)} is not in the source."
        for number in self._words if self._complete or self._lacks_two else ():
            known = numbers.knows_word(self._language, number.values[0])
            if known and number.exact and not self._accounts_for(number):
                yield f"The number “{_quoted(number)}” is not in the source."

    @cached_property
    def _leaves_unsaid(self) -> bool:
        """Whether a cardinal of the source is nowhere in the translation.

        Then a number that is there once too often is what became of it, and no repetition.
        """
        free = [slot.number for slot in self._digits if slot.untouched]
        left = {v for n in free for v in (*n.values, *(n.parts if "/" in n.text else ()))}
        said = left | (self._in_cardinals if self._unspaced else self._in_words)
        return any(
            number.form == "word" and not number.loose and number.values[0] > 1
            for number in self._source
            if said.isdisjoint((*number.values, *number.parts))
        )

    def _accounts_for(self, number: Number) -> bool:
        if "/" in number.text and len(number.parts) == 2:
            return self._accounts_for_fraction(number)
        values = (*number.values, *number.parts)
        if any(value in self._stated for value in values):
            return True
        return number.form != "name" and all(value == _NO_MATTER for value in number.values)

    def _accounts_for_fraction(self, number: Number) -> bool:
        """1/3 for "a third": its parts are words of the source, and it is less than one."""
        numerator, denominator = number.parts
        return numerator < denominator and (
            number.values[0] in self._stated
            or (
                denominator in self._stated_in_words
                and (numerator == 1 or numerator in self._stated_in_words)
            )
        )

    def _other_orders(self) -> Iterator[str]:
        """millions that became billions: a vague number may differ by what languages round to."""
        for order in self._source if self._vague else ():
            size = order.values[0]
            if order.form == "vague" and not any(
                size / 10 <= other.values[0] < size * 1000 for other in self._vague
            ):
                yield f"“{_quoted(order)}” became another order of magnitude."


def _quoted(number: Number) -> str:
    text = number.text.strip()
    return text if len(text) <= _MAX_QUOTE else text[:_MAX_QUOTE] + "…"

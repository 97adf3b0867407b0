"""A language's numeral table, read once from its TOML file.

The files list words by value, because that is how a speaker checks them:

    decimal = ","              the mark before the fraction; ".," where both are in use
    spaces = true              a plain space may part thousands
    and = ["und"]              words that join a numeral's parts ("y", "et"), also inside a word
    percent = ["Prozent"]      words for %, which may have endings
    minus = ["minus"]          words for a negative number's sign
    below_zero = ["unter null"]  words behind a number that say the same
    prefixes = ["ال"]          what is written before a word without a space
    unspaced = true            numeral words stand inside longer runs of letters (Chinese, Thai)
    glued = true               compound numerals are one word (fünfundzwanzig)
    counted = ["dozen"]        loose words that change the number before them
    percent_before = ["yüzde"] words for % that stand before the number
    magnitude_first = true     magnitudes stand before their number (Swahili: bilioni 13)
    unit_first = true          ten and tens stand behind the unit (Arabic: خمسة عشر)
    and_half = ["y media"]     adds a half to the number before it, with what is counted between;
                               a stem with *, in an unspaced language a regular expression
    half_behind = ["buçuk"]    the same right behind the number only
    half_before = ["साढ़े"]      adds a half to the number behind it
    counted_too = ["năm"]      cardinals that are also what is counted
    of = ["de"]                may stand between a fraction and its magnitude (half of a million)
    definite = ["the"]         may too, of a whole that is known (half of the dozen)
    dual = ["تين"]             endings of a noun that say two of it
    complete = true            prose uses no other cardinals: one that is missing is a fault
    complete_to = 10           likewise from three to here; larger ones have forms not listed
    [magnitudes]               multiply the number before them
    [cardinals]                3 = "drei": have to reappear in a translation
    [loose]                    ordinals, multiples, fractions, prefixes: may stand for the number
    [fractions]                "0.5" = "half": before a magnitude (half a million)
    [units]                    60 = "hour": how many smaller ones it has (half an hour: 30 minutes)
    [vague]                    millions, dozens of: an order of magnitude, no number

Words are in lower case. One word may stand under several values.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent

Values = tuple[Decimal, ...]


@dataclass(frozen=True)
class WordList:
    """Words and what they are worth; a stem stands for every word that begins with it."""

    words: Mapping[str, Values] = field(default_factory=dict)
    stems: Mapping[str, Values] = field(default_factory=dict)
    shortest_stem: int = 99
    longest_stem: int = 0

    def get(self, word: str) -> Values:
        """The values of a lower-case word, or nothing."""
        found = self.words.get(word)
        if found is not None:
            return found
        for length in range(min(len(word), self.longest_stem), self.shortest_stem - 1, -1):
            found = self.stems.get(word[:length])
            if found is not None:
                return found
        return ()


@dataclass(frozen=True)
class Table:
    """What `numbers` knows of one language; an empty table still compares digits."""

    decimal: str = ".,"
    spaces: bool = False
    complete: bool = False
    complete_to: int = 0
    joiners: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    percent: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    below_zero: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    unspaced: bool = False
    glued: bool = False
    magnitudes: WordList = WordList()
    cardinals: WordList = WordList()
    loose: WordList = WordList()
    vague: WordList = WordList()
    fractions: WordList = WordList()
    and_half: tuple[str, ...] = ()
    half_behind: tuple[str, ...] = ()
    half_before: tuple[str, ...] = ()
    counted_too: frozenset[str] = frozenset()
    units: WordList = WordList()
    of: frozenset[str] = frozenset()
    definite: frozenset[str] = frozenset()
    percent_before: tuple[str, ...] = ()
    dual: tuple[str, ...] = ()
    magnitude_first: bool = False
    unit_first: bool = False


@cache
def table(language: str) -> Table:
    """The table for a BCP 47 tag's language, or an empty one."""
    return _read(language.split("-")[0].lower())


@cache
def _read(language: str) -> Table:
    if not (language.isascii() and language.isalpha()):
        return Table()
    try:
        entry = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Table()
    return Table(
        decimal=entry.get("decimal", "."),
        spaces=entry.get("spaces", False),
        complete=entry.get("complete", False),
        complete_to=entry.get("complete_to", 0),
        joiners=frozenset(entry.get("and", [])),
        counted=frozenset(entry.get("counted", [])),
        percent=tuple(word.rstrip("*") for word in entry.get("percent", [])),
        minus=tuple(entry.get("minus", [])),
        below_zero=tuple(entry.get("below_zero", [])),
        prefixes=tuple(entry.get("prefixes", [])),
        unspaced=entry.get("unspaced", False),
        glued=entry.get("glued", False),
        magnitudes=_word_list(entry.get("magnitudes", {})),
        cardinals=_word_list(entry.get("cardinals", {})),
        loose=_word_list(entry.get("loose", {})),
        vague=_word_list(entry.get("vague", {})),
        fractions=_word_list(entry.get("fractions", {})),
        and_half=tuple(entry.get("and_half", [])),
        units=_word_list(entry.get("units", {})),
        half_behind=tuple(entry.get("half_behind", [])),
        counted_too=frozenset(entry.get("counted_too", [])),
        half_before=tuple(entry.get("half_before", [])),
        of=frozenset(entry.get("of", [])),
        definite=frozenset(entry.get("definite", [])),
        percent_before=tuple(entry.get("percent_before", [])),
        dual=tuple(entry.get("dual", [])),
        magnitude_first=entry.get("magnitude_first", False),
        unit_first=entry.get("unit_first", False),
    )


def _word_list(entry: Mapping[str, Any]) -> WordList:
    words: dict[str, Values] = {}
    stems: dict[str, Values] = {}
    for value, listed in entry.items():
        for word in listed.split():
            kind, name = (stems, word[:-1]) if word.endswith("*") else (words, word)
            name = name.replace("_", " ")
            kind[name] = (*kind.get(name, ()), Decimal(value))
    lengths = [len(stem) for stem in stems]
    return WordList(words, stems, min(lengths, default=99), max(lengths, default=0))

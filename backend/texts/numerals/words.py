"""Numeral words in languages that part words with spaces: three, veinticinco, fünfundzwanzig."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from .composing import Piece, compose, compose_magnitude_first, may_follow
from .digits import product, total
from .number import Number
from .tables import Table, Values, table

# Letters with the marks that Indic and Semitic scripts put on them; ZWNJ joins Persian words.
_CHAIN: Final = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c]|-(?=[^\W\d_]))*"
)
_NEXT_TO: Final = re.compile(r"[ \xa0-]?")
_OF: Final = re.compile(r"[ \xa0]?(?:of|de|d’|d'|von|di|và)?[ \xa0]?", re.IGNORECASE)
_CASED: Final = frozenset({"May", "V", "X"})  # words that are numbers only with a capital
_ROMAN: Final = re.compile("(x{0,3}(?:ix|iv|v?i{0,3}))(?:e|ème|eme|es)?")
_ROMAN_LETTERS: Final = {"i": 1, "v": 5, "x": 10}
_SHORTEST_BARE: Final = 3
_MAX_COMPOUND: Final = 60
_MAX_HYPHENATED: Final = 4  # quatre-vingt-dix-neuf
_SHORTEST_DUAL: Final = 5
_TWO: Final = Decimal(2)


@dataclass(slots=True)
class _Group:
    """A numeral that is being read, word by word."""

    start: int = 0
    end: int = 0
    pieces: list[Piece] = field(default_factory=list)

    def number(self, text: str, known: Table) -> Number:
        values = (
            compose_magnitude_first(self.pieces)
            if known.magnitude_first
            else (compose(self.pieces),)
        )
        counted = any(not piece.magnitude for piece in self.pieces)
        return Number(
            text=text[self.start : self.end],
            start=self.start,
            end=self.end,
            form="word",
            values=values,
            parts=tuple(piece.value for piece in self.pieces) if len(self.pieces) > 1 else (),
            exact=counted and values[0] > 2,
        )


def scan(text: str, language: str) -> Iterator[Number]:
    """The numeral words of a text in the order they stand."""
    entries = table(language)
    group: _Group | None = None
    waiting = False  # a joiner ("and", "y") stands between the group and the next word
    vague: list[tuple[int, int, _Meaning]] = []
    for start, end, known in _meanings(text, language):
        if group and not waiting and not _NEXT_TO.fullmatch(text, group.end, start):
            yield group.number(text, entries)
            group = None
        if known is None:
            if group:
                yield group.number(text, entries)
                group, waiting = None, False
            continue
        if known.dual:
            if group:
                yield group.number(text, entries)
                group, waiting = None, False
            yield Number(text[start:end], start, end, "dual", (_TWO,), exact=False, loose=True)
            continue
        vague.append((start, end, known))
        if known.pieces:
            if group and may_follow(
                group.pieces,
                known.pieces[0],
                joined=waiting,
                unit_first=entries.unit_first,
                magnitude_first=entries.magnitude_first,
            ):
                group.pieces += known.pieces
                group.end = end
            else:
                if group:
                    yield group.number(text, entries)
                group = _Group(start, end, [*known.pieces])
            waiting = False
            if known.pieces[0].magnitude and known.loose:
                yield _loose(text, start, end, known)
            continue
        if group and known.joins and not waiting:
            waiting = True
            continue
        if group:
            changed = known.changes and known.loose and not waiting
            yield (
                _changed(group.number(text, entries), _loose(text, start, end, known), text)
                if changed
                else group.number(text, entries)
            )
            group, waiting = None, False
        if known.loose:
            yield _loose(text, start, end, known)
    if group:
        yield group.number(text, entries)
    yield from _vague(text, vague)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a word may have to do with a number."""

    pieces: tuple[Piece, ...]
    loose: Values
    vague: Values
    joins: bool
    changes: bool
    dual: bool = False


def _meanings(text: str, language: str) -> Iterator[tuple[int, int, _Meaning | None]]:
    """Each word's place and meaning; a hyphenated word whole when the table has it so."""
    for match in _CHAIN.finditer(text):
        word = _lower(match[0], language)
        start, end = match.span()
        if "-" not in word:
            yield start, end, _meaning(language, match[0] if match[0] in _CASED else word)
            continue
        parts = word.split("-")
        whole = table(language).cardinals.words
        while parts:
            taken = 1
            for count in range(min(len(parts), _MAX_HYPHENATED), 1, -1):
                if "-".join(parts[:count]) in whole:
                    taken = count
                    break
            word = "-".join(parts[:taken])
            yield start, start + len(word), _meaning(language, word)
            start += len(word) + 1
            del parts[:taken]


def _lower(word: str, language: str) -> str:
    if language == "tr":  # İki, Iki
        word = word.replace("İ", "i").replace("I", "ı")
    return word.lower()


_DUAL: Final = _Meaning((), (), (), joins=False, changes=False, dual=True)


@lru_cache(maxsize=32_768)
def _meaning(language: str, word: str) -> _Meaning | None:
    known = table(language)
    if found := _said(word, known):
        return found
    for prefix in known.prefixes:
        # What Arabic and Hebrew write before a word: بمئة, by a hundred.
        bare = word.removeprefix(prefix)
        if len(bare) >= _SHORTEST_BARE and bare != word and (found := _said(bare, known)):
            return found
    if known.dual and len(word) >= _SHORTEST_DUAL and word.endswith(known.dual):
        return _DUAL
    return None


def _said(word: str, known: Table) -> _Meaning | None:
    found = _Meaning(
        pieces=tuple(_pieces(word, known)),
        loose=known.loose.get(word) or _roman(word),
        vague=known.vague.words.get(word, ()),
        joins=word in known.joiners,
        changes=word in known.counted,
    )
    said = found.pieces or found.loose or found.vague or found.joins
    return found if said else None


def _roman(word: str) -> Values:
    """XXI, XXIe: centuries and parts are numbered so. One letter alone is no numeral."""
    match = _ROMAN.fullmatch(word)
    if not match or len(match[1]) < 2:
        return ()
    worth = [_ROMAN_LETTERS[letter] for letter in match[1]]
    after = [*worth[1:], 0]
    return (
        Decimal(sum(-one if one < two else one for one, two in zip(worth, after, strict=True))),
    )


def _pieces(word: str, table: Table) -> list[Piece]:
    """What a word adds to a numeral; nothing when it is no cardinal."""
    if found := table.cardinals.get(word):
        return [Piece(found[0])]
    if found := table.magnitudes.get(word):
        return [Piece(found[0], magnitude=True)]
    if table.glued and 6 <= len(word) <= _MAX_COMPOUND:
        return _compound(word, table)
    return []


def _compound(word: str, table: Table) -> list[Piece]:
    """fünf·und·zwanzig, drei·hundert: the pieces of a glued numeral, or none."""
    pieces: list[Piece] = []
    joined = False
    at = 0
    while at < len(word):
        for length in range(min(len(word) - at, 14), 1, -1):
            part = word[at : at + length]
            if part in table.joiners and pieces and not joined:
                joined = True
                break
            if part in table.cardinals.words:
                piece = Piece(table.cardinals.words[part][0])
            elif part in table.magnitudes.words and pieces:
                piece = Piece(table.magnitudes.words[part][0], magnitude=True)
            else:
                continue
            if joined and pieces and piece.value % 10 == 0 and pieces[-1].value < 10:
                pieces[-1] = Piece(total(pieces[-1].value, piece.value))
            else:
                pieces.append(piece)
            joined = False
            break
        else:
            return []
        at += length
    return pieces if not joined else []


def _loose(text: str, start: int, end: int, known: _Meaning) -> Number:
    return Number(text[start:end], start, end, "word", known.loose, exact=False, loose=True)


def _changed(number: Number, loose: Number, text: str) -> Number:
    """A cardinal before a counted word says something else than its number alone.

    twenty-first is 21, two decades are 20 years, three quarters 75 %: none is demanded.
    """
    value = number.values[0]
    ordinal = value >= 20 and value % 10 == 0
    combined = tuple(
        total(value, other) if ordinal and 0 < other < 10 else product(value, other)
        for other in loose.values
    )
    return replace(
        number,
        text=text[number.start : loose.end],
        end=loose.end,
        parts=(*number.parts, *combined, *loose.values),
        exact=False,
    )


def _vague(text: str, words: list[tuple[int, int, _Meaning]]) -> Iterator[Number]:
    """millions, hundreds of thousands, decenas de miles: orders of magnitude without a count."""
    found: tuple[int, int, Decimal] | None = None
    counted_to = -1  # where a cardinal or magnitude before the word ends
    for start, end, known in words:
        if known.vague:
            if found and _OF.fullmatch(text, found[1], start):
                found = (found[0], end, product(found[2], known.vague[0]))
            elif not _is_counted(text, start, counted_to):
                if found:
                    yield _order(text, found)
                found = (start, end, known.vague[0])
        if known.pieces:
            counted_to = end
    if found:
        yield _order(text, found)


def _is_counted(text: str, start: int, counted_to: int) -> bool:
    """Whether a number stands before the word, so that it is a plain magnitude."""
    if text[max(0, start - 3) : start].rstrip(" \xa0-")[-1:].isdigit():
        return True
    return counted_to >= 0 and bool(_NEXT_TO.fullmatch(text, counted_to, start))


def _order(text: str, found: tuple[int, int, Decimal]) -> Number:
    start, end, value = found
    return Number(text[start:end], start, end, "vague", (value,), exact=False)

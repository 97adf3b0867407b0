"""Numeral words in languages that part words with spaces: three, veinticinco, fünfundzwanzig."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from .composing import Piece, compose, may_follow
from .digits import product, total
from .number import Number
from .tables import Table

# Letters with the marks that Indic and Semitic scripts put on them; ZWNJ joins Persian words.
_CHAIN: Final = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c]|-(?=[^\W\d_]))*"
)
_NEXT_TO: Final = re.compile(r"[ \xa0-]?")
_OF: Final = re.compile(r"[ \xa0]?(?:of|de|d’|d'|von|di|và)?[ \xa0]?", re.IGNORECASE)
_LONGEST_COMPOUND: Final = 60
_MOST_HYPHENATED: Final = 4  # quatre-vingt-dix-neuf


@dataclass(slots=True)
class _Group:
    """A numeral that is being read, word by word."""

    start: int = 0
    end: int = 0
    pieces: list[Piece] = field(default_factory=list)

    def number(self, text: str) -> Number:
        value = compose(self.pieces)
        counted = any(not piece.magnitude for piece in self.pieces)
        return Number(
            text=text[self.start : self.end],
            start=self.start,
            end=self.end,
            form="word",
            values=(value,),
            parts=tuple(piece.value for piece in self.pieces) if len(self.pieces) > 1 else (),
            exact=counted and value > 2,
        )


def scan(text: str, table: Table) -> Iterator[Number]:
    """The numeral words of a text in the order they stand."""
    words = [*_words(text, table)]
    group: _Group | None = None
    waiting = False  # a joiner ("and", "y") stands between the group and the next word
    for start, end, word in words:
        pieces = _pieces(word, table)
        if group and not _NEXT_TO.fullmatch(text, group.end, start) and not waiting:
            yield group.number(text)
            group = None
        if pieces is not None:
            if group and may_follow(group.pieces, pieces[0]):
                group.pieces += pieces
                group.end = end
            else:
                if group:
                    yield group.number(text)
                group = _Group(start, end, list(pieces))
            waiting = False
            if all(piece.magnitude for piece in pieces):
                yield from _loose(text, start, end, word, table)
            continue
        if group and word in table.joiners and not waiting:
            waiting = True
            continue
        loose = [*_loose(text, start, end, word, table)]
        if group:
            changed = loose and word in table.counted and not waiting
            yield _changed(group, loose[0], text) if changed else group.number(text)
            group, waiting = None, False
        yield from loose
    if group:
        yield group.number(text)
    if table.vague.words:
        yield from _vague(text, words, table)


def _words(text: str, table: Table) -> Iterator[tuple[int, int, str]]:
    """Each word with its place, in lower case; a hyphenated one whole when the table has it so."""
    for match in _CHAIN.finditer(text):
        at = match.start()
        parts = match[0].lower().split("-")
        while parts:
            taken = 1
            for count in range(min(len(parts), _MOST_HYPHENATED), 1, -1):
                if "-".join(parts[:count]) in table.cardinals.words:
                    taken = count
                    break
            word = "-".join(parts[:taken])
            yield at, at + len(word), word
            at += len(word) + 1
            del parts[:taken]


def _pieces(word: str, table: Table) -> list[Piece] | None:
    """What a word adds to a numeral, or None when it is no cardinal."""
    if found := table.cardinals.get(word):
        return [Piece(found[0])]
    if found := table.magnitudes.get(word):
        return [Piece(found[0], magnitude=True)]
    if table.glued and 6 <= len(word) <= _LONGEST_COMPOUND:
        return _compound(word, table)
    return None


def _compound(word: str, table: Table) -> list[Piece] | None:
    """fünf·und·zwanzig, drei·hundert: the pieces of a glued numeral, or None."""
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
            return None
        at += length
    return pieces if pieces and not joined else None


def _loose(text: str, start: int, end: int, word: str, table: Table) -> Iterator[Number]:
    values = table.loose.get(word)
    if values:
        yield Number(text[start:end], start, end, "word", values, exact=False)


def _changed(group: _Group, loose: Number, text: str) -> Number:
    """A cardinal before a counted word says something else than its number alone.

    twenty-first is 21, two decades are 20 years, three quarters 75 %: none is demanded.
    """
    number = group.number(text)
    value = number.values[0]
    combined = tuple(
        result for other in loose.values for result in (total(value, other), product(value, other))
    )
    return replace(
        number,
        text=text[number.start : loose.end],
        end=loose.end,
        parts=(*number.parts, *combined),
        exact=False,
    )


def _vague(text: str, words: list[tuple[int, int, str]], table: Table) -> Iterator[Number]:
    """millions, hundreds of thousands, decenas de miles: orders of magnitude without a count."""
    found: tuple[int, int, Decimal] | None = None
    before: tuple[int, str] = (0, "")  # the word before: its end, and itself
    for start, end, word in words:
        worth = table.vague.words.get(word)
        if worth is not None:
            if found and _OF.fullmatch(text, found[1], start):
                found = (found[0], end, product(found[2], worth[0]))
            elif not _is_counted(text, start, before, table):
                if found:
                    yield _order(text, found)
                found = (start, end, worth[0])
        before = (end, word)
    if found:
        yield _order(text, found)


def _is_counted(text: str, start: int, before: tuple[int, str], table: Table) -> bool:
    """Whether a number stands before the word, so that it is a plain magnitude."""
    if text[max(0, start - 3) : start].rstrip(" \xa0-")[-1:].isdigit():
        return True
    end, word = before
    known = table.cardinals.get(word) or table.magnitudes.words.get(word)
    return bool(known) and bool(_NEXT_TO.fullmatch(text, end, start))


def _order(text: str, found: tuple[int, int, Decimal]) -> Number:
    start, end, value = found
    return Number(text[start:end], start, end, "vague", (value,), exact=False)

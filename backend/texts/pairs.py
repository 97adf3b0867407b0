"""Which pairs around words are pairs for the model: not those around nothing, nor emphasis in a word."""

from __future__ import annotations

import re

from .tex.sentinels import closes, opens
from .tex.spans import Kind, Piece


def without_hollow(pieces: list[Piece]) -> list[Piece]:
    """The pieces with the client's pairs as pairs, and hollow ones as one opaque piece each.

    A pair is hollow when there is nothing in it to translate: a link around a formula or an
    address, which another route to the same text gives as the formula or address alone.
    """
    result: list[Piece] = []
    open_at: list[int] = []
    for piece in pieces:
        if piece.kind is Kind.OPEN or opens(piece.source):
            open_at.append(len(result))
            result.append(Piece(Kind.OPEN, piece.source, piece.text, piece.role))
        elif piece.kind is Kind.CLOSE or closes(piece.source):
            start = open_at.pop()
            if _is_hollow(result[start + 1 : start + 5]):
                source = "".join(part.source for part in [*result[start:], piece])
                result[start:] = [Piece(Kind.OPAQUE, source, source, "mark")]
            else:
                result.append(Piece(Kind.CLOSE, piece.source, piece.text, piece.role))
        else:
            result.append(piece)
    return result


_FOOTNOTES_AND_LINKS = frozenset({"footnote", "href"})
_HALVES = frozenset({Kind.OPEN, Kind.CLOSE})


def without_emphasis_in_words(pieces: list[Piece]) -> list[Piece]:
    """The pieces without pairs of emphasis that begin or end inside a word.

    A client's pairs stay: it may have links, and relies on each coming back.
    """
    gone: set[int] = set()
    open_at: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.kind is Kind.OPEN:
            open_at.append(index)
        elif piece.kind is Kind.CLOSE:
            start = open_at.pop()
            if piece.role in _FOOTNOTES_AND_LINKS or closes(piece.source):
                continue
            if _is_in_a_word(pieces, start) or _is_in_a_word(pieces, index):
                gone |= {start, index}
    return [piece for index, piece in enumerate(pieces) if index not in gone]


def _is_in_a_word(pieces: list[Piece], index: int) -> bool:
    """Whether letters touch the half of a pair on both sides."""
    before, behind = index - 1, index + 1
    while before >= 0 and pieces[before].kind in _HALVES:
        before -= 1
    while behind < len(pieces) and pieces[behind].kind in _HALVES:
        behind += 1
    if before < 0 or behind == len(pieces):
        return False
    left, right = pieces[before], pieces[behind]
    return (
        left.kind is right.kind is Kind.PROSE
        and left.text[-1:].isalpha()
        and right.text[:1].isalpha()
    )


# What arXiv's pages put in place of an address.
_STANDS_FOR_ADDRESS = re.compile(r"\s*(?:this (?:https?|ftp) URL)?\s*")


def _is_hollow(inside: list[Piece]) -> bool:
    """Whether the pieces in a pair are at most one opaque one and white space."""
    kinds = [piece.kind for piece in inside]
    if len(inside) > 3 or kinds.count(Kind.OPAQUE) > 1:
        return False
    if Kind.OPEN in kinds or Kind.CLOSE in kinds or Kind.BREAK in kinds:
        return False
    words = "".join(piece.text for piece in inside if piece.kind is Kind.PROSE)
    if Kind.OPAQUE in kinds:
        return not words.strip()
    return _STANDS_FOR_ADDRESS.fullmatch(words) is not None

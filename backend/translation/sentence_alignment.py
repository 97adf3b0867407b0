"""Which sentence of a translation is which of its source, in the form that a client can mark them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..texts import placeholders, sentences
from ..texts.placeholders import Protected
from .records import SentenceAlignment, Translation

_PROBES = (24, 12, 6)
"""How many characters beside the beginning of a sentence are looked for where the source was read as TeX."""


def align(
    text: str, protected: Protected, translation: Translation
) -> tuple[str, SentenceAlignment]:
    """A translation in API form with a mark `<s1/>`, … before each sentence, where it is known to be which.

    Args:
        text: the segment as the client sent it.
    """
    source = offsets(text, protected)
    starts = translation.sentence_starts
    count = len(sentences.starts(protected.text))
    if starts is None and count < 2:
        starts = (0,)  # kept before the marks were, but there is only one
    if starts is not None and len(starts) != max(count, 1):
        starts = None  # kept when the source's sentences were told otherwise
    if starts is None:
        answer = placeholders.restore(protected, translation.text)
    else:
        pieces = _split(translation.text, starts)
        answer = marked([placeholders.restore(protected, piece) for piece in pieces])
    return answer, _alignment(text, source, aligned=starts is not None)


def align_with_itself(text: str, protected: Protected) -> tuple[str, SentenceAlignment]:
    """The same of a text that is its own translation."""
    source = offsets(text, protected)
    answer = text if source is None else marked(_split(text, (0, *source[1:])))
    return answer, _alignment(text, source, aligned=source is not None)


def marked(pieces: Sequence[str]) -> str:
    """Sentences as one text with a mark before each."""
    return "".join(f"<s{number}/>{piece}" for number, piece in enumerate(pieces, 1))


def offsets(text: str, protected: Protected) -> list[int] | None:
    """Where the sentences of a segment begin, in characters of the client's text; None where unknown.

    The protected text has other white space, and other words where TeX was read: the sentences are found
    again by what both have in common.
    """
    pieces = [
        _solid(placeholders.restore(protected, piece)) for piece in sentences.split(protected.text)
    ]
    places = [at for at, character in enumerate(text) if not character.isspace()]
    solid = _solid(text)
    same = solid == "".join(pieces)
    found: list[int] = []
    at = 0
    for before, piece in pairwise(["", *pieces]):
        if not same and found:
            at = _beginning(solid, before, piece, at)
        if not 0 <= at < len(places):
            return None
        found.append(places[at])
        # What was read as TeX is longer as it was written.
        at += len(piece) if same else max(1, len(piece) // 2)
    return found


def _beginning(solid: str, before: str, piece: str, at: int) -> int:
    """Where a sentence begins, at that place or later, by its first characters or the last before it."""
    for size in _PROBES:
        tail = before[len(before) // 2 :][-size:]
        for place in (solid.find(piece[:size], at), solid.find(tail, at)):
            if place >= 0:
                return place if solid.startswith(piece[:size], place) else place + len(tail)
    return -1


def _solid(text: str) -> str:
    return "".join(text.split())


def _split(text: str, starts: Sequence[int]) -> list[str]:
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _alignment(text: str, source: list[int] | None, *, aligned: bool) -> SentenceAlignment:
    if source is None:
        return SentenceAlignment(aligned, None)
    units = tuple(len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in source)
    return SentenceAlignment(aligned, units)

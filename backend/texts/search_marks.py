"""What was looked for, marked in our own HTML: `<mark>` in its texts, never in a tag or a formula.

Pure. The HTML is what `html` makes: its texts hold no markup but four entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .search_folding import fold
from .search_query import Query, Term
from .search_tokens import Cut, cut

_FORMULA_OR_TAG = re.compile(r"<math\b.*?</math>|<[^>]*>", re.DOTALL)
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
_ENTITY = re.compile("|".join(_ENTITIES))
_CHARACTERS = {character: entity for entity, character in _ENTITIES.items()}


class Marked(NamedTuple):
    """HTML with marks, and which terms of the query it holds, by their place."""

    html: str
    found: frozenset[int]


def mark(html: str, query: Query) -> Marked:
    """Mark the terms of a query in HTML."""
    parts: list[str] = []
    found: set[int] = set()
    position = 0
    for tag in _FORMULA_OR_TAG.finditer(html):
        parts += [_marked_text(html[position : tag.start()], query, found), tag.group()]
        position = tag.end()
    parts.append(_marked_text(html[position:], query, found))
    return Marked("".join(parts), frozenset(found))


def mark_texts(texts: Sequence[str], query: Query) -> list[Marked]:
    """Mark the terms of a query in plain texts; gives HTML."""
    if not _may_hold(" ".join(texts), query.terms):
        return [Marked(_escaped(text), frozenset()) for text in texts]
    return [mark(_escaped(text), query) for text in texts]


def _may_hold(text: str, terms: Sequence[Term]) -> bool:
    flat = _flat(text)
    return any(beginning in flat for term in terms for beginning in _beginnings(term))


def _marked_text(escaped: str, query: Query, found: set[int]) -> str:
    if not escaped or escaped.isspace():
        return escaped
    text = _ENTITY.sub(lambda match: _ENTITIES[match.group()], escaped)
    flat = _flat(text)
    terms = [
        (place, term)
        for place, term in enumerate(query.terms)
        if any(beginning in flat for beginning in _beginnings(term))
    ]
    if not terms:
        return escaped
    spans: list[tuple[int, int]] = []
    one_by_one = not any(term.phrase for _, term in terms)
    for start, part in _sentences(text) if one_by_one else [(0, text)]:
        pieces: Cut | None = None
        for place, term in terms:
            # A whole sentence is cut only where something may stand.
            if one_by_one and not any(first in _flat(part) for first in _beginnings(term)):
                continue
            pieces = pieces or cut(part)
            if places := list(_places(term, pieces)):
                found.add(place)
                spans += [(start + first, start + last) for first, last in places]
    if not spans:
        return escaped
    parts: list[str] = []
    position = 0
    for first, last in _merged(spans):
        parts += [_escaped(text[position:first]), "<mark>", _escaped(text[first:last]), "</mark>"]
        position = last
    return "".join(parts) + _escaped(text[position:])


_SENTENCE_END = re.compile(r"(?<=[.!?]) +|(?<=[。！？])")


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a text that no word reaches across, with their places."""
    position = 0
    for end in _SENTENCE_END.finditer(text):
        yield position, text[position : end.end()]
        position = end.end()
    yield position, text[position:]


@lru_cache(maxsize=512)
def _flat(text: str) -> str:
    """A text as tokens are spelled, without what stands between them: what is not in it, is not in the text."""
    return text.lower().translate(_NO_LETTERS) if text.isascii() else fold(text)


_NO_LETTERS = dict.fromkeys(c for c in range(0x80) if not chr(c).isalnum())


@lru_cache(maxsize=512)
def _beginnings(term: Term) -> tuple[str, ...]:
    """With one of these a term begins, wherever it stands."""
    tokens = [atom.token for atom in term.atoms]
    if term.atoms[0].run and not term.phrase and len(tokens) > 1:
        found = [first + second for first, second in pairwise(tokens)]
    else:
        found = [tokens[0], *([term.whole] if term.whole else [])]
    return tuple(token.translate(_NO_LETTERS) for token in found)


def _places(term: Term, pieces: Cut) -> Iterator[tuple[int, int]]:
    """Where a term stands in a text."""
    atoms, forms = pieces
    wanted = [atom.token for atom in term.atoms]
    names = {name for name in (term.whole, wanted[0] if len(wanted) == 1 else None) if name}
    if names:
        yield from ((a.start, a.end) for a in atoms if a.token in names)
        yield from ((f.start, f.end) for f in forms if f.token in names)
    if len(wanted) < 2:
        return
    if term.atoms[0].run and not term.phrase:
        together = set(pairwise(wanted))
        yield from (
            (first.start, second.end)
            for first, second in pairwise(atoms)
            if first.run and first.run == second.run and (first.token, second.token) in together
        )
        return
    for start in range(len(atoms) - len(wanted) + 1):
        window = atoms[start : start + len(wanted)]
        if window[0].token == wanted[0] and [atom.token for atom in window] == wanted:
            yield window[0].start, window[-1].end


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans in order, those that touch or overlap as one."""
    start, end = -1, -1
    for first, last in sorted(spans):
        if first > end:
            if end >= 0:
                yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    if end >= 0:
        yield start, end


def _escaped(text: str) -> str:
    return re.sub('[&<>"]', lambda match: _CHARACTERS[match.group()], text)

"""What was looked for, marked in our own HTML: `<mark>` in its texts, never in a tag or a formula.

Pure. The HTML is what `html` makes: its texts hold no markup but four entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

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


def mark_text(text: str, query: Query) -> Marked:
    """Mark the terms of a query in plain text; gives HTML."""
    return mark(_escaped(text), query)


def _marked_text(escaped: str, query: Query, found: set[int]) -> str:
    if not escaped or escaped.isspace():
        return escaped
    text = _ENTITY.sub(lambda match: _ENTITIES[match.group()], escaped)
    pieces = cut(text)
    spans: list[tuple[int, int]] = []
    for place, term in enumerate(query.terms):
        if places := list(_places(term, pieces)):
            found.add(place)
            spans += places
    if not spans:
        return escaped
    parts: list[str] = []
    position = 0
    for start, end in _merged(spans):
        parts += [_escaped(text[position:start]), "<mark>", _escaped(text[start:end]), "</mark>"]
        position = end
    return "".join(parts) + _escaped(text[position:])


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

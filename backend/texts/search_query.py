"""What a reader looks for: words, and phrases in quotation marks; all of them must occur.

Pure. Nothing in a query is an operator: `GPT-4`, `C++`, `don't`, `a/b`, `O(n^2)`, `AND` are words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..errors import InvalidRequest
from . import search_tokens
from .search_expressions import All, Any, Expression
from .search_tokens import Atom, Cut

MAX_CHARACTERS = 300
MAX_TERMS = 32

_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』')


@dataclass(frozen=True)
class Term:
    """A word, a run of characters, or a phrase.

    Args:
        atoms: what it is made of, in order.
        whole: the token of a joined word as a whole (`gpt4`, `c++`); None for others.
        phrase: its atoms must follow each other.
    """

    atoms: tuple[Atom, ...]
    whole: str | None = None
    phrase: bool = False

    @property
    def anywhere(self) -> Expression:
        """What a document must hold that has the term."""
        return self._either((*self._singles(), *self._pairs()))

    @property
    def apart(self) -> Expression:
        """The same without regard to which words follow each other."""
        return self._either(self._singles())

    def _either(self, inside: Sequence[Expression]) -> Expression:
        """The whole of a joined word, or its parts where they say as much: of C++ they do not."""
        parts = All(tuple(dict.fromkeys(inside)))
        if self.whole is None:
            return parts
        return Any((self.whole, parts)) if len(self.atoms) > 1 else self.whole

    def _singles(self) -> list[str]:
        """Tokens of words, of pairs in a run, of a character that stands alone."""
        found = []
        for place, atom in enumerate(self.atoms):
            before = place > 0 and self.atoms[place - 1].run == atom.run
            after = place + 1 < len(self.atoms) and self.atoms[place + 1].run == atom.run
            if not atom.run or not (before or after):
                found.append(atom.token)
            elif after:
                found.append(atom.token + self.atoms[place + 1].token)
        return found

    def _pairs(self) -> list[Expression]:
        """Tokens of neighbours of which one is a word, or that a space parts."""
        found: list[Expression] = []
        for first, second in pairwise(self.atoms):
            if first.run and first.run == second.run:
                continue
            apart = search_tokens.pair(first.token, second.token)
            # Chinese may stand with or without the space that the reader put.
            both = first.run and second.run
            found.append(Any((apart, first.token + second.token)) if both else apart)
        return found


@dataclass(frozen=True)
class Query:
    """A reader's query; without terms it asks for everything."""

    terms: tuple[Term, ...] = ()

    @property
    def anywhere(self) -> tuple[Expression, ...]:
        """What a document must hold, one for each term."""
        return tuple(term.anywhere for term in self.terms)


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        InvalidRequest: it is too long, or holds no word although it is not empty.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidRequest(f"`q` may hold {MAX_CHARACTERS} characters. Look for fewer words.")
    terms: dict[tuple[object, ...], Term] = {}
    position = 0
    for match in _QUOTED.finditer(text):
        _add_words(terms, text[position : match.start()])
        _add_phrase(terms, next(group for group in match.groups() if group is not None))
        position = match.end()
    _add_words(terms, text[position:])
    if text.strip() and not terms:
        raise InvalidRequest("`q` holds no word to look for: write letters or digits.")
    if len(terms) > MAX_TERMS:
        raise InvalidRequest(f"`q` may hold {MAX_TERMS} words. Look for fewer.")
    return Query(tuple(terms.values()))


def _add_words(terms: dict[tuple[object, ...], Term], text: str) -> None:
    """A term for each word and each run of characters."""
    atoms, forms = search_tokens.cut(text)
    groups: list[list[Atom]] = []
    covering = [form for form in forms if len(form.token) > 1]
    for atom in atoms:
        last = groups[-1][-1] if groups else None
        joined = last is not None and (
            (atom.run and atom.run == last.run)
            or any(form.start <= last.start and atom.end <= form.end for form in covering)
        )
        if joined:
            groups[-1].append(atom)
        else:
            groups.append([atom])
    for group in groups:
        start, end = group[0].start, group[-1].end
        wholes = [form.token for form in forms if form.start <= start and end <= form.end]
        whole = wholes[-1] if wholes and not group[0].run else None
        _add(terms, Term(tuple(group), whole))


def _add_phrase(terms: dict[tuple[object, ...], Term], text: str) -> None:
    found: Cut = search_tokens.cut(text)
    if len(found.atoms) == 1:
        _add_words(terms, text)
    elif found.atoms:
        _add(terms, Term(tuple(found.atoms), phrase=True))


def _add(terms: dict[tuple[object, ...], Term], term: Term) -> None:
    terms.setdefault((*(atom.token for atom in term.atoms), term.whole, term.phrase), term)

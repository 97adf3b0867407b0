"""A term as a client sends it."""

from __future__ import annotations

import re

from ..errors import InvalidRequest
from ..terminology.glossary import Term
from ..texts.invisible_characters import without_unseen


def term_of(source: str, target: str) -> Term:
    """The term, with plain blanks and without what nobody sees.

    Raises:
        InvalidRequest: nothing is left of it, or it could be taken for a placeholder.
    """
    term = Term(_plain(source), _plain(target))
    if not (term.source and term.target) or re.search(r"[<>]", term.source + term.target):
        raise InvalidRequest("A term of the glossary is a word or a few, without < and >.")
    return term


def _plain(words: str) -> str:
    return " ".join(without_unseen(words).split())

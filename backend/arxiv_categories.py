"""arXiv's categories as readers write them, by which feeds and searches are narrowed."""

from __future__ import annotations

import difflib
from functools import cache

from .errors import InvalidRequest
from .sources.arxiv_categories import NAMES


def find(name: str) -> str | None:
    """The category of this name, in whatever letters it is written; None where there is none."""
    return _by_lower().get(name.lower())


def names() -> tuple[str, ...]:
    """All of them, as arXiv writes them."""
    return tuple(NAMES)


def check(category: str) -> str:
    """The category of this name. Raises InvalidRequest: arXiv has none, with what may be meant."""
    if found := find(category):
        return found
    near = difflib.get_close_matches(category[:40].lower(), _by_lower(), n=1)
    meant = f"; {_by_lower()[near[0]]} may be meant" if near else ""
    raise InvalidRequest(f"`category` is one of arXiv's, such as cs.CL or hep-th{meant}.")


@cache
def _by_lower() -> dict[str, str]:
    return {name.lower(): name for name in NAMES}

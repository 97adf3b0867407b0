"""arXiv's categories, by which feeds and searches are narrowed (arXiv's category taxonomy).

`arxiv_categories.txt` has a line for each archive: its name, then its subjects where it has some.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import resources

from .errors import InvalidRequest


@cache
def known() -> frozenset[str]:
    """Every category: `cs.CL`, `hep-th`; an archive with subjects is none by itself."""
    text = resources.files(__package__).joinpath("arxiv_categories.txt").read_text("utf-8")
    found: set[str] = set()
    for archive, *subjects in map(str.split, text.splitlines()):
        found.update(f"{archive}.{subject}" for subject in subjects)
        found.update(() if subjects else (archive,))
    return frozenset(found)


def find(name: str) -> str | None:
    """The category of this name, in whatever letters it is written; None where there is none."""
    return _by_lower().get(name.lower())


def check(category: str) -> str:
    """The category of this name. Raises InvalidRequest: arXiv has none, with what may be meant."""
    if found := find(category):
        return found
    near = difflib.get_close_matches(category[:40].lower(), _by_lower(), n=1)
    meant = f"; {_by_lower()[near[0]]} may be meant" if near else ""
    raise InvalidRequest(f"`category` is one of arXiv's, such as cs.CL or hep-th{meant}.")


@cache
def _by_lower() -> dict[str, str]:
    return {name.lower(): name for name in known()}

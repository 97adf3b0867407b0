"""arXiv's categories, by which feeds are narrowed (arXiv's category taxonomy).

`arxiv_categories.txt` has a line for each archive: its name, then its subjects where it has some.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import resources

from ...errors import InvalidRequest


@cache
def known() -> frozenset[str]:
    """Every category: `cs.CL`, `hep-th`; an archive with subjects is none by itself."""
    text = resources.files(__package__).joinpath("arxiv_categories.txt").read_text("utf-8")
    found: set[str] = set()
    for archive, *subjects in map(str.split, text.splitlines()):
        found.update(f"{archive}.{subject}" for subject in subjects)
        found.update(() if subjects else (archive,))
    return frozenset(found)


def check(category: str) -> str:
    """The category itself. Raises InvalidRequest: arXiv has no such category, with what may be meant."""
    if category in known():
        return category
    by_lower = {name.lower(): name for name in known()}
    near = difflib.get_close_matches(category[:40].lower(), by_lower, n=1)
    meant = f"; {by_lower[near[0]]} may be meant" if near else ""
    raise InvalidRequest(f"`category` is one of arXiv's, such as cs.CL or hep-th{meant}.")

"""What a list is made of: one entry of the setting SOURCES."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .arxiv_categories import NAMES

Kind = Literal["huggingface", "arxiv", "file"]

_FORMS = "huggingface, arxiv:CATEGORY such as arxiv:cs.CL, or file:PATH"
_LONGEST = 60
"""Characters of a list's name; it is a key in the database and part of a lease's name."""


class UnknownSource(ValueError):
    """An entry that names no list; its text says what to change."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a list comes from.

    Args:
        name: the list's name in the API and the database: `huggingface`, `arxiv:cs.CL`, or `file:picks` for
            a file called picks.txt. Where the file lies is nobody's business but the owner's.
        title: the list in English words.
        target: arXiv's category, or the path of the file.
    """

    kind: Kind
    name: str
    title: str
    target: str = ""


HUGGINGFACE = Source(kind="huggingface", name="huggingface", title="Daily papers at Hugging Face")


def parse_all(text: str) -> tuple[Source, ...]:
    """The lists of the setting, separated by commas; the first is what readers get unasked.

    Raises:
        UnknownSource: one is none, or two would have the same name.
    """
    sources = tuple(parse(part.strip()) for part in text.split(",") if part.strip())
    if not sources:
        raise UnknownSource(f"must name a list: {_FORMS}")
    names: Sequence[str] = [source.name.lower() for source in sources]
    for source in sources:
        if names.count(source.name.lower()) > 1:
            hint = "; give one of the files another name" if source.kind == "file" else ""
            raise UnknownSource(f"must name each list once, but has {source.name} twice{hint}")
    return sources


def parse(text: str) -> Source:
    """One list.

    Raises:
        UnknownSource: it is none.
    """
    kind, colon, target = text.partition(":")
    target = target.strip()
    match kind.strip().lower(), colon:
        case "huggingface", "":
            return HUGGINGFACE
        case "arxiv", ":":
            return _category(target)
        case "file", ":":
            return _file(target)
    raise UnknownSource(f"must be lists separated by commas: {_FORMS}; {_shown(text)} is none")


def _category(text: str) -> Source:
    known = {category.lower(): category for category in NAMES}
    category = known.get(text.lower())
    if category is None:
        near = difflib.get_close_matches(text.lower(), known, n=1)
        hint = f"did you mean arxiv:{known[near[0]]}?" if near else "write it like arxiv:cs.CL"
        raise UnknownSource(
            f"must name one of arXiv's categories, and {_shown(text)} is none; {hint}"
        )
    return Source(
        kind="arxiv",
        name=f"arxiv:{category}",
        title=f"New submissions in {NAMES[category]} ({category}) at arXiv",
        target=category,
    )


def _file(text: str) -> Source:
    path = Path(text).expanduser()
    if not text or not path.is_file():
        raise UnknownSource(
            "must name a file that is there after file:, with one arXiv identifier a line; "
            f"{_shown(text)} is none"
        )
    name = re.sub(r"[^\w.-]+", "-", path.stem).strip("-.")[: _LONGEST - len("file:")]
    if not name:
        raise UnknownSource("must name a file with letters or digits in its name after file:")
    return Source(
        kind="file",
        name=f"file:{name}",
        title=f"Picks of this server's owner: {name}",
        target=str(path.absolute()),
    )


def _shown(text: str) -> str:
    """A value of the setting as its owner is told of it, on one line."""
    return repr(text[:80])

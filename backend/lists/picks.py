"""The owner's own list as a text file: one arXiv identifier a line, perhaps with a note.

    2306.02707 what we read on Monday
    https://arxiv.org/abs/2401.01234v2   # a link and a version are fine

    # 2026-03-04
    2602.11111

A line that holds only a date, with or without `#` before it, is a heading: the papers below stand on that
day. Papers above the first heading stand on the day on which the server first read them. Other lines that
begin with `#`, and empty ones, say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..errors import InvalidRequest
from ..papers import sanitizing
from ..papers.identifiers import ArxivId

MAX_BYTES = 1024 * 1024
"""Of a file; what stands behind is not read, and the list says so."""
MAX_PICKS = 2_000
MAX_NOTE = 500
_MAX_NAMED = 10
_HEADING = re.compile(r"#*\s*(\d{4}-\d{2}-\d{2})\s*:?", re.ASCII)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Characters that show nothing, or turn the direction of what follows."""


@dataclass(frozen=True, kw_only=True)
class Pick:
    """One paper of the file.

    Args:
        id: canonical arXiv identifier, with a version if the line has one.
        note: one line of plain text.
        day: the heading that it stands under; None above the first.
        line: from 1.
    """

    id: str
    note: str | None
    day: date | None
    line: int


@dataclass(frozen=True, kw_only=True)
class Picks:
    """A file as read.

    Args:
        picks: in the file's order, each paper once a day.
        bad_lines: numbers of lines that hold neither an identifier nor a date.
        cut: whether the file goes on behind what was read.
    """

    picks: Sequence[Pick]
    bad_lines: Sequence[int] = ()
    cut: bool = False

    def note(self) -> str | None:
        """What is wrong with the file, for the list's readers; lines are named by number alone."""
        said = []
        if self.bad_lines:
            named = ", ".join(map(str, self.bad_lines[:_MAX_NAMED]))
            more = " and others" if len(self.bad_lines) > _MAX_NAMED else ""
            many = len(self.bad_lines) > 1
            said.append(
                f"Line{'s' * many} {named}{more} of the owner's file"
                f" {'hold' if many else 'holds'} no arXiv identifier."
            )
        if self.cut:
            said.append(f"The owner's file is too long: its first {MAX_PICKS:,} papers are shown.")
        return " ".join(said) or None


def parse(body: bytes) -> Picks:
    """Read a file, whatever is in it.

    Args:
        body: UTF-8, with or without a byte order mark; MAX_BYTES are read.
    """
    cut = len(body) > MAX_BYTES
    text = body[:MAX_BYTES].decode("utf-8", "replace")
    found: dict[tuple[str, date | None], Pick] = {}
    bad: list[int] = []
    day: date | None = None
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        line = sanitizing.line(_INVISIBLE.sub("", raw), sanitizing.MAX_TITLE)
        heading = _HEADING.fullmatch(line)
        if heading:
            try:
                day = date.fromisoformat(heading[1])
            except ValueError:
                bad.append(number)
            continue
        if not line or line.startswith("#"):
            continue
        pick = _pick(line, day, number)
        if pick is None:
            bad.append(number)
        elif len(found) >= MAX_PICKS:
            cut = True
        else:
            found.setdefault((pick.id, day), pick)
    return Picks(picks=tuple(found.values()), bad_lines=tuple(bad), cut=cut)


def _pick(line: str, day: date | None, number: int) -> Pick | None:
    """One line: an identifier, then a note after white space or `#`."""
    written = re.match(r"(?:arxiv:\s*)?[^\s#]+", line, re.IGNORECASE)
    if not written:
        return None
    try:
        identifier = ArxivId.parse(written[0])
    except InvalidRequest:
        return None
    note = line[written.end() :].strip().removeprefix("#").strip()
    return Pick(id=str(identifier), note=note[:MAX_NOTE] or None, day=day, line=number)

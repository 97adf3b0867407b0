r"""What stands in prose without a command or dollars: `N_c`, `_emphasised words_`, `10{,}000`."""

from __future__ import annotations

import re

from .commands import Command
from .formulas import Delimiters
from .sentinels import is_balanced

# Over a space a script reaches a letter alone, digits or a command, never a word of the prose.
_SCRIPT = re.compile(
    r"[_^](?:(?:\s?\\[A-Za-z]+|[^\W_]+|\s?[+*′'-](?!\w))|\s(?:[0-9]+|[^\W\d_])(?![^\W_]))"
)
# _slow drift_ is emphasis, as in plain text.
_EMPHASIS = re.compile(r"_(?=[^\W_])([^_^$\\{}\n]{1,200}?)(?<=\S)_(?![\w{\\^])")
_WORD_OF_TWO = re.compile(r"[^\W\d_]{2}")
_DIGIT_GROUP = re.compile(r"\d{3}(?!\d)")
_THOUSANDS_BEFORE = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:\\,|\{,\}|,)\d{3})*$")


def emphasis_at(text: str, start: int, *, limit: int) -> Command | None:
    """The words between this underscore and another, where both stand at borders of words."""
    before = text[start - 1] if start else " "
    match = _EMPHASIS.match(text, start, limit)
    if match is None or before.isalnum() or before in "_^\\}$":
        return None
    if not _WORD_OF_TWO.search(match[1]) or not is_balanced(match[1]):
        return None
    return Command("em", match.end(), words=match.span(1))


def scripts_end(text: str, start: int, *, limit: int, delimiters: Delimiters) -> int:
    """Where the scripts that begin here end (`_c`, `^2y_1`, `^{-3}`); at `start` when there are none."""
    end = start
    while end < limit and text[end] in "_^":
        group = delimiters.group_end(end + 1, limit=limit)
        if group is not None and not is_balanced(text[end:group]):
            break
        script = _SCRIPT.match(text, end, limit)
        if group is None and script is None:
            break
        end = group if group is not None else script.end() if script else end
    return end


def parts_thousands(text: str, start: int, end: int) -> bool:
    r"""Whether what stands here parts the thousands of a number: `10{,}000`, `10\,000`."""
    before = _THOUSANDS_BEFORE.search(text, max(0, start - 24), start)
    return bool(before and _DIGIT_GROUP.match(text, end))

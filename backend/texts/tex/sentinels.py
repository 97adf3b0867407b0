"""Private characters that stand for a client's placeholders while TeX is read around them.

A placeholder must not disturb the reading of the text it stands in (a line break may stand in the
middle of an environment), so each is taken out and one character put in its place: of plane 16 for
something opaque, of plane 15 for the halves of a pair, the even code point for the opening one and
the odd one after it for the closing one.
"""

from __future__ import annotations

import re

_PLANE_15, _PLANE_16 = 0xF0000, 0x100000
MARKS = "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
"""All marks, for use inside a regular expression's brackets."""
MARK = re.compile(f"[{MARKS}]")
_HALF = re.compile("[\U000f0000-\U000ffffd]")
MAX_SENTINELS = 32_000


def opaque_mark(index: int) -> str:
    """The mark of the opaque thing with this index, from 0."""
    return chr(_PLANE_16 + index)


def pair_marks(index: int) -> tuple[str, str]:
    """The marks of the opening and the closing half of the pair with this index, from 0."""
    code = _PLANE_15 + 2 * index
    return chr(code), chr(code + 1)


def opens(mark: str) -> bool:
    """Whether this is the mark of an opening half."""
    return _is_half(mark) and ord(mark) % 2 == 0


def closes(mark: str) -> bool:
    """Whether this is the mark of a closing half."""
    return _is_half(mark) and ord(mark) % 2 == 1


def _is_half(mark: str) -> bool:
    return len(mark) == 1 and _PLANE_15 <= ord(mark) < _PLANE_16


def is_balanced(text: str) -> bool:
    """Whether the halves of pairs in this stretch of text are whole and nest."""
    waiting: list[int] = []
    for match in _HALF.finditer(text):
        code = ord(match.group())
        if code % 2 == 0:
            waiting.append(code)
        elif not waiting or waiting.pop() + 1 != code:
            return False
    return not waiting

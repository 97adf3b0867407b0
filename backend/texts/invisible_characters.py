"""Characters nobody sees, which a model's answer has no use for and a reader could be fooled by.

Controls (a NUL no database keeps), marks that turn the direction of what follows (Unicode TR 36), fillers
and tags without a shape, halves of surrogate pairs, private characters. What scripts need stays: the
joiners of Persian and Hindi, the marks that say a letter's direction, line breaks.

Some of them tell that a character was lost on the way (a server cut it in two): those are broken, and the
checks have to see them before they go.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

REPLACEMENT = "\ufffd"
"""What a decoder puts where it could not read a character."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LINES = re.compile("[\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Private, reserved for ever, and the stand-in for objects, which is our own for a formula.
_SHAPELESS = re.compile(
    "[\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\ufff8\ufffc\ufffe\uffff\U000f0000-\U0010ffff]"
)
_ASSIGNED_LATER = range(0x20000, 0x40000)  # Chinese characters, more with each version of Unicode
# A character's bytes read as so many characters: Ã© for é, â€™ for ’, Ð¿ for п.
_MISREAD = re.compile("[ÂÃ][\x80-\x9f\xa1-\xbf]|â€|(?:[ÐÑ][\x80-\xbf]){2}")


def without_unseen(text: str) -> str:
    """The text without them; may be applied to pieces of a text as well as to the whole."""
    if text.isascii() and text.isprintable():
        return text
    return _SHAPELESS.sub("", without_marks(_SURROGATE.sub("", text)))


def without_marks(text: str) -> str:
    """The text without what is unseen, though not broken; half of a pair is shown as a lost character."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATE.sub(REPLACEMENT, _LINES.sub("\n", _UNSEEN.sub("", text)))


def broken_characters(text: str) -> list[str]:
    """What of a text are no characters, or characters read as bytes, each as often as it stands."""
    if text.isascii():
        return []
    broken = {char for char in set(text) if char > "\u02ff" and _is_broken(char)}
    return [*_MISREAD.findall(text), *(char for char in text if broken and char in broken)]


@lru_cache(maxsize=4096)
def _is_broken(char: str) -> bool:
    if char == REPLACEMENT or _SHAPELESS.match(char):
        return True
    return unicodedata.category(char) == "Cn" and ord(char) not in _ASSIGNED_LATER

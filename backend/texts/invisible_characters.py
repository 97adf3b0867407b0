"""Characters nobody sees, which a model's answer has no use for and a reader could be fooled by.

Controls (a NUL no database keeps), marks that turn the direction of what follows (Unicode TR 36), fillers
and tags without a shape, halves of surrogate pairs, private characters. What scripts need stays: the
joiners of Persian and Hindi, the marks that say a letter's direction, line breaks.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ue000-\uf8ff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LINES = re.compile("[\u2028\u2029]")


def without_unseen(text: str) -> str:
    """The text without them; may be applied to pieces of a text as well as to the whole."""
    if text.isascii() and text.isprintable():
        return text
    return _LINES.sub("\n", _UNSEEN.sub("", text))

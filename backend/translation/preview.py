"""What of a streaming answer readers may see already, before it is whole and checked."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from ..alignment import sentence_markers
from ..texts import parts, placeholders
from ..texts.decoration import begins_decorated
from ..texts.invisible_characters import broken_characters
from ..texts.placeholder_tags import TAG
from .single_flight import Flight

SHOW_SECONDS = 0.1
"""A segment's readers hear of its progress at most this often."""

_COMMENT = re.compile(
    r"I\b|I['’]|Sorry|As an AI|Sure|Here\b|Certainly|```|Translation", re.IGNORECASE
)
# The beginning of what may become a placeholder in another spelling than ours.
_UNFINISHED_TAG = re.compile(r"(?:[<＜〈⟨]|&lt;)[^<>＞〉⟩;]{0,16}$")
_MAX_UNFINISHED = 24
_BEYOND_LATIN = "\u0370"  # where the Greek letters begin


class Preview:
    """Decides what of a streaming answer readers may see already.

    Nothing is shown while the answer only repeats the source or sounds like a comment, nothing after a
    placeholder came once too often, nothing in a repair: the whole, checked text follows anyway.
    """

    def __init__(self, flight: Flight) -> None:
        self._source = flight.assignment.text
        self._script_differs = "Latn" not in flight.assignment.language.scripts
        self._open = not flight.candidates and not flight.shown
        self._text = sentence_markers.GrowingText()
        self._shown = ""
        self._last = 0.0

    def next_piece(self, answer: str, *, now: float) -> str:
        """The next piece to show, at most one in a tenth of a second; empty when there is none."""
        if not self._open or now - self._last < SHOW_SECONDS:
            return ""
        if _UNFINISHED_TAG.search(answer, max(0, len(answer) - _MAX_UNFINISHED)):
            answer = _UNFINISHED_TAG.sub("", answer)
        answer = placeholders.tidy(self._source, answer)
        answer = self._text.remove(answer)
        if not self._shown and self._doubtful(answer):
            return ""
        # What was shown can have been read otherwise by now: <x1> that is followed by </x1>, say.
        known = answer.startswith(self._shown) and not _counted(answer) - self._allowed
        piece = answer[len(self._shown) :]
        if not known or broken_characters(piece) or not parts.are_in_order(answer):
            self._open = False
            return ""
        self._shown, self._last = answer, now
        return piece

    @cached_property
    def _allowed(self) -> Counter[str]:
        return _counted(self._source)

    def _doubtful(self, answer: str) -> bool:
        """Whether the first words are the source's own, a comment's, or not yet in another script."""
        words = TAG.sub("", answer).strip()
        if begins_decorated(self._source, answer):
            return True
        if not words or self._source.startswith(answer.rstrip()) or _COMMENT.match(words):
            return True
        return self._script_differs and max(words) < _BEYOND_LATIN


def _counted(text: str) -> Counter[str]:
    if "<" not in text:
        return Counter()
    return Counter(match.group() for match in TAG.finditer(text))

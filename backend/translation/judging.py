"""What to make of an answer: good, to be repaired, fit to be shown while it streams, the best of several."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from ..texts import placeholders
from ..texts.placeholder_tags import TAG
from ..verification.verify import check
from .records import Translation
from .single_flight import Assignment, Flight

SHOW_SECONDS = 0.1
"""A segment's readers hear of its progress at most this often."""

_COMMENT = re.compile(
    r"I\b|I['’]|Sorry|As an AI|Sure|Here\b|Certainly|```|Translation", re.IGNORECASE
)
# The beginning of what may become a placeholder in another spelling than ours.
_UNFINISHED_TAG = re.compile(r"(?:[<＜〈⟨]|&lt;)[^<>＞〉⟩;]{0,16}$")
_BEYOND_LATIN = "\u0370"  # where the Greek letters begin


def judge(
    assignment: Assignment, answer: str, *, model: str, cut: bool = False
) -> tuple[Translation, tuple[str, ...]]:
    """An answer as a translation with the names of its issues, and its faults in words for a repair.

    Args:
        cut: the model stopped at its limit of tokens, so that the answer cannot be whole.
    """
    text = placeholders.tidy(assignment.text, answer).strip()
    verdict = check(
        assignment.text,
        text,
        language=assignment.language,
        terms=assignment.terms,
        kind=assignment.kind,
    )
    issues = dict.fromkeys(issue.name for issue in verdict.issues)
    faults = tuple(issue.detail for issue in verdict.issues if issue.name != "term")
    if cut:
        issues.setdefault("truncated")
        faults = (*faults, "It stopped before its end.")
    return Translation(text, verdict.verified and not cut, tuple(issues), model), faults


def best_of(candidates: Sequence[Translation], source: str) -> Translation:
    """Of answers that all failed, the one with the fewest issues, every placeholder of the source in it."""
    best = min(reversed(candidates), key=lambda candidate: len(candidate.issues))
    return dataclasses.replace(best, text=placeholders.complete(source, best.text))


class Showing:
    """Decides what of a streaming answer readers may see already.

    Nothing is shown while the answer only repeats the source or sounds like a comment, nothing after a
    placeholder came once too often, nothing in a repair: the whole, checked text follows anyway.
    """

    def __init__(self, flight: Flight) -> None:
        self._source = flight.assignment.text
        self._script_differs = "Latn" not in flight.assignment.language.scripts
        self._open = not flight.candidates and not flight.shown
        self._shown = ""
        self._last = 0.0

    def next_piece(self, answer: str, *, now: float) -> str:
        """The next piece to show, at most one in a tenth of a second; empty when there is none."""
        if not self._open or now - self._last < SHOW_SECONDS:
            return ""
        answer = placeholders.tidy(self._source, _UNFINISHED_TAG.sub("", answer))
        if not self._shown and self._doubtful(answer):
            return ""
        # What was shown can have been read otherwise by now: <x1> that is followed by </x1>, say.
        if _counted(answer) - self._allowed or not answer.startswith(self._shown):
            self._open = False
            return ""
        piece, self._shown, self._last = answer[len(self._shown) :], answer, now
        return piece

    @cached_property
    def _allowed(self) -> Counter[str]:
        return _counted(self._source)

    def _doubtful(self, answer: str) -> bool:
        """Whether the first words are the source's own, a comment's, or not yet in another script."""
        words = TAG.sub("", answer).strip()
        if not words or self._source.startswith(answer.rstrip()) or _COMMENT.match(words):
            return True
        return self._script_differs and max(words) < _BEYOND_LATIN


def _counted(text: str) -> Counter[str]:
    return Counter(match.group() for match in TAG.finditer(text))

"""Sentence marks: `<s2/>` before the second sentence of what the model is asked for, and so on.

The first sentence begins at once, so that no reader's first word waits for a mark. The marks tell in every
language which sentence of a translation belongs to which of the source, so that one that was left out is
missed. They are never a reason to refuse: where a mark is lost, its sentence may have been joined to the one
before, and the lengths decide; where they are in disorder, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Final

from ..texts import sentences

_MARK: Final = re.compile(
    r"[<＜〈⟨&](?:(?<!&)|(?<=&)lt;)\s{0,2}[/／]?\s{0,2}[sSｓсС]\s?(?:id\s?=\s?[\"']?)?(?P<number>[0-9]{1,3})[\"']?"
    r"\s{0,2}[/／\\]?\s{0,2}(?:[>＞〉⟩]|&gt;)"
)
_OPENED: Final = re.compile(r"(?:<g[0-9]+>\s*)+$")
_DISPLAY: Final = re.compile(r"\s*(?:<p[0-9]+/>\s*)+")
_MARKS: Final = re.compile(
    rf"{_MARK.pattern}\s*(?P<more>(?:{_MARK.pattern.replace('(?P<number>', '(?:')}\s*)*)"
)
_ENDS: Final = ".!?…。！？；;।॥۔؟:：)）"
_JOINED: Final = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff00-\uff60]")

_MAX_COST: Final = 1.15  # of the characters of a text
_USUAL_RANGE: Final = (0.8, 1.25)  # of the usual length, that this translation's sentences may have
_LETTERS: Final = 30  # of a sentence of which the length says something
_HALF: Final = 0.45  # of the expected length, for a sentence whose mark is there
_JOINED_SHARE: Final = 0.8  # of the expected length, where a mark is lost
_MISSING_SHARE: Final = 0.65  # of the shortest of some sentences that may be the one left out


@dataclass(frozen=True)
class Group:
    """Sentences of the source that stand together in the translation, and what stands there for them."""

    source: tuple[str, ...]
    translation: str


def insert(protected: str) -> str:
    """The text with a mark before each sentence but the first; unchanged when there is only one.

    Where sentences are so short that the marks would be a good part of the text there are none either.
    """
    pieces = sentences.split(protected)
    if len(pieces) < 2:
        return protected
    first, *others = pieces
    marked = first + "".join(f"<s{number}/>{piece}" for number, piece in enumerate(others, 2))
    return marked if len(marked) <= _MAX_COST * len(protected) else protected


def remove(answer: str) -> str:
    """The text without marks, however they are written, and without the blanks they brought."""
    return _taken_out(answer)[0]


class GrowingText:
    """Takes the marks out of an answer that streams in: what stands before the last mark is settled."""

    def __init__(self) -> None:
        self._answer = self._text = ""

    def remove(self, answer: str) -> str:
        """As `remove` does, of an answer that mostly goes on with the one before."""
        if not answer.startswith(self._answer):
            self._answer = self._text = ""
        rest = answer[len(self._answer) :]
        text, marks = _taken_out(rest)
        whole = self._text + text
        if marks:
            behind = max(mark.end() for mark in _MARKS.finditer(rest))
            # Nothing that is still to come changes what stands before a letter.
            if rest[behind : behind + 1].isalnum():
                self._answer += rest[:behind]
                self._text += text[: marks[-1][1]]
        return whole


@lru_cache(maxsize=16)  # an answer is asked for its text and for its sentences
def _taken_out(answer: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without marks, and the number of each with the place where it stood."""
    parts: list[str] = []
    found: list[tuple[int, int]] = []
    at = length = 0
    last = ""
    for match in _MARKS.finditer(answer):
        written = answer[at : match.start()]
        before = written.rstrip()
        at = match.end()
        blank = answer[at - 1].isspace() or len(before) < len(written)
        last = before[-1:] or last
        gap = _gap(last, answer[at : at + 1], blank=blank)
        last = gap or last
        length += len(before) + len(gap)
        parts += before, gap
        found.append((int(match["number"]), length))
        if match["more"]:
            found += [(int(mark["number"]), length) for mark in _MARK.finditer(match["more"])]
    return "".join([*parts, answer[at:]]), tuple(found)


def _gap(before: str, after: str, *, blank: bool) -> str:
    """What stands between two characters that marks parted."""
    if not before or not after or _JOINED.match(before) or _JOINED.match(after):
        return ""
    return " " if blank or before in _ENDS else ""


def starts(source: str, answer: str) -> tuple[int, ...] | None:
    """Where each sentence of the source begins in an answer from which `remove` has taken the marks.

    None unless each came back once and in order, outside of pairs, with something behind it; the first
    may be left out, as the text begins with it.
    """
    count = len(sentences.split(source))
    text, marks = _taken_out(answer)
    found = [*marks]
    if not found or found[0][0] == 2:
        found.insert(0, (1, 0))
    if [number for number, _ in found] != list(range(1, count + 1)) or found[0][1]:
        return None
    places = [0, *(_outside(text, place) for _, place in found[1:])]
    rising = all(one < other for one, other in pairwise([*places, len(text.rstrip())]))
    return tuple(places) if rising and 0 not in places[1:] else None


def _outside(text: str, place: int) -> int:
    """A sentence's beginning, before the pair and behind the display that stand there; 0 within a pair."""
    if pair := _OPENED.search(text, 0, place):
        place = pair.start()
    if display := _DISPLAY.match(text, place):
        place = display.end()
    before = text[:place]
    return place if before.count("<g") == before.count("</g") else 0


def align(source: str, answer: str) -> list[Group] | None:
    """Which sentences of the source stand for which part of an answer that has marks.

    Args:
        source: the protected text, without marks.

    Returns:
        Groups in order, all of the source in them; None when the marks tell nothing.
    """
    theirs = sentences.split(source)
    marks = list(_MARK.finditer(answer))
    numbers = [int(mark["number"]) for mark in marks]
    if not numbers or numbers[0] < 1 or numbers[-1] > len(theirs):
        return None
    if any(one >= other for one, other in pairwise(numbers)):
        return None
    begins, ends = (
        [0, *(mark.end() for mark in marks)],
        [*(mark.start() for mark in marks), len(answer)],
    )
    pieces = [answer[begin:end] for begin, end in zip(begins, ends, strict=True)]
    begun = bool(pieces[0].strip())
    whole = numbers[-1] == len(theirs)
    if begun and numbers[0] == 1 and not (whole and pieces[-1].strip()):
        bounds = [0, *numbers, len(theirs)]  # the marks stand behind the sentences
    else:
        bounds = [0, *(number - 1 for number in numbers), len(theirs)]
        if not begun or numbers[0] == 1:
            pieces[:2] = [pieces[0] + pieces[1]]
            del bounds[1]
    return [
        Group(tuple(theirs[start:stop]), piece)
        for (start, stop), piece in zip(pairwise(bounds), pieces, strict=True)
        if start < stop
    ]


def joined(groups: Sequence[Group]) -> list[Group]:
    """The groups, those with nothing in the translation together with the one behind, or else before."""
    found: list[Group] = []
    waiting: tuple[str, ...] = ()
    for group in groups:
        waiting += group.source
        if group.translation.strip():
            found.append(Group(waiting, group.translation))
            waiting = ()
    if waiting and found:
        found[-1] = Group(found[-1].source + waiting, found[-1].translation)
    return found


def is_one_left_out(groups: Sequence[tuple[float, Sequence[float]]]) -> bool:
    """Whether a sentence of the source is not in the translation.

    Args:
        groups: how large the translation of some sentences is, and how large one of each of them usually is.
    """
    shares = [
        found / sum(wanted)
        for found, wanted in groups
        if len(wanted) == 1 and sum(wanted) >= _LETTERS and found
    ]
    low, high = _USUAL_RANGE
    scale = min(max(median(shares), low), high) if shares else 1.0
    for found, wanted in groups:
        total = sum(wanted) * scale
        if len(wanted) == 1:
            if total >= _LETTERS and found < _HALF * total:
                return True
        elif len(wanted) > 1 and found < _JOINED_SHARE * total:
            missing = total - found
            if missing >= max(_LETTERS, _MISSING_SHARE * scale * min(wanted)):
                return True
    return False

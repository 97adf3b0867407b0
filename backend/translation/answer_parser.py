"""Reads the streamed answer of a model: segments out of `<seg id="1">…</seg>`, as `prompt` asks for them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerPiece:
    """A piece of one segment's translation; the last one of a segment has `ended`.

    `number` is the segment's id in the request, from 1. A piece never ends within a tag or an entity.
    """

    number: int
    text: str
    ended: bool = False


# Small models forget the id in the opening tag, or repeat it in the closing one.
_OPENING = re.compile(r"<\s*seg\b(?:[^<>/\\]{0,40}?(\d{1,4}))?[^<>/\\]{0,10}>\s?", re.IGNORECASE)
_CLOSING = re.compile(r"\s?<\s*[/\\]{1,2}\s*seg(?:\s?-?\d{1,4})?\b[^<>]{0,20}>", re.IGNORECASE)
_UNFINISHED = re.compile(r"\s?(?:<[^<>]{0,60}|&[#\w]{0,8})$|\s$")


class AnswerParser:
    """Reads an answer as it streams in; everything outside the segments is passed over.

    Args:
        count: how many segments were asked for.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._buffer = ""
        self._current = 0
        self._seen: set[int] = set()
        self._outside = ""
        self._blank = False  # nothing of the current segment was read yet

    def feed(self, text: str) -> list[AnswerPiece]:
        """The pieces that this part of the answer completes."""
        self._buffer += text
        pieces: list[AnswerPiece] = []
        while self._step(pieces):
            pass
        return pieces

    def _step(self, pieces: list[AnswerPiece]) -> bool:
        """Read one tag or one run of text; False when more input is needed."""
        if self._current and self._is_plain():
            self._pass_on(self._buffer, pieces)
            return False
        opening = _OPENING.search(self._buffer) if "seg" in self._buffer.lower() else None
        if not self._current:
            if opening is None:
                keep = self._buffer.rfind("<")
                cut = len(self._buffer) if keep < 0 or len(self._buffer) - keep > 80 else keep
                self._outside = (self._outside + self._buffer[:cut])[:200_000]
                self._buffer = self._buffer[cut:]
                return False
            self._outside += self._buffer[: opening.start()]
            self._begin(opening)
            return True
        closing = _CLOSING.search(self._buffer) if "seg" in self._buffer.lower() else None
        if closing and (opening is None or closing.start() <= opening.start()):
            self._end(self._buffer[: closing.start()], pieces)
            self._buffer = self._buffer[closing.end() :]
            return True
        if opening:  # a new segment begins where the last was not closed
            text = self._buffer[: opening.start()].rstrip()
            if self._blank and not text:  # <seg id="1"><seg id="1">: it has not begun yet
                self._seen.discard(self._current)
            else:
                self._end(text, pieces)
            self._begin(opening)
            return True
        unfinished = _UNFINISHED.search(self._buffer)
        ready = self._buffer[: unfinished.start()] if unfinished else self._buffer
        if ready:
            self._pass_on(ready, pieces)
        return False

    def _is_plain(self) -> bool:
        """Whether no tag, entity or blank at the end is in what was read: most tokens are words."""
        text = self._buffer
        return bool(text) and "<" not in text and "&" not in text and not text[-1].isspace()

    def _pass_on(self, text: str, pieces: list[AnswerPiece]) -> None:
        """Text of the current segment from the beginning of what was read."""
        self._blank = False
        if self._current > 0:
            pieces.append(AnswerPiece(self._current, text))
        self._buffer = self._buffer[len(text) :]

    def _begin(self, opening: re.Match[str]) -> None:
        number = int(opening[1]) if opening[1] else max(self._seen, default=0) + 1
        known = 1 <= number <= self._count and number not in self._seen
        self._current = number if known else -1  # -1: read on, but drop what it says
        self._seen.add(number)
        self._blank = True
        self._buffer = self._buffer[opening.end() :]

    def _end(self, text: str, pieces: list[AnswerPiece]) -> None:
        if self._current > 0:
            pieces.append(AnswerPiece(self._current, text, ended=True))
        self._current = 0

    def close(self, *, whole: bool) -> list[AnswerPiece]:
        """The end of the stream.

        Args:
            whole: the model said it had finished. Then a last segment without its closing tag ends here,
                and an answer without any tags is the answer to the only segment asked for.
        """
        pieces: list[AnswerPiece] = []
        if self._current and whole:
            self._end(self._buffer.rstrip(), pieces)
        elif not self._seen and whole and self._count == 1:
            text = (self._outside + self._buffer).strip()
            if text:
                pieces.append(AnswerPiece(1, text, ended=True))
        self._current, self._buffer = 0, ""
        return pieces

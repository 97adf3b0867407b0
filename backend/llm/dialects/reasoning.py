"""Leaves out what a model thinks aloud before its answer: a leading `<think>…</think>` in the text.

Servers that know the model put its reasoning in a field of its own; others let it through as text.
Some chat templates open the block themselves, so that only its end is seen: a server that did so once
is remembered by the caller, and its next answers are held back until that end.
"""

from __future__ import annotations

import re

_OPENING = ("<think>", "<thinking>", "<thought>", "<reasoning>")
_CLOSING = re.compile(r"</(?:think|thinking|thought|reasoning)>\s*")
_MAX_CLOSING = len("</reasoning>")
_STRAY = re.compile(r"</think>[ \t]*\n")
_MAX_STRAY = len("</think>") + 8


class Reasoning:
    """A filter for streamed text.

    Args:
        opened: the text begins inside a block that the chat template has opened.

    Attributes:
        seen: a block was left out.
        stray: an end without a beginning was seen: the template opens the block.
        mistaken: the block that was supposed to be open was not.
    """

    def __init__(self, *, opened: bool = False) -> None:
        self._state = "inside" if opened else "before"
        self._opened = opened
        self._held = ""
        self._tail = ""
        self.seen = False
        self.stray = False
        self.mistaken = False

    def feed(self, text: str) -> str:
        """What of the text belongs to the answer, as far as can be told yet."""
        if self._state == "after":
            self._look_for_stray(text)
            return text
        self._held += text
        while True:
            if self._state == "inside":
                match = _CLOSING.search(self._held)
                if match is None:
                    if not self._opened:
                        self._held = self._held[-_MAX_CLOSING:]
                    return ""
                self.seen = True
                self._held = self._held[match.end() :]
                self._state = "before"
                self._opened = False
            start = self._held.lstrip()
            if start.startswith(_OPENING):
                self._state = "inside"
                self._opened = False
                continue
            if not start or any(tag.startswith(start) for tag in _OPENING):
                return ""
            self._state = "after"
            answer, self._held = (start if self.seen else self._held), ""
            self._look_for_stray(answer)
            return answer

    def end(self) -> str:
        """What was still held back, now that nothing follows.

        A block that was opened in the text and never closed is no answer. One that was only supposed to
        be open was none: all of it is the answer.
        """
        held, self._held = self._held, ""
        self.mistaken = self._opened and bool(held)
        self.stray = self.stray or self._tail.rstrip().endswith("</think>")
        if self._state == "inside" and not self._opened:
            self.seen = True
            return ""
        return held

    def _look_for_stray(self, text: str) -> None:
        recent = self._tail + text
        self._tail = recent[-_MAX_STRAY:]
        if "</think>" in recent and _STRAY.search(recent):
            self.stray = True

"""What the rest of the product knows of a language model: it is asked, and answers in pieces of text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import TranslatorUnavailable
from .usage import Usage


class TextTooLong(TranslatorUnavailable):
    """Prompt and answer do not fit into the model's context; less text at a time may."""


@dataclass(frozen=True)
class Turn:
    """When a question is asked, where more are waiting than the server may be asked at once.

    Args:
        order: the lower goes first; of equals who came first.
        patience: seconds after which it is no longer worth waiting.
        on_place: hears its place among those that wait, 1 being the next, and 0 once its turn has come; called
            from the event loop's thread, and must not block.
    """

    order: int = 0
    patience: float = math.inf
    on_place: Callable[[int], None] | None = None


ANY_TURN = Turn()


class AnswerListener(Protocol):
    """Hears an answer while it is being written. Called from the event loop's thread; must not block."""

    def on_text(self, text: str) -> None:
        """The next piece."""

    def on_end(self, error: TranslatorUnavailable | None) -> None:
        """Nothing follows: the answer is whole, was cancelled, or broke off with this error. Called once."""


class ModelStream(Protocol):
    """An answer while it is being written: its text in pieces, without what the model thought.

    The iteration ends with the answer, after `cancel`, or by raising TranslatorUnavailable after all the
    text that came before the fault.
    """

    def __iter__(self) -> Iterator[str]:
        """The pieces, once."""

    def __next__(self) -> str:
        """The next piece; waits for it."""

    def cancel(self) -> None:
        """Stop the model's work; from any thread, in any phase, more than once."""

    @property
    def usage(self) -> Usage:
        """What it has cost so far, all attempts together."""

    @property
    def silent(self) -> bool:
        """Whether it ended because the server said nothing for too long."""

    @property
    def finish_reason(self) -> str | None:
        """Why the model stopped ("stop", "length", "content_filter", …), or "cancelled"."""


class LanguageModel(Protocol):
    """Something that answers messages with text."""

    @property
    def name(self) -> str:
        """The model's name, kept with each translation as its origin."""

    def stream(
        self,
        messages: Sequence[Mapping[str, object]],
        *,
        max_output_tokens: int,
        retry_timeout: float,
        after_silence: bool = False,
        turn: Turn = ANY_TURN,
        listener: AnswerListener | None = None,
    ) -> ModelStream:
        """Ask; returns at once.

        Args:
            messages: with `role` and `content`.
            retry_timeout: seconds within which the question may be asked again after a fault.
            listener: hears the answer; without one the stream is iterated.
            after_silence: it follows one that a silence ended, so that it waits a while first.
        """

"""A model's answer as its reader sees it: an iterator of text, filled from the event loop's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from types import TracebackType

from ..errors import TranslatorUnavailable
from .chat_answer import ChatAnswer
from .model import AnswerListener
from .usage import Usage


class AnswerStream:
    """An answer while it is being written: iterate it for its text, piece by piece.

    The iteration ends when the answer does, when `cancel` is called from any thread, or with
    TranslatorUnavailable after all the text that came before the fault. Used as a context manager it is
    cancelled at the end of the block.

    Args:
        listener: hears the text instead; then there is nothing to iterate.

    Attributes:
        requests: how often the server has been asked.
        written: some text has gone out.
        silent: it ended because nothing came for too long.
    """

    def __init__(self, listener: AnswerListener | None = None) -> None:
        self._listener = listener
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._pieces: list[str] = []
        self._answers: list[ChatAnswer] = []
        self._error: TranslatorUnavailable | None = None
        self._ended = False
        self._cancelled = False
        self._exhausted = False
        self._on_cancel: Callable[[], object] | None = None
        self.requests = 0
        self.written = False
        self.silent = False

    @property
    def usage(self) -> Usage:
        """What the question has cost so far, all attempts together."""
        return sum(
            (answer.usage for answer in list(self._answers)), start=Usage(requests=self.requests)
        )

    @property
    def finish_reason(self) -> str | None:
        """Why the model stopped: "stop", "length", …; "cancelled"; None while it goes on or after a fault."""
        if self._cancelled:
            return "cancelled"
        if not self._ended or self._error or not self._answers:
            return None
        return self._answers[-1].finish_reason or "stop"

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._exhausted or self._cancelled:
            raise StopIteration
        piece = self._queue.get()
        if piece is None or self._cancelled:
            self._exhausted = True
            if self._error and not self._cancelled:
                raise self._error
            raise StopIteration
        return piece

    def cancel(self) -> None:
        """Stop the model's work. May be called from any thread, at any time, more than once."""
        if self._ended or self._cancelled:
            return
        self._cancelled = True
        self._queue.put(None)
        if self._on_cancel:
            self._on_cancel()

    def __enter__(self) -> AnswerStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cancel()

    # What follows is the writer's side, called from the event loop's thread only.

    @property
    def cancelled(self) -> bool:
        """Whether the reader has left."""
        return self._cancelled

    def when_cancelled(self, stop: Callable[[], object]) -> None:
        """Have `stop` called when the reader leaves; at once if it has left."""
        self._on_cancel = stop
        if self._cancelled:
            stop()

    def begin(self, answer: ChatAnswer) -> None:
        """A new attempt's answer begins; its cost counts from now on."""
        self._answers.append(answer)

    def disregard(self, answer: ChatAnswer) -> None:
        """That was no model's answer: it costs nothing."""
        self._answers.remove(answer)

    def write(self, text: str) -> None:
        """Text for the reader; it goes out with the next `flush`."""
        self._pieces.append(text)

    def flush(self) -> None:
        """Hand the text written since the last time to the reader in one piece."""
        if self._cancelled:
            self._pieces.clear()
        text = "".join(self._pieces)
        self._pieces.clear()
        if text:
            self.written = True
            if self._listener:
                self._listener.on_text(text)
            else:
                self._queue.put(text)

    def end(self, error: TranslatorUnavailable | None = None) -> None:
        """Nothing follows, because the answer is whole or because of this error."""
        if self._ended:
            return
        self.flush()
        self._error = error
        self._ended = True
        if self._listener:
            self._listener.on_end(None if self._cancelled else error)
        else:
            self._queue.put(None)

"""The client for OpenAI-compatible model servers."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import TranslatorUnavailable
from ..event_loop import EventLoop
from .answer_stream import AnswerStream
from .attempt import Timeouts
from .completion import Completion, Server
from .dialects.request_parameters import RequestParameters
from .http_client import HttpClient
from .model import ANY_TURN, AnswerListener, Turn

_log = logging.getLogger(__name__)


class OpenAIModel:
    """A model on any OpenAI-compatible server, asked through one client on the process's event loop.

    The client is made for the first question, so that a server may fork after building this.

    Args:
        model: its name on the server.
        base_url: up to, not including, `/chat/completions`.
        api_key: None where none is needed.
        slots: questions that may be under way at once in one process.
        breaker_rest: seconds that the circuit breaker waits before it tries a failing server again.
        on_answer: told the state that each answer of the server shows: `ok`, or the name of a fault.
        loop: where it runs; one of its own when left out.
    """

    def __init__(
        self,
        *,
        model: str,
        base_url: str,
        api_key: str | None = None,
        timeouts: Timeouts | None = None,
        slots: int = 64,
        breaker_rest: float = 10.0,
        on_answer: Callable[[str], None] = lambda state: None,
        loop: EventLoop | None = None,
    ) -> None:
        self.name = model
        self._api_key = api_key
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeouts or Timeouts()
        self._slots = slots
        self._breaker_rest = breaker_rest
        self._on_answer = on_answer
        self._loop = loop or EventLoop()
        self._owns_loop = loop is None
        self._server: Server | None = None
        self._process = 0
        self._left_to_parent: list[object] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def stream(
        self,
        messages: Sequence[Mapping[str, object]],
        *,
        max_output_tokens: int,
        retry_timeout: float = 20.0,
        after_silence: bool = False,
        turn: Turn = ANY_TURN,
        listener: AnswerListener | None = None,
    ) -> AnswerStream:
        """Ask; returns at once. See `LanguageModel.stream`."""
        stream = AnswerStream(listener)
        loop = self._loop.running()

        def begin() -> None:
            asking = self._answer(
                stream,
                messages=messages,
                max_output_tokens=max_output_tokens,
                retry_timeout=retry_timeout,
                after_silence=after_silence,
                turn=turn,
            )
            task = loop.create_task(asking)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            # Also one that was cancelled before it began.
            task.add_done_callback(lambda _: stream.end())
            stream.when_cancelled(lambda: self._loop.call(task.cancel))

        loop.call_soon_threadsafe(begin)
        return stream

    def warm_up(self, then: Callable[[], None] = lambda: None) -> None:
        """Load what the first question needs now, on the loop's thread: saves the first reader a moment.

        Args:
            then: called there afterwards.
        """
        self._loop.call(self._connected)
        self._loop.call(then)

    def waiting(self) -> int:
        """Questions of this process that wait for their turn; may be called from any thread."""
        return len(self._server.turns) if self._server else 0

    def close(self) -> None:
        """End all questions, close all connections."""
        if self._process == os.getpid():
            loop = self._loop.running()
            asyncio.run_coroutine_threadsafe(self._shut_down(), loop).result(timeout=10)
        if self._owns_loop:
            self._loop.close()

    async def _answer(self, stream: AnswerStream, **question: Any) -> None:
        """One question from beginning to end; whatever happens, its stream ends."""
        try:
            await Completion(self._connected(), stream, **question).run()
        except Exception as error:
            # The message may hold the key or the text; the kind is enough to begin looking.
            _log.error("asking the model server failed: %s", type(error).__name__)
            stream.end(TranslatorUnavailable("The language model could not be asked."))

    def _connected(self) -> Server:
        """The server's client and state, made on the loop's thread when first needed in this process."""
        if self._server is None or self._process != os.getpid():
            self._left_to_parent.append(self._server)
            self._server = Server(
                HttpClient(
                    api_key=self._api_key,
                    base_url=self._base_url,
                    connect_seconds=self._timeouts.connect,
                ),
                parameters=RequestParameters(base_url=self._base_url, model=self.name),
                timeouts=self._timeouts,
                slots=self._slots,
                rest=self._breaker_rest,
                on_answer=self._on_answer,
            )
            self._process = os.getpid()
        return self._server

    async def _shut_down(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.client.close()
        self._server, self._process = None, 0

"""The client for OpenAI-compatible model servers."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from ..errors import TranslatorUnavailable
from .answer_stream import AnswerStream
from .attempt import Timeouts
from .completion import Completion, Server
from .http_client import connect
from .model import ANY_TURN, Turn
from .request_parameters import RequestParameters

_log = logging.getLogger(__name__)


class OpenAIModel:
    """A model on any OpenAI-compatible server, asked through one client and one event loop a process.

    Both begin with the first question, so that a server may fork after building this.

    Args:
        model: its name on the server.
        base_url: up to, not including, `/chat/completions`.
        api_key: None where none is needed.
        slots: questions that may be under way at once in one process.
        breaker_rest: seconds that the circuit breaker waits before it tries a failing server again.
        on_answer: told the state that each answer of the server shows: `ok`, or the name of a fault.
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
    ) -> None:
        self.name = model
        self._api_key = api_key
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeouts or Timeouts()
        self._slots = slots
        self._breaker_rest = breaker_rest
        self._on_answer = on_answer
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._process = 0
        self._server: Server | None = None
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
    ) -> AnswerStream:
        """Ask; returns at once. See `LanguageModel.stream`."""
        stream = AnswerStream()
        loop = self._running_loop()

        def begin() -> None:
            task = loop.create_task(
                self._answer(
                    stream,
                    messages=messages,
                    max_output_tokens=max_output_tokens,
                    retry_timeout=retry_timeout,
                    after_silence=after_silence,
                    turn=turn,
                )
            )
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            stream.when_cancelled(lambda: _call_in(loop, task.cancel))

        loop.call_soon_threadsafe(begin)
        return stream

    def warm_up(self, then: Callable[[], None] = lambda: None) -> None:
        """Load the client library now, on the loop's thread: saves the first reader half a second.

        Args:
            then: called there afterwards.
        """
        loop = self._running_loop()
        loop.call_soon_threadsafe(self._connected)
        loop.call_soon_threadsafe(then)

    def waiting(self) -> int:
        """Questions of this process that wait for their turn; may be called from any thread."""
        return len(self._server.turns) if self._server else 0

    def close(self) -> None:
        """End all questions, close all connections, stop the thread."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
            if loop is None or thread is None or self._process != os.getpid():
                return
            asyncio.run_coroutine_threadsafe(self._shut_down(), loop).result(timeout=10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=10)
            loop.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """This process's event loop, begun when it is first needed."""
        with self._lock:
            if self._loop is not None and self._process == os.getpid():
                return self._loop
            # After a fork the parent's loop is of no use here, and closing it would take sockets from the
            # parent's selector: it is only kept from being collected.
            self._left_to_parent.append((self._loop, self._server))
            self._server = None
            self._process = os.getpid()
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=self._loop.run_forever, name="paperglot-model", daemon=True
            )
            self._thread.start()
            return self._loop

    async def _answer(
        self,
        stream: AnswerStream,
        *,
        messages: Sequence[Mapping[str, object]],
        max_output_tokens: int,
        retry_timeout: float,
        after_silence: bool,
        turn: Turn,
    ) -> None:
        """One question from beginning to end; whatever happens, its stream ends."""
        try:
            await Completion(
                self._connected(),
                stream,
                messages=messages,
                max_output_tokens=max_output_tokens,
                retry_timeout=retry_timeout,
                after_silence=after_silence,
                turn=turn,
            ).run()
        except asyncio.CancelledError:
            stream.end()
            raise
        except Exception as error:
            # The message may hold the key or the text; the kind is enough to begin looking.
            _log.error("asking the model server failed: %s", type(error).__name__)
            stream.end(TranslatorUnavailable("The language model could not be asked."))

    def _connected(self) -> Server:
        """The server's client and state, made on the loop's thread when first needed."""
        if self._server is None:
            self._server = Server(
                connect(
                    api_key=self._api_key,
                    base_url=self._base_url,
                    connect_seconds=self._timeouts.connect,
                    connections=self._slots,
                ),
                parameters=RequestParameters(base_url=self._base_url, model=self.name),
                timeouts=self._timeouts,
                slots=self._slots,
                rest=self._breaker_rest,
                on_answer=self._on_answer,
            )
        return self._server

    async def _shut_down(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.client.close()


def _call_in(loop: asyncio.AbstractEventLoop, function: Callable[[], object]) -> None:
    """Have a function called by a loop of another thread, if that still runs."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(function)

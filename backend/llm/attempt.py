"""One request to a model server: sent, read to its end or to its time-out, its connection closed.

Reading costs as much for one token as for ten that arrive together, and so does waking the reader's
thread. So the first words go out at once; after them the socket is left alone for a few hundredths
of a second between reads, growing from 5 to 80 ms, and what gathers there goes out in one piece.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answer_stream import AnswerStream
from .chat_answer import MAX_DOCUMENT, ChatAnswer, broken_off, unreadable
from .provider_faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    from .http_client import HttpClient

_FIRST_PACE = 0.005
_PACE = 0.08
_LAST_WORDS = 2.0
_DRAIN_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds to wait for a model server.

    Args:
        connect: until the connection stands.
        first_token: from asking until the model begins to write or to think.
        between_tokens: from one sign of the model's work to the next; comments are none.
        total: for one whole answer.
        backoff: before the second attempt; each later one waits twice as long, with jitter.
        after_silence: before a server that was silent is asked once more.
        loading: that a server may take to load its model.
    """

    connect: float = 5.0
    first_token: float = 60.0
    between_tokens: float = 30.0
    total: float = 900.0
    backoff: float = 0.5
    after_silence: float = 3.0
    loading: float = 180.0


class Attempt:
    """One request.

    Args:
        on_sign: called once, when the model has begun to answer.
    """

    def __init__(
        self,
        client: HttpClient,
        stream: AnswerStream,
        answer: ChatAnswer,
        *,
        timeouts: Timeouts,
        on_sign: Callable[[], None],
    ) -> None:
        self._client = client
        self._stream = stream
        self._answer = answer
        self._timeouts = timeouts
        self._on_sign = on_sign
        self._loop = asyncio.get_running_loop()
        self._ends = self._loop.time() + timeouts.total
        self._limit: asyncio.Timeout | None = None
        self._pace = 0.0
        self._signs = 0
        self._finishing = False

    async def run(self, body: dict[str, Any]) -> None:
        """Send the request and write its answer into the stream, which is ended if all went well.

        Raises:
            Fault: there was no answer, or not a whole one.
        """
        first = min(self._timeouts.first_token, self._timeouts.total)
        try:
            async with asyncio.timeout(first) as self._limit:
                await self._exchange(body)
        except TimeoutError:
            if self._answer.finish_reason is None:
                raise self._late() from None
            self._stream.write(self._answer.rest())
            self._succeed()
        except Fault as fault:
            if fault.foreign and not self._answer.signs:
                self._stream.disregard(self._answer)
            raise
        finally:
            self._limit = None
            self._stream.flush()

    def _late(self) -> Fault:
        late = "in the middle of its answer" if self._answer.signs else "to begin its answer"
        return Fault(
            f"The language model's provider took too long {late}.",
            retried=True,
            trips_breaker=True,
            silent=True,
        )

    async def _exchange(self, body: dict[str, Any]) -> None:
        self._stream.requests += 1
        response = await self._client.ask(body)
        self._stream.begin(self._answer)
        try:
            if "json" in response.headers.get("content-type", ""):
                self._stream.write(self._answer.document(await _whole(response.content)))
                self._succeed()
                return
            await self._read(response)
            self._stream.flush()
            await _drain(response.content)
            self._succeed()
        finally:
            response.release()

    async def _read(self, response: aiohttp.ClientResponse) -> None:
        """Write the event stream's text as it comes, until nothing that matters can follow."""
        import aiohttp

        answer = self._answer
        try:
            while chunk := await response.content.readany():
                self._stream.write(answer.feed(chunk))
                if answer.fault:
                    raise answer.fault
                if answer.complete:
                    self._stream.write(answer.rest())
                    return
                self._all_read()
                if self._pace and answer.finish_reason is None:
                    await _leave_alone(response, self._pace)
        except (aiohttp.ClientError, OSError):
            if answer.finish_reason is None:
                raise broken_off() from None
        self._stream.write(answer.end())
        if answer.fault:
            raise answer.fault

    def _all_read(self) -> None:
        """All that the last read brought is in the stream."""
        self._stream.flush()
        if self._stream.written:
            self._pace = min(_PACE, self._pace * 2 or _FIRST_PACE)
        if self._limit is None or self._limit.expired():
            return
        if self._answer.finish_reason is not None:
            if not self._finishing:
                self._finishing = True
                self._limit.reschedule(min(self._ends, self._loop.time() + _LAST_WORDS))
        elif self._answer.signs != self._signs:
            if not self._signs:
                self._on_sign()
            self._signs = self._answer.signs
            silence = self._timeouts.between_tokens
            self._limit.reschedule(min(self._ends, self._loop.time() + silence))

    def _succeed(self) -> None:
        """The answer is whole.

        Raises:
            Fault: it is nothing but thought, for which its room was too small.
        """
        answer = self._answer
        if answer.reasoned and answer.finish_reason == "length" and not self._stream.written:
            raise Fault(
                "The language model used up its answer for reasoning.",
                retried=True,
                only_reasoning=True,
            )
        self._stream.end()


async def _leave_alone(response: aiohttp.ClientResponse, seconds: float) -> None:
    """Let what comes meanwhile gather in the system's buffer: it costs one read then."""
    transport = response.connection.transport if response.connection else None
    if transport is None:
        return  # all of it is here already
    transport.pause_reading()
    try:
        await asyncio.sleep(seconds)
    finally:
        transport.resume_reading()


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """An answer's body that is no stream."""
    import aiohttp

    whole = bytearray()
    try:
        while chunk := await content.readany():
            whole += chunk
            if len(whole) > MAX_DOCUMENT:
                raise unreadable()
    except (aiohttp.ClientError, OSError):
        raise broken_off() from None
    return bytes(whole)


async def _drain(content: aiohttp.StreamReader) -> None:
    """Read what follows the last event, the end of the body, so that the connection can serve again."""
    import aiohttp

    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while await content.readany():
                pass
    except (OSError, aiohttp.ClientError):  # a time-out is an OSError
        return

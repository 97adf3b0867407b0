"""One request to a model server: sent, read to its end or to its time-out, its connection closed.

Reading costs as much for one token as for ten that arrive together, and so does waking the reader's
thread. So the first words go out at once; after them the socket is left alone for a few hundredths
of a second between reads, growing from 5 to 80 ms, and what gathers there goes out in one piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answer_stream import AnswerStream
from .chat_answer import MAX_DOCUMENT, ChatAnswer, broken_off, unreadable
from .provider_faults import Fault, from_status, unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    import openai

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
    """

    connect: float = 5.0
    first_token: float = 60.0
    between_tokens: float = 30.0
    total: float = 900.0
    backoff: float = 0.5
    after_silence: float = 3.0


class Attempt:
    """One request.

    Args:
        on_sign: called once, when the model has begun to answer.
    """

    def __init__(
        self,
        client: openai.AsyncOpenAI,
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
        self._fresh = True
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
        response = await self._open(body)
        self._stream.begin(self._answer)
        try:
            if "json" in response.headers.get("content-type", ""):
                self._stream.write(self._answer.document(await _whole(response)))
                self._succeed()
                return
            encoded = "content-encoding" in response.headers
            chunks = response.aiter_bytes() if encoded else response.aiter_raw()
            await self._read(chunks)
            self._stream.flush()
            await _drain(chunks)
            self._succeed()
        finally:
            await response.aclose()

    async def _open(self, body: dict[str, Any]) -> httpx2.Response:
        """Send the request and wait for the answer's headers."""
        import httpx2
        import openai

        self._stream.requests += 1
        try:
            # Asked for by `cast_to`, the response comes as it is, whatever the signature says.
            response: object = await self._client.post(
                "/chat/completions",
                cast_to=httpx2.Response,
                body=body,
                stream=True,
                stream_cls=openai.AsyncStream[Any],
            )
        except openai.APIStatusError as error:
            said = error.response
            raise from_status(error.status_code, said.headers, said.text) from None
        except openai.APIConnectionError as error:
            raise unreachable(error) from None
        assert isinstance(response, httpx2.Response)
        return response

    async def _read(self, chunks: AsyncIterator[bytes]) -> None:
        """Write the event stream's text as it comes, until nothing that matters can follow."""
        import httpx2

        answer = self._answer
        try:
            async for chunk in chunks:
                self._stream.write(answer.feed(chunk))
                if answer.fault:
                    raise answer.fault
                if answer.complete:
                    self._stream.write(answer.rest())
                    return
                if self._fresh:
                    self._fresh = False
                    if self._pace and answer.finish_reason is None:
                        await asyncio.sleep(self._pace)
                    self._loop.call_soon(self._all_read)
        except httpx2.RequestError:
            if answer.finish_reason is None:
                raise broken_off() from None
        self._stream.write(answer.end())
        if answer.fault:
            raise answer.fault

    def _all_read(self) -> None:
        """The event loop has come round: all that the last read brought is in the stream."""
        self._fresh = True
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


async def _whole(response: httpx2.Response) -> bytes:
    """An answer's body that is no stream."""
    import httpx2

    whole = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            whole += chunk
            if len(whole) > MAX_DOCUMENT:
                raise unreadable()
    except httpx2.RequestError:
        raise broken_off() from None
    return bytes(whole)


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    """Read what follows the last event, the end of the body, so that the connection can serve again."""
    import httpx2

    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in chunks:
                pass
    except (TimeoutError, httpx2.RequestError):
        return

"""The client library's client, and what it lacks: short refusals, no needless key.

It is made on the event loop's thread, when the first question is asked: importing the library takes
half a second.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2
    import openai

_MAX_REFUSAL = 1 << 16
_MOST_CONNECTIONS = 10_000
_IDLE_SECONDS = 30.0


def connect(*, api_key: str | None, base_url: str, connect_seconds: float) -> openai.AsyncOpenAI:
    """A client for one server, which neither retries nor times out but while it connects.

    Its transport is aiohttp: a parser in C reads answers in half the time of the default one.
    """
    import httpx2
    import openai

    timeout = httpx2.Timeout(None, connect=connect_seconds)
    # Without a number aiohttp opens a hundred; questions wait for their turn before they come here.
    limits = httpx2.Limits(max_connections=_MOST_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS)
    hooks: dict[str, list[Any]] = {
        "request": [] if api_key else [_leave_key_out],
        "response": [_shorten_refusal],
    }
    return openai.AsyncOpenAI(
        api_key=api_key or "none",
        base_url=base_url,
        default_headers={"Accept": "text/event-stream", "Accept-Encoding": "identity"},
        max_retries=0,
        timeout=timeout,
        http_client=openai.DefaultAioHttpClient(timeout=timeout, limits=limits, event_hooks=hooks),
    )


async def _leave_key_out(request: httpx2.Request) -> None:
    """The client library insists on a key; a server that needs none gets none."""
    request.headers.pop("authorization", None)


async def _shorten_refusal(response: httpx2.Response) -> None:
    """Have no more of an error's body read than its beginning, however long it is."""
    if response.status_code >= 400:
        import httpx2

        body = response.stream
        assert isinstance(body, httpx2.AsyncByteStream)
        response.stream = _beginning_of(body)


def _beginning_of(body: httpx2.AsyncByteStream) -> httpx2.AsyncByteStream:
    import httpx2

    class Beginning(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in body:
                yield chunk
                size += len(chunk)
                if size > _MAX_REFUSAL:
                    return

        async def aclose(self) -> None:
            await body.aclose()

    return Beginning()

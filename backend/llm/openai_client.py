"""The openai library's client, and what it lacks: short refusals, no needless key, ended connections.

It is made on the event loop's thread, when the first question is asked: importing the library takes
half a second.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2
    import openai

_MAX_REFUSAL = 1 << 16
_IDLE_SECONDS = 30.0


def connect(
    *, api_key: str | None, base_url: str, connect_seconds: float, connections: int
) -> openai.AsyncOpenAI:
    """A client for one server, which neither retries nor times out but while it connects.

    Args:
        connections: how many are kept for the next question; more may be open at a time.
    """
    import httpx2
    import openai

    timeout = httpx2.Timeout(None, connect=connect_seconds)
    limits = httpx2.Limits(
        max_connections=None,
        max_keepalive_connections=connections,
        keepalive_expiry=_IDLE_SECONDS,
    )
    hooks: dict[str, list[Any]] = {
        "request": [_end_with_handshake] if api_key else [_end_with_handshake, _leave_key_out],
        "response": [_shorten_refusal],
    }
    return openai.AsyncOpenAI(
        api_key=api_key or "none",
        base_url=base_url,
        default_headers={"Accept": "text/event-stream", "Accept-Encoding": "identity"},
        max_retries=0,
        timeout=timeout,
        http_client=openai.DefaultAsyncHttpxClient(
            timeout=timeout, limits=limits, event_hooks=hooks
        ),
    )


async def _leave_key_out(request: httpx2.Request) -> None:
    """The client library insists on a key; a server that needs none gets none."""
    request.headers.pop("authorization", None)


async def _end_with_handshake(request: httpx2.Request) -> None:
    """Have the connection closed when the question is cancelled during the TLS handshake.

    httpcore2 2.16 closes it when the handshake fails or times out, not when it is cancelled.
    """
    if request.url.scheme != "https":
        return
    connection: Any = None

    async def watch(event: str, info: Mapping[str, Any]) -> None:
        nonlocal connection
        if event == "connection.connect_tcp.complete":
            connection = info["return_value"]
        elif event == "connection.start_tls.failed" and connection is not None:
            await connection.aclose()

    request.extensions["trace"] = watch


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

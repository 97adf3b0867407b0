"""The fake language model's HTTP: a small server of its own, so that it can misbehave in every way.

One asyncio protocol object per connection parses HTTP/1.1 requests (Content-Length bodies,
keep-alive) and runs one task per request. When the client leaves, the task is cancelled at once:
that is how the fake knows who left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class HttpRequest:
    """A request read whole; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Handler = Callable[[HttpRequest, "Connection"], Awaitable[None]]


class Connection(asyncio.Protocol):
    """One client's connection: requests one after another, answers, and notice of who leaves."""

    def __init__(self, handler: Handler, connections: set[Connection]) -> None:
        self._handler = handler
        self._connections = connections
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self.transport: asyncio.Transport | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can still be sent."""
        return self.transport is not None and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self.transport = None
        self._writable.set()
        if self._task:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._task is None:
            self._next_request()

    def _next_request(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in lines)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        length = int(headers.get("content-length", 0))
        if len(self._buffer) < end + 4 + length:
            return
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        method, path, _ = first.split(" ", 2)
        self._task = asyncio.create_task(self._answer(HttpRequest(method, path, headers, body)))

    async def _answer(self, request: HttpRequest) -> None:
        try:
            await self._handler(request, self)
        except ConnectionResetError:
            return
        except Exception:
            self.reset()  # a fault of the fake's own: the client must not wait for it
            raise
        self._task = None
        if self.is_open:
            self._next_request()

    async def write(self, data: bytes) -> None:
        """Sends bytes as they are.

        Raises:
            ConnectionResetError: the connection is closed.
        """
        if self.transport is None or not self.is_open:
            raise ConnectionResetError
        self.transport.write(data)
        if not self._writable.is_set():
            await self._writable.wait()

    async def head(self, status: int, headers: dict[str, str]) -> None:
        """Sends the status line and headers."""
        lines = [f"HTTP/1.1 {status} Fake"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        await self.write("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def whole(
        self,
        status: int,
        body: bytes,
        *,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Sends an answer with a known length."""
        await self.head(
            status,
            {"content-type": content_type, "content-length": str(len(body)), **(headers or {})},
        )
        if body:
            await self.write(body)

    async def chunk(self, data: bytes) -> None:
        """Sends one chunk of a chunked body; an empty one ends the body."""
        await self.write(b"%x\r\n%b\r\n" % (len(data), data))

    def close(self) -> None:
        """Ends the connection in order, after what was written."""
        if self.transport:
            self.transport.close()

    def reset(self) -> None:
        """Breaks the connection off."""
        if self.transport:
            self.transport.abort()

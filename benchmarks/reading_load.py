"""Readers of streams, many at once on one event loop, in a process of their own.

    python -m benchmarks.reading_load < ORDER

ORDER is JSON: `url`, `bodies` (one reader each), `headers`, `over` (seconds within which they come, 0 for
one moment), and `sign`: "event" for our first `delta`, "model" for the model's first word within its segment.
Prints JSON: for each reader the seconds to the first word, or null where none came, and whether the stream was
whole.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 120.0


class Reader(asyncio.Protocol):
    """One request, read to its end."""

    def __init__(self, request: bytes, sign: str) -> None:
        self._request = request
        self._sign = sign
        self._received = bytearray()
        self._began = time.perf_counter()
        self.first: float | None = None
        self.ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self.first is None:
            self._received += data
            if self._has_words():
                self.first = time.perf_counter() - self._began
                self._received = self._received[-6:]
        else:
            self._received = self._received[-6:] + data
        if self._received.endswith(b"\r\n0\r\n\r\n"):  # the last chunk; a header may end in 0, too
            self._end(True)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(False)

    def _has_words(self) -> bool:
        if self._sign == "event":
            return b"event: delta" in self._received
        text = ""
        for line in self._received.split(b"\n"):
            if line.startswith(b"data: {") and line.endswith(b"}"):
                choices = json.loads(line[6:])["choices"]
                text += (choices[0]["delta"].get("content") or "") if choices else ""
        return bool(text.partition(">")[2])

    def _end(self, whole: bool) -> None:
        if not self.ended.done():
            self.ended.set_result(whole)
            self._transport.close()


async def read_all(order: dict[str, Any]) -> list[dict[str, Any]]:
    """All readers, each from its own moment on."""
    url = urlsplit(order["url"])
    assert url.hostname
    host, port = url.hostname, url.port or 80
    loop = asyncio.get_running_loop()
    apart = order["over"] / len(order["bodies"])

    async def one(number: int, body: object) -> dict[str, Any]:
        await asyncio.sleep(apart * number)
        content = json.dumps(body).encode()
        lines = [
            f"POST {url.path} HTTP/1.1",
            f"Host: {url.netloc}",
            f"Content-Length: {len(content)}",
        ]
        lines += [f"{name}: {value}" for name, value in order["headers"].items()]
        request = "\r\n".join([*lines, "", ""]).encode() + content
        reader: Reader | None = None
        try:
            async with asyncio.timeout(PATIENCE):
                _, reader = await loop.create_connection(
                    lambda: Reader(request, order["sign"]), host, port
                )
                whole = await reader.ended
        except (OSError, TimeoutError):
            whole = False
        return {"first": reader.first if reader else None, "whole": whole}

    return await asyncio.gather(*(one(number, body) for number, body in enumerate(order["bodies"])))


def main() -> None:
    """Read the order, answer with what was measured."""
    json.dump(asyncio.run(read_all(json.load(sys.stdin))), sys.stdout)


if __name__ == "__main__":
    main()

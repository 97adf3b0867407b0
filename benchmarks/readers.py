"""Readers of lists and of streams, many in one process, who look at what they get."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LIST = "/api/v1/daily/latest?lang=zh-Hans"
TOKEN = "a-token-for-benchmarks"


@dataclass
class Tally:
    """What was served, and how."""

    lists: int = 0
    streams: int = 0
    wrong: int = 0
    server_errors: int = 0
    list_seconds: list[float] = field(default_factory=list)
    first_word_seconds: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    """Of what was wrong."""

    def note_status(self, status: int) -> None:
        """Count an answer that is not what it should be."""
        if status >= 500:
            self.server_errors += 1
        elif status != 200:
            self.wrong += 1
        if status != 200:
            self.reasons[str(status)] += 1


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return body


def household(number: int) -> tuple[str, int]:
    """The loopback address that a reader shares with four others, as people behind one router do."""
    return f"127.0.{1 + number // 5 // 250}.{1 + number // 5 % 250}", 0


async def read_lists(
    address: str, tally: Tally, until: float, pause: float, offset: float, *, number: int = 0
) -> None:
    """One reader, who looks at the list again and again over a kept connection."""
    url = urlsplit(address)
    asked = f"GET {LIST} HTTP/1.1\r\nHost: {url.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    await asyncio.sleep(offset)
    reader = writer = None
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            if writer is None or reader is None:
                reader, writer = await asyncio.open_connection(
                    url.hostname, url.port, local_addr=household(number)
                )
            writer.write(asked)
            status, headers = await _head(reader)
            body = await _body(reader, headers)
            tally.note_status(status)
            if status == 200:
                tally.lists += 1
                tally.wrong += body[:2] != b"\x1f\x8b" or headers.get("content-encoding") != "gzip"
                tally.list_seconds.append(time.monotonic() - began)
            if headers.get("connection") == "close":
                writer.close()
                writer = None
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            tally.wrong += 1
            tally.reasons[type(error).__name__] += 1
            writer = None
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))
    if writer:
        writer.close()


async def read_stream(address: str, tally: Tally, number: int) -> None:
    """One reader of a text that nobody else asks for."""
    url, began = urlsplit(address), time.monotonic()
    word = "".join(chr(97 + int(digit)) for digit in str(number))
    text = f"We study the {word} attention of language models and what it costs. " * 6
    body = json.dumps({"lang": "zh-Hans", "segments": [{"id": "1", "text": text}]}).encode()
    asked = (
        f"POST /api/v1/translations HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n"
        f"Authorization: Bearer {TOKEN}\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(asked.encode() + body)
        status, _ = await _head(reader)
        tally.note_status(status)
        received = b""
        while piece := await reader.read(65536):
            if b"event: delta" in piece and b"event: delta" not in received:
                tally.first_word_seconds.append(time.monotonic() - began)
            received += piece
        writer.close()
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        tally.wrong += 1
        tally.reasons[type(error).__name__] += 1
        return
    if status == 200:
        tally.streams += 1
        tally.wrong += b'"verified":true' not in received or b"event: done" not in received

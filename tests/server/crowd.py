"""Many clients at once that are slow in every way, held by one thread."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

POST = (
    b"POST /api/v1/translations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
)
PARTS = {
    "nothing": b"",
    "part of a head": b"GET /hea",
    "part of a header": POST,
    "part of a body": POST + b"Content-Length: 999\r\n\r\n{",
    "part of a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n999\r\n{",
    "part of a size": POST + b"Transfer-Encoding: chunked\r\n\r\n9",
    "a body too large": POST + b"Content-Length: 9999999\r\n\r\n{",
}
"""What a client may send before it drips."""


class Crowd:
    """Connections that all began in the same way."""

    def __init__(self, address: str, beginnings: list[bytes], *, take_little: bool = False) -> None:
        url = httpx.URL(address)
        self.connections: list[socket.socket] = []
        for beginning in beginnings:
            connection = socket.socket()
            self.connections.append(connection)
            if take_little:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.settimeout(10)
            connection.connect((url.host, url.port or 80))
            connection.sendall(beginning)

    def drip(self, byte: bytes = b"1") -> None:
        """Each sends one more byte, if it still can."""
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.send(byte)

    def answers(self, seconds: float) -> list[bytes]:
        """What each has received once all are closed by the server.

        Raises:
            TimeoutError: one is still open after so many seconds.
        """
        until = time.monotonic() + seconds
        return [_received(connection, until) for connection in self.connections]


def _received(connection: socket.socket, until: float) -> bytes:
    received = b""
    connection.settimeout(max(0.01, until - time.monotonic()))
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            received += piece
    return received


@contextmanager
def crowd(address: str, beginnings: list[bytes], *, take_little: bool = False) -> Iterator[Crowd]:
    """The clients, who leave at the end of the block."""
    gathered = Crowd(address, beginnings, take_little=take_little)
    try:
        yield gathered
    finally:
        for connection in gathered.connections:
            connection.close()


def of_each(count: int, *parts: str) -> list[bytes]:
    """So many beginnings, of each kind as many as of the others."""
    return [PARTS[parts[number % len(parts)]] for number in range(count)]

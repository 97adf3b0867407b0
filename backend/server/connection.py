"""A client's connection: what it has sent so far, what it has not taken yet, and how long that may take."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections import deque
from enum import Enum
from typing import Any

from gunicorn.workers.gthread import TConn

from ..api.streams.socket_writer import ANSWER_SECONDS, LEAST_RATE, RunWriter
from .request_framing import RequestFraming

HEAD_SECONDS = 10.0
"""For the whole head of a request, from its first byte on; and for the first byte of a new connection."""
BODY_SECONDS = 10.0
"""For a request's body, beyond what the least rate gives it."""
READ_SECONDS = 1.0
"""For what a thread reads and the poller did not foresee: hardly anything; nobody may hold a thread by it."""
FAREWELL_SECONDS = 2.0
"""For the client to close its side, so that it is not cut off from the end of its answer."""
LINGER_SECONDS = 2.0
"""For a request on a connection that was there when the server began to stop."""
MAX_UNSENT = 256 * 1024
"""Bytes of a stream that wait for its reader before the thread that writes it waits too."""


class ClientSocket(socket.socket):
    """A client's socket, which never blocks. What cannot be sent at once is kept, for the poller to send.

    What a thread reads has been received before it began; if not, or if a stream's reader takes nothing for too
    long, it ends as if the client had left.
    """

    waits = False
    """Whether whoever reads may wait, as a thread may and the poller may not."""
    writer: RunWriter | None = None
    """Who writes the rest of the answer, once the thread is done with it."""
    unsent: deque[memoryview]
    moved = 0.0
    """When the client last took something, or had nothing to take."""

    @classmethod
    def of(cls, connection: socket.socket) -> ClientSocket:
        """This connection, taken over."""
        if isinstance(connection, cls):
            return connection
        taken = cls(fileno=connection.detach())
        taken.unsent = deque()
        taken.settimeout(0.0)
        return taken

    def setblocking(self, flag: bool, /) -> None:
        self.waits = flag

    def recv(self, *arguments: Any) -> bytes:
        try:
            return super().recv(*arguments)
        except BlockingIOError:
            if not self.waits:
                raise
        self._wait(select.POLLIN, READ_SECONDS)
        return super().recv(*arguments)

    def hand_over(self, writer: RunWriter) -> None:
        """What gunicorn sends from now on, the end of the body, is this writer's to send."""
        self.writer = writer

    def sendall(self, data: Any, *_flags: Any) -> None:
        """Send what can be sent and keep the rest; wait when too much is kept already."""
        if self.writer is not None:
            return
        self.unsent.append(memoryview(data).cast("B"))
        self.flush()
        while self.bytes_unsent - len(data) > MAX_UNSENT:
            self._wait(select.POLLOUT, ANSWER_SECONDS)
            self.flush()
        if self.unsent and time.monotonic() - self.moved > ANSWER_SECONDS:
            raise _stalled()

    def flush(self) -> int:
        """Send of what is kept as much as the client takes now; tells how many bytes that were."""
        flushed = 0
        if not self.unsent:
            return flushed
        try:
            while self.unsent:
                sent = self.send(self.unsent[0])
                flushed += sent
                if sent == len(self.unsent[0]):
                    self.unsent.popleft()
                else:
                    self.unsent[0] = self.unsent[0][sent:]
        except BlockingIOError:
            pass
        if flushed:
            self.moved = time.monotonic()
        return flushed

    def take_unsent(self) -> bytes:
        """What the client has not taken yet; it is kept no more."""
        unsent = b"".join(self.unsent)
        self.unsent.clear()
        return unsent

    @property
    def bytes_unsent(self) -> int:
        """How much the client has not taken yet."""
        return sum(map(len, self.unsent))

    def _wait(self, event: int, seconds: float) -> None:
        poll = select.poll()
        poll.register(self, event)
        if not poll.poll(1000 * seconds):
            raise _stalled()


def _stalled() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the client stalled")


class Waiting(Enum):
    """What the poller waits for, on a connection that no thread is at."""

    REQUEST = "the next bytes of a request"
    ANSWER = "that the client takes more of its answer"
    FAREWELL = "that the client closes its side too"


class Connection(TConn):  # type: ignore[misc] # gunicorn ships no types
    """What gunicorn knows of a connection, and what the poller does while no thread is at it.

    Args:
        max_body: bytes of a request's body that are waited for.
        idle_seconds: how long it may be kept without a request.
    """

    sock: ClientSocket

    def __init__(
        self, cfg: Any, sock: socket.socket, client: Any, server: Any, *, max_body: int
    ) -> None:
        super().__init__(cfg, ClientSocket.of(sock), client, server)
        self.data_ready = True  # a thread takes it up when its request is there
        self.max_body = max_body
        self.framing = RequestFraming(max_body)
        self.waiting = Waiting.REQUEST
        self.since = 0.0
        """When what is waited for began (time.monotonic)."""
        self.kept = False
        """Whether it has had an answer and may have another."""
        self.taken = 0
        """Bytes of an answer that the client took since then."""
        self.goes_on = False
        """Whether another request may follow the one that a thread was at."""
        self.continued = False
        """Whether the client was told to send its body."""

    @property
    def held(self) -> int:
        """Bytes that we keep for it."""
        return len(self.framing.received) + self.sock.bytes_unsent

    def wait_for(self, what: Waiting, now: float) -> None:
        """Begin to wait for something else."""
        self.waiting, self.since, self.taken = what, now, 0

    def next_request(self) -> None:
        """Begin with a new request: what was received behind the last one belongs to it."""
        self.kept = True
        self.framing = RequestFraming(self.max_body)
        if rest := self.parser.unreader.take_buffered():
            self.framing.feed(rest)

    def hand_over(self) -> None:
        """Give the parser what was received; called by the thread that takes the connection up."""
        self.sock.setblocking(True)
        self.init()
        self.parser.unreader.unread(bytes(self.framing.received))
        self.framing.received.clear()

    @property
    def began(self) -> bool:
        """Whether part of a request is there, or part of an answer on its way."""
        if self.waiting is Waiting.REQUEST:
            return bool(self.framing.received)
        return self.waiting is Waiting.ANSWER

    def overdue(self, now: float, *, stopping_since: float | None = None) -> bool:
        """Whether it has had all the time it gets."""
        waited = now - self.since
        if self.waiting is Waiting.FAREWELL:
            return waited > FAREWELL_SECONDS
        if self.waiting is Waiting.ANSWER:
            return self.taken < (waited - ANSWER_SECONDS) * LEAST_RATE
        if stopping_since is not None and now - stopping_since > LINGER_SECONDS:
            return True
        if self.framing.head_ended:
            return self.framing.body_received < (waited - BODY_SECONDS) * LEAST_RATE
        if self.kept and not self.framing.received:
            return waited > float(self.cfg.keepalive)
        return waited > HEAD_SECONDS

"""gunicorn's worker with threads, and what it lacks: deadlines, problems as answers, a last word at the end."""

from __future__ import annotations

import errno
import socket
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from gunicorn.http import errors as http_errors
from gunicorn.workers.gthread import ThreadWorker

from .. import services
from ..api import problems
from ..errors import InvalidRequest, PaperglotError

if TYPE_CHECKING:
    from collections.abc import Iterator

IO_TIMEOUT_SECONDS = 20.0
"""How long a client may send nothing of a request that it began, or take nothing of its answer."""

SHUT_DOWN_SECONDS = 20.0
"""How long readers may go on after SIGTERM; then they are told to ask again. Below graceful_timeout."""

_REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (http_errors.LimitRequestLine, 414, "The address is too long."),
    (http_errors.LimitRequestHeaders, 431, "The headers are too many or too long."),
    (http_errors.ExpectationFailed, 417, "Of Expect, only 100-continue is understood."),
    (
        http_errors.UnsupportedTransferCoding,
        400,
        "Of Transfer-Encoding, only chunked is understood.",
    ),
)


class TimedSocket(socket.socket):
    """A client's connection on which blocking calls end as if the client had left."""

    @classmethod
    def of(cls, connection: socket.socket) -> TimedSocket:
        """This connection, taken over."""
        if isinstance(connection, cls):
            return connection
        timeout = connection.gettimeout()
        timed = cls(fileno=connection.detach())
        timed.setblocking(timeout != 0)
        return timed

    def setblocking(self, flag: bool, /) -> None:
        if self.fileno() >= 0:
            self.settimeout(IO_TIMEOUT_SECONDS if flag else 0.0)

    def recv(self, *arguments: Any) -> bytes:
        try:
            return super().recv(*arguments)
        except TimeoutError:
            raise _left() from None

    def sendall(self, *arguments: Any) -> None:
        try:
            super().sendall(*arguments)
        except TimeoutError:
            raise _left() from None


def _left() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the client stalled")


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """The worker class that gunicorn.conf.py names."""

    def enqueue_req(self, conn: Any) -> None:
        conn.sock = TimedSocket.of(conn.sock)
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Serve one request, on a thread of the pool; tells whether the connection goes on."""
        goes_on = super().handle(conn)
        if not goes_on:
            # gunicorn waits up to 2 s for the client to close too. It would do so on the thread that
            # accepts connections: forty clients that do not close held up everyone for a minute.
            conn.close(graceful=True)
        return goes_on

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that is no HTTP with a problem; neither it nor the log repeats its words."""
        status, error = _problem(exc)
        kind = type(exc).__name__
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.warning("Refused a request that is no proper HTTP: %s", kind)
        else:
            self.log.error("Unexpected %s while answering", kind)
        response = problems.respond(error, status=status)
        response.headers["Connection"] = "close"
        try:
            client.sendall(b"".join(_message(response.status, response.headers, response.data)))
        except OSError:
            self.log.debug("The client had left.")

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: what is under way may end; what takes longer is told before it is cut."""
        if self.alive and self.booted:
            timer = threading.Timer(SHUT_DOWN_SECONDS, services.of(self.wsgi).shut_down)
            timer.daemon = True
            timer.start()
        super().handle_exit(sig, frame)


def _problem(exc: Exception) -> tuple[int, PaperglotError]:
    for kind, status, detail in _REFUSALS:
        if isinstance(exc, kind):
            return status, InvalidRequest(detail)
    if isinstance(exc, http_errors.ParseException):
        return 400, InvalidRequest("This is not a proper HTTP/1.1 request.")
    return 500, PaperglotError("This is a fault of the server. It has been logged.")


def _message(status: str, headers: Any, body: bytes) -> Iterator[bytes]:
    """An HTTP/1.1 response."""
    yield f"HTTP/1.1 {status}\r\n".encode("latin-1")
    for name, value in headers:
        yield f"{name}: {value}\r\n".encode("latin-1")
    yield b"\r\n" + body

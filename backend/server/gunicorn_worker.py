"""gunicorn's worker with threads, and what it lacks: no thread waits for a client, problems, a last word.

The worker's main thread, the poller, receives requests, and a thread takes up those that are whole; what a
client does not take of its answer at once the poller sends as well. So clients that are slow, by nature or on
purpose, hold a connection and never a thread, each for as long as `connection` says; those who have waited
longest make room for others.
"""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors as http_errors
from gunicorn.workers.gthread import ThreadWorker

from .. import MAX_REQUEST_BYTES, services
from . import refusals
from .connection import Connection, Waiting
from .waiting_connections import ShutOut, WaitingConnections

LONG_THREADS = 64
"""For requests that may ask the model: terms are waited for on a thread, streams only begin on one. Lists and
probes have gunicorn's `threads` for themselves."""
SWEEP_SECONDS = 0.5
"""Between two looks at who is overdue."""
_SHORT = (b"GET ", b"HEAD ", b"OPTIONS ")
_PIECE = 64 * 1024
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_NOBODY = frozenset({errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK})


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """The worker class that gunicorn.conf.py names."""

    def get_thread_pool(self) -> ThreadPoolExecutor:
        self._long_pool = ThreadPoolExecutor(LONG_THREADS)
        return ThreadPoolExecutor(self.cfg.threads)

    def run(self) -> None:
        self._waiting = WaitingConnections(self.poller, self._act)
        self._shut_out = ShutOut(self.log)
        self._stopping_since: float | None = None
        self._swept = 0.0
        super().run()
        self._long_pool.shutdown(wait=False)

    # What the poller does.

    def accept(self, listener: Any) -> None:
        """Take a new connection, if there is one."""
        self._accept(listener)

    def _accept(self, listener: Any) -> bool:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_ROOM:
                self._make_room()
            elif error.errno not in _NOBODY:
                raise
            return False
        self.nr_conns += 1
        conn = Connection(
            self.cfg, client, address, listener.getsockname(), max_body=MAX_REQUEST_BYTES
        )
        conn.wait_for(Waiting.REQUEST, time.monotonic())
        self._guarded(self._receive, conn)
        # gunicorn would no longer accept anybody.
        while self.nr_conns >= self.worker_connections and self._make_room():
            pass
        return True

    def _act(self, conn: Connection) -> None:
        """Something has come for a connection that waits."""
        acts = {
            Waiting.REQUEST: self._receive,
            Waiting.ANSWER: self._send,
            Waiting.FAREWELL: self._hear_out,
        }
        self._guarded(acts[conn.waiting], conn)
        while self._waiting.hold_too_much and self._make_room():
            pass

    def _guarded(self, act: Callable[[Connection], None], conn: Connection) -> None:
        """Whatever happens to one connection ends that one only."""
        try:
            act(conn)
        except OSError:
            self._close(conn)
        except Exception as error:
            self.log.error("Unexpected %s at a connection", type(error).__name__)
            self._close(conn)

    def _receive(self, conn: Connection) -> None:
        """Take in what has come of a request."""
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            self._waiting.park(conn, Waiting.REQUEST)
            return
        framing = conn.framing
        began, head_ended = bool(framing.received), framing.head_ended
        if piece:
            framing.feed(piece)
        elif head_ended:
            # The app says what is wrong with a body that has no end.
            framing.readable = framing.overlong = True
        else:
            self._close(conn)
            return
        if not began or head_ended != framing.head_ended:
            self._waiting.take(conn)
            conn.wait_for(Waiting.REQUEST, time.monotonic())
        self._hand_over_or_wait(conn)

    def _hand_over_or_wait(self, conn: Connection) -> None:
        if conn.framing.readable:
            self._waiting.take(conn)
            self.enqueue_req(conn)
            return
        if conn.framing.awaits_continue and not conn.continued:
            conn.continued = True
            conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._waiting.park(conn, Waiting.REQUEST)

    def enqueue_req(self, conn: Connection) -> None:
        """Have a thread take up a request."""
        short = bytes(conn.framing.received[:16]).lstrip(b"\r\n").startswith(_SHORT)
        pool = self.tpool if short else self._long_pool
        pool.submit(self.handle, conn).add_done_callback(
            lambda future: self.method_queue.defer(self.finish_request, conn, future)
        )

    def finish_request(self, conn: Connection, fs: Future[bool]) -> None:
        """A thread is done with a connection: send what is left to send, then go on or part."""
        conn.sock.setblocking(False)  # gunicorn's thread let it wait
        conn.goes_on = not fs.cancelled() and fs.exception() is None and fs.result()
        if conn.sock.writer is None:
            self._guarded(self._send, conn)
        else:
            writer, conn.sock.writer = conn.sock.writer, None
            writer.take_over(
                conn.sock,
                conn.sock.take_unsent(),
                lambda whole: self.method_queue.defer(self._given_back, conn, whole),
            )

    def _given_back(self, conn: Connection, whole: bool) -> None:
        """The event loop has written the rest of an answer, or its reader has left."""
        if whole:
            self._guarded(self._send, conn)
        else:
            self._close(conn)

    def _send(self, conn: Connection) -> None:
        conn.taken += conn.sock.flush()
        if conn.sock.unsent:
            self._waiting.park(conn, Waiting.ANSWER)
            return
        self._waiting.take(conn)
        if conn.goes_on:
            conn.next_request()
            conn.wait_for(Waiting.REQUEST, time.monotonic())
            self._hand_over_or_wait(conn)
        else:
            # Whoever closes while words of the other side are unread takes the last ones of its own away.
            conn.sock.shutdown(socket.SHUT_WR)
            self._waiting.park(conn, Waiting.FAREWELL)
            self._hear_out(conn)

    def _hear_out(self, conn: Connection) -> None:
        """After the last word: take what still comes, until the client closes too or we are in a hurry."""
        with suppress(BlockingIOError):
            if not conn.sock.recv(_PIECE):
                self._close(conn)
                return
        if self._stopping_since is not None:
            self._close(conn)

    def _close(self, conn: Connection) -> None:
        self._waiting.take(conn)
        self.nr_conns -= 1
        conn.close()

    def _make_room(self) -> bool:
        """Close the connection that has been waiting longest; tells whether there was one."""
        conn = self._waiting.longest()
        if conn is None:
            return False
        self._shut_out.count(for_room=True)
        self._close(conn)
        return True

    def murder_keepalived(self, force: bool = False) -> None:
        """Part with those who are overdue, or with all. gunicorn asks after whatever happens."""
        now = time.monotonic()
        if not force and now - self._swept < SWEEP_SECONDS:
            return
        self._swept = now
        overdue = self._waiting.overdue(stopping_since=self._stopping_since)
        for conn in self._waiting.all() if force else overdue:
            if conn.began:
                self._shut_out.count()
            if conn.began and conn.waiting is Waiting.REQUEST:
                self._guarded(self._refuse_late, conn)
            else:
                self._close(conn)
        self._shut_out.tell()

    def _refuse_late(self, conn: Connection) -> None:
        conn.sock.send(refusals.answer(refusals.TooSlow()))
        conn.sock.shutdown(socket.SHUT_WR)
        self._waiting.park(conn, Waiting.FAREWELL)

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: newcomers are refused, and readers who take longer are told before they are cut."""
        self._stopping_since = time.monotonic()
        for listener in self.sockets:
            while self._accept(listener):
                pass
            listener.close()
        ours = services.of(self.wsgi)
        timer = threading.Timer(ours.config.farewell_seconds, ours.shut_down)
        timer.daemon = True
        timer.start()

    # What a thread does.

    def handle(self, conn: Connection) -> bool:
        """Serve one request; tells whether the connection goes on."""
        framing = conn.framing
        try:
            if framing.head_too_large:
                raise http_errors.LimitRequestHeaders
            if framing.body_too_large:
                raise refusals.BodyTooLarge
            conn.hand_over()
        except OSError:
            return False
        except Exception as refusal:
            self.handle_error(None, conn.sock, conn.client, refusal)
            return False
        return bool(super().handle(conn))

    def handle_request(self, req: Any, conn: Connection) -> bool:
        if conn.continued:
            req._expected_100_continue = conn.continued = False
        if conn.framing.overlong:
            req.force_close()
        return bool(super().handle_request(req, conn))

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that is no HTTP with a problem; neither it nor the log repeats its words."""
        kind = type(exc).__name__
        if refusals.status_of(exc) < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.warning("Refused a request that is no proper HTTP: %s", kind)
        else:
            self.log.error("Unexpected %s while answering", kind)
        try:
            client.sendall(refusals.answer(exc))
        except OSError:
            self.log.debug("The client had left.")

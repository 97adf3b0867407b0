"""Answers that go on for long are written by the event loop: a reader who waits holds no thread.

A view's thread begins the answer as WSGI has it; then the server's worker hands the connection over (see
`server.gunicorn_worker`), and what happens in the run is written to the socket by the loop, on the tick that
brought it, without waking a thread for each reader.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from typing import Protocol

from ...event_loop import EventLoop
from ...translation.records import Event
from ...translation.run import HEARTBEAT_SECONDS, TranslationRun

log = logging.getLogger(__name__)

ANSWER_SECONDS = 20.0
"""For an answer to be taken, beyond what the least rate gives it."""
LEAST_RATE = 1024
"""Bytes a second that a reader has to take."""

RETURN_SECONDS = 0.2
"""How long the model goes on for a reader who has left: whoever asks for the same at once, as a page does whose
formulas have been typeset meanwhile, finds it half done and does not pay twice."""

_LOOK_SECONDS = 2.0
"""Between two looks at a reader who does not take what has been written."""
_MOST_UNSENT = 4 * 1024 * 1024


class Form(Protocol):
    """How a run is written."""

    @property
    def mimetype(self) -> str:
        """What it is, without parameters."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What else stands at its head."""

    @property
    def beginning(self) -> bytes:
        """Written at once."""

    @property
    def heartbeat(self) -> bytes:
        """Written after each silent second."""

    def event(self, event: Event) -> bytes:
        """What an event adds; may be nothing."""

    def end(self) -> bytes:
        """What follows the last event."""


class RunWriter:
    """One run on its way to one reader.

    Args:
        form: makes bytes of its events.
        chunked: whether the rest of the body goes in chunks (RFC 9112, section 7.1); else the connection's end
            is its end, as HTTP/1.0 has it.
        over: called once, when the reader has all of it or has left; from the loop's thread.
    """

    def __init__(
        self,
        run: TranslationRun,
        form: Form,
        loop: EventLoop,
        *,
        chunked: bool,
        over: Callable[[], None],
    ) -> None:
        self._run = run
        self._form = form
        self._events = loop
        self._chunked = chunked
        self._over = over
        self._unsent = bytearray()
        self._accepted = self._ended = self._last = self._told = False
        self._silent: asyncio.TimerHandle | None = None
        self._behind_since = 0.0
        self._taken = 0

    def accept(self) -> None:
        """From now on the run is this one's: `take_over` will follow."""
        self._accepted = True

    def abandon(self) -> None:
        """The thread has ended: unless the run was accepted, that is the end of it."""
        if not self._accepted:
            self._run.close()
            self._over()

    def take_over(
        self, connection: socket.socket, unsent: bytes, given_back: Callable[[bool], None]
    ) -> None:
        """Write the rest of the body to this connection.

        Args:
            unsent: of what came before, to be sent first.
            given_back: called once, from the loop's thread, with whether the answer is whole and the connection
                can serve again.
        """
        self._socket = connection
        self._unsent += unsent
        self._given_back = given_back
        self._events.call(self._begin)

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket.setblocking(False)
        self._loop.add_reader(self._socket.fileno(), self._readable)
        if self._unsent:
            self._fall_behind()
        self._wait()
        self._run.tell(self._news)

    def _news(self) -> None:
        """Something has happened; called from any thread."""
        if not self._told:
            self._told = True
            self._events.call(self._write_news)

    def _write_news(self) -> None:
        self._told = False
        if self._ended:
            return
        try:
            body = b"".join(map(self._form.event, self._run.news()))
            if self._run.is_over:
                body += self._form.event(self._run.done) + self._form.end()
        except Exception as error:
            log.error("writing an answer failed: %s", type(error).__name__)
            self._end(whole=False)
            return
        over = self._run.is_over
        if body or over:
            self._send(self._framed(body, last=over), last=over)

    def _framed(self, data: bytes, *, last: bool = False) -> bytes:
        if not self._chunked:
            return data
        chunk = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
        return chunk + b"0\r\n\r\n" if last else chunk

    def _send(self, data: bytes, *, last: bool = False) -> None:
        self._last = last
        if not self._unsent:
            try:
                sent = self._socket.send(data)
            except (BlockingIOError, InterruptedError):
                sent = 0
            except OSError:
                self._end(whole=False)
                return
            data = data[sent:]
            if data:
                self._fall_behind()
        self._unsent += data
        if len(self._unsent) > _MOST_UNSENT or self._stalled:
            self._end(whole=False)
        elif self._last and not self._unsent:
            self._end(whole=True)
        else:
            self._wait()

    def _fall_behind(self) -> None:
        """The reader does not take all at once: send the rest when they can."""
        self._behind_since, self._taken = self._loop.time(), 0
        self._loop.add_writer(self._socket.fileno(), self._flush)

    def _flush(self) -> None:
        try:
            sent = self._socket.send(self._unsent)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end(whole=False)
            return
        del self._unsent[:sent]
        self._taken += sent
        if self._unsent:
            return
        self._loop.remove_writer(self._socket.fileno())
        if self._last:
            self._end(whole=True)
        else:
            self._wait()

    def _wait(self) -> None:
        """From now on the reader has heard nothing."""
        if self._silent is not None:
            self._silent.cancel()
        seconds = _LOOK_SECONDS if self._unsent else HEARTBEAT_SECONDS
        self._silent = self._loop.call_later(seconds, self._silence)

    def _silence(self) -> None:
        if not self._unsent:
            self._send(self._framed(self._form.heartbeat))
            return
        if self._stalled:
            self._end(whole=False)
        else:
            self._wait()

    @property
    def _stalled(self) -> bool:
        if not self._unsent:
            return False
        behind = self._loop.time() - self._behind_since
        return self._taken < (behind - ANSWER_SECONDS) * LEAST_RATE

    def _readable(self) -> None:
        """The reader leaves, or asks for something else already."""
        try:
            sent = self._socket.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            sent = b""
        if sent:  # the next request; it has to wait
            self._loop.remove_reader(self._socket.fileno())
        else:
            self._end(whole=False)

    def _end(self, *, whole: bool) -> None:
        if self._ended:
            return
        self._ended = True
        if self._silent is not None:
            self._silent.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._given_back(whole)
        if whole:
            self._leave()
        else:
            self._loop.call_later(RETURN_SECONDS, self._leave)

    def _leave(self) -> None:
        self._run.close()
        self._over()

"""The connections that no thread is at: whose next bytes are waited for, who is overdue, who makes room."""

from __future__ import annotations

import logging
import selectors
import time
from collections.abc import Callable
from functools import partial

from .connection import Connection, Waiting

MAX_HELD = 64 * 1024 * 1024
"""Bytes of unfinished requests and answers that are kept for all clients together."""
QUIET_SECONDS = 60.0
"""Between two lines of the log about clients that were shut out."""


class WaitingConnections:
    """Those that wait, the one that has waited longest first. For the poller's thread alone.

    Args:
        act: what to do with a connection for which something has come.
    """

    def __init__(self, poller: selectors.BaseSelector, act: Callable[[Connection], None]) -> None:
        self._poller = poller
        self._act = act
        self._all: dict[Connection, int] = {}
        """With the bytes that are kept for each."""
        self._held = 0

    def park(self, conn: Connection, waiting: Waiting) -> None:
        """Wait for something; a connection of which that is waited for already keeps its place."""
        if conn in self._all and conn.waiting is waiting:
            self._weigh(conn)
            return
        self.take(conn)
        if conn.waiting is not waiting:
            conn.wait_for(waiting, time.monotonic())
        event = selectors.EVENT_WRITE if waiting is Waiting.ANSWER else selectors.EVENT_READ
        self._poller.register(conn.sock, event, partial(self._something_came, conn))
        self._all[conn] = 0
        self._weigh(conn)

    def take(self, conn: Connection) -> None:
        """Wait for nothing more; nothing happens when nothing was waited for."""
        if conn in self._all:
            self._held -= self._all.pop(conn)
            self._poller.unregister(conn.sock)

    def overdue(self, *, stopping_since: float | None) -> list[Connection]:
        """Those that have had all the time they get."""
        now = time.monotonic()
        return [conn for conn in self._all if conn.overdue(now, stopping_since=stopping_since)]

    def all(self) -> list[Connection]:
        """Every one."""
        return list(self._all)

    def longest(self) -> Connection | None:
        """The one that has waited longest."""
        return next(iter(self._all), None)

    @property
    def hold_too_much(self) -> bool:
        """Whether more bytes are kept than there is room for."""
        return self._held > MAX_HELD

    def _weigh(self, conn: Connection) -> None:
        self._held += conn.held - self._all[conn]
        self._all[conn] = conn.held

    def _something_came(self, conn: Connection, _socket: object) -> None:
        # It may have been closed after the poller had seen it.
        if conn in self._all:
            self._act(conn)


class ShutOut:
    """Counts the clients that were shut out, and says so in one line a minute at most."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._slow = 0
        self._for_room = 0
        self._quiet_until = 0.0

    def count(self, *, for_room: bool = False) -> None:
        """One more, because it was too slow or because there was no more room."""
        self._slow += not for_room
        self._for_room += for_room

    def tell(self) -> None:
        """Write the line when it is time and there is something to tell."""
        if not (self._slow or self._for_room) or time.monotonic() < self._quiet_until:
            return
        self._log.warning(
            "Connections were closed: %d sent a request or took an answer too slowly, %d made room for others",
            self._slow,
            self._for_room,
        )
        self._slow = self._for_room = 0
        self._quiet_until = time.monotonic() + QUIET_SECONDS

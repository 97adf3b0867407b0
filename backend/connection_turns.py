"""One connection at a time for each stranger: a flood from one address waits for itself, not for the database.

Whoever comes while another request of the same stranger uses the database waits a moment for its turn. Those
who may translate, commands and our own threads take no turns.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from . import clients
from .errors import RateLimited

SECONDS = 0.8
"""How long a request waits for its turn."""
MOST_WAITING = 64
"""Requests of one stranger that wait, in one process; of 320 threads."""
_KEY = "paperglot.turn"


@dataclass
class _Turn:
    thread: int
    connections: int


class TurnTakingPool(sa.QueuePool):
    """A pool that has strangers take turns before they may take, or wait for, one of its connections.

    `connect` raises RateLimited when a stranger's turn does not come in time.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._changed = threading.Condition()
        self._turns: dict[str, _Turn] = {}
        self._waiting: Counter[str] = Counter()

    def connect(self) -> sa.PoolProxiedConnection:
        """A connection, in its turn, which ends when the connection is given back."""
        client = clients.stranger()
        if client is None:
            return super().connect()
        self._take(client)
        try:
            connection = super().connect()
        except BaseException:
            self._give_back(client)
            raise
        connection.record_info[_KEY] = client  # type: ignore[index] # only a detached one has none
        return connection

    def _do_return_conn(self, record: sa.pool.ConnectionPoolEntry) -> None:
        client = record.record_info.pop(_KEY, None) if record.record_info else None
        super()._do_return_conn(record)
        if client is not None:
            self._give_back(client)

    def _take(self, client: str) -> None:
        with self._changed:
            turn = self._turns.get(client)
            if turn and turn.thread == threading.get_ident():
                turn.connections += 1  # a second one within the first
                return
            if turn and not self._wait(client):
                raise RateLimited(
                    "Other requests from this address are still being answered. Try again in a second.",
                    retry_after=1,
                )
            self._turns[client] = _Turn(threading.get_ident(), 1)

    def _wait(self, client: str) -> bool:
        """Whether it became this request's turn in time."""
        if self._waiting[client] >= MOST_WAITING:
            return False
        self._waiting[client] += 1
        free = self._changed.wait_for(lambda: client not in self._turns, SECONDS)
        self._waiting[client] -= 1
        if not self._waiting[client]:
            del self._waiting[client]
        return free

    def _give_back(self, client: str) -> None:
        with self._changed:
            turn = self._turns[client]
            turn.connections -= 1
            if not turn.connections:
                del self._turns[client]
                self._changed.notify_all()

"""Whether the database answers: known once for a whole process, and told once in its log.

An engine's failures and answers are reported here. Whoever can do without the database for a while asks
`away` before it keeps a reader waiting, and `means_away` about an exception.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

log = logging.getLogger(__name__)

PROBE_SECONDS = 0.5
"""Between attempts to reach a database that is away."""

_LONGEST_CAUSE = 200

_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_PERM,
    }
)
_POSTGRESQL_AWAY = ("08", "53", "57P", "58", "25006")
"""Beginnings of SQLSTATEs: connection, resources, shutting down, the system below, read-only."""


def means_away(error: BaseException) -> bool:
    """Whether an error says that the database does not answer or can keep nothing, whatever it was asked."""
    if isinstance(error, sa.exc.TimeoutError):  # no connection became free
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(_POSTGRESQL_AWAY)
    return isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)


class Outages:
    """What this process knows of its database. Safe to use from many threads.

    Args:
        probe: asks the database for something over a connection of its own; raises when it does not answer.
    """

    def __init__(self, probe: Callable[[], None]) -> None:
        self._probe = probe
        self._changed = threading.Condition()
        self._away = False
        self._unwritable: float | None = None
        self._probing = False
        self._closed = False
        self._answered_at = time.monotonic()
        self._began = self._ended = float("-inf")
        self.number = 0
        """Of times that it was away, the present one included."""

    @property
    def away(self) -> bool:
        """Whether the database does not answer at all; then somebody else is asking when it does again."""
        return self._away

    @property
    def unwritable(self) -> bool:
        """Whether the last thing that was to be written could not be, as with a full disk."""
        return self._away or self._unwritable is not None

    def missed_seconds(self, recently: float) -> float:
        """How long this process did not see the database, if that ended so many seconds ago or fewer."""
        now = time.monotonic()
        if self._away or now - self._ended > recently:
            return 0.0
        return now - self._began

    def wait_while_unwritable(self, seconds: float) -> None:
        """Return once there is hope that something can be written, at most after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self.unwritable or self._closed, seconds)

    # Reports

    def refused(self, cause: object) -> None:
        """A connection could not be made."""
        self._gone(cause)
        self._begin_to_probe()

    def suspect(self) -> None:
        """A connection was lost, or is silent for long: somebody looks whether that is all."""
        self._begin_to_probe()

    def answered(self) -> None:
        """A statement has gone through. That an outage is over, the probe alone says."""
        if not self._away:
            self._answered_at = time.monotonic()

    def not_written(self, cause: object) -> None:
        """Something could not be written although the database answers."""
        with self._changed:
            if self.unwritable:
                return
            self._unwritable = time.monotonic()
        log.error("the database cannot be written: %s", _one_line(cause))

    def written(self) -> None:
        """Something was written."""
        if self._unwritable is None:
            return
        with self._changed:
            since, self._unwritable = self._unwritable, None
            self._changed.notify_all()
        if since is not None:
            seconds = time.monotonic() - since
            log.warning("the database can be written again, after %.1f s", seconds)

    def close(self) -> None:
        """Ask no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _gone(self, cause: object) -> None:
        with self._changed:
            if self._away or self._closed:
                return
            self._away, self._began = True, self._answered_at
            self.number += 1
        log.error("the database does not answer: %s", _one_line(cause))

    def _back(self) -> None:
        with self._changed:
            if not self._away:
                return
            self._away, self._ended = False, time.monotonic()
            self._changed.notify_all()
        log.warning("the database answers again, after %.1f s", self._ended - self._began)

    def _begin_to_probe(self) -> None:
        with self._changed:
            if self._probing or self._closed:
                return
            self._probing = True
        threading.Thread(target=self._ask, name="database-probe", daemon=True).start()

    def _ask(self) -> None:
        """Ask until there is an answer."""
        while True:
            try:
                self._probe()
            except Exception as error:  # whatever it is, there was no answer
                self._gone(getattr(error, "orig", None) or error)
            else:
                self._back()
            with self._changed:
                if not self._away or self._changed.wait_for(lambda: self._closed, PROBE_SECONDS):
                    self._probing = False
                    return


def _one_line(cause: object) -> str:
    """The database's own words, without what it may say about the statement."""
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return lines[0][:_LONGEST_CAUSE]


_by_dialect: WeakKeyDictionary[sa.Dialect, Outages] = WeakKeyDictionary()
"""By the one object that an engine shares with its copies."""


def watch(engine: sa.Engine, probe: Callable[[], None]) -> Outages:
    """Follow what an engine's database answers."""
    outages = _by_dialect[engine.dialect] = Outages(probe)

    def failed(context: sa.engine.ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        if context.is_pre_ping or context.is_disconnect:
            outages.suspect()
        elif error is not None and means_away(error):
            if context.connection is None:
                outages.refused(context.original_exception)
            elif context.connection.get_execution_options().get("writing"):
                outages.not_written(context.original_exception)
            else:
                outages.suspect()

    def executed(_connection: sa.Connection, *_: Any) -> None:
        outages.answered()

    sa.event.listen(engine, "handle_error", failed)
    sa.event.listen(engine, "after_cursor_execute", executed)
    sa.event.listen(engine, "engine_disposed", lambda _engine: outages.close())
    return outages


def of(engine: sa.Engine) -> Outages:
    """What is known of an engine's database."""
    return _by_dialect[engine.dialect]

"""Connections to PostgreSQL: few, patient when there are no more, never waiting for a server that is gone."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, TypeVar, cast

import psycopg
import sqlalchemy as sa
from psycopg.errors import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from .connection_turns import TurnTakingPool
from .outages import Outages, watch

T = TypeVar("T")

PATIENCE_SECONDS = 20.0
"""How long a thread waits for a connection, whether all of ours are in use or all of the server's."""

SILENCE_SECONDS = 2.0
"""Without an answer, after which it is asked over another connection whether the server is there."""

_CONNECT_SECONDS = 5
_PROBE_SECONDS = 5
_STEP_SECONDS = 0.5
_NO_MORE = ("too many", "connection slots", "no more connections", "max_client_conn")
"""What PostgreSQL and PgBouncer say when all their connections are in use; a refusal has no SQLSTATE."""


class WatchedConnection(psycopg.Connection[Any]):
    """A connection on which nobody waits longer than the server is there."""

    outages: Outages | None = None

    def wait(self, gen: Generator[Any, Any, T], *arguments: Any, **options: Any) -> T:
        return super().wait(self._watched(gen), *arguments, **options)

    def _watched(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        """The same generator; it is resumed several times a second while nothing comes."""
        look_at = time.monotonic() + SILENCE_SECONDS
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and self.outages and time.monotonic() > look_at:
                    if self.outages.away:
                        self.pgconn.finish()
                        raise OperationalError("the server does not answer")
                    self.outages.suspect()
                    look_at = time.monotonic() + SILENCE_SECONDS
                wanted = gen.send(ready)
        except StopIteration as ended:
            result: T = ended.value
            return result


class _ProbingConnection(psycopg.Connection[Any]):
    """A connection whose every answer has to come soon."""

    def wait(self, gen: Generator[Any, Any, T], *arguments: Any, **options: Any) -> T:
        return super().wait(gen, *arguments, **{**options, "timeout": _PROBE_SECONDS})


class PatientPool(TurnTakingPool):
    """A pool whose waiting threads hear that the server is gone; they wait too when it has no more."""

    outages: Outages | None = None

    def _do_get(self) -> ConnectionPoolEntry:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            if self.outages and self.outages.away:
                raise sa.exc.OperationalError("connect", None, _gone())
            try:
                return self._connected(super()._do_get())
            except sa.exc.TimeoutError:
                if time.monotonic() > until:
                    raise
            except OperationalError as refused:
                if not _has_no_more(refused):
                    raise
                if time.monotonic() > until:
                    raise sa.exc.TimeoutError("the server has no more connections") from None
                # Another process of the server's gives one back, and of that nobody can tell us.
                time.sleep(_STEP_SECONDS / 4)

    def _connected(self, entry: ConnectionPoolEntry) -> ConnectionPoolEntry:
        """The same, with a connection although its last one was lost."""
        try:
            cast(Any, entry).get_connection()  # not in the class that SQLAlchemy declares
        except BaseException:
            self._do_return_conn(entry)
            raise
        return entry

    def recreate(self) -> PatientPool:
        pool = super().recreate()
        assert isinstance(pool, PatientPool)
        pool.outages = self.outages
        return pool


def connect(url: str, *, connections: int) -> sa.Engine:
    """An engine that has at most so many connections, and when it is idle half of them."""
    kept = (connections + 1) // 2
    engine = sa.create_engine(
        url,
        poolclass=PatientPool,
        pool_size=kept,
        max_overflow=connections - kept,
        pool_timeout=_STEP_SECONDS,
        pool_pre_ping=True,
    )
    outages = watch(engine, lambda: _probe(engine))
    pool = engine.pool
    assert isinstance(pool, PatientPool)
    pool.outages = outages

    @sa.event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: Any, options: Any) -> Any:
        if outages.away:
            raise _gone()
        options = {"connect_timeout": _CONNECT_SECONDS, **options}
        connection = WatchedConnection.connect(*arguments, **options)
        connection.outages = outages
        return connection

    return engine


def _probe(engine: sa.Engine) -> None:
    """Raise when the server does not answer in time."""
    arguments, options = engine.dialect.create_connect_args(engine.url)
    try:
        connection = _ProbingConnection.connect(
            *arguments, **{"connect_timeout": _PROBE_SECONDS, **options}, autocommit=True
        )
    except OperationalError as refused:
        if _has_no_more(refused):
            return
        raise
    try:
        connection.execute("SELECT 1")
    finally:
        connection.close()


def _has_no_more(refused: OperationalError) -> bool:
    return any(words in str(refused) for words in _NO_MORE)


def _gone() -> OperationalError:
    return OperationalError("the server does not answer")

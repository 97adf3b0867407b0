"""One database for everything: SQLite in WAL mode or PostgreSQL, through SQLAlchemy Core.

Stores declare their tables on `metadata`; `migrations/` holds the same tables as Alembic revisions.
"""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from . import outages
from .connection_turns import TurnTakingPool

metadata = sa.MetaData()

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_071_991_337  # an arbitrary number that names our lock among PostgreSQL's
_BUSY_MILLISECONDS = 10_000
_STILL_BUSY_MILLISECONDS = 250
"""How long SQLite waits for the write lock where another writer waited the whole time in vain."""


class epoch_now(FunctionElement[float]):
    """Now in seconds since 1970 by the database's own clock, which all processes and machines share."""

    type = sa.Double()
    inherit_cache = True


@compiles(epoch_now, "sqlite")
def _epoch_now_sqlite(element: epoch_now, compiler: Any, **kwargs: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(epoch_now, "postgresql")
def _epoch_now_postgresql(element: epoch_now, compiler: Any, **kwargs: Any) -> str:
    # clock_timestamp moves on within a transaction; now() would not.
    return "extract(epoch from clock_timestamp())::double precision"


def connect(url: str, *, connections: int = 4) -> sa.Engine:
    """An engine for a `sqlite:///…` or `postgresql+psycopg://…` address; connects when first used.

    Args:
        connections: that it may have at once at a PostgreSQL server.
    """
    if not url.startswith("sqlite"):
        from . import postgresql  # its driver takes 10 MB

        engine = postgresql.connect(url, connections=connections)
        sa.event.listen(engine, "before_cursor_execute", _limit_statement)
        return engine
    with suppress(OSError):  # said, in words, when the file is first opened
        Path(sa.make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, poolclass=TurnTakingPool, pool_size=8, max_overflow=64)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    outages.watch(engine, lambda: _probe_sqlite(engine))
    _write_queues[engine.dialect] = threading.RLock()
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads and then writes must hold the write lock from its beginning:
    # SQLite refuses at once, without waiting, to upgrade one whose snapshot has grown old.
    if not connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql("BEGIN")
        return
    busy = outages.of(connection.engine).unwritable
    milliseconds = _STILL_BUSY_MILLISECONDS if busy else _BUSY_MILLISECONDS
    if connection.info.get(_BUSY) != milliseconds:
        connection.info[_BUSY] = milliseconds
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


_BUSY = "paperglot.busy_timeout"


def _probe_sqlite(engine: sa.Engine) -> None:
    """Raise when the file cannot be read."""
    path = Path(engine.url.database or "").absolute()
    with contextlib.closing(
        sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=1)
    ) as raw:
        raw.execute("PRAGMA schema_version").fetchone()


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that may write; commits at the end, rolls back on an exception."""
    # SQLite lets one write at a time and has the others sleep, up to a tenth of a second each time:
    # the threads of one process rather queue here, where the next is woken at once.
    queue = _write_queues.get(engine.dialect) or nullcontext()
    with queue, engine.execution_options(writing=True).begin() as connection:
        yield connection
    outages.of(engine).written()


class NewerDatabase(Exception):
    """The tables were made by a newer release."""


class QueryTooSlow(Exception):
    """The database took longer than it was given."""


@contextmanager
def time_limit(connection: sa.Connection, seconds: float) -> Iterator[None]:
    """End what this connection does once the block has taken so long.

    Raises:
        QueryTooSlow: it took longer.
    """
    until = time.monotonic() + seconds
    raw: Any = connection.connection.driver_connection
    sqlite = connection.dialect.name == "sqlite"

    if sqlite:
        raw.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
    else:
        connection.info[_UNTIL] = until
    try:
        yield
    except sa.exc.OperationalError as error:
        # Both drivers have one class for much else.
        if "interrupted" in str(error.orig) or "statement timeout" in str(error.orig):
            raise QueryTooSlow from None
        raise
    finally:
        if sqlite:
            raw.set_progress_handler(None, 0)
        elif not connection.invalidated:
            connection.info.pop(_UNTIL, None)


def _limit_statement(connection: sa.Connection, cursor: Any, *_rest: object) -> None:
    until = connection.info.get(_UNTIL)
    if until is not None:
        left = max(1, round((until - time.monotonic()) * 1000))
        cursor.execute(f"SET LOCAL statement_timeout = {left}")


_UNTIL = "paperglot.until"


_STEPS_BETWEEN_LOOKS = 20_000
"""Of SQLite's virtual machine: a few milliseconds."""

_write_queues: WeakKeyDictionary[sa.Dialect, AbstractContextManager[Any]] = WeakKeyDictionary()
"""By dialect, the one object that an engine shares with its copies and keeps over `dispose`."""


def insert(engine_or_connection: sa.Engine | sa.Connection, table: sa.Table) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    if engine_or_connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def upgrade(url: str, *, revision: str = "head") -> None:
    """Bring the tables to a revision, the newest, once, however many processes ask at the same time.

    SQLite is guarded by a file lock beside the database, PostgreSQL by an advisory lock.

    Raises:
        NewerDatabase: its revision is none of this release's.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = connect(url)
    outages.of(engine).close()  # whoever asked is told by the exception, once
    try:
        with _migration_lock(engine), engine.connect() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, revision)
            connection.commit()
    except CommandError:
        raise NewerDatabase from None
    finally:
        engine.dispose()


def revisions() -> set[str]:
    """What this release calls the states of the tables, from the first to the newest."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


@contextmanager
def _migration_lock(engine: sa.Engine) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with open(f"{engine.url.database}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(_MIGRATION_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_MIGRATION_LOCK)))
            connection.commit()

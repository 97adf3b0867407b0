"""Rows that nobody needs any more: what has ended goes by itself, once an hour, under a lease.

Each table says itself when a row has ended: its `info` names columns of seconds since 1970 under "ends", all of
which must have passed.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from .database import epoch_now, metadata, writing
from .leases import Leases

log = logging.getLogger(__name__)

LEASE = "housekeeping"
_EVERY_SECONDS = 3600.0
_GRACE_SECONDS = 3600.0
"""What ended a moment ago stays: whoever had it may not know yet."""


def sweep(engine: sa.Engine, *, dry_run: bool = False) -> dict[str, int]:
    """Remove the rows that have ended; says how many, by table.

    Args:
        dry_run: only count.
    """
    swept = {}
    for table in metadata.sorted_tables:
        ends: Sequence[str] = table.info.get("ends", ())
        if not ends:
            continue
        ended = sa.and_(*(table.c[name] < epoch_now() - _GRACE_SECONDS for name in ends))
        with writing(engine) as connection:
            if dry_run:
                counted = sa.select(sa.func.count()).select_from(table).where(ended)
                swept[table.name] = connection.execute(counted).scalar_one()
            else:
                swept[table.name] = connection.execute(sa.delete(table).where(ended)).rowcount
    return swept


class Housekeeper:
    """Sweeps from time to time, in one process of all that share the database.

    Args:
        also: what each process has to do from time to time.
        seconds: from one sweep to the next, whoever does it.
    """

    def __init__(
        self,
        engine: sa.Engine,
        leases: Leases,
        *,
        also: Callable[[], None] = lambda: None,
        seconds: float = _EVERY_SECONDS,
    ) -> None:
        self._engine = engine
        self._leases = leases
        self._also = also
        self._seconds = seconds
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, on a thread of its own."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread, after the last of what this process has to do."""
        self._closing.set()
        if self._thread:
            self._thread.join()
            with contextlib.suppress(sa.exc.SQLAlchemyError):
                self._also()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._also()
                self._sweep_when_due()
            except sa.exc.SQLAlchemyError as error:  # the next one will do it too
                log.warning("rows that ended could not be removed: %s", type(error).__name__)
            self._closing.wait(self._seconds)

    def _sweep_when_due(self) -> None:
        """Sweep, unless another process did within the time: its lease rests for so long."""
        if self._leases.acquire([LEASE]):
            try:
                sweep(self._engine)
            finally:
                self._leases.release([LEASE], pause=self._seconds)

"""Revisions: numbers that grow with every change to something, by any process, and are cheap to ask for.

What was built from the database is current while its revision stays the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import sqlalchemy as sa

from . import outages
from .database import insert, metadata

UNKNOWN = -1
"""In place of a revision that cannot be read, and that this process has not read before."""

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("revision", sa.BigInteger, nullable=False),
)


class Revisions:
    """Revisions by name.

    Args:
        seconds: how old the answer of `current` may be; a change by this process shows at once.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._outages = outages.of(engine)
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, int]] = {}
        self._last: dict[str, int] = {}
        self._changes = 0

    def current(self, name: str) -> int:
        """The revision of this name; 0 before the first change.

        While the database is away, the last one that was read, or UNKNOWN.
        """
        now = self._clock()
        with self._lock:
            known = self._known.get(name)
            if self._outages.away:
                return self._last.get(name, UNKNOWN)
            if known and now - known[0] < self._seconds:
                return known[1]
            if known:  # one caller reads it; those that come meanwhile use what is known
                self._known[name] = (now, known[1])
            changes = self._changes
        statement = sa.select(revisions.c.revision).where(revisions.c.name == name)
        try:
            with self._engine.connect() as connection:
                found = connection.execute(statement).scalar() or 0
        except sa.exc.SQLAlchemyError as error:
            if not outages.means_away(error):
                raise
            return self._last.get(name, UNKNOWN)
        with self._lock:
            self._last[name] = max(found, self._last.get(name, found))
            if changes == self._changes:
                self._known[name] = (now, found)
        return found

    def grow(self, connection: sa.Connection, name: str) -> None:
        """Count a change that this transaction makes; call `forget` once it is committed."""
        statement = insert(connection, revisions).values(name=name, revision=1)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[revisions.c.name], set_={"revision": revisions.c.revision + 1}
            )
        )

    def forget(self, name: str) -> None:
        """Have the next `current` of this name read anew."""
        with self._lock:
            self._known.pop(name, None)
            self._changes += 1

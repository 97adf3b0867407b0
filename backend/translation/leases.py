"""Leases in SQL: of all processes and machines that want one text, one asks the model.

A holder that dies stops renewing; its lease ends after `LEASE_SECONDS` and another takes over.
"""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from ..database import epoch_now, insert, metadata, writing

LEASE_SECONDS = 5.0
_RENEW_SECONDS = 1.5

translation_leases = sa.Table(
    "translation_leases",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
)


class Leases:
    """The keys this process may work on. Held ones are renewed by a thread of their own."""

    def __init__(self, engine: sa.Engine, *, seconds: float = LEASE_SECONDS) -> None:
        self._engine = engine
        self._seconds = seconds
        self._holder = uuid.uuid4().hex
        self._held: set[str] = set()
        self._changed = threading.Condition()
        self._keeper: threading.Thread | None = None
        self._closed = False

    def acquire(self, keys: Iterable[str]) -> set[str]:
        """Take the leases that are free or have ended; returns those taken, without waiting."""
        wanted = sorted(set(keys))  # one order in all processes: no deadlock between row locks
        if not wanted:
            return set()
        taken: set[str] = set()
        with writing(self._engine) as connection:
            for start in range(0, len(wanted), 200):
                taken |= self._take(connection, wanted[start : start + 200])
        with self._changed:
            self._held |= taken
            if taken and self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._keeper.start()
            self._changed.notify()
        return taken

    def _take(self, connection: sa.Connection, keys: list[str]) -> set[str]:
        table = translation_leases
        until = epoch_now() + self._seconds
        statement = insert(connection, table).values(
            [{"key": key, "holder": self._holder, "expires_at": until} for key in keys]
        )
        statement = statement.on_conflict_do_update(
            index_elements=[table.c.key],
            set_={"holder": self._holder, "expires_at": until},
            where=table.c.expires_at < epoch_now(),
        ).returning(table.c.key)
        return set(connection.execute(statement).scalars())

    def release(self, keys: Iterable[str]) -> None:
        """Give leases back; those not held by this process are left alone."""
        with self._changed:
            ours = sorted(self._held & set(keys))
            self._held -= set(ours)
        table = translation_leases
        # A lease that cannot be given back now is no longer renewed, and ends by itself.
        with contextlib.suppress(sa.exc.SQLAlchemyError):
            for start in range(0, len(ours), 500):
                with writing(self._engine) as connection:
                    connection.execute(
                        sa.delete(table)
                        .where(table.c.key.in_(ours[start : start + 500]))
                        .where(table.c.holder == self._holder)
                    )

    def close(self) -> None:
        """End the keeper's thread and give back what is held: others need not wait for its end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            held = set(self._held)
        if self._keeper:
            self._keeper.join()
        self.release(held)

    def _keep(self) -> None:
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._held) or self._closed)
                held = sorted(self._held)
            # The database may be away for a moment; at worst a lease ends and is taken over.
            with contextlib.suppress(sa.exc.SQLAlchemyError):
                self._renew(held)
            with self._changed:
                self._changed.wait_for(lambda: self._closed, _RENEW_SECONDS)

    def _renew(self, keys: list[str]) -> None:
        table = translation_leases
        with writing(self._engine) as connection:
            for start in range(0, len(keys), 500):
                connection.execute(
                    sa.update(table)
                    .where(table.c.key.in_(keys[start : start + 500]))
                    .where(table.c.holder == self._holder)
                    .values(expires_at=epoch_now() + self._seconds)
                )

"""Leases in SQL: of all processes and machines that share the database, one does a thing at a time.

Under a lease a text is sent to the model, a day's list is fetched, arXiv is asked. A holder renews its
leases while it lives; those of one that died end after `LEASE_SECONDS`, and another takes over. Times are
the database's own, so that clocks which differ between machines do no harm.

While the database is away nobody can renew. Who held a lease then has it still for a moment after it is back.
"""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from . import outages
from .database import epoch_now, insert, metadata, writing

LEASE_SECONDS = 7.0
"""Several renewals may come late before one ends: hundreds of readers may want the database at once."""
_RENEW_SECONDS = 1.0
_AT_ONCE = 200
"""Rows a statement."""

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    # Seconds since 1970 by the database's clock.
    sa.Column("expires_at", sa.Double, nullable=False),
    # Until then nobody may have it, although nobody holds it.
    sa.Column("not_before", sa.Double, nullable=False),
    info={"ends": ("expires_at", "not_before")},
)


class Leases:
    """The leases of this process. Held ones are renewed by a thread of their own.

    Args:
        seconds: after which a lease ends that is not renewed.
    """

    def __init__(self, engine: sa.Engine, *, seconds: float = LEASE_SECONDS) -> None:
        self._engine = engine
        self._outages = outages.of(engine)
        self._seconds = seconds
        self._holder = uuid.uuid4().hex
        self._held: set[str] = set()
        self._changing: set[str] = set()
        self._changed = threading.Condition()
        self._renewer: threading.Thread | None = None
        self._closed = False

    def acquire(self, names: Iterable[str]) -> set[str]:
        """Take the leases that nobody holds, not even this process; returns those taken, without waiting."""
        with self._changed:
            # In one order in all processes: no deadlock between row locks.
            wanted = sorted(set(names) - self._held - self._changing)
            self._changing |= set(wanted)
        if not wanted:
            return set()
        taken: set[str] = set()
        try:
            with writing(self._engine) as connection:
                for part in _parts(wanted):
                    taken |= self._take(connection, part)
        except BaseException:
            taken.clear()
            raise
        finally:
            with self._changed:
                self._changing -= set(wanted)
                self._held |= taken
        with self._changed:
            if taken and self._renewer is None and not self._closed:
                self._renewer = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._renewer.start()
            self._changed.notify()
        return taken

    def _take(self, connection: sa.Connection, names: Sequence[str]) -> set[str]:
        until = epoch_now() + self._seconds
        rows = [
            {"name": name, "holder": self._holder, "expires_at": until, "not_before": 0.0}
            for name in names
        ]
        ended = epoch_now() - self._outages.missed_seconds(recently=self._seconds)
        free = sa.and_(
            # Ours that we do not hold are those that could not be given back.
            sa.or_(leases.c.expires_at <= ended, leases.c.holder == self._holder),
            leases.c.not_before <= epoch_now(),
        )
        statement = (
            insert(connection, leases)
            .values(rows)
            .on_conflict_do_update(
                index_elements=[leases.c.name],
                set_={"holder": self._holder, "expires_at": until},
                where=free,
            )
            .returning(leases.c.name)
        )
        return set(connection.execute(statement).scalars())

    @contextlib.contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Whether this caller has the lease, for as long as the block lasts; others are told no."""
        taken = self.acquire([name])
        try:
            yield bool(taken)
        finally:
            self.release(taken)

    def release(self, names: Iterable[str], *, pause: float | None = None) -> None:
        """Give leases back; those not held by this process are left alone.

        Args:
            pause: nobody may take them for so many seconds from now.
        """
        with self._changed:
            ours = sorted(self._held & set(names))
            self._held -= set(ours)
            self._changing |= set(ours)
        try:
            # A lease that cannot be given back now is no longer renewed, and ends by itself.
            with contextlib.suppress(sa.exc.SQLAlchemyError):
                for part in _parts(ours):
                    self._give_back(part, pause)
        finally:
            with self._changed:
                self._changing -= set(ours)

    def _give_back(self, names: Sequence[str], pause: float | None) -> None:
        held = sa.and_(leases.c.name.in_(names), leases.c.holder == self._holder)
        change: sa.Delete | sa.Update = sa.delete(leases).where(held)
        if pause is not None:
            # No holder: a renewal on its way finds nothing of its own and renews nothing.
            later = {"holder": "", "expires_at": 0.0, "not_before": epoch_now() + pause}
            change = sa.update(leases).where(held).values(later)
        with writing(self._engine) as connection:
            connection.execute(change)

    def pause(self, name: str) -> float:
        """For how many seconds nobody may have the lease of this name, whoever holds it."""
        statement = sa.select(leases.c.not_before - epoch_now()).where(leases.c.name == name)
        with self._engine.connect() as connection:
            return max(connection.execute(statement).scalar() or 0.0, 0.0)

    def close(self) -> None:
        """End the renewing thread and give back what is held: others need not wait for its end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            held = set(self._held)
        if self._renewer:
            self._renewer.join()
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

    def _renew(self, names: Sequence[str]) -> None:
        with writing(self._engine) as connection:
            for part in _parts(names):
                connection.execute(
                    sa.update(leases)
                    .where(leases.c.name.in_(part), leases.c.holder == self._holder)
                    .values(expires_at=epoch_now() + self._seconds)
                )


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))

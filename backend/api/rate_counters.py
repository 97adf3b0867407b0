"""Request counters in the database, so that all processes of a server count together without Redis.

A storage for the `limits` library (limits.readthedocs.io, "Custom storage backends").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from limits.storage import Storage

from ..database import epoch_now, insert, metadata, writing
from ..write_groups import WriteGroup

rate_counters = sa.Table(
    "rate_counters",
    metadata,
    sa.Column("key", sa.String(512), primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
    info={"ends": ("expires_at",)},
)


class SqlStorage(Storage):
    """Fixed windows as rows; rows of windows that ended are swept when a new window begins."""

    STORAGE_SCHEME = ["paperglot-sql"]  # noqa: RUF012 # the base class declares it so

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._engine: sa.Engine = options["engine"]
        self._incr = WriteGroup(self._incr_all)

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a request in its window; the window ends `expiry` seconds after its first request."""
        return self._incr((key[:512], expiry, amount))

    def _incr_all(self, asked: Sequence[tuple[str, int, int]]) -> list[int]:
        """For threads that come together: each key once, and each asker the count that was theirs."""
        sums: dict[tuple[str, int], int] = {}
        for key, expiry, amount in asked:
            sums[key, expiry] = sums.get((key, expiry), 0) + amount
        counts: dict[tuple[str, int], int] = {}
        with writing(self._engine) as connection:
            for (key, expiry), amount in sorted(sums.items()):
                counts[key, expiry] = self._count(connection, key, expiry, amount)
        results = []
        for key, expiry, amount in asked:
            sums[key, expiry] -= amount
            results.append(counts[key, expiry] - sums[key, expiry])
        return results

    def _count(self, connection: sa.Connection, key: str, expiry: int, amount: int) -> int:
        table, now = rate_counters, epoch_now()
        ended = table.c.expires_at <= now
        statement = insert(self._engine, table).values(
            key=key, count=amount, expires_at=now + expiry
        )
        statement = statement.on_conflict_do_update(
            index_elements=[table.c.key],
            set_={
                "count": sa.case((ended, amount), else_=table.c.count + amount),
                "expires_at": sa.case((ended, now + expiry), else_=table.c.expires_at),
            },
        ).returning(table.c.count)
        count: int = connection.execute(statement).scalar_one()
        if count == amount:
            # Rows that others hold are left to them: whoever waited here could be waited for.
            over = sa.select(table.c.key).where(ended, table.c.key != key)
            over = over.with_for_update(skip_locked=True)
            connection.execute(sa.delete(table).where(table.c.key.in_(over)))
        return count

    def get(self, key: str) -> int:
        """Requests counted in the current window."""
        table = rate_counters
        statement = sa.select(table.c.count).where(
            table.c.key == key[:512], table.c.expires_at > epoch_now()
        )
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar() or 0

    def get_expiry(self, key: str) -> float:
        """When the current window ends, in seconds since 1970."""
        table = rate_counters
        statement = sa.select(sa.func.coalesce(sa.func.max(table.c.expires_at), epoch_now())).where(
            table.c.key == key[:512]
        )
        with self._engine.connect() as connection:
            return float(connection.execute(statement).scalar_one())

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            with self._engine.connect() as connection:
                connection.execute(sa.select(1))
        except sa.exc.SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget all counters."""
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(rate_counters)).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(rate_counters).where(rate_counters.c.key == key[:512]))

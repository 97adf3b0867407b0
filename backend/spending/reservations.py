"""All SQL about tokens of the budget: what was used on a day, and what requests under way hold of it.

A reservation belongs to a process, which renews it. One that is not renewed any more was a dead process's:
then what it held counts as used, as an estimate of what had been sent. Should that process live after all,
its settling puts the true numbers in the estimate's place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from ..database import epoch_now, insert, metadata

SECONDS = 20.0
"""After which a reservation that is not renewed was a dead process's."""

_DAYS_KEPT = 7
"""How long an estimate may still be replaced by true numbers."""

token_usage = sa.Table(
    "token_usage",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
    sa.Column("completion_tokens", sa.BigInteger, nullable=False),
    # The sum of the day's reservations that are not estimated.
    sa.Column("reserved_tokens", sa.BigInteger, nullable=False),
    sa.Column("requests", sa.BigInteger, nullable=False),
)
token_reservations = sa.Table(
    "token_reservations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
    sa.Column("completion_tokens", sa.BigInteger, nullable=False),
    # Seconds since 1970 by the database's clock.
    sa.Column("expires_at", sa.Double, nullable=False),
    # Whether it counts as used by now, because its holder is dead.
    sa.Column("estimated", sa.Boolean, nullable=False),
)
_held = token_reservations


@dataclass(frozen=True)
class Reservation:
    """Tokens held for one LLM request until its real usage is known; without an id nothing is held."""

    day: date
    prompt_tokens: int = 0
    completion_tokens: int = 0
    id: str = ""

    @property
    def tokens(self) -> int:
        """What it holds of the budget."""
        return self.prompt_tokens + self.completion_tokens


def add_usage(
    connection: sa.Connection,
    day: date,
    *,
    prompt_tokens: int = 0,
    completion_tokens: int = 0,
    reserved_tokens: int = 0,
    requests: int = 0,
) -> None:
    """Add to a day's numbers; what is below zero is taken off."""
    table = token_usage
    row = {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "reserved_tokens": reserved_tokens,
        "requests": requests,
    }
    first = {name: max(0, number) for name, number in row.items()}
    connection.execute(
        insert(connection, table)
        .values(day=day, **first)
        .on_conflict_do_update(
            index_elements=[table.c.day],
            set_={
                name: sa.case((table.c[name] + number < 0, 0), else_=table.c[name] + number)
                for name, number in row.items()
            },
        )
    )


def _lock_day(connection: sa.Connection, day: date) -> None:
    """Have a day's row until the transaction ends. Always the first lock: nobody waits in a ring."""
    add_usage(connection, day)


def hold(connection: sa.Connection, held: Reservation, *, holder: str, limit: int) -> bool:
    """Reserve, unless the day's budget is used up; a second time, as after a lost COMMIT, changes nothing."""
    table = token_usage
    _lock_day(connection, held.day)
    if connection.execute(sa.select(_held.c.id).where(_held.c.id == held.id)).first():
        return True
    used = table.c.prompt_tokens + table.c.completion_tokens + table.c.reserved_tokens
    granted = connection.execute(
        sa.update(table)
        .where(table.c.day == held.day, used < limit)
        .values(reserved_tokens=table.c.reserved_tokens + held.tokens)
    )
    if not granted.rowcount:
        return False
    connection.execute(
        sa.insert(_held).values(
            id=held.id,
            day=held.day,
            holder=holder,
            prompt_tokens=held.prompt_tokens,
            completion_tokens=held.completion_tokens,
            expires_at=epoch_now() + SECONDS,
            estimated=False,
        )
    )
    return True


def settle(
    connection: sa.Connection,
    held: Reservation,
    *,
    prompt_tokens: int,
    completion_tokens: int,
    requests: int,
) -> None:
    """Put what was used in the place of what was held, once; a second time changes nothing."""
    _lock_day(connection, held.day)
    numbers = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
    if not held.id:
        add_usage(connection, held.day, **numbers, requests=requests)
        return
    gone = sa.delete(_held).where(_held.c.id == held.id).returning(_held.c.estimated)
    estimated = connection.execute(gone).scalar_one_or_none()
    if estimated is None:
        return
    if estimated:
        numbers["prompt_tokens"] -= held.prompt_tokens
        numbers["completion_tokens"] -= held.completion_tokens
        add_usage(connection, held.day, **numbers, requests=requests - 1)
    else:
        add_usage(connection, held.day, **numbers, requests=requests, reserved_tokens=-held.tokens)


def renew(connection: sa.Connection, holder: str, ids: Iterable[str]) -> None:
    """Say that these requests are still under way."""
    connection.execute(
        sa.update(_held)
        .where(_held.c.holder == holder, _held.c.id.in_([*ids]), sa.not_(_held.c.estimated))
        .values(expires_at=epoch_now() + SECONDS)
    )


def expired(connection: sa.Connection, missed: float) -> list[Reservation]:
    """What dead processes hold.

    Args:
        missed: seconds just past in which nobody could renew.
    """
    dead = sa.and_(sa.not_(_held.c.estimated), _held.c.expires_at <= epoch_now() - missed)
    columns = (_held.c.day, _held.c.prompt_tokens, _held.c.completion_tokens, _held.c.id)
    return [Reservation(*row) for row in connection.execute(sa.select(*columns).where(dead))]


def estimate(connection: sa.Connection, held: Iterable[Reservation], missed: float) -> None:
    """Count what dead processes hold as used."""
    for each in sorted(held, key=lambda each: (each.day, each.id)):
        _lock_day(connection, each.day)
        dead = sa.and_(
            _held.c.id == each.id,
            sa.not_(_held.c.estimated),
            _held.c.expires_at <= epoch_now() - missed,
        )
        if connection.execute(sa.update(_held).where(dead).values(estimated=True)).rowcount:
            add_usage(
                connection,
                each.day,
                prompt_tokens=each.prompt_tokens,
                completion_tokens=each.completion_tokens,
                reserved_tokens=-each.tokens,
                requests=1,
            )


def forget_estimates(connection: sa.Connection, today: date) -> None:
    """Drop the reservations of dead processes that nobody will settle any more."""
    old = _held.c.day < today - timedelta(days=_DAYS_KEPT)
    connection.execute(sa.delete(_held).where(_held.c.estimated, old))

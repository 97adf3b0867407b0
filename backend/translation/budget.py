"""The owner's money: tokens of a UTC day, shared by all processes, refused before they are spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from ..database import insert, metadata, writing
from ..errors import BudgetExhausted

token_usage = sa.Table(
    "token_usage",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
    sa.Column("completion_tokens", sa.BigInteger, nullable=False),
    sa.Column("reserved_tokens", sa.BigInteger, nullable=False),
    sa.Column("requests", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True)
class DayUsage:
    """Tokens and requests of one UTC day; `reserved` are held by requests under way."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    reserved: int = 0
    requests: int = 0

    @property
    def tokens(self) -> int:
        """All tokens that count against the budget."""
        return self.prompt_tokens + self.completion_tokens + self.reserved


@dataclass(frozen=True)
class Reservation:
    """Tokens held for one LLM request until its real usage is known."""

    day: date
    tokens: int


class TokenBudget:
    """The daily token budget. Kept in the database: it survives restarts and counts for all processes.

    Args:
        limit: tokens a UTC day, 0 for none.
        clock: now, in UTC.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        limit: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self.limit = limit
        self._clock = clock

    def today(self) -> DayUsage:
        """What was used this UTC day."""
        table = token_usage
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(table).where(table.c.day == self._clock().date())
            ).one_or_none()
        if row is None:
            return DayUsage()
        return DayUsage(row.prompt_tokens, row.completion_tokens, row.reserved_tokens, row.requests)

    def refuse_if_used_up(self) -> None:
        """Raise BudgetExhausted when nothing is left today."""
        if self.limit and self.today().tokens >= self.limit:
            raise self._used_up()

    def reserve(self, tokens: int) -> Reservation:
        """Hold tokens for one request before it leaves.

        A request may start while anything is left, so the budget is passed by one request at most.

        Raises:
            BudgetExhausted: nothing is left today.
        """
        table, day = token_usage, self._clock().date()
        if not self.limit:
            return Reservation(day, 0)  # nothing to refuse: the real usage is enough
        held = insert(self._engine, table).values(
            day=day, prompt_tokens=0, completion_tokens=0, reserved_tokens=tokens, requests=0
        )
        used = table.c.prompt_tokens + table.c.completion_tokens + table.c.reserved_tokens
        held = held.on_conflict_do_update(
            index_elements=[table.c.day],
            set_={"reserved_tokens": table.c.reserved_tokens + tokens},
            where=used < self.limit,
        ).returning(table.c.day)
        with writing(self._engine) as connection:
            if connection.execute(held).one_or_none() is None:
                raise self._used_up()
        return Reservation(day, tokens)

    def settle(
        self, held: Reservation, *, prompt_tokens: int, completion_tokens: int, requests: int = 1
    ) -> None:
        """Replace what was held by what was used."""
        table = token_usage
        used = insert(self._engine, table).values(
            day=held.day,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            reserved_tokens=0,
            requests=requests,
        )
        used = used.on_conflict_do_update(
            index_elements=[table.c.day],
            set_={
                "prompt_tokens": table.c.prompt_tokens + prompt_tokens,
                "completion_tokens": table.c.completion_tokens + completion_tokens,
                "reserved_tokens": table.c.reserved_tokens - held.tokens,
                "requests": table.c.requests + requests,
            },
        )
        with writing(self._engine) as connection:
            connection.execute(used)

    def correct(
        self, connection: sa.Connection, day: date, *, prompt_tokens: int, completion_tokens: int
    ) -> None:
        """Add to what was counted on a day, or take from it, where that was an estimate."""
        table = token_usage
        connection.execute(
            sa.update(table)
            .where(table.c.day == day)
            .values(
                prompt_tokens=table.c.prompt_tokens + prompt_tokens,
                completion_tokens=table.c.completion_tokens + completion_tokens,
            )
        )

    def _used_up(self) -> BudgetExhausted:
        now = self._clock()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        seconds = max(1, int((midnight - now).total_seconds()))
        return BudgetExhausted(
            "Today's token budget (DAILY_TOKEN_BUDGET) is used up. "
            "Translation goes on at midnight UTC; what is translated already stays readable.",
            retry_after=seconds,
        )

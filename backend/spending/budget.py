"""The owner's money: tokens of a UTC day, shared by all processes, refused before they are spent."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from .. import outages
from ..database import writing
from ..errors import BudgetExhausted
from . import reservations
from .deferred_writes import DeferredWrite, DeferredWrites
from .reservations import Reservation, token_usage

log = logging.getLogger(__name__)

_KEEP_SECONDS = 5.0
"""Between looks at what is held: our own is renewed, that of dead processes counted as used."""

_AGAIN_SECONDS = 0.2


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


class TokenBudget:
    """The daily token budget. Kept in the database: it survives restarts and counts for all processes.

    Args:
        limit: tokens a UTC day, 0 for none.
        deferred: takes what was used while the database is away.
        clock: now, in UTC.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        limit: int = 0,
        deferred: DeferredWrites | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._outages = outages.of(engine)
        self._deferred = deferred or DeferredWrites(engine)
        self.limit = limit
        self._clock = clock
        self._holder = uuid.uuid4().hex
        self._held: set[str] = set()
        self._changed = threading.Condition()
        self._keeper: threading.Thread | None = None
        self._closed = False
        self._last_seen = (clock().date(), DayUsage())

    def start(self) -> None:
        """Begin to count what dead processes hold; without a limit nothing is ever held."""
        with self._changed:
            if self.limit and self._keeper is None and not self._closed:
                self._keeper = threading.Thread(
                    target=self._keep, name="token-reservations", daemon=True
                )
                self._keeper.start()

    def shut_down(self) -> None:
        """Wait no more for a database that is away: whoever waits to reserve is refused."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def close(self) -> None:
        """End the thread. What is still held is settled before, or ends as a dead process's."""
        self.shut_down()
        if self._keeper:
            self._keeper.join()

    def today(self) -> DayUsage:
        """What was used this UTC day; as it was last seen, while the database is away."""
        table, day = token_usage, self._clock().date()
        try:
            with self._engine.connect() as connection:
                row = connection.execute(sa.select(table).where(table.c.day == day)).one_or_none()
        except sa.exc.SQLAlchemyError as error:
            if not outages.means_away(error):
                raise
            return self._last_seen[1] if self._last_seen[0] == day else DayUsage()
        usage = DayUsage()
        if row is not None:
            usage = DayUsage(
                row.prompt_tokens, row.completion_tokens, row.reserved_tokens, row.requests
            )
        self._last_seen = day, usage
        return usage

    def refuse_if_used_up(self) -> None:
        """Raise BudgetExhausted when nothing is left today."""
        if self.limit and self.today().tokens >= self.limit:
            self.count_dead_processes()  # theirs may be less than they held
            if self.today().tokens >= self.limit:
                raise self._used_up()

    def reserve(
        self, prompt_tokens: int, completion_tokens: int = 0, *, wait: float = 0.0
    ) -> Reservation:
        """Hold tokens for one request before it leaves.

        A request may start while anything is left, so the budget is passed by one request at most.

        Args:
            completion_tokens: that its answer may take, about.
            wait: seconds for a database that is away.

        Raises:
            BudgetExhausted: nothing is left today.
        """
        day = self._clock().date()
        if not self.limit:
            return Reservation(day)  # nothing to refuse: the real usage is enough
        held = Reservation(day, prompt_tokens, completion_tokens, uuid.uuid4().hex)
        self.start()
        granted = self._hold(held, until=time.monotonic() + wait)
        if not granted:
            raise self._used_up()
        with self._changed:
            self._held.add(held.id)
        return held

    def _hold(self, held: Reservation, *, until: float) -> bool:
        while True:
            try:
                with writing(self._engine) as connection:
                    return reservations.hold(
                        connection, held, holder=self._holder, limit=self.limit
                    )
            except sa.exc.SQLAlchemyError as error:
                if not outages.means_away(error) or self._closed or time.monotonic() > until:
                    raise
            self._outages.wait_while_unwritable(_AGAIN_SECONDS)
            with self._changed:
                self._changed.wait_for(lambda: self._closed, _AGAIN_SECONDS)

    def settle(
        self, held: Reservation, *, prompt_tokens: int, completion_tokens: int, requests: int = 1
    ) -> None:
        """Replace what was held by what was used; as soon as the database takes it."""

        def write() -> None:
            with writing(self._engine) as connection:
                reservations.settle(
                    connection,
                    held,
                    prompt_tokens=prompt_tokens,
                    completion_tokens=completion_tokens,
                    requests=requests,
                )

        def over() -> None:
            with self._changed:
                self._held.discard(held.id)

        try:
            write()
        except sa.exc.SQLAlchemyError as error:
            if outages.means_away(error):
                self._deferred.add(DeferredWrite(write, over=over))
                return
            # The answer is paid for and goes out; no longer renewed, what was held becomes an estimate.
            log.warning("the tokens used could not be noted: %s", type(error).__name__)
            over()
        else:
            over()

    def count_dead_processes(self) -> None:
        """Count what dead processes hold as used: an estimate of what they sent."""
        missed = self._outages.missed_seconds(recently=reservations.SECONDS)
        with self._engine.connect() as connection:
            dead = reservations.expired(connection, missed)
        if dead:
            with writing(self._engine) as connection:
                reservations.estimate(connection, dead, missed)
                reservations.forget_estimates(connection, self._clock().date())

    def _keep(self) -> None:
        while not self._closed:
            # The database may be away for a moment; nobody else sees ours end meanwhile.
            with contextlib.suppress(sa.exc.SQLAlchemyError):
                self._renew()
                self.count_dead_processes()
            with self._changed:
                self._changed.wait_for(lambda: self._closed, _KEEP_SECONDS)

    def _renew(self) -> None:
        with self._changed:
            held = set(self._held)
        if held:
            with writing(self._engine) as connection:
                reservations.renew(connection, self._holder, held)

    def _used_up(self) -> BudgetExhausted:
        now = self._clock()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        seconds = max(1, int((midnight - now).total_seconds()))
        return BudgetExhausted(
            "Today's token budget (DAILY_TOKEN_BUDGET) is used up. "
            "Translation goes on at midnight UTC; what is translated already stays readable.",
            retry_after=seconds,
        )

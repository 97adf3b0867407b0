"""Polling a day's list: when it is due, who of all processes does it, what is kept of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from .. import jitter
from ..errors import UpstreamUnavailable
from ..leases import Leases
from ..papers.records import Calendar, Clock, DailyListSource
from . import edition_calendar
from .edition_store import EditionStore, StoredDay

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=5)
"""After a day that nobody has seen yet could not be fetched: a reader is waiting for it."""
MAX_BACKOFF = timedelta(hours=1)


class ListPoller:
    """Polls one list at its upstream and keeps what it sees.

    Args:
        source: the upstream.
        calendar: when the list's days have papers.
        interval: between polls of today's list.
        stretch: draws the factor by which a pause after a failure is made longer.
    """

    def __init__(
        self,
        store: EditionStore,
        source: DailyListSource,
        leases: Leases,
        *,
        clock: Clock,
        interval: timedelta,
        calendar: Calendar = edition_calendar,
        stretch: Callable[[], float] = lambda: jitter.between(1.0, 1.25),
    ) -> None:
        self._store = store
        self._source = source
        self._leases = leases
        self._clock = clock
        self.interval = interval
        self.remark: str | None = None
        self._calendar = calendar
        self._stretch = stretch
        # As it was when there was one list: processes of two releases may run side by side.
        self._lease = "list" if store.list == "huggingface" else f"list {store.list}"

    def due(self) -> list[date]:
        """The days to poll now: the newest, then stored days whose time has come."""
        now = self._clock()
        newest = self._calendar.newest(now)
        found = [stored.day for stored in self._store.polls_due(now)]
        if self._is_due(self._store.day(newest), now) and newest not in found:
            found.insert(0, newest)
        return found

    def next_due(self) -> datetime:
        """When the next poll is due; it may have passed."""
        now = self._clock()
        newest = self._store.day(self._calendar.newest(now))
        times = [self._store.next_poll_at(), edition_calendar.ends(now.date())]
        times.append(now if newest is None else newest.next_poll_at)
        return min(time for time in times if time)

    def is_due(self, day: date) -> bool:
        """Whether a day may be polled now: nobody has, or it is time again."""
        return self._is_due(self._store.day(day), self._clock())

    def poll(self, day: date, *, attempts: int = 1) -> bool:
        """Poll a day's list if that is due and nobody else is at it.

        Args:
            attempts: requests at most; more than one only where a reader waits.

        Returns:
            False when another process is polling it now, else True.

        Raises:
            UpstreamUnavailable: the poll failed; that is noted, and what is stored stays.
        """
        with self._leases.held(f"{self._lease} {day}") as ours:
            if not ours:
                return False
            stored, now = self._store.day(day), self._clock()
            if self._is_due(stored, now):
                self._poll(day, stored, now, attempts)
            return True

    def _is_due(self, stored: StoredDay | None, now: datetime) -> bool:
        if stored is None:
            return True
        return stored.next_poll_at is not None and stored.next_poll_at <= now

    def _poll(self, day: date, stored: StoredDay | None, now: datetime, attempts: int) -> None:
        etag = stored.etag if stored else None
        try:
            answer = self._source.daily(day, etag=etag, attempts=attempts)
        except UpstreamUnavailable as fault:
            self._note_failure(day, stored, now, fault)
            raise
        empty = not answer.papers and not (stored and stored.papers)
        again = self._calendar.next_poll(day, polled_at=now, interval=self.interval, empty=empty)
        count = self._store.keep_list(day, answer, at=now, next_poll_at=again)
        if not answer.unchanged and len(answer.papers) < count:
            log.warning(
                "%s: the list of %s came with %d papers; the %d stored are kept",
                self._store.list,
                day,
                len(answer.papers),
                count,
            )

    def _note_failure(
        self, day: date, stored: StoredDay | None, now: datetime, fault: UpstreamUnavailable
    ) -> None:
        unseen = stored is None or stored.fetched_at is None
        again = edition_calendar.next_try(
            failed_at=now,
            failures=(stored.failures if stored else 0) + 1,
            base=min(FIRST_RETRY, self.interval) if unseen else self.interval,
            longest=MAX_BACKOFF,
            stretch=self._stretch(),
        )
        if fault.retry_after:
            again = max(again, now + timedelta(seconds=fault.retry_after))
        self._store.keep_failure(day, next_poll_at=again)
        log.warning(
            "%s: the list of %s could not be fetched (%s)", self._store.list, day, fault.detail
        )

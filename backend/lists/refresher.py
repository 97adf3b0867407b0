"""Refreshing behind the answers: today's list on time, and days that a reader waits for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import date

from ..clients import Shares
from ..errors import UpstreamUnavailable
from ..outages import means_away
from ..papers.arxiv_backfill import ArxivBackfill
from ..papers.periodic_worker import PeriodicWorker
from ..papers.records import Clock, Polling
from .past_days import PastDays

log = logging.getLogger(__name__)

MAX_FETCHES = 8
"""Past days that are to be fetched for readers at once, of one list in one process."""
MAX_WAITING = 64
"""Readers who wait at once for days that are not stored, and as many for the latest: of 320 threads."""
FETCHES_EACH = 2
"""Of these days, of all lists together, how many for one stranger."""
WAITING_EACH = 16
"""Of these readers, how many of one stranger's address."""
TEXT_SECONDS = 2.0
"""Seconds that a reader who has a list waits for its true texts."""
_SOON = 3
"""Seconds after which it is worth asking again."""
_ELSEWHERE = 0.1
"""Seconds after which it is seen whether another process has ended its poll."""
_COLD_ATTEMPTS = 2
_COMMAND_ATTEMPTS = 4
_TEXTS_SECONDS = 90.0


class WaitingPlaces:
    """Room for the readers of one process who wait for lists; shared by all lists."""

    def __init__(self) -> None:
        self.days = threading.BoundedSemaphore(MAX_WAITING)
        self.latest = threading.BoundedSemaphore(MAX_WAITING)
        self.days_each = Shares(WAITING_EACH, "Others at this address are waiting for lists too.")
        self.fetches_each = Shares(
            FETCHES_EACH, "Other days are being fetched for this address. Wait for them."
        )


class Refresher:
    """Keeps the stored days of one list fresh without holding up a request.

    Args:
        places: for readers who wait; those of all lists together.
        past_days: the pace of days that readers go back to; None where nobody beyond this machine is asked.
    """

    def __init__(
        self,
        poller: Polling,
        texts: ArxivBackfill,
        *,
        clock: Clock,
        places: WaitingPlaces | None = None,
        past_days: PastDays | None = None,
    ) -> None:
        self._past_days = past_days
        self._places = places or WaitingPlaces()
        self._poller = poller
        self._texts = texts
        self._clock = clock
        self._worker = PeriodicWorker("daily lists", self.work)
        self._lock = threading.Lock()
        self._fetches: dict[str, _Fetch] = {}

    def ensure_running(self) -> None:
        """Poll the lists on time from now on."""
        self._worker.ensure_running()

    def close(self) -> None:
        """End the threads; what is under way is given a moment."""
        self._worker.close()
        with self._lock:
            under_way = list(self._fetches.values())
        for fetch in under_way:
            fetch.done.wait(TEXT_SECONDS)
        self._texts.close()

    def work(self) -> float:
        """Poll every day that is due. Returns the seconds until the next is."""
        held_elsewhere = False
        for day in self._poller.due():
            try:
                held_elsewhere |= not self._poller.poll(day)
            except UpstreamUnavailable:
                continue  # noted and logged where it happened
        self._texts.wake()
        if held_elsewhere:
            return _ELSEWHERE
        return (self._poller.next_due() - self._clock()).total_seconds()

    def fetch(self, day: date, *, seconds: float, past: bool = False) -> None:
        """Have a day that is not stored fetched, and wait for it at most so long.

        Args:
            past: one that readers go back to, which keeps the pace of past days; the newest waits for none.

        Raises:
            UpstreamUnavailable: too many other days are being fetched, or too many readers wait.
            RateLimited: too many of them for this stranger.
        """

        def poll() -> None:
            with self._past_days.turn() if past and self._past_days else nullcontext():
                self.poll_now(day)

        places = self._places.days if past else self._places.latest
        most = MAX_FETCHES if past else None
        with self._places.days_each.one(_SOON):
            if not places.acquire(blocking=False):
                raise UpstreamUnavailable(
                    "Many readers are waiting for lists that are not stored here.",
                    retry_after=_SOON,
                )
            try:
                self._wait(day.isoformat(), poll, seconds, most=most)
            finally:
                places.release()

    def fetch_newest(self, days: Callable[[], list[date]], *, seconds: float) -> None:
        """Have days fetched one after another, and wait for it at most so long; not when too many do.

        Args:
            days: what is still to be fetched, best first; asked again after each.
        """

        def fetch_each() -> None:
            tried: set[date] = set()
            while left := [day for day in days() if day not in tried]:
                tried.add(left[0])
                self.poll_now(left[0])

        if not self._places.latest.acquire(blocking=False):
            return
        try:
            self._wait("newest", fetch_each, seconds)
        finally:
            self._places.latest.release()

    def poll_now(self, day: date, *, attempts: int = _COLD_ATTEMPTS) -> None:
        """Poll a day, here or wait for the process that is at it.

        Raises:
            UpstreamUnavailable: the poll failed.
        """
        while not self._poller.poll(day, attempts=attempts):
            time.sleep(_ELSEWHERE)

    def fetch_now(self, day: date) -> None:
        """Poll a day if that is due and get its true texts, here and now, as far as possible."""
        with suppress(UpstreamUnavailable):  # noted and logged; what is stored is used
            self.poll_now(day, attempts=_COMMAND_ATTEMPTS)
        self._texts.complete(seconds=_TEXTS_SECONDS)

    def _wait(
        self, key: str, work: Callable[[], None], seconds: float, *, most: int | None = None
    ) -> None:
        deadline = time.monotonic() + seconds
        with self._lock:
            fetch = self._fetches.get(key)
            if fetch is None:
                if most is not None and len(self._fetches) >= most:
                    raise UpstreamUnavailable(
                        "Many other days are being fetched now.", retry_after=_SOON
                    )
                client = None if most is None else self._places.fetches_each.take(_SOON)
                fetch = self._fetches[key] = _Fetch(client)
                arguments = (key, fetch, work)
                threading.Thread(target=self._run, args=arguments, name=key, daemon=True).start()
        fetch.listed.wait(seconds)
        fetch.done.wait(max(min(deadline - time.monotonic(), TEXT_SECONDS), 0.0))

    def _run(self, key: str, fetch: _Fetch, work: Callable[[], None]) -> None:
        try:
            work()
            fetch.listed.set()
            self._texts.complete(seconds=TEXT_SECONDS)
        except UpstreamUnavailable:
            pass  # noted and logged where it happened
        except Exception as fault:
            if not means_away(fault):
                log.error("fetching %s: %s", key, type(fault).__name__)
        finally:
            with self._lock:
                del self._fetches[key]
            self._places.fetches_each.give_back(fetch.client)
            fetch.listed.set()
            fetch.done.set()


class _Fetch:
    """One fetch under way, for all readers who wait for it.

    Args:
        client: whose share it is of.
    """

    def __init__(self, client: str | None) -> None:
        self.client = client
        self.listed = threading.Event()
        self.done = threading.Event()

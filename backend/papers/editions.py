"""What readers get when they ask for a day, for the latest list, or for the archive."""

from __future__ import annotations

import dataclasses
import math
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cachetools import LRUCache

from ..errors import NotFound, UpstreamUnavailable
from . import days
from .looks import Looks
from .records import Clock, Edition, EditionSummary, State
from .refresher import Refresher
from .sample import SampleEdition
from .store import PaperStore, StoredDay

WAIT = 5.0
"""Seconds that a reader waits for a day that is not stored."""
ENOUGH = 5
"""Papers that make a list worth being the latest before it is final."""
_BACK = 10
"""Days that `latest` goes back for a list when none is stored."""
_AROUND = timedelta(days=45)
_UNSEEN_GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class _Loaded:
    """An edition, until when it is known to be fresh, and the state of the store it was read in."""

    edition: Edition
    fresh_until: datetime | None
    revision: int
    today: date


class Editions:
    """Editions as readers want them. A stored one is answered at once and refreshed behind.

    Args:
        wait: seconds for a day that is not stored.
    """

    def __init__(
        self,
        store: PaperStore,
        looks: Looks,
        refresher: Refresher,
        *,
        sample: SampleEdition,
        clock: Clock,
        wait: float = WAIT,
    ) -> None:
        self._store = store
        self._looks = looks
        self._refresher = refresher
        self._sample = sample
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        self._loaded: LRUCache[tuple[date, bool], _Loaded] = LRUCache(256)
        self._latest: tuple[int, date, date] | None = None

    def start(self) -> None:
        """Begin to refresh behind if this server has had readers before.

        With an empty store the first reader's request begins it: there is nobody to be early for.
        """
        if self._store.has_editions():
            self._refresher.ensure_running()

    def close(self) -> None:
        """End the threads."""
        self._refresher.close()

    def on(self, day: date) -> Edition:
        """The edition of a day.

        Raises:
            NotFound: the day has not begun.
            UpstreamUnavailable: it is not stored, and the upstream did not give it in time.
        """
        today = self._clock().date()
        if day > today:
            raise NotFound(
                f"The list of {day} does not exist yet: it is {today} in UTC, by which lists are dated."
            )
        if day < days.FIRST_LIST:
            return self._too_early(day, today)
        self._refresher.ensure_running()
        if edition := self._load(day):
            return edition
        if self._looks.is_due(day):
            self._refresher.fetch(day, seconds=self._wait)
            if edition := self._load(day):
                return edition
        if day == self._sample.edition().date and not self._store.has_editions():
            return self._sample.edition()
        raise self._unavailable(day)

    def latest(self) -> Edition:
        """The newest edition with enough papers, or final; the sample while there is none."""
        self._refresher.ensure_running()
        today = self._clock().date()
        if (day := self._latest_day(today)) is None:
            if self._to_fetch(today):
                self._refresher.fetch_newest(lambda: self._to_fetch(today), seconds=self._wait)
            stored = self._store.newest(at_least=ENOUGH)
            day = stored.day if stored else None
        edition = self._load(day, latest=True) if day else None
        return edition or self._sample.edition()

    def archive(
        self, *, before: date | None, limit: int
    ) -> tuple[list[EditionSummary], date | None]:
        """The stored editions, newest first, and what to pass as `before` for the next ones."""
        found = self._store.days(before=before, limit=limit + 1)
        if not found and not self._store.has_editions():
            sample = self._sample.edition()
            shown = before is None or sample.date < before
            lines = [EditionSummary(date=sample.date, papers=len(sample.papers), state="sample")]
            return (lines if shown else []), None
        summaries = [
            EditionSummary(date=stored.day, papers=stored.papers, state=_state(stored))
            for stored in found[:limit]
        ]
        return summaries, summaries[-1].date if len(found) > limit else None

    def freshness(self) -> dict[str, Any]:
        """How fresh the lists are, for the status page; asks nobody."""
        today = self._store.day(self._clock().date())
        newest = self._store.newest(at_least=ENOUGH)
        return {
            "latest": newest.day.isoformat() if newest else None,
            "fetched_at": _iso(newest.fetched_at if newest else None),
            "looked_at_today": _iso(today.fetched_at if today else None),
            "next_look_at": _iso(today.next_look_at if today else None),
            "failures": today.failures if today else 0,
            "stale": bool(today and today.failures),
        }

    # From the store

    def _load(self, day: date, *, latest: bool = False) -> Edition | None:
        """The stored edition, read anew only when something changed."""
        now, revision = self._clock(), self._store.revision()
        with self._lock:
            loaded = self._loaded.get((day, latest))
            if not loaded or (loaded.revision, loaded.today) != (revision, now.date()):
                read = self._read(day, now, revision, latest=latest)
                if read is None:
                    return None
                if loaded and loaded.edition == read.edition:
                    # The same object, so that what was built from it is known to be current.
                    read = dataclasses.replace(read, edition=loaded.edition)
                loaded = self._loaded[day, latest] = read
            if loaded.fresh_until and now >= loaded.fresh_until and not loaded.edition.stale:
                stale = dataclasses.replace(loaded.edition, stale=True)
                loaded = self._loaded[day, latest] = dataclasses.replace(loaded, edition=stale)
            return loaded.edition

    def _read(self, day: date, now: datetime, revision: int, *, latest: bool) -> _Loaded | None:
        stored = self._store.day(day)
        if stored is None or stored.fetched_at is None:
            return None
        today = now.date()
        watched = [stored]
        if latest and day != today:
            seen = self._store.day(today)
            unseen = StoredDay(
                day=today,
                fetched_at=None,
                etag=None,
                failures=0,
                next_look_at=datetime.combine(today, datetime.min.time(), UTC),
                papers=0,
            )
            watched.append(seen or unseen)
        stale = any(watch.failures for watch in watched if not watch.settled)
        known = self._known_around(day)
        earlier, later = days.previous(day, known), days.following(day, known)
        edition = Edition(
            date=day,
            state=_state(stored),
            source="huggingface",
            fetched_at=stored.fetched_at,
            stale=stale,
            previous=earlier,
            next=later if later <= today else None,
            note=self._note(stored, today, known, stale=stale),
            papers=self._store.papers_of(day),
        )
        return _Loaded(edition, self._fresh_until(watched), revision, today)

    def _fresh_until(self, watched: list[StoredDay]) -> datetime | None:
        """When an edition counts as stale although no look failed: nobody looked, as in sleep."""
        grace = max(2 * self._looks.interval, _UNSEEN_GRACE)
        return min((w.next_look_at + grace for w in watched if w.next_look_at), default=None)

    def _known_around(self, day: date) -> dict[date, int]:
        around = self._store.days(after=day - _AROUND, before=day + _AROUND)
        return {stored.day: stored.papers for stored in around}

    def _note(
        self, stored: StoredDay, today: date, known: dict[date, int], *, stale: bool
    ) -> str | None:
        if not stored.papers:
            return days.note_on_empty(stored.day, today=today, known=known)
        if stale and stored.fetched_at:
            return (
                "Hugging Face cannot be reached now;"
                f" this is the list as of {stored.fetched_at:%H:%M} UTC on {stored.fetched_at:%Y-%m-%d}."
            )
        return None if stored.settled else days.note_on_filling(stored.day, today=today)

    def _too_early(self, day: date, today: date) -> Edition:
        known = self._known_around(days.FIRST_LIST)
        first = days.FIRST_LIST - days.ONE_DAY
        return Edition(
            date=day,
            state="empty",
            source="huggingface",
            fetched_at=None,
            stale=False,
            previous=None,
            next=days.following(first, known),
            note=days.note_on_empty(day, today=today, known=known),
            papers=(),
        )

    # What the latest is

    def _latest_day(self, today: date) -> date | None:
        """The day of the latest edition, if the store knows it: no likelier day is unseen."""
        revision = self._store.revision()
        if self._latest and self._latest[:2] == (revision, today):
            return self._latest[2]
        stored = self._store.newest(at_least=ENOUGH)
        if stored is None or any(day != today for day in self._unseen_since(stored.day, today)):
            return None
        self._latest = (revision, today, stored.day)
        return stored.day

    def _unseen_since(self, day: date, today: date) -> list[date]:
        """Days after one, up to today, newest first, that may have a list nobody has looked at."""
        first = max(day, today - _BACK * days.ONE_DAY)
        seen = {stored.day for stored in self._store.days(after=first)}
        after = (today - n * days.ONE_DAY for n in range((today - first).days))
        return [d for d in after if d not in seen and (d == today or days.expected(d))]

    def _to_fetch(self, today: date) -> list[date]:
        """Days that may hold the latest list, newest first; none while the upstream is failing."""
        stored = self._store.newest(at_least=ENOUGH)
        unseen = self._unseen_since(stored.day if stored else days.FIRST_LIST, today)
        return unseen if unseen and self._looks.is_due(unseen[0]) else []

    def _unavailable(self, day: date) -> UpstreamUnavailable:
        stored = self._store.day(day)
        left = (
            (stored.next_look_at - self._clock()).total_seconds()
            if stored and stored.next_look_at
            else 0
        )
        return UpstreamUnavailable(
            f"The list of {day} is not stored here, and Hugging Face did not give it in time.",
            retry_after=max(math.ceil(left), 3),
        )


def _state(stored: StoredDay) -> State:
    if not stored.papers:
        return "empty"
    return "final" if stored.settled else "filling"


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None

"""Stored editions as readers see them: state, staleness, neighbours, notes."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cachetools import LRUCache

from . import edition_calendar
from .records import Clock, Edition, State
from .store import PaperStore, StoredDay

_KEPT = 256
_AROUND = timedelta(days=45)
_UNSEEN_GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class _Loaded:
    """An edition, until when it is known to be fresh, and the state of the store it was read in."""

    edition: Edition
    fresh_until: datetime | None
    revision: int
    today: date


class StoredEditions:
    """Reads editions from the store, each anew only when the store has changed.

    Args:
        interval: between polls of today's list.
    """

    def __init__(self, store: PaperStore, *, clock: Clock, interval: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._interval = interval
        self._lock = threading.Lock()
        self._loaded: LRUCache[tuple[date, bool], _Loaded] = LRUCache(_KEPT)

    def edition(self, day: date, *, latest: bool = False) -> Edition | None:
        """The stored edition of a day; the same object until something in it changes.

        Args:
            latest: it is shown as the latest, so that it is stale when today's list was not seen.
        """
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
                next_poll_at=datetime.combine(today, datetime.min.time(), UTC),
                papers=0,
            )
            watched.append(seen or unseen)
        stale = any(watch.failures for watch in watched if not watch.settled)
        known = self._known_around(day)
        earlier, later = (
            edition_calendar.previous(day, known),
            edition_calendar.following(day, known),
        )
        edition = Edition(
            date=day,
            state=state_of(stored),
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
        """When an edition counts as stale although no poll failed: nobody polled, as in sleep."""
        grace = max(2 * self._interval, _UNSEEN_GRACE)
        times = (w.next_poll_at for w in watched if w.next_poll_at and not w.settled)
        return min((time + grace for time in times), default=None)

    def _known_around(self, day: date) -> dict[date, int]:
        around = self._store.days(after=day - _AROUND, before=day + _AROUND)
        return {stored.day: stored.papers for stored in around}

    def _note(
        self, stored: StoredDay, today: date, known: dict[date, int], *, stale: bool
    ) -> str | None:
        if not stored.papers:
            return edition_calendar.note_on_empty(stored.day, today=today, known=known)
        if stale and stored.fetched_at:
            return (
                "Hugging Face cannot be reached now;"
                f" this is the list as of {stored.fetched_at:%H:%M} UTC on {stored.fetched_at:%Y-%m-%d}."
            )
        return None if stored.settled else edition_calendar.note_on_filling(stored.day, today=today)

    def before_the_first(self, day: date) -> Edition:
        """What there is to say about a day before the first list."""
        today = self._clock().date()
        known = self._known_around(edition_calendar.FIRST_LIST)
        first = edition_calendar.FIRST_LIST - edition_calendar.ONE_DAY
        return Edition(
            date=day,
            state="empty",
            source="huggingface",
            fetched_at=None,
            stale=False,
            previous=None,
            next=edition_calendar.following(first, known),
            note=edition_calendar.note_on_empty(day, today=today, known=known),
            papers=(),
        )


def state_of(stored: StoredDay) -> State:
    """The state of a stored day's list."""
    if not stored.papers:
        return "empty"
    return "final" if stored.settled else "filling"

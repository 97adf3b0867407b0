"""Stored editions as readers see them: state, staleness, neighbours, notes."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cachetools import LRUCache

from ..papers.records import Calendar, Clock, Edition, State
from ..sources.source import Kind
from . import edition_calendar
from .edition_store import EditionStore, StoredDay

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
        source: where the list comes from.
        interval: between polls of today's list.
        calendar: when the list's days have papers.
    """

    def __init__(
        self,
        store: EditionStore,
        *,
        clock: Clock,
        interval: timedelta,
        source: Kind = "huggingface",
        calendar: Calendar = edition_calendar,
    ) -> None:
        self._store = store
        self._source = source
        self._calendar = calendar
        self._written_here = source == "file"
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
        newest = self._calendar.newest(now)
        watched = [stored]
        if latest and day != newest and not self._written_here:
            unseen = StoredDay(
                day=newest,
                fetched_at=None,
                etag=None,
                failures=0,
                next_poll_at=datetime.combine(now.date(), datetime.min.time(), UTC),
                papers=0,
                settles_at=self._calendar.settles(newest),
            )
            watched.append(self._store.day(newest) or unseen)
        stale = any(w.failures for w in watched if self._written_here or not w.settled)
        known = self._known_around(day)
        earlier, later = self._neighbours(day, now, known)
        edition = Edition(
            list=self._store.list,
            date=day,
            state=state_of(stored),
            source=self._source,
            fetched_at=stored.fetched_at,
            stale=stale,
            previous=earlier,
            next=later,
            note=self._note(stored, now.date(), known, stale=stale),
            papers=self._store.papers_of(day),
            order=self._store.order,
            owner_notes=self._store.owner_notes(day) if self._written_here else {},
        )
        return _Loaded(edition, self._fresh_until(watched), revision, now.date())

    def _neighbours(
        self, day: date, now: datetime, known: dict[date, int]
    ) -> tuple[date | None, date | None]:
        """The days that a reader goes to from one, back and on."""
        earlier, later = self._calendar.previous(day, known), self._calendar.following(day, known)
        if earlier is None or (earlier not in known and earlier < self._calendar.first(now.date())):
            earlier = self._store.nearest(day, before=True)
        if later is None:
            later = self._store.nearest(day, before=False)
        return earlier, later if later and later <= self._calendar.newest(now) else None

    def _fresh_until(self, watched: list[StoredDay]) -> datetime | None:
        """When an edition counts as stale although no poll failed: nobody polled, as in sleep."""
        grace = max(2 * self._interval, _UNSEEN_GRACE)
        times = (w.next_poll_at for w in watched if w.next_poll_at and not w.settled)
        return min((time + grace for time in times), default=None)

    def _known_around(self, day: date) -> dict[date, int]:
        middle = max(day, date.min + _AROUND)
        around = self._store.days(after=middle - _AROUND, before=middle + _AROUND)
        return {stored.day: stored.papers for stored in around}

    def _note(
        self, stored: StoredDay, today: date, known: dict[date, int], *, stale: bool
    ) -> str | None:
        if not stored.papers:
            return self._calendar.note_on_empty(stored.day, today=today, known=known)
        said = [stored.note]
        if stale and stored.fetched_at:
            said.append(
                f"{_NAMES[self._source]} now; this is the list as of"
                f" {stored.fetched_at:%H:%M} UTC on {stored.fetched_at:%Y-%m-%d}."
            )
        elif not stored.settled:
            said.append(self._calendar.note_on_filling(stored.day, today=today))
        return " ".join(words for words in said if words) or None

    def without_papers(self, day: date, *, note: str | None = None) -> Edition:
        """What there is to say about a day that nobody is asked about."""
        now = self._clock()
        today = now.date()
        first, known = self._calendar.first(today), self._known_around(day)
        earlier: date | None
        later: date | None
        if day < first:
            # Between here and the first day that is asked for there may be nothing at all.
            before = first - edition_calendar.ONE_DAY
            nexts = (
                self._store.nearest(day, before=False),
                self._calendar.following(before, self._known_around(before)),
            )
            earlier = self._store.nearest(day, before=True)
            later = min((each for each in nexts if each), default=None)
        else:
            earlier, later = self._neighbours(day, now, known)
        note = note or self._calendar.note_on_empty(day, today=today, known=known)
        return Edition(
            list=self._store.list,
            date=day,
            state="empty",
            source=self._source,
            fetched_at=None,
            stale=False,
            previous=earlier,
            next=later,
            note=note,
            papers=(),
            order=self._store.order,
        )


_NAMES = {
    "huggingface": "Hugging Face cannot be reached",
    "arxiv": "arXiv cannot be reached",
    "file": "The owner's file cannot be read",
}


def state_of(stored: StoredDay) -> State:
    """The state of a stored day's list."""
    if not stored.papers:
        return "empty"
    return "final" if stored.settled else "filling"

"""What readers get of one list when they ask for a day, for the latest, or for the archive."""

from __future__ import annotations

import dataclasses
import math
from datetime import date, datetime, timedelta

from ..errors import NotFound, UpstreamUnavailable
from ..papers.records import (
    Calendar,
    Clock,
    Edition,
    EditionSummary,
    Freshness,
    ListDescription,
    NewestEditions,
    Polling,
)
from ..papers.sample import SampleEdition
from ..sources.source import HUGGINGFACE, Source
from . import edition_calendar
from .edition_store import EditionStore
from .refresher import Refresher
from .stored_editions import StoredEditions, state_of

WAIT = 5.0
"""Seconds that a reader waits for a day that is not stored."""
ENOUGH = 5
"""Papers that make a list worth being the latest before it is final."""
_MOMENT = timedelta(seconds=1)
_BACK = 10
"""Days that `latest` goes back for a list when none is stored."""


class ListEditions:
    """One list's editions as readers want them. A stored one is answered at once and refreshed behind.

    Args:
        source: where the list comes from.
        calendar: when its days have papers.
        wait: seconds for a day that is not stored.
    """

    def __init__(
        self,
        store: EditionStore,
        poller: Polling,
        refresher: Refresher,
        *,
        sample: SampleEdition,
        clock: Clock,
        source: Source = HUGGINGFACE,
        calendar: Calendar = edition_calendar,
        wait: float = WAIT,
    ) -> None:
        self._store = store
        self._poller = poller
        self._refresher = refresher
        self._sample = sample
        self._clock = clock
        self._wait = wait
        self._calendar = calendar
        self._picks = source.kind == "file"
        self._upstream = "arXiv" if source.kind == "arxiv" else "Hugging Face"
        self._enough = 1 if self._picks else ENOUGH
        self._stored = StoredEditions(
            store, clock=clock, interval=poller.interval, source=source.kind, calendar=calendar
        )
        self.description = ListDescription(
            name=source.name, title=source.title, source=source.kind, order=store.order
        )
        self._latest: tuple[int, date, date] | None = None
        self._newest: dict[int, tuple[int, NewestEditions]] = {}
        self._nothing: tuple[int, datetime] | None = None

    def start(self) -> None:
        """Begin to refresh behind if this server has had readers before.

        With an empty store the first reader's request begins it: there is nobody to be early for.
        """
        if self.has_editions():
            self._refresher.ensure_running()

    def has_editions(self) -> bool:
        """Whether any day of this list is stored."""
        return self._store.has_editions()

    def close(self) -> None:
        """End the threads."""
        self._refresher.close()

    def on(self, day: date) -> Edition:
        """The edition of a day.

        Raises:
            NotFound: the day has not begun.
            UpstreamUnavailable: it is not stored, and the upstream did not give it in time.
            RateLimited: it is not stored, and this stranger has its share of days that are being fetched.
        """
        if outside := self._outside(day):
            return outside
        self._refresher.ensure_running()
        if edition := self._stored.edition(day):
            return edition
        if self._poller.is_due(day):
            past = day < self._calendar.newest(self._clock())
            self._refresher.fetch(day, seconds=self._wait, past=past)
            if edition := self._stored.edition(day):
                return edition
        if self._picks:
            return self._stored.without_papers(day)
        if day == self._sample.edition().date and not self._store.has_editions():
            return self._the_sample()
        raise self._unavailable(day)

    def latest(self) -> Edition:
        """The newest edition with enough papers, or final; the sample while there is none."""
        self._refresher.ensure_running()
        now = self._clock()
        newest = self._calendar.newest(now)
        if self._nothing_new(now):
            return self._nothing_yet(now)
        if (day := self._latest_day(newest)) is None:
            if self._to_fetch(newest):
                self._refresher.fetch_newest(lambda: self._to_fetch(newest), seconds=self._wait)
            stored = self._store.newest(at_least=self._enough)
            day = stored.day if stored else None
            if day is None:
                self._nothing = (self._store.revision(), self._clock())
        edition = self._stored.edition(day, latest=True) if day else None
        return edition or self._nothing_yet(now)

    def _nothing_yet(self, now: datetime) -> Edition:
        """What a reader gets while there is no edition: the sample, or an owner's list without papers."""
        if not self._picks:
            return self._the_sample()
        return self._stored.without_papers(now.date(), note=self._poller.remark)

    def _the_sample(self) -> Edition:
        """The sample edition, in place of one of this list."""
        if self.description.name == HUGGINGFACE.name:
            return self._sample.edition()
        return dataclasses.replace(self._sample.edition(), list=self.description.name)

    def _nothing_new(self, now: datetime) -> bool:
        """Whether there was nothing to show a moment ago, and nothing has been stored since."""
        if self._nothing is None:
            return False
        revision, seen = self._nothing
        return timedelta() <= now - seen < _MOMENT and revision == self._store.revision()

    def fetch_latest(self) -> Edition:
        """The latest edition after a poll of today's list, if that is due; takes its time.

        For commands: `latest` answers with what is stored, as today's list is polled behind it.
        """
        self._refresher.fetch_now(self._calendar.newest(self._clock()))
        return self.latest()

    def fetch(self, day: date) -> Edition:
        """A day's edition with its true texts, polled anew if that is due; takes its time.

        For commands that work ahead of the readers.

        Raises:
            NotFound: the day has not begun.
            UpstreamUnavailable: it is not stored, and the upstream does not give it.
        """
        if outside := self._outside(day):
            return outside
        self._refresher.fetch_now(day)
        if edition := self._stored.edition(day):
            return edition
        if self._picks:
            return self._stored.without_papers(day)
        raise self._unavailable(day)

    def _outside(self, day: date) -> Edition | None:
        """What there is of a day that nobody is asked about. Raises NotFound."""
        today = self._clock().date()
        if day > today:
            raise NotFound(
                f"The list of {day} does not exist yet: it is {today} in UTC, by which lists are dated."
            )
        if self._calendar.first(today) <= day <= self._calendar.newest(self._clock()):
            return None
        return self._stored.edition(day) or self._stored.without_papers(day)

    def newest(self, count: int) -> NewestEditions:
        """So many of the newest editions that have papers, or the sample.

        The same object until something stored changes.
        """
        self.latest()  # has the lists polled, and waits for one where none is stored
        revision, kept = self._store.revision(), self._newest.get(count)
        if kept is None or kept[0] != revision:
            days = [stored.day for stored in self._store.days(limit=3 * count) if stored.papers]
            read = (self._stored.edition(day) for day in days[:count])
            found = self._without_repeats([edition for edition in read if edition])
            kept = revision, NewestEditions(found or (self._sample.edition(),))
            self._newest[count] = kept
        return kept[1]

    def _without_repeats(self, found: list[Edition]) -> tuple[Edition, ...]:
        first = self._store.first_days(paper.id for edition in found for paper in edition.papers)
        return tuple(
            dataclasses.replace(
                edition,
                papers=tuple(p for p in edition.papers if first.get(p.id) == edition.date),
            )
            for edition in found
        )

    def archive(
        self, *, before: date | None, limit: int
    ) -> tuple[list[EditionSummary], date | None]:
        """The stored editions, newest first, and what to pass as `before` for the next ones."""
        found = self._store.days(before=before, limit=limit + 1)
        if not found and not self._picks and not self._store.has_editions():
            sample = self._sample.edition()
            shown = before is None or sample.date < before
            lines = [EditionSummary(date=sample.date, papers=len(sample.papers), state="sample")]
            return (lines if shown else []), None
        summaries = [
            EditionSummary(date=stored.day, papers=stored.papers, state=state_of(stored))
            for stored in found[:limit]
        ]
        return summaries, summaries[-1].date if len(found) > limit else None

    def freshness(self) -> Freshness:
        """How fresh the lists are, for the status page; asks nobody."""
        today = self._store.day(self._calendar.newest(self._clock()))
        newest = self._store.newest(at_least=self._enough)
        return Freshness(
            latest=newest.day if newest else None,
            fetched_at=newest.fetched_at if newest else None,
            fetched_today_at=today.fetched_at if today else None,
            next_fetch_at=today.next_poll_at if today else None,
            failures=today.failures if today else 0,
        )

    # What the latest is

    def _latest_day(self, newest: date) -> date | None:
        """The day of the latest edition, if the store knows it: no likelier day is unseen."""
        revision = self._store.revision()
        if self._latest and self._latest[:2] == (revision, newest):
            return self._latest[2]
        stored = self._store.newest(at_least=self._enough)
        if stored is None or any(day != newest for day in self._unseen_since(stored.day, newest)):
            return None
        self._latest = (revision, newest, stored.day)
        return stored.day

    def _unseen_since(self, day: date, newest: date) -> list[date]:
        """Days after one, up to the newest, that first, that may have a list nobody has polled."""
        first = max(day, newest - _BACK * edition_calendar.ONE_DAY)
        seen = {stored.day for stored in self._store.days(after=first)}
        after = (newest - n * edition_calendar.ONE_DAY for n in range((newest - first).days))
        return [d for d in after if d not in seen and (d == newest or self._calendar.expected(d))]

    def _to_fetch(self, newest: date) -> list[date]:
        """Days that may hold the latest list, newest first; none while the upstream is failing."""
        stored = self._store.newest(at_least=self._enough)
        since = stored.day if stored else self._calendar.first(newest)
        unseen = self._unseen_since(since, newest)
        if not unseen or not self._poller.is_due(unseen[0]):
            return []
        first = self._store.day(unseen[0])
        # The newest list is tried again behind the answers: nobody is to wait for each of these tries.
        return [] if unseen[0] == newest and first and first.failures else unseen

    def _unavailable(self, day: date) -> UpstreamUnavailable:
        stored = self._store.day(day)
        left = (
            (stored.next_poll_at - self._clock()).total_seconds()
            if stored and stored.next_poll_at
            else 0
        )
        return UpstreamUnavailable(
            f"The list of {day} is not stored here, and {self._upstream} did not give it in time.",
            retry_after=max(math.ceil(left), 3),
        )

"""The lists of SOURCES wired: each with its store, calendar and upstream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from .. import outages
from ..leases import Leases
from ..papers.arxiv_backfill import ArxivBackfill
from ..papers.recent_papers import RecentPapers
from ..papers.records import Calendar, Clock, DailyListSource, Order, Polling
from ..papers.sample import SampleEdition
from ..revisions import Revisions
from ..sources.source import Source
from . import arxiv_calendar, edition_calendar, picks_calendar
from .edition_store import EditionStore
from .editions import Editions
from .list_editions import WAIT, ListEditions
from .list_poller import ListPoller
from .past_days import PAUSE, PastDays
from .picks_poller import PicksPoller
from .refresher import Refresher, WaitingPlaces


@dataclass(frozen=True, kw_only=True)
class ListUpstreams:
    """What all lists of a process share, and where each kind of them comes from.

    Args:
        submissions: makes the client for one of arXiv's categories.
        interval: between polls of a list that fills.
        wait: seconds that a reader waits for a day that is not stored.
        past_day_pause: seconds between two past days that are fetched for readers.
    """

    engine: sa.Engine
    revisions: Revisions
    leases: Leases
    texts: ArxivBackfill
    huggingface: DailyListSource
    submissions: Callable[[str], DailyListSource]
    sample: SampleEdition
    clock: Clock
    interval: timedelta
    wait: float = WAIT
    recent: RecentPapers | None = None
    past_day_pause: float = PAUSE
    places: WaitingPlaces = field(default_factory=WaitingPlaces)

    def editions(self, sources: Sequence[Source]) -> Editions:
        """The lists, in order; the first is what readers get unasked."""
        return Editions([self.of(source) for source in sources], outages.of(self.engine))

    def of(self, source: Source) -> ListEditions:
        """One list."""
        calendar, order = _CALENDARS[source.kind]
        store = EditionStore(
            self.engine,
            list=source.name,
            calendar=calendar,
            order=order,
            revisions=self.revisions,
            recent=self.recent,
        )
        poller = self._poller(source, store, calendar)
        return ListEditions(
            store,
            poller,
            Refresher(
                poller,
                self.texts,
                clock=self.clock,
                places=self.places,
                past_days=self._past_days(source),
            ),
            sample=self.sample,
            clock=self.clock,
            source=source,
            calendar=calendar,
            wait=self.wait,
        )

    def _past_days(self, source: Source) -> PastDays | None:
        """The pace of past days: one for all lists of an upstream, none where a file is read."""
        if source.kind == "file":
            return None
        return PastDays(self.leases, source.kind, pause=self.past_day_pause)

    def _poller(self, source: Source, store: EditionStore, calendar: Calendar) -> Polling:
        if source.kind == "file":
            return PicksPoller(store, self.texts, self.leases, path=source.target, clock=self.clock)
        upstream = (
            self.huggingface if source.kind == "huggingface" else self.submissions(source.target)
        )
        return ListPoller(
            store,
            upstream,
            self.leases,
            clock=self.clock,
            interval=self.interval,
            calendar=calendar,
        )


_CALENDARS: dict[str, tuple[Calendar, Order]] = {
    "huggingface": (edition_calendar, "votes"),
    "arxiv": (arxiv_calendar, "submitted"),
    "file": (picks_calendar, "listed"),
}

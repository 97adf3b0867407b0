"""The lists of this server, each with its editions."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from ..errors import NotFound
from ..outages import Outages, means_away
from ..papers.records import (
    Edition,
    EditionSummary,
    Freshness,
    ListDescription,
    NewestEditions,
)
from .last_given import LastGiven
from .list_editions import ListEditions

_LONGEST = 100
"""Characters of a name that are compared with those of the lists."""

DAYS_AT_HAND = 100
"""Of each list, for readers who come while the database is away."""

Archive = tuple[Sequence[EditionSummary], date | None]
"""Stored editions, newest first, and before which day the next ones are."""

_UNKNOWN = Freshness(
    latest=None, fetched_at=None, fetched_today_at=None, next_fetch_at=None, failures=0
)


class Editions:
    """Editions by list and day. Without a name of a list, the first of SOURCES is meant.

    Every method with a `list` raises NotFound for one that this server does not keep.

    Args:
        lists: at least one; the first is what readers get unasked.
        outages: of the database that they stand in.
    """

    def __init__(self, lists: Sequence[ListEditions], outages: Outages) -> None:
        self._last_given = LastGiven(outages)
        self._lists = {each.description.name: each for each in lists}
        self._by_lower = {name.lower(): name for name in self._lists}
        self._first = lists[0]

    def start(self) -> None:
        """Begin to refresh behind, as `ListEditions.start`."""
        for each in self._lists.values():
            try:
                each.start()
            except sa.exc.SQLAlchemyError as error:
                if not means_away(error):
                    raise  # else its first reader begins it

    def have_at_hand(self) -> list[Edition]:
        """Read what readers get in an outage: each list's stored days and latest edition, which are given."""
        found = []
        for name, each in self._lists.items():
            self.archive(before=None, limit=DAYS_AT_HAND, list=name)
            self.freshness(name)
            if each.has_editions():
                found.append(self.latest(name))
        return found

    def close(self) -> None:
        """End the threads."""
        for each in self._lists.values():
            each.close()

    def lists(self) -> tuple[ListDescription, ...]:
        """The lists of this server, in the order of SOURCES."""
        return tuple(each.description for each in self._lists.values())

    def name_of(self, list: str | None) -> str:
        """A list's name as SOURCES has it, however a reader wrote it; the first list's for None."""
        return self._of(list).description.name

    def on(self, day: date, list: str | None = None) -> Edition:
        """The edition of a day.

        Raises:
            NotFound: the day has not begun, or there is no such list.
            UpstreamUnavailable: it is not stored, and the upstream did not give it in time.
        """
        each = self._of(list)
        return self._last_given.edition(each.description.name, day, lambda: each.on(day))

    def latest(self, list: str | None = None) -> Edition:
        """The newest edition with enough papers, or final; the sample while there is none."""
        each = self._of(list)
        return self._last_given.edition(each.description.name, "latest", each.latest)

    def fetch_latest(self, list: str | None = None) -> Edition:
        """The latest edition after a poll, as `ListEditions.fetch_latest`; takes its time."""
        return self._of(list).fetch_latest()

    def fetch(self, day: date, list: str | None = None) -> Edition:
        """A day's edition with its true texts, as `ListEditions.fetch`; takes its time.

        Raises:
            NotFound: the day has not begun, or there is no such list.
            UpstreamUnavailable: it is not stored, and the upstream does not give it.
        """
        return self._of(list).fetch(day)

    def newest(self, count: int, list: str | None = None) -> NewestEditions:
        """So many of the newest editions that have papers, or the sample, as `ListEditions.newest`."""
        each = self._of(list)
        name, known = each.description.name, None
        if latest := self._last_given.newest_given(name):
            known = NewestEditions((latest,))
        return self._last_given.other(("newest", name, count), lambda: each.newest(count), known)

    def archive(self, *, before: date | None, limit: int, list: str | None = None) -> Archive:
        """The stored editions, newest first, and what to pass as `before` for the next ones."""
        each = self._of(list)
        newest = ("archive", each.description.name)
        if before is None:
            most = max(limit, DAYS_AT_HAND)
            found = self._last_given.other(newest, lambda: each.archive(before=None, limit=most))
            return _first(*found, limit)
        return self._last_given.other(
            (*newest, before, limit),
            lambda: each.archive(before=before, limit=limit),
            _before(self._last_given.last(newest), before, limit),
        )

    def freshness(self, list: str | None = None) -> Freshness:
        """How fresh a list is, for the status page; asks nobody."""
        each = self._of(list)
        return self._last_given.other(
            ("freshness", each.description.name), each.freshness, _UNKNOWN
        )

    def _of(self, list: str | None) -> ListEditions:
        if list is None:
            return self._first
        name = self._by_lower.get(list.strip().lower())
        if name is None:
            near = difflib.get_close_matches(list[:_LONGEST].lower(), self._by_lower, n=1)
            hint = f" (did you mean {self._by_lower[near[0]]}?)" if near else ""
            known = ", ".join(self._lists)
            raise NotFound(f"This server does not keep that list{hint}; it has {known}.")
        return self._lists[name]


def _first(days: Sequence[EditionSummary], following: date | None, limit: int) -> Archive:
    """The beginning of an archive."""
    if len(days) <= limit:
        return days, following
    return days[:limit], days[limit - 1].date


def _before(known: Archive | None, before: date, limit: int) -> Archive | None:
    """What is known of the days before another; None where it is nothing."""
    if known is None:
        return None
    days, following = known
    earlier = [each for each in days if each.date < before]
    return _first(earlier, following, limit) if earlier or following is None else None

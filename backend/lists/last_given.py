"""What this process last gave of its lists, for readers who come while the database is away."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, Literal, TypeVar

import sqlalchemy as sa
from cachetools import LRUCache

from .. import outages
from ..errors import DatabaseUnavailable
from ..outages import Outages
from ..papers.records import Edition

T = TypeVar("T")

_KEPT = 256
Which = date | Literal["latest"]


class LastGiven:
    """Answers about lists, each as it was last given. Safe to use from many threads."""

    def __init__(self, outages: Outages) -> None:
        self._outages = outages
        self._lock = threading.Lock()
        self._kept: LRUCache[Hashable, Any] = LRUCache(_KEPT)
        self._newest: dict[str, Edition] = {}
        self._stale: LRUCache[int, tuple[Edition, Edition]] = LRUCache(_KEPT)

    def edition(self, list: str, which: Which, ask: Callable[[], Edition]) -> Edition:
        """A list's edition; while the database is away the one last given, which says that it is stale.

        Args:
            ask: gives it from the database.

        Raises:
            DatabaseUnavailable: the database is away, and this process has not given that edition before.
        """
        given = self._ask(ask)
        if given is not None:
            with self._lock:
                self._kept[list, which] = self._kept[list, given.date] = given
                if which == "latest":
                    self._newest[list] = given
            return given
        with self._lock:
            kept = self._newest.get(list) if which == "latest" else self._kept.get((list, which))
            if kept is None:
                raise DatabaseUnavailable
            return self._as_stale(kept)

    def other(self, name: Hashable, ask: Callable[[], T], default: T | None = None) -> T:
        """What else is said of lists; while the database is away, what was last said.

        Args:
            name: tells this answer from all others.
            default: where nothing was.

        Raises:
            DatabaseUnavailable: nothing was, and there is no default.
        """
        given = self._ask(ask)
        with self._lock:
            if given is not None:
                self._kept[name] = given
                return given
            kept: T | None = self._kept.get(name, default)
        if kept is None:
            raise DatabaseUnavailable
        return kept

    def last(self, name: Hashable) -> Any:
        """What was last said by `other` under this name; None where nothing was."""
        with self._lock:
            return self._kept.get(name)

    def newest_given(self, list: str) -> Edition | None:
        """The edition that was last given as a list's latest."""
        return self._newest.get(list)

    def _ask(self, ask: Callable[[], T]) -> T | None:
        if self._outages.away:
            return None
        try:
            return ask()
        except sa.exc.SQLAlchemyError as error:
            if not outages.means_away(error):
                raise
            return None

    def _as_stale(self, edition: Edition) -> Edition:
        """The same object as long as it is made of the same, so that what was built of it stays."""
        kept, stale = self._stale.get(id(edition), (None, edition))
        if kept is not edition:
            stale = _stale(edition)
            self._stale[id(edition)] = edition, stale
        return stale


def _stale(edition: Edition) -> Edition:
    if edition.fetched_at is None:  # nothing of it is from the database
        return edition
    note = (
        "The database of this server does not answer; this is the list as of"
        f" {edition.fetched_at:%H:%M} UTC on {edition.fetched_at:%Y-%m-%d}."
    )
    return dataclasses.replace(edition, stale=True, database_away=True, note=note)

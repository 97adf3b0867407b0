"""Which papers a feed is about, before anything is known of their translations."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

from cachetools import LRUCache

from ...papers.records import Edition, NewestEditions, Paper
from .feed_query import FeedQuery

EDITIONS = 14
"""The newest so many days with papers are looked at."""
PAPERS = 100
"""A feed with one entry a paper is about the newest so many."""
DIGESTS = 7
"""A feed with one entry a day is about the newest so many final days."""
_KEPT = 512


@dataclass(frozen=True)
class Selection:
    """Days with those of their papers that a feed is about, newest first.

    Papers stand by identifier, the newest first: votes, which change, move nothing.
    """

    days: tuple[Edition, ...]

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """The papers of all days."""
        return tuple(paper for day in self.days for paper in day.papers)

    @cached_property
    def fingerprint(self) -> str:
        """Names what a feed shows of these papers: the same while only votes and the like change."""
        shown = [
            (
                day.date,
                paper.id,
                paper.title,
                paper.abstract,
                paper.authors,
                paper.categories,
                paper.code_url,
                paper.text_changed_at,
            )
            for day in self.days
            for paper in day.papers
        ]
        return hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()


class Selections:
    """Selections of the newest editions, kept until those change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[FeedQuery, tuple[NewestEditions, Selection]] = LRUCache(_KEPT)

    def get(self, newest: NewestEditions, query: FeedQuery) -> Selection:
        """What a feed with these parameters is about."""
        with self._lock:
            found = self._kept.get(query)
            if found is None or found[0] is not newest:
                found = self._kept[query] = newest, select(newest, query)
            return found[1]


def select(
    newest: NewestEditions, query: FeedQuery, *, only: Container[str] | None = None
) -> Selection:
    """The days and papers of a feed.

    Args:
        only: identifiers of the papers that a search found, where the feed looks for words.
    """
    days = [
        dataclasses.replace(edition, papers=_ordered(edition, query, only))
        for edition in newest.editions
        if not query.digest or is_final(edition)
    ]
    days = [day for day in days if day.papers]
    if query.digest:
        return Selection(tuple(days[:DIGESTS]))
    kept: list[Edition] = []
    left = PAPERS
    for day in days:
        papers = day.papers[:left]
        left -= len(papers)
        if papers:
            kept.append(dataclasses.replace(day, papers=papers))
    return Selection(tuple(kept))


def is_final(edition: Edition) -> bool:
    """Whether no paper joins this list any more."""
    return edition.state in ("final", "sample")


def _ordered(edition: Edition, query: FeedQuery, only: Container[str] | None) -> tuple[Paper, ...]:
    chosen = (
        paper
        for paper in edition.papers
        if query.category is None or query.category in paper.categories
        if only is None or paper.id in only
        # While the list fills, a text that stands in for arXiv's is waited for: it would be replaced.
        if paper.text_source != "huggingface" or is_final(edition)
    )
    return tuple(sorted(chosen, key=lambda paper: paper.id, reverse=True))

"""What was submitted to one of arXiv's categories on a day, page by page, at arXiv's pace.

`search_query` with `submittedDate` is described at https://info.arxiv.org/help/api/user-manual.html.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime

import httpx

from ..errors import UpstreamUnavailable
from ..observer import Observer
from ..papers import atom
from ..papers.arxiv_throttle import ArxivThrottle
from ..papers.records import DailyList, Metadata, Paper
from ..papers.upstream import Upstream

log = logging.getLogger(__name__)

PAGE = 200
"""Papers a request: some 600 kB, which arXiv gives in time."""
MAX_PAPERS = 2_000
"""On one list; the fullest category has had some 600 on a day. What arXiv allows a slice."""
PERMIT_TIMEOUT = 60.0
"""Seconds to wait for a permit: texts wanted by readers and other lists come between the pages."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class ArxivSubmissions:
    """Asks for the new submissions of a day in one category, cross-lists included.

    Args:
        api_url: as in ARXIV_API_URL.
        category: as `cs.CL`.
        page: papers a request.
        observer: told how arXiv answers.
    """

    def __init__(
        self,
        client: httpx.Client,
        throttle: ArxivThrottle,
        *,
        api_url: str,
        category: str,
        page: int = PAGE,
        observer: Observer | None = None,
    ) -> None:
        self._upstream = Upstream(client, name="arXiv", observer=observer)
        self._throttle = throttle
        self._url = api_url
        self._category = category
        self._page = page

    def daily(self, day: date, *, etag: str | None = None, attempts: int = 1) -> DailyList:
        """The papers submitted on one UTC day that arXiv has announced, by time of submission, then id.

        Args:
            attempts: of no use here, as each would wait for a permit of its own: there is one.

        Raises:
            UpstreamUnavailable: no answer, none that is arXiv's Atom, or one that has less than it says.
        """
        found: dict[str, Metadata] = {}
        for feed in self._pages(day):
            found |= {entry.id: entry for entry in feed.entries}
        ordered = sorted(found.values(), key=lambda entry: (entry.published or _NEVER, entry.id))
        return DailyList(papers=tuple(_paper(entry) for entry in ordered))

    def _pages(self, day: date) -> Iterator[atom.Feed]:
        """The answers until all are here. Later submissions come last, so that no page shifts."""
        start = 0
        while start < MAX_PAPERS:
            feed = self._ask(day, start)
            start += feed.sent
            yield feed
            if feed.total is not None and start >= feed.total:
                return
            if not feed.sent or feed.total is None:
                # At times arXiv answers with an empty page and says that there are more papers.
                raise self._upstream.unavailable("sent less than it has")
        log.warning("arXiv has more than %d papers in a category on %s", MAX_PAPERS, day)

    def _ask(self, day: date, start: int) -> atom.Feed:
        span = f"submittedDate:[{day:%Y%m%d}0000 TO {day:%Y%m%d}2359]"
        with self._throttle.permit(timeout=PERMIT_TIMEOUT) as permit:
            permit.used = True
            try:
                answer = self._upstream.get(
                    self._url,
                    params={
                        "search_query": f"cat:{self._category} AND {span}",
                        "sortBy": "submittedDate",
                        "sortOrder": "ascending",
                        "start": start,
                        "max_results": self._page,
                    },
                    headers={"Accept": "application/atom+xml"},
                )
            except UpstreamUnavailable as fault:
                permit.silence = float(fault.retry_after or 0)
                raise
        try:
            feed = atom.parse(answer.body)
        except atom.NotAFeed:
            raise self._upstream.unavailable("did not answer with an Atom feed") from None
        if feed.error is not None:
            raise self._upstream.unavailable("refused the question")
        if feed.sent > len(feed.entries):
            log.warning("arXiv: %d entries cannot be read", feed.sent - len(feed.entries))
        return feed


def _paper(entry: Metadata) -> Paper:
    return Paper(
        id=entry.id,
        title=entry.title,
        abstract=entry.abstract,
        text_source="arxiv",
        authors=entry.authors,
        published=entry.published,
        categories=entry.categories,
        arxiv_comment=entry.comment,
    )

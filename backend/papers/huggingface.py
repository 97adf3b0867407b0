"""Hugging Face's daily papers: the list of a day, `/api/daily_papers` of https://huggingface.co/docs/hub/api."""

from __future__ import annotations

import json
import logging
from datetime import date
from typing import Any

import httpx

from ..errors import InvalidRequest
from ..observer import Observer
from . import sanitizing
from .identifiers import ArxivId
from .records import DailyList, Paper
from .upstream import Upstream

log = logging.getLogger(__name__)

MAX_PAPERS = 100
"""What one request can give; the fullest day so far had 92."""
_MAX_AUTHORS = 5_000
_MAX_KEYWORDS = 50


class HuggingFaceClient:
    """Asks for the list of a day.

    Args:
        endpoint: address without a path, as in HF_ENDPOINT.
        token: raises the limit of requests; sent nowhere else.
        observer: told how it answers.
    """

    def __init__(
        self,
        client: httpx.Client,
        *,
        endpoint: str,
        token: str | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._upstream = Upstream(client, name="Hugging Face", observer=observer)
        self._url = f"{endpoint.rstrip('/')}/api/daily_papers"
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def daily(self, day: date, *, etag: str | None = None, attempts: int = 1) -> DailyList:
        """The list of one UTC day; with `etag`, only if it is another list than that one.

        Raises:
            UpstreamUnavailable: no answer, or none that is a list of papers.
        """
        answer = self._upstream.get(
            self._url,
            params={"date": day.isoformat(), "limit": MAX_PAPERS},
            headers=self._headers | ({"If-None-Match": etag} if etag else {}),
            accepted=(200, 304) if etag else (200,),
            attempts=attempts,
        )
        if answer.status == 304:
            return DailyList(papers=(), etag=etag, unchanged=True)
        return DailyList(papers=self._papers(answer.body), etag=_etag(answer.headers.get("ETag")))

    def _papers(self, body: bytes) -> tuple[Paper, ...]:
        try:
            items = json.loads(body)
        except (ValueError, RecursionError):
            raise self._upstream.unavailable("did not answer with JSON") from None
        if not isinstance(items, list):
            raise self._upstream.unavailable("did not answer with a list")
        read = [paper for item in items if (paper := _paper(item))]
        papers = {paper.id: paper for paper in reversed(read)}
        unread = len(items) - len(read)
        if unread:
            log.warning("Hugging Face: %d of %d items are no papers", unread, len(items))
        if unread > len(read):
            raise self._upstream.unavailable("did not answer with a list of papers")
        return tuple(sorted(papers.values(), key=lambda paper: (-paper.upvotes, paper.id)))


def _paper(item: object) -> Paper | None:
    outer: dict[str, Any] = item if isinstance(item, dict) else {}
    inner = outer.get("paper")
    if not isinstance(inner, dict) or not isinstance(inner.get("id"), str):
        return None
    try:
        identifier = ArxivId.parse(inner["id"])
    except InvalidRequest:
        return None
    title = _title(inner) or _title(outer)
    if not title:
        return None
    return Paper(
        id=identifier.base,
        title=title,
        abstract=sanitizing.line(inner.get("summary")) or sanitizing.line(outer.get("summary")),
        text_source="huggingface",
        authors=_authors(inner.get("authors")),
        published=sanitizing.moment(inner.get("publishedAt")),
        upvotes=sanitizing.count(inner.get("upvotes")),
        comments=sanitizing.count(outer.get("numComments")),
        summary=sanitizing.line(inner.get("ai_summary"), 2_000) or None,
        keywords=sanitizing.lines(inner.get("ai_keywords"), most=_MAX_KEYWORDS),
        code_url=sanitizing.web_address(inner.get("githubRepo")),
        project_url=sanitizing.web_address(inner.get("projectPage")),
    )


def _title(source: dict[str, Any]) -> str:
    return sanitizing.line(source.get("title"), sanitizing.MAX_TITLE)


def _authors(value: object) -> tuple[str, ...]:
    """Their names in order; those whom the site hides are left out."""
    people = value if isinstance(value, list) else []
    names = [
        sanitizing.line(person.get("name"), sanitizing.MAX_NAME)
        for person in people[:_MAX_AUTHORS]
        if isinstance(person, dict) and person.get("hidden") is not True
    ]
    return tuple(name for name in names if name)


def _etag(value: str | None) -> str | None:
    return value if value and value.isascii() and value.isprintable() and len(value) < 200 else None

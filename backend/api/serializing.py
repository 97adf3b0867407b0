"""Papers and editions as the API writes them (JSON members, links, HTML of texts)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from ..papers.identifiers import ArxivId
from ..papers.records import (
    Edition,
    EditionSummary,
    Freshness,
    ListDescription,
    Paper,
    PaperTranslation,
)
from ..texts.html import to_html

html_of = lru_cache(maxsize=2_000)(to_html)
"""`to_html`, for texts that stand in many answers."""


def edition(
    shown: Edition, translations: Mapping[str, PaperTranslation] | None = None
) -> dict[str, Any]:
    """A day's list."""
    known = translations or {}
    return {
        "list": shown.list,
        "date": _day(shown.date),
        "state": shown.state,
        "source": shown.source,
        "order": shown.order,
        "fetched_at": _moment(shown.fetched_at),
        "stale": shown.stale,
        "previous": _day(shown.previous),
        "next": _day(shown.next),
        "note": shown.note,
        "papers": [
            paper(each, known.get(each.id))
            | ({"owner_note": shown.owner_notes.get(each.id)} if shown.order == "listed" else {})
            for each in shown.papers
        ],
    }


def description(shown: ListDescription) -> dict[str, Any]:
    """One of the lists of this server."""
    return {
        "name": shown.name,
        "title": shown.title,
        "source": shown.source,
        "order": shown.order,
    }


def summary(line: EditionSummary) -> dict[str, Any]:
    """A line of the archive."""
    return {"date": _day(line.date), "papers": line.papers, "state": line.state}


def paper(shown: Paper, translation: PaperTranslation | None = None) -> dict[str, Any]:
    """One paper."""
    identifier = ArxivId.parse(shown.id)
    return {
        "id": shown.id,
        "title": shown.title,
        "title_html": html_of(shown.title),
        "abstract": shown.abstract,
        "abstract_html": html_of(shown.abstract),
        "text_source": shown.text_source,
        "authors": shown.authors,
        "published": _moment(shown.published),
        "upvotes": shown.upvotes,
        "comments": shown.comments,
        "arxiv_comment": shown.arxiv_comment,
        "summary": shown.summary,
        "keywords": shown.keywords,
        "categories": shown.categories,
        "links": {
            "abs": identifier.abs_url,
            "pdf": identifier.pdf_url,
            "html": identifier.html_url,
            "huggingface": identifier.huggingface_url,
            "code": shown.code_url,
            "project": shown.project_url,
        },
        "translation": _translation(translation) if translation else None,
    }


def _translation(shown: PaperTranslation) -> dict[str, Any]:
    return {
        "lang": shown.lang,
        "title": shown.title,
        "title_html": shown.title_html,
        "abstract": shown.abstract,
        "abstract_html": shown.abstract_html,
        "verified": shown.verified,
        "origin": shown.origin,
    }


def freshness(seen: Freshness) -> dict[str, Any]:
    """How fresh the lists are, as the status tells it."""
    return {
        "latest": _day(seen.latest),
        "fetched_at": _moment(seen.fetched_at),
        "fetched_today_at": _moment(seen.fetched_today_at),
        "next_fetch_at": _moment(seen.next_fetch_at),
        "failures": seen.failures,
        "stale": seen.failures > 0,
        # Their names before 0.2, for one release more.
        "looked_at_today": _moment(seen.fetched_today_at),
        "next_look_at": _moment(seen.next_fetch_at),
    }


def _moment(time: datetime | None) -> str | None:
    """A time as ISO 8601 in UTC, whole seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

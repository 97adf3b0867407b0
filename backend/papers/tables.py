"""The tables of papers and editions; the migrations 0001_papers and 0009_lists create the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from ..database import metadata


class UtcTime(sa.TypeDecorator[datetime]):
    """A moment. PostgreSQL keeps the time zone, SQLite does not: what is stored is UTC in both."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Moment(sa.TypeDecorator[datetime]):
    """A moment by the database's own clock, kept as seconds since 1970; written with `epoch_now()`."""

    impl = sa.Double
    cache_ok = True

    def process_result_value(self, value: float | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Texts(sa.TypeDecorator[tuple[str, ...]]):
    """A list of short texts, kept as JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Any) -> str:
        return json.dumps(value or (), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[str, ...]:
        return tuple(json.loads(value)) if value else ()


papers = sa.Table(
    "papers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("abstract", sa.Text, nullable=False),
    sa.Column("text_source", sa.String(16), nullable=False),
    sa.Column("authors", Texts, nullable=False),
    sa.Column("published", UtcTime),
    sa.Column("categories", Texts, nullable=False),
    sa.Column("arxiv_comment", sa.Text),
    sa.Column("upvotes", sa.Integer, nullable=False),
    sa.Column("comments", sa.Integer, nullable=False),
    sa.Column("summary", sa.Text),
    sa.Column("keywords", Texts, nullable=False),
    sa.Column("code_url", sa.Text),
    sa.Column("project_url", sa.Text),
    # When arXiv is to be asked for the true text; null once it is here.
    sa.Column("text_due_at", UtcTime),
    # When title or abstract last became another; null: before this was kept.
    sa.Column("text_changed_at", Moment),
)

sa.Index("papers_text_due_at", papers.c.text_due_at)

editions = sa.Table(
    "list_editions",
    metadata,
    # As in SOURCES; a file's list is called by the file's name.
    sa.Column("list", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    # The last poll that succeeded; null: the day is not stored.
    sa.Column("fetched_at", UtcTime),
    sa.Column("etag", sa.String(200)),
    # Polls that failed since.
    sa.Column("failures", sa.Integer, nullable=False),
    # Null: the list is not polled again.
    sa.Column("next_poll_at", UtcTime),
    # What is to be said about this edition beside its state: lines of a file that cannot be read.
    sa.Column("note", sa.Text),
)

edition_papers = sa.Table(
    "list_papers",
    metadata,
    sa.Column("list", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("paper_id", sa.String(32), sa.ForeignKey("papers.id"), primary_key=True),
    # From 0, in the source's order; says nothing where papers stand by votes.
    sa.Column("position", sa.Integer, nullable=False),
    # What the owner of a list wrote about the paper.
    sa.Column("note", sa.Text),
    sa.ForeignKeyConstraint(["list", "day"], ["list_editions.list", "list_editions.day"]),
)

sa.Index("list_papers_paper_id", edition_papers.c.paper_id)

"""All SQL about papers and editions. A richer list is never replaced by a poorer one here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ..database import epoch_now, insert, writing
from ..revisions import Revisions
from . import edition_calendar
from .records import DailyList, Metadata, Paper
from .tables import edition_papers, editions, papers

_REVISION = "papers"
_REVISION_SECONDS = 0.2
"""How long another process may show what this one has just replaced."""
_UNSETTLED = 30
"""At most so many of the newest days are gone through for one that is worth showing."""
_PAPER_FIELDS = tuple(field.name for field in fields(Paper))
_GIVEN_FIELDS = tuple(name for name in _PAPER_FIELDS if name != "text_changed_at")
_listed = (
    sa.select(sa.func.count())
    .where(edition_papers.c.day == editions.c.day)
    .correlate(editions)
    .scalar_subquery()
)


@dataclass(frozen=True, kw_only=True)
class StoredDay:
    """What is known of one day's list: its row, and how many papers stand on it."""

    day: date
    fetched_at: datetime | None
    """The last poll that succeeded; None: only failures so far."""
    etag: str | None
    failures: int
    next_poll_at: datetime | None
    papers: int

    @property
    def settled(self) -> bool:
        """Whether the list is final: no paper joins it any more, only votes change."""
        return self.fetched_at is not None and self.fetched_at >= edition_calendar.settles(self.day)


class PaperStore:
    """Papers, the days they stand on, and when each day is polled again."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._revisions = Revisions(engine, seconds=_REVISION_SECONDS)

    # Reading

    def revision(self) -> int:
        """A number that grows with every change, by any process; a change by this one shows at once."""
        return self._revisions.current(_REVISION)

    def day(self, day: date) -> StoredDay | None:
        """What is known of one day."""
        return next(iter(self._days(editions.c.day == day)), None)

    def days(
        self, *, after: date | None = None, before: date | None = None, limit: int | None = None
    ) -> list[StoredDay]:
        """The stored days, newest first: those after one day, before another, at most `limit`."""
        conditions: list[sa.ColumnElement[bool]] = [editions.c.fetched_at.is_not(None)]
        if after:
            conditions.append(editions.c.day > after)
        if before:
            conditions.append(editions.c.day < before)
        return self._days(*conditions, limit=limit)

    def newest(self, *, at_least: int) -> StoredDay | None:
        """The newest day that has so many papers or more, or has some and is settled."""
        # Few days are not settled: today, yesterday, and those before a server slept.
        found = self._days(_listed > 0, limit=_UNSETTLED)
        return next((day for day in found if day.papers >= at_least or day.settled), None)

    def polls_due(self, at: datetime) -> list[StoredDay]:
        """The stored days whose time for another poll has come, newest first."""
        return self._days(editions.c.fetched_at.is_not(None), editions.c.next_poll_at <= at)

    def next_poll_at(self) -> datetime | None:
        """When the next stored day is to be polled."""
        statement = sa.select(
            sa.func.min(editions.c.next_poll_at, type_=editions.c.next_poll_at.type)
        )
        with self._engine.connect() as connection:
            return connection.execute(statement.where(editions.c.fetched_at.is_not(None))).scalar()

    def has_editions(self) -> bool:
        """Whether any day's list with papers is stored."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(edition_papers.c.day).limit(1)).first() is not None

    def _days(
        self, *conditions: sa.ColumnElement[bool], limit: int | None = None
    ) -> list[StoredDay]:
        columns = [column.label(column.key) for column in editions.c]
        statement = sa.select(*columns, _listed.label("papers")).where(*conditions)
        with self._engine.connect() as connection:
            rows = connection.execute(statement.order_by(editions.c.day.desc()).limit(limit))
            return [StoredDay(**row) for row in rows.mappings()]

    def papers_of(self, day: date) -> tuple[Paper, ...]:
        """A day's papers, by votes, then identifier."""
        return self._papers(
            sa.select(papers)
            .join(edition_papers, edition_papers.c.paper_id == papers.c.id)
            .where(edition_papers.c.day == day)
        )

    def papers(self, ids: Sequence[str]) -> dict[str, Paper]:
        """The papers stored under these identifiers; the others are left out."""
        found = self._papers(sa.select(papers).where(papers.c.id.in_(ids)))
        return {paper.id: paper for paper in found}

    def first_days(self, ids: Iterable[str]) -> dict[str, date]:
        """The first day that each of these papers stood on; those that stand on none are left out."""
        column = edition_papers.c.paper_id
        first = sa.select(column, sa.func.min(edition_papers.c.day).label("day")).group_by(column)
        with self._engine.connect() as connection:
            rows = connection.execute(first.where(column.in_(list(ids))))
            return {row.paper_id: row.day for row in rows}

    def pages(self, size: int) -> Iterator[tuple[Paper, ...]]:
        """All papers stored, so many at a time, by identifier."""
        last = ""
        while True:
            following = sa.select(papers.c.id).where(papers.c.id > last).order_by(papers.c.id)
            with self._engine.connect() as connection:
                ids = connection.scalars(following.limit(size)).all()
            if not ids:
                return
            yield tuple(self.papers(ids).values())
            last = ids[-1]

    def texts_due(self, at: datetime, *, limit: int) -> list[str]:
        """Papers that still carry the fallback text and whose time to ask arXiv has come."""
        statement = sa.select(papers.c.id).where(papers.c.text_due_at <= at)
        with self._engine.connect() as connection:
            found = connection.execute(statement.order_by(papers.c.id.desc()).limit(limit))
            return list(found.scalars())

    def next_text_at(self) -> datetime | None:
        """When arXiv is next to be asked for a text that is missing."""
        column = papers.c.text_due_at
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.min(column, type_=column.type))).scalar()

    def _papers(self, statement: sa.Select[Any]) -> tuple[Paper, ...]:
        ordered = statement.order_by(papers.c.upvotes.desc(), papers.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(ordered).mappings().all()
        return tuple(Paper(**{name: row[name] for name in _PAPER_FIELDS}) for row in rows)

    # Writing

    def keep_list(
        self, day: date, answer: DailyList, *, at: datetime, next_poll_at: datetime | None
    ) -> int:
        """Keep what a poll of a day's list gave, unless that is poorer than what is stored.

        Returns:
            How many papers the day has now.
        """
        with self._changing() as connection:
            stored = connection.execute(
                sa.select(sa.func.count()).where(edition_papers.c.day == day)
            ).scalar_one()
            richer = not answer.unchanged and len(answer.papers) >= stored
            row = {"fetched_at": at, "failures": 0, "next_poll_at": next_poll_at}
            if richer:
                row["etag"] = answer.etag
            elif not answer.unchanged:
                row["etag"] = None  # so that the next answer comes whole
            statement = insert(connection, editions).values(day=day, **row)
            connection.execute(
                statement.on_conflict_do_update(index_elements=[editions.c.day], set_=row)
            )
            if answer.papers:
                self._keep_papers(connection, answer.papers, at)
            if richer:
                self._keep_members(connection, day, [paper.id for paper in answer.papers])
        return len(answer.papers) if richer else stored

    def _keep_papers(
        self, connection: sa.Connection, listed: Sequence[Paper], at: datetime
    ) -> None:
        rows = [
            {name: getattr(paper, name) for name in _GIVEN_FIELDS} | {"text_due_at": at}
            for paper in sorted(listed, key=lambda paper: paper.id)  # one order of locks
        ]
        statement = insert(connection, papers).values(text_changed_at=epoch_now())
        new, true_text = statement.excluded, papers.c.text_source == "arxiv"
        # arXiv's words stay; of the list's own, a missing value never takes the place of one.
        updates: dict[str, sa.ColumnElement[object]] = {
            name: sa.case((sa.or_(true_text, new[name] == ""), papers.c[name]), else_=new[name])
            for name in ("title", "abstract")
        }
        updates["text_changed_at"] = _text_changed_at(updates["title"], updates["abstract"])
        updates |= {
            name: sa.case((true_text, papers.c[name]), else_=new[name])
            for name in ("text_source", "authors", "published")
        }
        updates |= {name: new[name] for name in ("upvotes", "comments")}
        updates |= {
            name: sa.func.coalesce(new[name], papers.c[name])
            for name in ("summary", "code_url", "project_url")
        }
        updates["keywords"] = sa.case(
            (new.keywords == sa.literal((), papers.c.keywords.type), papers.c.keywords),
            else_=new.keywords,
        )
        connection.execute(
            statement.on_conflict_do_update(index_elements=[papers.c.id], set_=updates), rows
        )

    def _keep_members(self, connection: sa.Connection, day: date, ids: Sequence[str]) -> None:
        connection.execute(
            sa.delete(edition_papers).where(
                edition_papers.c.day == day, edition_papers.c.paper_id.not_in(ids)
            )
        )
        if ids:
            statement = insert(connection, edition_papers).on_conflict_do_nothing()
            connection.execute(statement, [{"day": day, "paper_id": id} for id in ids])

    def keep_failure(self, day: date, *, next_poll_at: datetime) -> None:
        """Note that a poll of a day failed, and when to try again."""
        row = {"day": day, "failures": 1, "next_poll_at": next_poll_at}
        statement = insert(self._engine, editions).values(row)
        with self._changing() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[editions.c.day],
                    set_={"failures": editions.c.failures + 1, "next_poll_at": next_poll_at},
                )
            )

    def keep_metadata(self, found: Mapping[str, Metadata]) -> None:
        """Keep arXiv's words about papers, by the identifiers they were asked for under."""
        if not found:
            return
        rows = [_row(id, metadata) for id, metadata in sorted(found.items())]
        statement = insert(self._engine, papers).values(text_changed_at=epoch_now())
        names = ("title", "abstract", "text_source", "authors", "published", "categories")
        new = statement.excluded
        updates = {name: new[name] for name in (*names, "arxiv_comment")}
        updates["text_changed_at"] = _text_changed_at(new.title, new.abstract)
        with self._changing() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[papers.c.id], set_=updates | {"text_due_at": None}
                ),
                rows,
            )

    def keep_text_unknown(self, ids: Iterable[str], *, ask_again_at: datetime) -> None:
        """Note that arXiv does not know these papers, or not yet."""
        ids = list(ids)
        if not ids:
            return
        still_due = sa.and_(papers.c.id.in_(ids), papers.c.text_due_at.is_not(None))
        with writing(self._engine) as connection:
            connection.execute(sa.update(papers).where(still_due).values(text_due_at=ask_again_at))

    @contextmanager
    def _changing(self) -> Iterator[sa.Connection]:
        """A transaction that changes what readers see; they are told by the revision."""
        with writing(self._engine) as connection:
            yield connection
            self._revisions.grow(connection, _REVISION)
        self._revisions.forget(_REVISION)


def _text_changed_at(title: Any, abstract: Any) -> sa.ColumnElement[Any]:
    """Now, where a stored paper gets another title or abstract; else when it last did."""
    changes = sa.or_(papers.c.title != title, papers.c.abstract != abstract)
    return sa.case((changes, epoch_now()), else_=papers.c.text_changed_at)


def _row(id: str, metadata: Metadata) -> dict[str, object]:
    return {
        "id": id,
        "title": metadata.title,
        "abstract": metadata.abstract,
        "text_source": "arxiv",
        "authors": metadata.authors,
        "published": metadata.published,
        "categories": metadata.categories,
        "arxiv_comment": metadata.comment,
        "upvotes": 0,
        "comments": 0,
        "keywords": (),
    }

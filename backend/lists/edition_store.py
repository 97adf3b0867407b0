"""All SQL about the editions of one list. A richer edition is never replaced by a poorer one here.

But for a list that the server's owner writes: that is what its file says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from ..database import insert
from ..papers.recent_papers import RecentPapers
from ..papers.records import Calendar, DailyList, Order, Paper, Picked
from ..papers.store import PaperStore
from ..papers.tables import edition_papers, editions, papers
from ..revisions import Revisions
from . import edition_calendar

_UNSETTLED = 30
"""At most so many of the newest days are gone through for one that is worth showing."""
_listed = (
    sa.select(sa.func.count())
    .where(edition_papers.c.list == editions.c.list, edition_papers.c.day == editions.c.day)
    .correlate(editions)
    .scalar_subquery()
)
_COLUMNS = [column for column in editions.c if column.key != "list"]


@dataclass(frozen=True, kw_only=True)
class StoredDay:
    """What is known of one day's list: its row, and how many papers stand on it."""

    day: date
    fetched_at: datetime | None
    """The last poll that succeeded; None: only failures so far."""
    etag: str | None
    failures: int
    next_poll_at: datetime | None
    note: str | None = None
    papers: int
    settles_at: datetime
    """From when on a successful poll makes the list final."""

    @property
    def settled(self) -> bool:
        """Whether the list is final: no paper joins it any more, only votes change."""
        return self.fetched_at is not None and self.fetched_at >= self.settles_at


class EditionStore(PaperStore):
    """The days of one list, the papers that stand on each, and when each is polled again.

    Args:
        list: its name.
        revisions, recent: shared by all stores of a process, so that each learns of the others' at once.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        list: str = "huggingface",
        calendar: Calendar = edition_calendar,
        order: Order = "votes",
        revisions: Revisions | None = None,
        recent: RecentPapers | None = None,
    ) -> None:
        super().__init__(engine, revisions=revisions, recent=recent)
        self.list = list
        self.order = order
        self._calendar = calendar
        self._ours = editions.c.list == list
        self._members = edition_papers.c.list == list

    # Reading

    def day(self, day: date) -> StoredDay | None:
        """What is known of one day."""
        return next(iter(self._days(editions.c.day == day)), None)

    def days(
        self, *, after: date | None = None, before: date | None = None, limit: int | None = None
    ) -> Sequence[StoredDay]:
        """The stored days, newest first: those after one day, before another, at most `limit`."""
        conditions: Sequence[sa.ColumnElement[bool]] = [editions.c.fetched_at.is_not(None)]
        if after:
            conditions = [*conditions, editions.c.day > after]
        if before:
            conditions = [*conditions, editions.c.day < before]
        return self._days(*conditions, limit=limit)

    def newest(self, *, at_least: int) -> StoredDay | None:
        """The newest day that has so many papers or more, or has some and is settled."""
        # Few days are not settled: today, yesterday, and those before a server slept.
        found = self._days(_listed > 0, limit=_UNSETTLED)
        return next((day for day in found if day.papers >= at_least or day.settled), None)

    def nearest(self, day: date, *, before: bool) -> date | None:
        """The stored day with papers that comes next before or after a day."""
        column = edition_papers.c.day
        statement = sa.select(sa.func.max(column) if before else sa.func.min(column)).where(
            self._members, column < day if before else column > day
        )
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar()

    def polls_due(self, at: datetime) -> Sequence[StoredDay]:
        """The stored days whose time for another poll has come, newest first."""
        return self._days(editions.c.fetched_at.is_not(None), editions.c.next_poll_at <= at)

    def next_poll_at(self) -> datetime | None:
        """When the next stored day is to be polled."""
        statement = sa.select(
            sa.func.min(editions.c.next_poll_at, type_=editions.c.next_poll_at.type)
        ).where(self._ours, editions.c.fetched_at.is_not(None))
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar()

    def has_editions(self) -> bool:
        """Whether any day of this list is stored with papers."""
        statement = sa.select(edition_papers.c.day).where(self._members).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(statement).first() is not None

    def papers_of(self, day: date) -> tuple[Paper, ...]:
        """A day's papers, in the list's order."""
        by_votes = (papers.c.upvotes.desc(), papers.c.id)
        as_listed = (edition_papers.c.position, papers.c.id)
        return self._papers(
            sa.select(papers)
            .join(edition_papers, edition_papers.c.paper_id == papers.c.id)
            .where(self._members, edition_papers.c.day == day)
            .order_by(*(by_votes if self.order == "votes" else as_listed))
        )

    def first_days(self, ids: Iterable[str]) -> Mapping[str, date]:
        """The first day that each of these papers stood on in this list; others are left out."""
        column = edition_papers.c.paper_id
        first = sa.select(column, sa.func.min(edition_papers.c.day).label("day")).group_by(column)
        with self._engine.connect() as connection:
            rows = connection.execute(first.where(self._members, column.in_([*ids])))
            return {row.paper_id: row.day for row in rows}

    def owner_notes(self, day: date) -> dict[str, str]:
        """What the owner wrote about a day's papers, by identifier."""
        return {pick.id: pick.note for pick in self.picked(day) if pick.note}

    def picked(self, day: date) -> tuple[Picked, ...]:
        """A day's papers as the owner listed them."""
        return self.all_picked(day).get(day, ())

    def all_picked(self, day: date | None = None) -> dict[date, tuple[Picked, ...]]:
        """The papers of every day, or of one, as the owner listed them."""
        member = edition_papers.c
        statement = sa.select(member.day, member.paper_id, member.note).where(self._members)
        if day:
            statement = statement.where(member.day == day)
        found: dict[date, tuple[Picked, ...]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(statement.order_by(member.day, member.position)):
                found[row.day] = (*found.get(row.day, ()), Picked(id=row.paper_id, note=row.note))
        return found

    def _days(
        self, *conditions: sa.ColumnElement[bool], limit: int | None = None
    ) -> Sequence[StoredDay]:
        statement = sa.select(*_COLUMNS, _listed.label("papers")).where(self._ours, *conditions)
        with self._engine.connect() as connection:
            rows = connection.execute(statement.order_by(editions.c.day.desc()).limit(limit))
            return [
                StoredDay(**row, settles_at=self._calendar.settles(row["day"]))
                for row in rows.mappings()
            ]

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
                sa.select(sa.func.count()).where(self._members, edition_papers.c.day == day)
            ).scalar_one()
            richer = not answer.unchanged and len(answer.papers) >= stored
            row = {"fetched_at": at, "failures": 0, "next_poll_at": next_poll_at}
            if richer:
                row["etag"] = answer.etag
            elif not answer.unchanged:
                row["etag"] = None  # so that the next answer comes whole
            self._keep_day(connection, day, row)
            if answer.papers:
                self._keep_papers(connection, answer.papers, at)
            if richer:
                self._keep_members(connection, day, [Picked(id=each.id) for each in answer.papers])
        return len(answer.papers) if richer else stored

    def keep_picks(
        self,
        days: Mapping[date, Sequence[Picked]],
        *,
        at: datetime,
        notes: Mapping[date, str],
    ) -> None:
        """Keep days as the owner wrote them; one without picks is no longer stored.

        Args:
            days: each with all its papers, which are stored.
            notes: what is to be said about some of the days.
        """
        with self._changing() as connection:
            for day, picks in sorted(days.items()):
                if not picks:
                    self._drop(connection, day)
                    continue
                again = self._calendar.next_poll(
                    day, polled_at=at, interval=edition_calendar.ONE_DAY, empty=False
                )
                row = {"fetched_at": at, "failures": 0, "next_poll_at": again, "etag": None}
                self._keep_day(connection, day, row | {"note": notes.get(day)})
                self._keep_members(connection, day, picks)

    def _drop(self, connection: sa.Connection, day: date) -> None:
        connection.execute(
            sa.delete(edition_papers).where(self._members, edition_papers.c.day == day)
        )
        connection.execute(sa.delete(editions).where(self._ours, editions.c.day == day))

    def _keep_day(
        self, connection: sa.Connection, day: date, row: Mapping[str, object | None]
    ) -> None:
        values = {"list": self.list, "day": day, "failures": 0, **row}
        statement = insert(connection, editions).values(values)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[editions.c.list, editions.c.day], set_=dict(row)
            )
        )

    def _keep_members(
        self, connection: sa.Connection, day: date, members: Sequence[Picked]
    ) -> None:
        connection.execute(
            sa.delete(edition_papers).where(
                self._members,
                edition_papers.c.day == day,
                edition_papers.c.paper_id.not_in([member.id for member in members]),
            )
        )
        if not members:
            return
        statement = insert(connection, edition_papers)
        kept = statement.on_conflict_do_update(
            index_elements=[
                edition_papers.c.list,
                edition_papers.c.day,
                edition_papers.c.paper_id,
            ],
            set_={name: statement.excluded[name] for name in ("position", "note")},
        )
        rows = [
            {"list": self.list, "day": day, "paper_id": m.id, "position": n, "note": m.note}
            for n, m in enumerate(members)
        ]
        connection.execute(kept, rows)

    def keep_failure(self, day: date, *, next_poll_at: datetime) -> None:
        """Note that a poll of a day failed, and when to try again."""
        row = {"list": self.list, "day": day, "failures": 1, "next_poll_at": next_poll_at}
        statement = insert(self._engine, editions).values(row)
        with self._changing() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[editions.c.list, editions.c.day],
                    set_={"failures": editions.c.failures + 1, "next_poll_at": next_poll_at},
                )
            )

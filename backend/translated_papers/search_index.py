"""What a search asks of the index: how many papers meet a condition, and which of them are the newest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

import sqlalchemy as sa

from ..texts.search_expressions import All, Expression
from .search_documents import days_of, translated_into
from .search_tables import holds, search_papers, words

_FEW = 2_000
"""So many rows are sorted in no time."""


class Row(NamedTuple):
    """A paper that was found."""

    paper_id: str
    day: date


class Index(Protocol):
    """An index, of what is stored or of the sample."""

    def count(self, expression: Expression) -> int:
        """How many papers meet a condition."""
        ...

    def newest(
        self, expression: Expression, *, after: Row | None, limit: int, found: int
    ) -> list[Row]:
        """The newest papers that meet a condition, by day and then identifier, both descending.

        Args:
            after: those that follow this one.
            found: how many meet the condition.
        """
        ...

    def characters(self, expression: Expression, found: int) -> int:
        """How many characters the originals have that meet a condition; of many, about how many."""
        ...

    def languages_of(self, paper_ids: list[str]) -> Mapping[str, Sequence[str]]:
        """In which languages papers can be read, by identifier."""
        ...


class SqlIndex:
    """The index of what is stored, read in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._table, self._number = words(connection)

    def is_empty(self) -> bool:
        """Whether no paper is indexed."""
        first = sa.select(search_papers.c.number).limit(1)
        return self._connection.execute(first).first() is None

    def count(self, expression: Expression) -> int:
        """See `Index`."""
        statement = sa.select(sa.func.count()).select_from(self._table)
        met = holds(self._connection, expression)
        return self._connection.execute(statement.where(met)).scalar_one()

    def newest(
        self, expression: Expression, *, after: Row | None, limit: int, found: int
    ) -> list[Row]:
        """See `Index`. Of many, month after month is looked at: the first ones hold enough."""
        if found <= _FEW:
            return self._rows(expression, after, limit)
        rows: list[Row] = []
        day = after.day if after else self._last_day(None)
        while day and len(rows) < limit:
            month = All((expression, days_of(day)[1]))
            rows += self._rows(month, after, limit - len(rows))
            day = self._last_day(day.replace(day=1))
        return rows

    def _last_day(self, before: date | None) -> date | None:
        statement = sa.select(sa.func.max(search_papers.c.day, type_=sa.Date()))
        if before:
            statement = statement.where(search_papers.c.day < before)
        return self._connection.execute(statement).scalar()

    def _rows(self, expression: Expression, after: Row | None, limit: int) -> list[Row]:
        day, paper_id = _DAY, _PAPER_ID
        if self._connection.dialect.name != "sqlite":
            paper_id = sa.collate(paper_id, "C")  # by bytes, as SQLite does
        statement = (
            sa.select(_PAPER_ID, _DAY)
            .select_from(_PAPERS)
            .where(holds(self._connection, expression), self._number == _NUMBER)
            .order_by(day.desc(), paper_id.desc())
            .limit(limit)
        )
        if after:
            earlier = sa.and_(day == after.day, paper_id < after.paper_id)
            statement = statement.where(sa.or_(day < after.day, earlier))
        return [Row(found_id, its_day) for found_id, its_day in self._connection.execute(statement)]

    def characters(self, expression: Expression, found: int) -> int:
        """See `Index`."""
        if found <= _FEW:
            met = sa.and_(holds(self._connection, expression), self._number == _NUMBER)
            total = sa.select(sa.func.sum(_CHARACTERS)).select_from(_PAPERS).where(met)
            return self._connection.execute(total).scalar() or 0
        length = sa.select(search_papers.c.characters)
        newest = length.order_by(search_papers.c.number.desc()).limit(_FEW).subquery()
        mean = self._connection.execute(sa.select(sa.func.avg(newest.c[0]))).scalar() or 0
        return round(float(mean) * found)

    def languages_of(self, paper_ids: list[str]) -> dict[str, list[str]]:
        """See `Index`."""
        columns = sa.select(search_papers.c.paper_id, search_papers.c.attributes)
        rows = self._connection.execute(columns.where(search_papers.c.paper_id.in_(paper_ids)))
        return {row.paper_id: translated_into(row.attributes.split()) for row in rows}


# With CROSS JOIN SQLite begins with the words, whatever the order asked for.
_PAPERS = sa.text("search_words CROSS JOIN search_papers")
_NUMBER: sa.ColumnElement[int] = sa.literal_column("search_papers.number", sa.Integer())
_PAPER_ID: sa.ColumnElement[str] = sa.literal_column("search_papers.paper_id", sa.Text())
_DAY: sa.ColumnElement[date] = sa.literal_column("search_papers.day", sa.Date())
_CHARACTERS: sa.ColumnElement[int] = sa.literal_column("search_papers.characters", sa.Integer())

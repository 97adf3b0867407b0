"""All SQL about papers and their true texts; `edition_store` holds the lists they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..database import epoch_now, insert, writing
from ..revisions import Revisions
from .recent_papers import RecentPapers
from .records import Metadata, Paper
from .tables import edition_papers, papers

_REVISION = "papers"
_REVISION_SECONDS = 0.2
"""How long another process may show what this one has just replaced."""
_PAPER_FIELDS = tuple(field.name for field in fields(Paper))
_GIVEN_FIELDS = tuple(name for name in _PAPER_FIELDS if name != "text_changed_at")


class PaperStore:
    """Papers, and when arXiv is asked for the true text of each."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        revisions: Revisions | None = None,
        recent: RecentPapers | None = None,
    ) -> None:
        self._engine = engine
        self.recent = recent or RecentPapers()
        self.revisions = revisions or Revisions(engine, seconds=_REVISION_SECONDS)

    # Reading

    def revision(self) -> int:
        """A number that grows with every change, by any process; a change by this one shows at once."""
        return self.revisions.current(_REVISION)

    def has_any_editions(self) -> bool:
        """Whether any day of any list is stored with papers."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(edition_papers.c.day).limit(1)).first() is not None

    def papers(self, ids: Sequence[str]) -> dict[str, Paper]:
        """The papers stored under these identifiers; the others are left out."""
        found = self._papers(sa.select(papers).where(papers.c.id.in_(ids)))
        return {paper.id: paper for paper in found}

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
        with self._engine.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        found = tuple(Paper(**{name: row[name] for name in _PAPER_FIELDS}) for row in rows)
        self.recent.add(found)
        return found

    # Writing

    def _keep_papers(
        self, connection: sa.Connection, listed: Sequence[Paper], at: datetime
    ) -> None:
        """Papers as a list describes them; those with arXiv's own words are kept as such."""
        true = [paper for paper in listed if paper.text_source == "arxiv"]
        if true:
            self._keep_true_texts(connection, [_as_row(paper) for paper in _by_id(true)])
        told = [paper for paper in listed if paper.text_source != "arxiv"]
        if told:
            self._keep_told_texts(connection, told, at)

    def _keep_told_texts(
        self, connection: sa.Connection, told: Sequence[Paper], at: datetime
    ) -> None:
        rows = [_as_row(paper) | {"text_due_at": at} for paper in _by_id(told)]
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

    def keep_metadata(self, found: Mapping[str, Metadata]) -> None:
        """Keep arXiv's words about papers, by the identifiers they were asked for under."""
        if not found:
            return
        rows = [_row(id, metadata) for id, metadata in sorted(found.items())]
        with self._changing() as connection:
            self._keep_true_texts(connection, rows)

    def _keep_true_texts(
        self, connection: sa.Connection, rows: Sequence[Mapping[str, object]]
    ) -> None:
        """Rows of papers with arXiv's words, by identifier; what the lists say of them stays."""
        statement = insert(connection, papers).values(text_changed_at=epoch_now())
        new = statement.excluded
        names = ("title", "abstract", "text_source", "authors", "published", "categories")
        updates = {name: new[name] for name in (*names, "arxiv_comment")}
        updates["text_changed_at"] = _text_changed_at(new.title, new.abstract)
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
            self.revisions.grow(connection, _REVISION)
        self.revisions.forget(_REVISION)


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


def _as_row(paper: Paper) -> dict[str, object]:
    return {name: getattr(paper, name) for name in _PAPER_FIELDS}


def _by_id(listed: Iterable[Paper]) -> list[Paper]:
    """In one order, so that two transactions lock rows alike."""
    return sorted(listed, key=lambda paper: paper.id)

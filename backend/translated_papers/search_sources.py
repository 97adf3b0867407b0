"""What is stored of papers and their translations, read for the search index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..papers.tables import edition_papers, papers
from ..translation.memory import translation_memory
from . import search_tables as tables
from .search_documents import Facts, Kept, Original, of_every_day
from .search_tables import search_keys, search_papers


@dataclass
class StoredPaper:
    """A paper as it is, and as it is indexed."""

    id: str
    number: int
    now: Original
    before: Original
    """As it was indexed, where it is."""
    facts: Facts
    attributes: set[str] | None
    """None: it is not indexed yet."""


def as_indexed(
    changes: Sequence[sa.Row[Any]],
) -> tuple[dict[str, Original], dict[str, Kept | None]]:
    """How papers, by identifier, and texts, by key of the memory, are indexed that have changed since.

    Args:
        changes: the notes, oldest first: the first about a text tells how it was.
    """
    old_papers: dict[str, Original] = {}
    old_texts: dict[str, Kept | None] = {}
    for change in changes:
        if change.key:
            old_text = Kept(change.old_text, True) if change.old_text is not None else None
            old_texts.setdefault(change.key, old_text)
        elif change.old_title is not None:
            authors = tuple(json.loads(change.old_authors))
            original = Original(change.old_title, change.old_abstract, authors)
            old_papers.setdefault(change.paper_id, original)
    return old_papers, old_texts


def papers_of(connection: sa.Connection, keys: Iterable[str]) -> set[str]:
    """The identifiers of the indexed papers that these keys of the memory belong to."""
    heads = [tables.head(key) for key in keys]
    statement = (
        sa.select(search_papers.c.paper_id)
        .join(search_keys, search_keys.c.number == search_papers.c.number)
        .where(search_keys.c.key.in_(heads))
    )
    return set(connection.execute(statement).scalars())


def read_papers(
    connection: sa.Connection,
    ids: Sequence[str],
    old: Mapping[str, Original],
    numbers: Iterable[int],
) -> list[StoredPaper]:
    """Papers as they are stored, and as they are indexed; new ones get the next number."""
    new_numbers = iter(numbers)
    indexed = {
        row.paper_id: row
        for row in connection.execute(
            sa.select(search_papers).where(search_papers.c.paper_id.in_(ids))
        )
    }
    listed = sa.select(edition_papers.c.paper_id, sa.func.min(edition_papers.c.day).label("day"))
    days = {
        row.paper_id: row.day
        for row in connection.execute(
            listed.where(edition_papers.c.paper_id.in_(ids)).group_by(edition_papers.c.paper_id)
        )
    }
    stored = connection.execute(sa.select(papers).where(papers.c.id.in_(ids)).order_by(papers.c.id))
    found = []
    for row in stored:
        now = Original(row.title, row.abstract, tuple(row.authors))
        published = row.published.date() if row.published else tables.NO_DAY
        before = indexed.get(row.id)
        found.append(
            StoredPaper(
                id=row.id,
                number=before.number if before else next(new_numbers),
                now=now,
                before=old.get(row.id, now) if before else now,
                facts=Facts(days.get(row.id, published), row.categories, bool(row.code_url)),
                attributes={*before.attributes.split(), *of_every_day(before.day)}
                if before
                else None,
            )
        )
    return found


def read_texts(connection: sa.Connection, keys: Iterable[str]) -> dict[str, Kept]:
    """What the memory keeps under these keys."""
    table, wanted = translation_memory, sorted(set(keys))
    found: dict[str, Kept] = {}
    for start in range(0, len(wanted), 500):
        part = table.c.key.in_(wanted[start : start + 500])
        rows = connection.execute(
            sa.select(table.c.key, table.c.text, table.c.verified).where(part)
        )
        found |= {row.key: Kept(row.text, row.verified) for row in rows}
    return found

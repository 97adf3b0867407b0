"""The search index in SQL: which paper holds which tokens, alike in SQLite's FTS5 and PostgreSQL's tsvector.

`search_words`, which the migration makes, holds a set of tokens for each paper's number and no texts: with
SQLite a contentless FTS5 table without positions, to which tokens are added and from which they are taken one
by one; with PostgreSQL a tsvector that is replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from ..database import metadata
from ..texts.search_expressions import Expression, fts5, tsquery
from .search_documents import of_every_day

NO_DAY = date(1970, 1, 1)
"""The day of a paper that stands on no list and of which no date is known."""

search_papers = sa.Table(
    "search_papers",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("paper_id", sa.String(32), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    # Of title and abstract, for what a translation would cost.
    sa.Column("characters", sa.Integer, nullable=False),
    # The tokens of filters that are indexed for it but those of its day, separated by spaces.
    sa.Column("attributes", sa.Text, nullable=False),
)
sa.Index("search_papers_paper_id", search_papers.c.paper_id, unique=True)
sa.Index("search_papers_day", search_papers.c.day)

# Which papers a key of the translation memory belongs to, by its first 63 bits.
search_keys = sa.Table(
    "search_keys",
    metadata,
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# The languages whose translations are indexed, for papers up to `filled_to`.
search_languages = sa.Table(
    "search_languages",
    metadata,
    sa.Column("lang", sa.String(35), primary_key=True),
    # Changes when the same texts would have other keys; empty before the first step.
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("filled_to", sa.Integer, nullable=False),
)

# What has changed since it was indexed; written by triggers of `papers` and `translation_memory`.
search_changes = sa.Table(
    "search_changes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("paper_id", sa.String(32)),
    sa.Column("key", sa.String(64)),
    sa.Column("lang", sa.String(35)),
    sa.Column("old_title", sa.Text),
    sa.Column("old_abstract", sa.Text),
    sa.Column("old_authors", sa.Text),
    sa.Column("old_text", sa.Text),
)


@dataclass
class Document:
    """A paper to be written to the index.

    Args:
        tokens: everything it is found by.
        old: what it is found by so far; None when it is not indexed yet.
        keys: of the memory, in all languages indexed; None where they are as they were.
        old_keys: which they take the place of.
    """

    number: int
    paper_id: str
    day: date
    characters: int
    attributes: set[str]
    tokens: set[str]
    old: set[str] | None
    keys: Sequence[str] | None
    old_keys: Sequence[str] = ()


@dataclass
class Step:
    """What one step writes."""

    changes: Sequence[int] = ()
    written: list[Document] = field(default_factory=list)
    new_languages: Sequence[str] = ()
    filled: Mapping[str, int] = field(default_factory=dict)
    added_keys: Sequence[tuple[str, int]] = ()


def holds(connection: sa.Connection, expression: Expression) -> sa.ColumnElement[bool]:
    """That a row of `words(connection)` meets a condition."""
    if connection.dialect.name == "sqlite":
        return sa.literal_column("search_words").op("MATCH")(fts5(expression))
    return sa.literal_column("search_words.tokens").op("@@")(
        sa.cast(sa.bindparam(None, tsquery(expression), sa.Text), _TsQuery)
    )


def words(connection: sa.Connection) -> tuple[sa.TableClause, sa.ColumnElement[int]]:
    """The table of the tokens, and its column with a paper's number."""
    name = "rowid" if connection.dialect.name == "sqlite" else "number"
    column = sa.literal_column(f"search_words.{name}", sa.Integer)
    return sa.table("search_words"), column


def keep_tokens(
    connection: sa.Connection, number: int, *, new: Set[str], old: Set[str] | None
) -> None:
    """Have a paper found by `new` and nothing else.

    Args:
        old: what it is found by so far, at least; None when it is not indexed yet.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO search_words (number, tokens) VALUES (%s, array_to_tsvector(%s::text[])) "
            "ON CONFLICT (number) DO UPDATE SET tokens = excluded.tokens",
            (number, sorted(new)),
        )
        return
    gone = old - new if old else set()
    # With what is taken away all is added anew: FTS5 counts tokens, and its counts may not fall below 0.
    added = new - old if old and not gone else new
    if added:
        connection.exec_driver_sql(
            "INSERT INTO search_words (rowid, tokens) VALUES (?, ?)",
            (number, " ".join(sorted(added))),
        )
    if gone:
        connection.exec_driver_sql(
            "INSERT INTO search_words (search_words, rowid, tokens) VALUES ('delete', ?, ?)",
            (number, " ".join(sorted(gone))),
        )


def tidy(connection: sa.Connection, *, first: bool) -> bool:
    """Bring what was written apart together, for a moment; a third smaller in the end. False when it is.

    Args:
        first: begin anew, with all that is there.
    """
    if connection.dialect.name != "sqlite":
        return False  # autovacuum does it
    changes = sa.text("SELECT total_changes()")
    before = connection.execute(changes).scalar_one()
    connection.exec_driver_sql(
        "INSERT INTO search_words (search_words, rank) VALUES ('merge', ?)",
        (-_MERGED_PAGES if first else _MERGED_PAGES,),
    )
    return bool(connection.execute(changes).scalar_one() - before >= 2)


_MERGED_PAGES = 400


def clear(connection: sa.Connection) -> None:
    """Empty the index, and note all papers and languages to be indexed anew."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_words (search_words) VALUES ('delete-all')")
    else:
        connection.exec_driver_sql("DELETE FROM search_words")
    for table in (search_papers, search_keys, search_languages, search_changes):
        connection.execute(sa.delete(table))
    connection.exec_driver_sql(
        "INSERT INTO search_changes (paper_id) SELECT id FROM papers ORDER BY id"
    )
    connection.exec_driver_sql(
        "INSERT INTO search_languages (lang, fingerprint, filled_to) "
        "SELECT DISTINCT lang, '', 0 FROM translation_memory"
    )


def write_step(connection: sa.Connection, step: Step, fingerprints: Mapping[str, str]) -> None:
    """Keep what one step found.

    Args:
        fingerprints: of the new languages.
    """
    if step.changes:
        taken = search_changes.c.id.in_(step.changes)
        connection.execute(sa.delete(search_changes).where(taken))
    for lang in step.new_languages:
        row = {"lang": lang, "fingerprint": fingerprints[lang], "filled_to": 0}
        connection.execute(sa.insert(search_languages).values(row))
    for document in step.written:
        write_document(connection, document)
    add_keys(connection, step.added_keys)
    for lang, number in step.filled.items():
        of_it = search_languages.c.lang == lang
        connection.execute(sa.update(search_languages).where(of_it).values(filled_to=number))


def write_document(connection: sa.Connection, document: Document) -> None:
    """Keep what a paper is found by."""
    row = {
        "paper_id": document.paper_id,
        "day": document.day,
        "characters": document.characters,
        "attributes": " ".join(sorted(document.attributes - of_every_day(document.day))),
    }
    if document.old is None:
        connection.execute(sa.insert(search_papers).values(number=document.number, **row))
    else:
        same = search_papers.c.number == document.number
        connection.execute(sa.update(search_papers).where(same).values(row))
    if document.keys is not None:
        of_it = search_keys.c.number == document.number
        gone = search_keys.c.key.in_([head(key) for key in document.old_keys])
        connection.execute(sa.delete(search_keys).where(gone, of_it))
        add_keys(connection, [(key, document.number) for key in document.keys])
    if document.tokens != document.old:
        keep_tokens(connection, document.number, new=document.tokens, old=document.old)


def add_keys(connection: sa.Connection, keys: Iterable[tuple[str, int]]) -> None:
    """Note that keys of the memory belong to papers, by number."""
    rows = {(head(key), number) for key, number in keys}
    if rows:
        values = [{"key": key, "number": number} for key, number in sorted(rows)]
        connection.execute(sa.insert(search_keys), values)


def head(key: str) -> int:
    """The first 63 bits of a key."""
    return int(key[:16], 16) >> 1


class _TsQuery(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        return "tsquery"

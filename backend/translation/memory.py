"""The translation memory: what was paid for once is never asked again.

In front what this process has seen lately, behind it SQL. While the database cannot take a translation, it
waits in front and is served from there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .. import outages
from ..database import epoch_now, insert, metadata, writing
from ..revisions import Revisions, revisions
from ..spending.deferred_writes import DeferredWrite, DeferredWrites
from .process_cache import CACHE_BYTES, ProcessCache, Remembered
from .records import READER, Translation

KEY_VERSION = "1"
"""Changes when the protected form changes so that old keys would no longer be found anyway."""

MAX_USED = 20_000
_REVISION_SECONDS = 0.5
REPLACED = "translations replaced"
"""The revision that grows when a verified translation makes way for another, or is forgotten."""

translation_memory = sa.Table(
    "translation_memory",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("lang", sa.String(35), nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("issues", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("stored_at", sa.Double, nullable=False),
    # The protected text that was translated; null for what was kept before this was noted.
    sa.Column("source", sa.Text),
    # A list in JSON of offsets in the text; null where the sentences' marks did not come back.
    sa.Column("sentence_starts", sa.Text),
    # When text or verified last changed, while `stored_at` grows when asking again gave nothing better;
    # null: not since `stored_at`.
    sa.Column("changed_at", sa.Double),
    # When it was last looked up, to the day; null: not since `stored_at`.
    sa.Column("used_at", sa.Double),
)


def memory_key(protected_text: str, *, lang: str, model: str, glossary: str) -> str:
    """The key of a translation: 64 hexadecimal digits.

    Args:
        protected_text: placeholders numbered, their contents left out.
        lang: BCP 47 tag as our list of languages writes it.
        model: the model's name.
        glossary: digest of the terms asked for.
    """
    parts = "\x00".join((KEY_VERSION, lang, model, glossary, protected_text))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


class TranslationMemory:
    """Looks up and keeps translations. Safe to use from many threads and processes."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        deferred: DeferredWrites | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._engine = engine
        self._outages = outages.of(engine)
        self._deferred = deferred or DeferredWrites(engine)
        self._cache = ProcessCache(cache_bytes)
        self._revisions = Revisions(engine, seconds=_REVISION_SECONDS)
        self._last_languages: set[str] = set()
        self.used: set[str] = set()
        """Keys found since `memory_keeping` last took them."""

    def look_up(
        self, keys: Iterable[str], *, fresh: bool = False, partial: bool = False
    ) -> dict[str, Remembered]:
        """What is kept under these keys; keys not kept are left out.

        Args:
            fresh: read from the database how often a verified text was asked for, too.
            partial: while the database does not answer, give what this process has instead of failing.
        """
        wanted = set(keys)
        if not wanted:
            return {}
        self._cache.clear_if_changed(self._revisions.current(REPLACED))
        found = {} if fresh else self._cache.verified(wanted)
        missing = list(wanted - found.keys())
        try:
            if partial and missing and self._outages.away:
                found |= self._cache.all(missing)
            else:
                for start in range(0, len(missing), 500):
                    found |= self._read(missing[start : start + 500])
        except sa.exc.SQLAlchemyError as error:
            if not partial or not outages.means_away(error):
                raise
            found |= self._cache.all(missing)
        if len(self.used) < MAX_USED:
            self.used.update(found)
        return self._cache.with_unwritten(wanted, found)

    def _read(self, keys: list[str]) -> dict[str, Remembered]:
        table = translation_memory
        age = epoch_now() - table.c.stored_at
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.select(table, age.label("age")).where(table.c.key.in_(keys))
            )
            found = {row.key: Remembered(_translation(row), row.attempts, row.age) for row in rows}
        for key, remembered in found.items():
            self._cache.add(key, remembered)
        return found

    def store_later(
        self,
        key: str,
        lang: str,
        translation: Translation,
        *,
        source: str,
        attempts: int,
        over: Callable[[], None],
    ) -> None:
        """Keep a translation as soon as the database takes it; readers of this process have it at once.

        Args:
            source: the protected text.
            attempts: how often it was asked for, this time included.
            over: called once it is kept, or given up.
        """

        def written() -> None:
            self._cache.drop_unwritten(key)
            over()

        self._cache.add_unwritten(key, Remembered(translation, attempts, 0.0))
        self._deferred.add(
            DeferredWrite(
                lambda: self.store(key, lang, translation, source=source),
                size=4 * (len(translation.text) + len(source)) + 800,
                over=written,
            )
        )

    def store(
        self,
        key: str,
        lang: str,
        translation: Translation,
        *,
        source: str | None = None,
        only_if_better: bool = False,
    ) -> Translation:
        """Keep a translation, and return what is kept now: never one that is worse than it was.

        Verified is better than unverified, fewer issues than more, and of equals the new one is kept:
        whoever asked again did not like the old one. What a reader wrote makes way for another reader's only.

        Args:
            source: the protected text, so that the entry can be carried to other memories.
            only_if_better: of equals the old one is kept.
        """
        table = translation_memory
        row = {
            "model": translation.model,
            "text": translation.text,
            "verified": translation.verified,
            "issues": json.dumps(translation.issues),
            "sentence_starts": json.dumps(translation.sentence_starts)
            if translation.sentence_starts is not None
            else None,
            "stored_at": epoch_now(),
            "changed_at": epoch_now(),
            "source": source,
        }
        statement = insert(self._engine, table).values(key=key, lang=lang, attempts=1, **row)
        new = statement.excluded
        its, ours = _issues(new.issues), _issues(table.c.issues)
        better = sa.and_(
            sa.or_(table.c.model != READER, new.model == READER),
            sa.or_(
                sa.and_(new.verified, sa.not_(table.c.verified)),
                sa.and_(
                    new.verified == table.c.verified,
                    its < ours if only_if_better else its <= ours,
                ),
            ),
        )
        values: dict[str, sa.ColumnElement[Any]] = {
            name: sa.case((better, getattr(new, name)), else_=table.c[name])
            for name in row
            if name not in ("stored_at", "changed_at", "source")
        }
        changes = sa.or_(new.text != table.c.text, new.verified != table.c.verified)
        values["changed_at"] = sa.case(
            (sa.and_(better, changes), epoch_now()),
            else_=sa.func.coalesce(table.c.changed_at, table.c.stored_at),
        )
        values["source"] = sa.func.coalesce(new.source, table.c.source)
        # A worse answer still counts as asked now, so that the next one is a day away.
        age = sa.case(
            (sa.or_(better, sa.not_(table.c.verified)), epoch_now()), else_=table.c.stored_at
        )
        upsert = statement.on_conflict_do_update(
            index_elements=[table.c.key],
            set_=values | {"stored_at": age, "attempts": table.c.attempts + 1},
        ).returning(table)
        with writing(self._engine) as connection:
            kept = connection.execute(upsert).one()
            self._revisions.grow(connection, _revision_name(lang))
            if kept.attempts > 1 and kept.verified:
                self._revisions.grow(connection, REPLACED)
        result = _translation(kept)
        self._cache.add(key, Remembered(result, kept.attempts, 0.0))
        self._forget_revisions([lang])
        return result

    def forget(
        self,
        *,
        keys: Collection[str] | None = None,
        langs: Collection[str] | None = None,
        before: datetime | None = None,
        model: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, int]:
        """Drop the translations that meet all conditions given; says how many, by language.

        Args:
            keys: of these texts.
            before: kept before this moment.
            model: that this model wrote.
            dry_run: only count.
        """
        table = translation_memory
        conditions = [
            *([] if keys is None else [table.c.key.in_(keys)]),
            *([] if langs is None else [table.c.lang.in_(langs)]),
            *([] if before is None else [table.c.stored_at < before.timestamp()]),
            *([] if model is None else [table.c.model == model]),
        ]
        counted = (
            sa.select(table.c.lang, sa.func.count().label("number"))
            .where(*conditions)
            .group_by(table.c.lang)
            .order_by(table.c.lang)
        )
        with writing(self._engine) as connection:
            found = {row.lang: row.number for row in connection.execute(counted)}
            if dry_run or not found:
                return found
            connection.execute(sa.delete(table).where(*conditions))
            self._revisions.grow(connection, REPLACED)
            for tag in found:
                self._revisions.grow(connection, _revision_name(tag))
        self._forget_revisions(found)
        return found

    def models(self) -> list[str]:
        """The names of the models whose translations are kept."""
        column = translation_memory.c.model
        with self._engine.connect() as connection:
            return list(connection.scalars(sa.select(column).distinct().order_by(column)))

    def languages(self) -> set[str]:
        """The tags of the languages that something is kept in, or was."""
        names = sa.select(revisions.c.name).where(revisions.c.name.startswith(_revision_name("")))
        try:
            with self._engine.connect() as connection:
                self._last_languages = {
                    name.removeprefix(_revision_name("")) for name in connection.scalars(names)
                }
        except sa.exc.SQLAlchemyError as error:
            if not outages.means_away(error):
                raise
        return self._last_languages - {REPLACED.removeprefix(_revision_name(""))}

    def _forget_revisions(self, langs: Iterable[str]) -> None:
        for name in (*map(_revision_name, langs), REPLACED):
            self._revisions.forget(name)

    def revision(self, lang: str) -> int:
        """A number that grows with each translation kept in a language, by any process.

        What was built from the memory is current while this stays the same; at most half a second old.
        While the database is away it is below zero, and another each time that it is.
        """
        if self._outages.away:
            return -1 - self._outages.number
        return self._revisions.current(_revision_name(lang))


def _translation(row: sa.Row[Any]) -> Translation:
    starts = None if row.sentence_starts is None else tuple(json.loads(row.sentence_starts))
    issues = tuple(json.loads(row.issues))
    changed_at = row.stored_at if row.changed_at is None else row.changed_at
    return Translation(row.text, row.verified, issues, row.model, starts, changed_at)


def _revision_name(lang: str) -> str:
    return f"translations {lang}"


def _issues(column: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    """Twice the number of names in a list of issues: JSON puts two quotation marks around each."""
    return sa.func.length(column) - sa.func.length(sa.func.replace(column, '"', ""))

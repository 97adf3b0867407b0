"""Which translations were used lately, and which are of no use: their model is no longer configured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from . import languages
from .database import epoch_now, writing
from .texts.placeholders import Protected
from .translation.lookup import key_of
from .translation.memory import TranslationMemory, translation_memory
from .translation.records import READER

_DAY = 24 * 3600.0
_PAGE = 500


def note_uses(engine: sa.Engine, memory: TranslationMemory) -> None:
    """Note in the database what this process found in its memory, of each entry once a day at most."""
    keys, memory.used = sorted(memory.used), set()
    table = translation_memory
    for start in range(0, len(keys), _PAGE):
        of_days_ago = sa.and_(
            table.c.key.in_(keys[start : start + _PAGE]),
            sa.func.coalesce(table.c.used_at, table.c.stored_at) < epoch_now() - _DAY,
        )
        with writing(engine) as connection:
            connection.execute(sa.update(table).where(of_days_ago).values(used_at=epoch_now()))


def drop_unused(
    engine: sa.Engine, memory: TranslationMemory, *, model: str, days: int, dry_run: bool = False
) -> Counter[str]:
    """Drop translations of other models that nobody used for so many days; says how many, by model.

    What a reader wrote stays, and so does what came from a file and is served still.

    Args:
        model: the one that is configured, whose translations stay.
        dry_run: only count.
    """
    dropped: Counter[str] = Counter()
    for page in _unused(engine, model, days):
        useless = [row for row in page if not _is_served(row, model)]
        dropped.update(row.model for row in useless)
        if not dry_run:
            memory.forget(keys=[row.key for row in useless])
    return dropped


def _unused(engine: sa.Engine, model: str, days: int) -> Iterator[Sequence[Any]]:
    """Old entries of other models, in pages."""
    table, last = translation_memory, ""
    before = epoch_now() - days * _DAY
    wanted = (
        sa.select(table.c.key, table.c.lang, table.c.model, table.c.source)
        .where(
            table.c.model.not_in((model, READER)),
            table.c.stored_at < before,
            sa.func.coalesce(table.c.used_at, table.c.stored_at) < before,
        )
        .order_by(table.c.key)
        .limit(_PAGE)
    )
    while True:
        with engine.connect() as connection:
            rows = connection.execute(wanted.where(table.c.key > last)).all()
        yield rows
        if len(rows) < _PAGE:
            return
        last = rows[-1].key


def _is_served(row: Any, model: str) -> bool:
    """Whether the entry's key is one of the configured model: another program wrote it, and it was imported."""
    if row.source is None:
        return False
    language = languages.find(row.lang)
    return bool(key_of(Protected(row.source, {}), language, model=model) == row.key)

"""The memory carried to another server: written as units, taken in by the checks of any translation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from .. import languages
from ..database import writing
from ..errors import UnsupportedLanguage
from ..languages import Language
from ..texts.placeholders import Protected
from ..translation.lookup import key_of, kind_of, needs_no_translation
from ..translation.memory import TranslationMemory, translation_memory
from ..translation.records import Translation
from ..verification.verify import check
from .tmx import Unit

_PAGE = 500


@dataclass(frozen=True)
class Imported:
    """What became of a file's units.

    Args:
        kept: are served from now on.
        known: there was one as good or better.
        refused: passed over: too long, without words, or a language we do not have.
        unverified: of those kept, how many failed a check here.
    """

    kept: int = 0
    known: int = 0
    refused: int = 0
    unverified: int = 0


def units(engine: sa.Engine, language: Language, *, models: Iterable[str]) -> Iterator[Unit]:
    """Every translation into a language whose source is known.

    Those made without terms of a reader or a paper come first: of several for one text the first is the
    one that another memory should keep.

    Args:
        models: whose keys the memory may hold: all that translated, and the one that is asked now.
    """
    names = tuple(models)
    for general in (True, False):
        for row in _rows(engine, language.tag):
            source = Protected(row.source, {})
            keys = {key_of(source, language, model=name) for name in names}
            if (row.key in keys) is general:
                yield Unit(
                    row.source,
                    row.text,
                    row.lang,
                    origin=row.model,
                    verified=row.verified,
                    changed_at=datetime.fromtimestamp(row.stored_at, UTC),
                )


def _rows(engine: sa.Engine, tag: str) -> Iterator[sa.Row[Any]]:
    table, last = translation_memory, ""
    while True:
        page = (
            sa.select(table)
            .where(table.c.lang == tag, table.c.key > last, table.c.source.is_not(None))
            .order_by(table.c.key)
            .limit(_PAGE)
        )
        with engine.connect() as connection:
            rows = connection.execute(page).all()
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1].key


def name_sources(engine: sa.Engine, sources: Mapping[str, str]) -> None:
    """Note the sources of entries that were kept before sources were: protected texts by the memory's keys."""
    table = translation_memory
    keys = list(sources)
    for start in range(0, len(keys), _PAGE):
        with writing(engine) as connection:
            missing = connection.scalars(
                sa.select(table.c.key).where(
                    table.c.key.in_(keys[start : start + _PAGE]), table.c.source.is_(None)
                )
            ).all()
            for key in missing:
                connection.execute(
                    sa.update(table).where(table.c.key == key).values(source=sources[key])
                )


def take_in(memory: TranslationMemory, found: Iterable[Unit], *, model: str) -> Imported:
    """Keep units as translations of the model that is asked here; each is checked as if it were the model's.

    One that is kept already makes way for a better one only.

    Args:
        model: the name of the model whose translations readers get.
    """
    sum_ = Imported()
    for unit in found:
        try:
            language = languages.find(unit.lang)
        except UnsupportedLanguage:
            sum_ = replace(sum_, refused=sum_.refused + 1)
            continue
        if needs_no_translation(unit.source, language):
            sum_ = replace(sum_, refused=sum_.refused + 1)
            continue
        offered = _judged(unit, language)
        key = key_of(Protected(unit.source, {}), language, model=model)
        before = memory.look_up([key], fresh=True).get(key)
        stored = memory.store(key, language.tag, offered, source=unit.source, only_if_better=True)
        if stored != offered or (before and before.translation == offered):
            sum_ = replace(sum_, known=sum_.known + 1)
        else:
            sum_ = replace(
                sum_, kept=sum_.kept + 1, unverified=sum_.unverified + (not offered.verified)
            )
    return sum_


def _judged(unit: Unit, language: Language) -> Translation:
    verdict = check(unit.source, unit.translation, language=language, kind=kind_of(unit.source))
    issues = tuple(dict.fromkeys(issue.name for issue in verdict.issues))
    return Translation(unit.translation, verdict.verified, issues, unit.origin or "tmx")

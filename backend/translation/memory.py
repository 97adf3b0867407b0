"""The translation memory: what was paid for once is never asked again.

cachetools in front (verified translations of this process's recent readers), SQL behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from cachetools import LRUCache

from ..database import epoch_now, insert, metadata, writing
from ..revisions import Revisions
from .records import Translation

KEY_VERSION = "1"
"""Changes when the protected form changes so that old keys would no longer be found anyway."""

CACHE_BYTES = 16 * 1024 * 1024
ASK_AGAIN_SECONDS = 24 * 60 * 60
MAX_ATTEMPTS = 3
_REVISION_SECONDS = 0.5

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


@dataclass(frozen=True)
class Remembered:
    """A row of the memory: the translation, how often it was asked for, and its age in seconds."""

    translation: Translation
    attempts: int
    age: float

    def serves(self, *, retry: bool) -> bool:
        """Whether this answers a reader, or the model should be asked once more."""
        if self.translation.verified or self.attempts >= MAX_ATTEMPTS:
            return True
        return not retry and self.age < ASK_AGAIN_SECONDS


class TranslationMemory:
    """Looks up and keeps translations. Safe to use from many threads and processes."""

    def __init__(self, engine: sa.Engine, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._engine = engine
        self._cache: LRUCache[str, Translation] = LRUCache(
            cache_bytes, getsizeof=lambda t: 4 * len(t.text) + 400
        )
        self._lock = threading.Lock()
        self._revisions = Revisions(engine, seconds=_REVISION_SECONDS)

    def look_up(self, keys: Iterable[str]) -> dict[str, Remembered]:
        """What is kept under these keys; keys not kept are left out."""
        wanted = set(keys)
        with self._lock:
            found = {
                key: Remembered(translation, 1, 0.0)
                for key in wanted
                if (translation := self._cache.get(key)) is not None
            }
        missing = list(wanted - found.keys())
        for start in range(0, len(missing), 500):
            found |= self._read(missing[start : start + 500])
        return found

    def _read(self, keys: list[str]) -> dict[str, Remembered]:
        table = translation_memory
        age = epoch_now() - table.c.stored_at
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.select(table, age.label("age")).where(table.c.key.in_(keys))
            )
            found = {
                row.key: Remembered(
                    Translation(row.text, row.verified, tuple(json.loads(row.issues)), row.model),
                    row.attempts,
                    row.age,
                )
                for row in rows
            }
        with self._lock:
            for key, remembered in found.items():
                self._remember(key, remembered.translation)
        return found

    def _remember(self, key: str, translation: Translation) -> None:
        if not translation.verified:
            return  # may be asked anew, here or in another process
        with contextlib.suppress(ValueError):  # larger than the whole cache
            self._cache[key] = translation

    def store(self, key: str, lang: str, translation: Translation) -> None:
        """Keep a translation. An unverified one never replaces a verified one."""
        table = translation_memory
        row = {
            "lang": lang,
            "model": translation.model,
            "text": translation.text,
            "verified": translation.verified,
            "issues": json.dumps(translation.issues),
            "stored_at": epoch_now(),
        }
        statement = insert(self._engine, table).values(key=key, attempts=1, **row)
        statement = statement.on_conflict_do_update(
            index_elements=[table.c.key],
            set_=row | {"attempts": table.c.attempts + 1},
            where=sa.or_(table.c.verified.is_(False), statement.excluded.verified.is_(True)),
        )
        with writing(self._engine) as connection:
            connection.execute(statement)
            self._revisions.grow(connection, _revision_name(lang))
        with self._lock:
            self._remember(key, translation)
        self._revisions.forget(_revision_name(lang))

    def revision(self, lang: str) -> int:
        """A number that grows with each translation kept in a language, by any process.

        What was built from the memory is current while this stays the same; at most half a second old.
        """
        return self._revisions.current(_revision_name(lang))


def _revision_name(lang: str) -> str:
    return f"translations {lang}"

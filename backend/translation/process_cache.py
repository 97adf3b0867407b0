"""What this process has of the translation memory: its recent readers' translations, and what waits to be kept.

Verified translations spare the database a question; all others are for when it cannot be asked.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from cachetools import LRUCache

from .records import READER, Translation

CACHE_BYTES = 16 * 1024 * 1024
ASK_AGAIN_SECONDS = 24 * 60 * 60
MAX_ATTEMPTS = 3
_SHARE_OF_UNVERIFIED = 8
"""One part in so many of the cache may be unverified translations."""


@dataclass(frozen=True)
class Remembered:
    """A row of the memory: the translation, how often it was asked for, and its age in seconds."""

    translation: Translation
    attempts: int
    age: float

    def serves(self, *, retry: bool) -> bool:
        """Whether this answers a reader, or the model should be asked once more.

        Args:
            retry: the reader has seen it, and asks for another.
        """
        if self.translation.model == READER:
            return True  # a person has judged it; `forget` takes it back
        if self.translation.verified:
            return not retry
        if self.attempts >= MAX_ATTEMPTS:
            return True
        return not retry and self.age < ASK_AGAIN_SECONDS


class ProcessCache:
    """Translations by key. Safe to use from many threads."""

    def __init__(self, cache_bytes: int = CACHE_BYTES) -> None:
        self._verified: LRUCache[str, Remembered] = LRUCache(cache_bytes, getsizeof=_size)
        self._unverified: LRUCache[str, Remembered] = LRUCache(
            cache_bytes // _SHARE_OF_UNVERIFIED, getsizeof=_size
        )
        self._unwritten: dict[str, Remembered] = {}
        self._lock = threading.Lock()
        self._revision = 0

    def clear_if_changed(self, revision: int) -> None:
        """Forget what is kept once this number is another: it may have made way for better ones."""
        with self._lock:
            if revision != self._revision:
                self._verified.clear()
                self._unverified.clear()
                self._revision = revision

    def verified(self, keys: Iterable[str]) -> dict[str, Remembered]:
        """The verified ones; the number of their attempts is not kept here."""
        with self._lock:
            return {
                key: Remembered(kept.translation, 1, 0.0)
                for key in keys
                if (kept := self._verified.get(key)) is not None
            }

    def all(self, keys: Iterable[str]) -> dict[str, Remembered]:
        """What there is, where nobody else can be asked."""
        with self._lock:
            return {
                key: kept
                for key in keys
                if (kept := self._verified.get(key) or self._unverified.get(key)) is not None
            }

    def add(self, key: str, remembered: Remembered) -> None:
        """Take what the memory keeps under a key now."""
        kind, other = self._unverified, self._verified
        if remembered.translation.verified:
            kind, other = other, kind
        with self._lock, contextlib.suppress(ValueError):  # larger than the whole cache
            other.pop(key, None)
            kind[key] = remembered

    def add_unwritten(self, key: str, remembered: Remembered) -> None:
        """Take what waits to be written into the memory."""
        with self._lock:
            self._unwritten[key] = remembered

    def drop_unwritten(self, key: str) -> None:
        """It is written, or was given up."""
        with self._lock:
            self._unwritten.pop(key, None)

    def with_unwritten(
        self, keys: Iterable[str], found: dict[str, Remembered]
    ) -> dict[str, Remembered]:
        """What was found, as it will be once everything that waits is written."""
        if not self._unwritten:
            return found
        with self._lock:
            waiting = {key: self._unwritten[key] for key in keys if key in self._unwritten}
        return found | {key: _merged(new, found.get(key)) for key, new in waiting.items()}


def _merged(new: Remembered, old: Remembered | None) -> Remembered:
    """As `TranslationMemory.store` would leave it."""
    if old is None:
        return new
    ours, its = old.translation, new.translation
    worse = (ours.verified, -len(ours.issues)) > (its.verified, -len(its.issues))
    if worse or ours.model == READER != its.model:
        return Remembered(ours, old.attempts + 1, 0.0)
    return Remembered(its, old.attempts + 1, 0.0)


def _size(kept: Remembered) -> int:
    translation = kept.translation
    return 4 * len(translation.text) + 36 * len(translation.sentence_starts or ()) + 400

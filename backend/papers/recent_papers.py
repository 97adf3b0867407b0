"""The papers that this process has read lately, for readers who come while the database is away."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from cachetools import LRUCache

from .records import Paper

_KEPT = 2_000


class RecentPapers:
    """Papers by identifier. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[str, Paper] = LRUCache(_KEPT)

    def add(self, papers: Iterable[Paper]) -> None:
        """Papers as they were read just now."""
        with self._lock:
            for paper in papers:
                self._kept[paper.id] = paper

    def get(self, ids: Iterable[str]) -> dict[str, Paper]:
        """Those that are still known."""
        with self._lock:
            return {id: self._kept[id] for id in ids if id in self._kept}

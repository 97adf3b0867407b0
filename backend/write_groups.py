"""What many threads want to write at the same moment becomes one transaction.

A database commits one thing after another, and each costs more than what is in it: of a hundred readers who
come together the last would wait for a hundred commits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(eq=False)
class _Waiting(Generic[Item, Result]):
    item: Item
    ready: threading.Event = field(default_factory=threading.Event)
    results: list[Result] = field(default_factory=list)
    error: Exception | None = None


class WriteGroup(Generic[Item, Result]):
    """Writes what threads bring. Who comes while nobody writes does so at once, with all that waits.

    Args:
        write: writes some items in one transaction; a result for each, in their order.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[Item, Result]] = []
        self._writing = False

    def __call__(self, item: Item) -> Result:
        """Have an item written; returns when it is, and raises what writing it raised."""
        ours: _Waiting[Item, Result] = _Waiting(item)
        with self._lock:
            self._waiting.append(ours)
            waits, self._writing = self._writing, True
        if waits:
            ours.ready.wait()
        if not ours.results and ours.error is None:
            self._write_all()
        if ours.error is not None:
            raise ours.error
        return ours.results[0]

    def _write_all(self) -> None:
        """Write for all who wait by now; then it is the turn of one who came meanwhile."""
        with self._lock:
            group, self._waiting = self._waiting, []
        try:
            results = self._write([each.item for each in group])
            for each, result in zip(group, results, strict=True):
                each.results.append(result)
        except Exception as error:
            for each in group:
                each.error = error
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._writing = following is not None
        for each in group:
            each.ready.set()
        if following:
            following.ready.set()

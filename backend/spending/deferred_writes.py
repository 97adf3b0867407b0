"""What the database could not take: kept in this process, and written in order once it takes it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from .. import outages

log = logging.getLogger(__name__)

MOST_BYTES = 32 * 1024 * 1024
"""Of what waits. A long day's translations are less."""
MOST = 20_000
_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class DeferredWrite:
    """One thing to be written.

    Args:
        write: writes it; may be called again after it failed, also where the failure came too late to undo it.
        size: in bytes, about.
        over: called once it is written, or given up.
    """

    write: Callable[[], object]
    size: int = 200
    over: Callable[[], None] = lambda: None


class DeferredWrites:
    """Writes that wait for the database. One for a process; a thread of its own while something waits.

    Args:
        most_bytes: past which the oldest are given up.
    """

    def __init__(self, engine: sa.Engine, *, most_bytes: int = MOST_BYTES) -> None:
        self._outages = outages.of(engine)
        self._most_bytes = most_bytes
        self._waiting: deque[DeferredWrite] = deque()
        self._bytes = 0
        self._given_up = 0
        self._changed = threading.Condition()
        self._writer: threading.Thread | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, deferred: DeferredWrite) -> None:
        """Have something written as soon as that is possible."""
        given_up: list[DeferredWrite] = []
        with self._changed:
            self._waiting.append(deferred)
            self._bytes += deferred.size
            while self._bytes > self._most_bytes or len(self._waiting) > MOST:
                given_up.append(self._take())
            if given_up and not self._given_up:
                log.error("too much waits for the database; the oldest of it is given up")
            self._given_up += len(given_up)
            if self._writer is None and not self._closed:
                self._writer = threading.Thread(
                    target=self._run, name="deferred-writes", daemon=True
                )
                self._writer.start()
        for each in given_up:
            each.over()

    def close(self) -> None:
        """Try once more, say what is lost, end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            writer = self._writer
        if writer:
            writer.join()
        if not self._outages.away:
            self._write_all()
        if self._waiting:
            log.error("%d translations and counts could not be written and are lost", len(self))

    def _take(self) -> DeferredWrite:
        first = self._waiting.popleft()
        self._bytes -= first.size
        return first

    def _run(self) -> None:
        written = 0
        while True:
            written += self._write_all()
            with self._changed:
                if self._closed or not self._waiting:
                    self._writer = None
                    break
            self._outages.wait_while_unwritable(_RETRY_SECONDS)
            with self._changed:
                # Something may fail although all is well; then this is the pause.
                self._changed.wait_for(lambda: self._closed, _RETRY_SECONDS / 4)
        log.warning("written after all: %d translations and counts", written)

    def _write_all(self) -> int:
        """Write what waits, in order, as far as that is possible now; returns how many were written."""
        written = 0
        while self._waiting:
            with self._changed:
                if not self._waiting:
                    break
                first = self._waiting[0]
            try:
                first.write()
            except Exception as error:  # what else it may be, trying again will not mend it
                if outages.means_away(error):
                    break
                log.error("a deferred write failed: %s", type(error).__name__)
            else:
                written += 1
            with self._changed:
                if self._waiting and self._waiting[0] is first:  # not given up meanwhile
                    self._take()
            first.over()
        return written

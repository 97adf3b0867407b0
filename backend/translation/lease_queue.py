"""Flights whose lease another process holds wait here: for its result, or for their turn."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from .. import outages
from ..errors import DatabaseUnavailable
from ..leases import Leases
from .memory import TranslationMemory
from .process_cache import Remembered
from .single_flight import Assignment, Flight, InFlight, UsageListener

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
DATABASE_TIMEOUT_SECONDS = 20.0
"""How long a database that does not answer is asked again before the readers are told."""


@dataclass
class _Waiting:
    flight: Flight
    listener: UsageListener
    since: float = field(default_factory=time.monotonic)


class LeaseQueue:
    """Starts flights as soon as this process has their lease, or finishes them from the memory.

    Args:
        start: asks the model for flights that are this process's to translate.
    """

    def __init__(
        self,
        *,
        memory: TranslationMemory,
        leases: Leases,
        in_flight: InFlight,
        start: Callable[[Sequence[Flight], UsageListener], None],
    ) -> None:
        self._memory = memory
        self._leases = leases
        self._in_flight = in_flight
        self._start = start
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        self._watcher: threading.Thread | None = None
        self._closed = False

    def enter(self, flights: Sequence[Flight], listener: UsageListener) -> None:
        """Begin with new flights of one reader; those another process works on wait."""
        left = self._try([_Waiting(flight, listener) for flight in flights])
        if not left:
            return
        with self._changed:
            self._waiting += left
            if self._watcher is None:
                self._watcher = threading.Thread(
                    target=self._watch, name="leases-wait", daemon=True
                )
                self._watcher.start()
            self._changed.notify()

    def close(self) -> None:
        """End the thread; what waits is forgotten."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._watcher:
            self._watcher.join()

    def _try(self, waiting: list[_Waiting]) -> list[_Waiting]:
        """Advance; while the database does not answer, all wait, but not for ever."""
        try:
            return self._advance(waiting)
        except sa.exc.SQLAlchemyError as error:
            left: list[_Waiting] = []
            for w in waiting:
                if time.monotonic() - w.since < DATABASE_TIMEOUT_SECONDS:
                    left.append(w)
                else:
                    if not outages.means_away(error):
                        log.warning("a text waited in vain: %s", type(error).__name__)
                    self._in_flight.finish(w.flight, DatabaseUnavailable())
            return left

    def _advance(self, waiting: list[_Waiting]) -> list[_Waiting]:
        """Finish what has become known, start what has become ours; returns what still waits."""
        wanted = [w for w in waiting if w.flight.wanted and w.flight.outcome is None]
        taken = self._leases.acquire(w.flight.assignment.key for w in wanted)
        try:
            # Looked up after the leases were taken: whoever held one before has stored its result by now.
            known = self._known([w.flight for w in wanted])
        except sa.exc.SQLAlchemyError:
            self._leases.release(taken)
            raise
        left: list[_Waiting] = []
        ours: dict[int, tuple[UsageListener, list[Flight]]] = {}
        for w in wanted:
            key = w.flight.assignment.key
            remembered = known.get(key)
            if remembered and _answers(remembered, w.flight.assignment):
                self._leases.release([key])
                self._in_flight.finish(w.flight, remembered.translation, remembered=True)
            elif key in taken:
                ours.setdefault(id(w.listener), (w.listener, []))[1].append(w.flight)
            else:
                left.append(w)
        for listener, flights in ours.values():
            self._start(flights, listener)
        return left

    def _known(self, flights: Sequence[Flight]) -> dict[str, Remembered]:
        again = {flight.assignment.key for flight in flights if flight.assignment.retry}
        others = {flight.assignment.key for flight in flights} - again
        return self._memory.look_up(others) | self._memory.look_up(again, fresh=True)

    def _watch(self) -> None:
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting) or self._closed)
                waiting, self._waiting = self._waiting, []
                self._changed.wait_for(lambda: self._closed, POLL_SECONDS)
            left = self._try(waiting)
            with self._changed:
                self._waiting += left


def _answers(remembered: Remembered, assignment: Assignment) -> bool:
    """Whether what is kept by now is what a reader waits for: good, or tried again since they asked."""
    good = remembered.translation.verified and not assignment.retry
    return good or remembered.attempts > assignment.attempts

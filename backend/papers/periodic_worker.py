"""A thread that does what is due, sleeps until more is, and survives what goes wrong."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable

from ..outages import means_away

log = logging.getLogger(__name__)

MAX_SLEEP = 30.0
"""Seconds; other processes may have changed what is due meanwhile."""
_AFTER_FAULT = 5.0
_LAST_PASS = 2.0


class PeriodicWorker:
    """One daemon thread a process, started when first woken; also after a fork.

    Args:
        work: does everything that is due and returns the seconds until more is.
    """

    def __init__(self, name: str, work: Callable[[], float]) -> None:
        self._name = name
        self._work = work
        self._changed = threading.Condition()
        self._pid = 0
        self._thread: threading.Thread | None = None
        self._closed = False
        self._asked = 0
        self._done = 0

    def ensure_running(self) -> None:
        """Start the thread if this process has none. Cheap: it is called on every request."""
        if self._pid == os.getpid():
            return
        with self._changed:
            if self._pid != os.getpid() and not self._closed:
                self._pid = os.getpid()
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
                # So that a pass under way can give its leases back; others wait for them.
                atexit.register(self.close)

    def wake(self) -> None:
        """Have a pass begin after this call, now or when the one under way ends."""
        self.ensure_running()
        with self._changed:
            self._asked += 1
            self._changed.notify_all()

    def wait_for_pass(self, seconds: float) -> bool:
        """Wait until a pass that began after the last `wake` has ended; False if it takes longer."""
        with self._changed:
            asked = self._asked
            return self._changed.wait_for(lambda: self._done >= asked or self._closed, seconds)

    def close(self) -> None:
        """End the thread after the pass under way, which is given a moment."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread and self._pid == os.getpid():
            self._thread.join(_LAST_PASS)
        atexit.unregister(self.close)

    def _run(self) -> None:
        while True:
            with self._changed:
                asked = self._asked
                if self._closed:
                    return
            try:
                pause = self._work()
            except Exception as fault:  # whatever it is, the next pass may go well
                if not means_away(fault):
                    log.error("%s: %s", self._name, type(fault).__name__)
                pause = _AFTER_FAULT
            with self._changed:
                self._done = asked
                self._changed.notify_all()
                self._changed.wait_for(
                    lambda asked=asked: self._closed or self._asked > asked,  # type: ignore[misc] # bound now, mypy cannot infer it
                    min(max(pause, 0.0), MAX_SLEEP),
                )

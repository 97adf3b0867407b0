"""What must not wait in the event loop, on a few threads for all: one thing after another for each who asks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor


class JobsInOrder:
    """Jobs that run one at a time, in the order they were put, on whichever thread is free."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._jobs: deque[Callable[[], None]] = deque()
        self._running = False

    def put(self, job: Callable[[], None]) -> None:
        """Have a job done; it must raise nothing. Returns at once, but where the threads have ended already."""
        with self._lock:
            self._jobs.append(job)
            if self._running:
                return
            self._running = True
        try:
            self._threads.submit(self._run)
        except RuntimeError:
            self._run()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._running = False
                    return
                job = self._jobs.popleft()
            job()

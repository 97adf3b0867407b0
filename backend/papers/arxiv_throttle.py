"""arXiv's rule, for all processes and machines that share the database: one request in three seconds."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import UpstreamUnavailable
from ..leases import Leases

ARXIV_PAUSE = 3.05
"""Seconds from the end of one request to arXiv to the beginning of the next.

arXiv allows one request in three seconds over one connection
(https://info.arxiv.org/help/api/tou.html); the rest is for clocks of milliseconds.
"""
_LEASE = "arxiv"
_POLL_SECONDS = 0.1


class Permit:
    """The right to ask arXiv once. Whoever asks says so, and for how many seconds arXiv wants silence."""

    def __init__(self) -> None:
        self.used = False
        self.silence = 0.0


class ArxivThrottle:
    """Gives permits to ask arXiv, one at a time, far enough apart.

    Args:
        pause: seconds between a request and the next.
    """

    def __init__(
        self,
        leases: Leases,
        *,
        pause: float = ARXIV_PAUSE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._leases = leases
        self._pause = pause
        self._sleep = sleep
        self._local = threading.Lock()

    @contextmanager
    def permit(self, *, timeout: float) -> Iterator[Permit]:
        """Wait for a permit and hold it; if it was used, the next one is a pause away.

        Args:
            timeout: seconds to wait at most.

        Raises:
            UpstreamUnavailable: it takes longer, or arXiv asked for silence.
        """
        deadline = time.monotonic() + timeout
        if not self._local.acquire(timeout=timeout):
            raise _busy(self._pause)
        try:
            self._await(deadline)
            permit = Permit()
            try:
                yield permit
            finally:
                pause = max(self._pause, permit.silence) if permit.used else None
                self._leases.release([_LEASE], pause=pause)
        finally:
            self._local.release()

    def _await(self, deadline: float) -> None:
        while not self._leases.acquire([_LEASE]):
            left, pause = deadline - time.monotonic(), self._leases.pause(_LEASE)
            if left <= 0 or pause > left:
                raise _busy(max(pause, self._pause))
            self._sleep(min(max(pause, _POLL_SECONDS), 1.0))


def _busy(seconds: float) -> UpstreamUnavailable:
    return UpstreamUnavailable(
        "arXiv may be asked only once in three seconds, and others are waiting.",
        retry_after=math.ceil(seconds),
    )

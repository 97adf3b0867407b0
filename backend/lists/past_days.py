"""One pace for past days: of all processes and machines that share the database, one fetches one at a time.

Readers go back in the archive, and strangers may ask for every day there was. What an upstream allows in a
while is for today's list first, which keeps no such pace.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import UpstreamUnavailable
from ..leases import Leases

PAUSE = 1.0
"""Seconds from the end of one to the beginning of the next: three fifths of what Hugging Face allows."""
PATIENCE = 30.0
"""Seconds that a fetch waits for its turn at most."""
_POLL_SECONDS = 0.1


class PastDays:
    """Gives turns to fetch a past day from one upstream.

    Args:
        upstream: tells its pace from others'.
        pause: seconds between two turns.
    """

    def __init__(
        self,
        leases: Leases,
        upstream: str,
        *,
        pause: float = PAUSE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._leases = leases
        self._lease = f"past days {upstream}"
        self._pause = pause
        self._sleep = sleep
        self._local = threading.Lock()

    @contextmanager
    def turn(self, *, timeout: float = PATIENCE) -> Iterator[None]:
        """Wait for a turn and hold it; the next one is a pause away.

        Raises:
            UpstreamUnavailable: others took all turns in that time.
        """
        deadline = time.monotonic() + timeout
        if not self._local.acquire(timeout=timeout):
            raise _busy()
        try:
            while not self._leases.acquire([self._lease]):
                left, pause = deadline - time.monotonic(), self._leases.pause(self._lease)
                if left <= 0 or pause > left:
                    raise _busy()
                self._sleep(min(max(pause, _POLL_SECONDS), 1.0))
            try:
                yield
            finally:
                self._leases.release([self._lease], pause=self._pause)
        finally:
            self._local.release()


def _busy() -> UpstreamUnavailable:
    return UpstreamUnavailable("Many past days are being fetched, one at a time.", retry_after=5)

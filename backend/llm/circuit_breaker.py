"""When a request may leave for the model's provider: not while it is down or asked us to wait.

Both belong to one event loop: their methods are called from its thread only, and need no lock.
"""

from __future__ import annotations

from collections.abc import Callable


class CircuitBreaker:
    """Stops asking a provider that fails again and again, and tries it with one request after a while.

    Closed, it lets everything pass. `failures` faults in a row open it: nothing passes. `rest` seconds
    later one request, the probe, may pass: its success closes the breaker, its failure opens it for
    `rest` seconds more.

    Args:
        clock: seconds that only grow.
    """

    def __init__(
        self, *, failures: int = 5, rest: float = 10.0, clock: Callable[[], float]
    ) -> None:
        self._limit = failures
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._opened: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether nothing passes, but for a probe."""
        return self._opened is not None

    def admit(self) -> float:
        """0.0 when a request may leave now; else the seconds after which asking again makes sense."""
        if self._opened is None:
            return 0.0
        remaining = self._opened + self._rest - self._clock()
        if remaining > 0:
            return remaining
        if self._probing:
            return 1.0
        self._probing = True
        return 0.0

    def succeeded(self) -> None:
        """The provider answered, if only to refuse."""
        self._failures = 0
        self._opened = None
        self._probing = False

    def failed(self) -> None:
        """A connection error, a time-out or a 5xx; once for each question, however often it was asked again."""
        self._failures += 1
        if self._probing or self._failures >= self._limit:
            self._opened = self._clock()
        self._probing = False

    def abandoned(self) -> None:
        """The request ended without telling anything: its reader left."""
        self._probing = False


class BackOff:
    """The time for which a provider wants no requests at all.

    Args:
        first: seconds of a pause whose length the provider did not say; each following one is
            twice as long.
        longest: seconds of the longest pause.
    """

    def __init__(
        self, *, first: float = 1.0, longest: float = 120.0, clock: Callable[[], float]
    ) -> None:
        self._first = first
        self._longest = longest
        self._clock = clock
        self._until = 0.0
        self._unmeasured = 0

    @property
    def remaining(self) -> float:
        """Seconds that it still lasts; 0.0 when there is none."""
        return max(0.0, self._until - self._clock())

    def begin(self, seconds: float | None) -> None:
        """Nothing may leave for so long; None when the provider did not say how long."""
        if seconds is None:
            seconds = min(30.0, self._first * 2**self._unmeasured)
            self._unmeasured += 1
        self._until = max(self._until, self._clock() + min(seconds, self._longest))

    def succeeded(self) -> None:
        """A request passed: the next unmeasured pause is a short one again."""
        self._unmeasured = 0

"""By chance, so that processes and clients that begin together do not go on together."""

from __future__ import annotations

import random

# Of its own: whoever seeds the common one, as property-based tests do, must not be met by our threads.
_random = random.SystemRandom()


def between(least: float, most: float) -> float:
    """Any number from `least` to `most`."""
    return _random.uniform(least, most)

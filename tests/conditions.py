"""Waiting for what another thread, process or page brings about, instead of for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

_LOOK: Final = 0.02  # seconds between two looks; what is waited for cannot wake us


def wait_until(condition: Callable[[], object], what: str = "", *, seconds: float = 20) -> None:
    """Return once the condition holds.

    Args:
        what: what is waited for, said when it does not come.
        seconds: the patience; much longer than it ever takes.

    Raises:
        AssertionError: it still does not hold.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what or "what was waited for did not come"
        time.sleep(_LOOK)

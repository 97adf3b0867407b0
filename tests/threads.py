"""Something that goes on beside a test, and may fail."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import httpx


def in_the_background(ask: Callable[[], object]) -> threading.Thread:
    """Ask on a thread of its own; that the server does not answer is no failure."""

    def run() -> None:
        with contextlib.suppress(httpx.TransportError):
            ask()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread

"""The one event loop of a process, on a thread of its own: what waits for sockets waits there."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress


class EventLoop:
    """Begins when it is first needed, so that a server may fork after building this."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._process = 0
        self._left_to_parent: list[object] = []

    def running(self) -> asyncio.AbstractEventLoop:
        """This process's loop."""
        if self._loop is not None and self._process == os.getpid():
            return self._loop
        with self._lock:
            if self._loop is not None and self._process == os.getpid():
                return self._loop
            # After a fork the parent's loop is of no use here, and closing it would take sockets from the
            # parent's selector: it is only kept from being collected.
            self._left_to_parent.append(self._loop)
            loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=loop.run_forever, name="paperglot-loop", daemon=True
            )
            self._thread.start()
            self._process, self._loop = os.getpid(), loop
            return loop

    def call(self, function: Callable[[], object]) -> None:
        """Have a function called on the loop's thread, if the loop still runs."""
        with suppress(RuntimeError):
            self.running().call_soon_threadsafe(function)

    def close(self) -> None:
        """End the thread."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None or self._process != os.getpid():
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()

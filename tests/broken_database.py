"""A database that goes away, at the moment and for the statements that a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def broken(engine: sa.Engine, words: str) -> Iterator[threading.Event]:
    """Statements that hold these words fail as they do when the connection is lost; set: they work again."""
    mended = threading.Event()

    def fail(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if words in statement and not mended.is_set():
            raise sa.exc.OperationalError(statement, None, ConnectionError("lost"))

    sa.event.listen(engine, "before_cursor_execute", fail)
    yield mended
    sa.event.remove(engine, "before_cursor_execute", fail)

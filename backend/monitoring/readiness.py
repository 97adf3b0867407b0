"""Whether this process can serve: its database answers and has the tables that this release needs."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Literal

import sqlalchemy as sa

from ..database import MIGRATIONS, QueryTooSlow, time_limit

ASK_SECONDS = 2.0
"""A probe waits so long for the database."""
_KEPT_SECONDS = 1.0
"""However often it is asked; the question is one query."""

_version = sa.table("alembic_version", sa.column("version_num"))

Tables = Literal["current", "older", "newer", "unknown"]


@dataclass(frozen=True)
class Readiness:
    """What the database said.

    Args:
        database: whether it answered.
        tables: against this release. `newer` is good enough: a release only adds.
    """

    database: bool
    tables: Tables

    @property
    def ready(self) -> bool:
        """Whether readers can be served."""
        return self.database and self.tables in ("current", "newer")


class ReadinessCheck:
    """Asks the database, one caller at a time; the others get its answer."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._answer = (0.0, Readiness(False, "unknown"))

    def now(self) -> Readiness:
        """How it stands, at most a second ago."""
        with self._lock:
            asked_at, answer = self._answer
            if not asked_at or time.monotonic() - asked_at > _KEPT_SECONDS:
                answer = self._ask()
                self._answer = (time.monotonic(), answer)
            return answer

    def _ask(self) -> Readiness:
        try:
            with self._engine.connect() as connection, time_limit(connection, ASK_SECONDS):
                found = connection.execute(sa.select(_version.c.version_num)).scalars().all()
        except sa.exc.ProgrammingError:
            return Readiness(True, "older")  # no tables at all, says PostgreSQL
        except sa.exc.OperationalError as error:
            if "no such table" in str(error.orig):
                return Readiness(True, "older")
            return Readiness(False, "unknown")
        except (sa.exc.SQLAlchemyError, QueryTooSlow):
            return Readiness(False, "unknown")
        return Readiness(True, _compare(found[0] if found else ""))


def _compare(found: str) -> Tables:
    known, newest = _revisions()
    if found == newest:
        return "current"
    return "older" if found in known or not found else "newer"


@cache
def _revisions() -> tuple[frozenset[str], str]:
    """The names of this release's migrations, and the newest."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(MIGRATIONS))
    return frozenset(
        each.revision for each in scripts.walk_revisions()
    ), scripts.get_current_head() or ""

"""Whose turn it is to ask an upstream, among all processes and machines that share the database.

Times are the database's own, so that clocks which differ between machines do no harm.
"""

from __future__ import annotations

import math
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from ..database import epoch_now, insert, writing
from ..errors import UpstreamUnavailable
from .tables import upstream_leases as leases

ARXIV_PAUSE = 3.05
"""Seconds from the end of one request to arXiv to the beginning of the next.

arXiv allows one request in three seconds over one connection
(https://info.arxiv.org/help/api/tou.html); the rest is for clocks of milliseconds.
"""
_ARXIV = "arxiv"
_LEASE_SECONDS = 40.0
"""Longer than a request may take: whoever holds a lease longer is dead."""
_GLANCE = 0.1


@dataclass(frozen=True)
class Lease:
    """The right to do what only one may do at a time."""

    name: str
    holder: str


class Turns:
    """Leases on what only one may do at a time. They end by themselves when their holder dies."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def take(self, name: str, *, seconds: float = _LEASE_SECONDS) -> Lease | None:
        """The lease of this name, or None while another holds it or a pause is kept.

        Args:
            seconds: after which it ends by itself.
        """
        holder = uuid.uuid4().hex
        until = epoch_now() + seconds
        row = {"name": name, "holder": holder, "expires_at": until, "not_before": 0.0}
        free = sa.and_(leases.c.expires_at <= epoch_now(), leases.c.not_before <= epoch_now())
        statement = (
            insert(self._engine, leases)
            .values(row)
            .on_conflict_do_update(
                index_elements=[leases.c.name],
                set_={"holder": holder, "expires_at": until},
                where=free,
            )
            .returning(leases.c.name)
        )
        with writing(self._engine) as connection:
            taken = connection.execute(statement).scalar()
        return Lease(name, holder) if taken else None

    def pause(self, name: str) -> float:
        """For how many seconds nobody may have the lease of this name, whoever holds it."""
        statement = sa.select(leases.c.not_before - epoch_now()).where(leases.c.name == name)
        with self._engine.connect() as connection:
            return max(connection.execute(statement).scalar() or 0.0, 0.0)

    def release(self, lease: Lease, *, pause: float | None = None) -> None:
        """Give the lease back; with `pause`, nobody may take it for so many seconds from now."""
        ours = sa.and_(leases.c.name == lease.name, leases.c.holder == lease.holder)
        values: dict[str, object] = {"expires_at": 0.0}
        if pause is not None:
            values["not_before"] = epoch_now() + pause
        with writing(self._engine) as connection:
            connection.execute(sa.update(leases).where(ours).values(values))

    @contextmanager
    def look_at(self, what: str) -> Iterator[bool]:
        """Whether this caller is the one to look now; others that try meanwhile are told no."""
        lease = self.take(f"look {what}")
        try:
            yield lease is not None
        finally:
            if lease:
                self.release(lease)


class ArxivTurns:
    """arXiv's rule: one request in three seconds, one connection, for everything that we run."""

    def __init__(
        self,
        turns: Turns,
        *,
        pause: float = ARXIV_PAUSE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._turns = turns
        self._pause = pause
        self._sleep = sleep
        self._local = threading.Lock()

    @contextmanager
    def turn(self, *, patience: float) -> Iterator[Turn]:
        """Wait for the turn, hold it, and keep the next one three seconds away if it was used.

        Args:
            patience: seconds to wait at most.

        Raises:
            UpstreamUnavailable: it takes longer, or arXiv asked for silence.
        """
        deadline = time.monotonic() + patience
        if not self._local.acquire(timeout=patience):
            raise _busy(self._pause)
        try:
            lease = self._await(deadline)
            turn = Turn()
            try:
                yield turn
            finally:
                pause = max(self._pause, turn.silence) if turn.used else None
                self._turns.release(lease, pause=pause)
        finally:
            self._local.release()

    def _await(self, deadline: float) -> Lease:
        while not (lease := self._turns.take(_ARXIV)):
            left, pause = deadline - time.monotonic(), self._turns.pause(_ARXIV)
            if left <= 0 or pause > left:
                raise _busy(max(pause, self._pause))
            self._sleep(min(max(pause, _GLANCE), 1.0))
        return lease


class Turn:
    """One turn to ask arXiv. Whoever asks says so, and for how many seconds arXiv wants silence."""

    def __init__(self) -> None:
        self.used = False
        self.silence = 0.0


def _busy(seconds: float) -> UpstreamUnavailable:
    return UpstreamUnavailable(
        "arXiv may be asked only once in three seconds, and others are waiting.",
        retry_after=math.ceil(seconds),
    )

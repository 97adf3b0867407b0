"""What happened in the last days, for all processes together: gathered here, written now and then.

A process holds what it has not written yet, little whatever happens: names are few, of events the newest stay.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ..database import insert, writing
from .tables import EVENTS_KEPT, HOURS_KEPT, hourly_counts, owner_events, service_states

MOST_NAMES = 500
"""Names of counts that a process gathers between two writings; there are some dozens."""
_HOUR = 3600
_STATES_KEPT = 30 * 24 * _HOUR


Counts = dict[tuple[int, str], float]
"""By hour since 1970 and name."""


@dataclass(frozen=True)
class State:
    """How a service answered the last time.

    Args:
        name: `ok` or the name of its fault.
        since: when it began to be so; seconds since 1970, as `answered_at`, when it was seen the last time.
    """

    name: str
    since: float
    answered_at: float


@dataclass(frozen=True)
class Event:
    """Something that happened once."""

    at: float
    name: str
    place: str


class History:
    """Gathers for one process, reads for all.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, engine: sa.Engine, *, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._counts: Counts = {}
        self._states: dict[str, State] = {}
        self._unwritten: set[str] = set()
        self._events: dict[str, deque[Event]] = {}

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock()

    @property
    def pending(self) -> bool:
        """Whether there is something to write."""
        return bool(self._counts or self._unwritten or self._events)

    def count(self, name: str, amount: float = 1) -> None:
        """Add to this hour's count of a name."""
        key = (int(self._clock() // _HOUR), name)
        with self._lock:
            if key in self._counts or len(self._counts) < MOST_NAMES:
                self._counts[key] = self._counts.get(key, 0.0) + amount

    def note_state(self, service: str, name: str) -> bool:
        """A service answered so; returns whether that is news."""
        now = self._clock()
        with self._lock:
            before = self._states.get(service)
            is_new = before is None or before.name != name
            since = now if is_new or before is None else before.since
            self._states[service] = State(name, since, now)
            self._unwritten.add(service)
        return is_new

    def note_event(self, kind: str, name: str, place: str) -> None:
        """Something happened; the newest of each kind are kept."""
        with self._lock:
            events = self._events.setdefault(kind, deque(maxlen=EVENTS_KEPT))
            events.append(Event(self._clock(), name[:60], place[:80]))

    def write(self) -> None:
        """Write what was gathered; what cannot be written stays for the next time.

        Raises:
            SQLAlchemyError: the database is away.
        """
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, {}
                states = {service: self._states[service] for service in self._unwritten}
                events, self._events = self._events, {}
                self._unwritten = set()
            if not (counts or states or events):
                return
            try:
                with writing(self._engine) as connection:
                    _add_counts(connection, counts)
                    for service, state in sorted(states.items()):
                        _keep_state(connection, service, state)
                    for kind, those in events.items():
                        _add_events(connection, kind, those)
                    self._drop_old(connection)
            except sa.exc.SQLAlchemyError:
                self._take_back(counts, states, events)
                raise

    def counts(self, hours: int) -> dict[int, dict[str, float]]:
        """The counts of this hour and those before it, by hour since 1970, then by name."""
        first = int(self._clock() // _HOUR) - hours + 1
        table = hourly_counts
        found: dict[int, dict[str, float]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(sa.select(table).where(table.c.hour >= first)):
                found.setdefault(row.hour, {})[row.name] = row.amount
        return found

    def states(self) -> dict[str, State]:
        """How each service answered the last time, as far as processes have written it."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(service_states)).all()
        return {row.service: State(row.state, row.since, row.answered_at) for row in rows}

    def own_states(self) -> dict[str, State]:
        """How each service answered this process; needs no database."""
        with self._lock:
            return dict(self._states)

    def events(self, kind: str) -> list[Event]:
        """The last events of a kind, newest first."""
        table = owner_events
        newest = (
            sa.select(table)
            .where(table.c.kind == kind)
            .order_by(table.c.id.desc())
            .limit(EVENTS_KEPT)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(newest).all()
        return sorted((Event(r.at, r.name, r.place) for r in rows), key=lambda e: -e.at)

    def _drop_old(self, connection: sa.Connection) -> None:
        now = self._clock()
        oldest = int(now // _HOUR) - HOURS_KEPT
        connection.execute(sa.delete(hourly_counts).where(hourly_counts.c.hour <= oldest))
        table = service_states
        connection.execute(sa.delete(table).where(table.c.answered_at < now - _STATES_KEPT))

    def _take_back(
        self,
        counts: Counts,
        states: dict[str, State],
        events: dict[str, deque[Event]],
    ) -> None:
        with self._lock:
            for key, amount in counts.items():
                if key in self._counts or len(self._counts) < MOST_NAMES:
                    self._counts[key] = self._counts.get(key, 0.0) + amount
            self._unwritten |= states.keys()
            for kind, those in events.items():
                newer = self._events.get(kind, ())
                self._events[kind] = deque([*those, *newer], maxlen=EVENTS_KEPT)


def _add_counts(connection: sa.Connection, counts: Counts) -> None:
    if not counts:
        return
    # In one order in all processes: no deadlock between row locks.
    rows = [
        {"hour": hour, "name": name, "amount": amount}
        for (hour, name), amount in sorted(counts.items())
    ]
    table = hourly_counts
    statement = insert(connection, table)
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.hour, table.c.name],
        set_={"amount": table.c.amount + statement.excluded.amount},
    )
    connection.execute(statement, rows)


def _keep_state(connection: sa.Connection, service: str, state: State) -> None:
    table = service_states
    statement = insert(connection, table).values(
        service=service[:60], state=state.name, since=state.since, answered_at=state.answered_at
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.service],
            set_={
                "state": state.name,
                "since": sa.case((table.c.state == state.name, table.c.since), else_=state.since),
                "answered_at": state.answered_at,
            },
            where=table.c.answered_at < state.answered_at,
        )
    )


def _add_events(connection: sa.Connection, kind: str, events: Iterable[Event]) -> None:
    table = owner_events
    connection.execute(
        sa.insert(table),
        [{"kind": kind, "at": e.at, "name": e.name, "place": e.place} for e in events],
    )
    newest = (
        sa.select(table.c.id)
        .where(table.c.kind == kind)
        .order_by(table.c.id.desc())
        .limit(EVENTS_KEPT)
    )
    connection.execute(
        sa.delete(table).where(table.c.kind == kind, table.c.id.not_in(newest.scalar_subquery()))
    )

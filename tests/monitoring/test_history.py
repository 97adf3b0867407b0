"""The owner's history: summed over processes, bounded, and kept while the database is away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from backend.monitoring.history import MOST_NAMES, History
from backend.monitoring.monitor import shortened
from backend.monitoring.tables import EVENTS_KEPT, HOURS_KEPT, hourly_counts, owner_events
from tests.broken_database import broken

pytestmark = pytest.mark.sql

HOUR = 3600
START = 500_000 * HOUR + 10.0


class Clock:
    """Seconds since 1970 that a test moves on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def process(engine: sa.Engine, clock: Clock) -> Callable[[], History]:
    """Makes histories as each process has one."""
    return lambda: History(engine, clock=clock)


def test_counts_of_all_processes_are_added_up(process: Callable[[], History], clock: Clock):
    one, other = process(), process()
    for history in (one, other, one):
        history.count("requests", 2)
        history.write()
    clock.now += HOUR
    other.count("requests")
    other.count("first-words.seconds", 0.25)
    other.write()
    assert one.counts(24) == {
        500_000: {"requests": 6.0},
        500_001: {"requests": 1.0, "first-words.seconds": 0.25},
    }
    assert one.counts(1) == {500_001: {"requests": 1.0, "first-words.seconds": 0.25}}


def test_a_state_is_the_newest_of_any_process(process: Callable[[], History], clock: Clock):
    one, other = process(), process()
    assert one.note_state("model", "ok")
    assert not one.note_state("model", "ok")
    one.write()
    clock.now += 60
    assert other.note_state("model", "key-refused")
    other.write()
    clock.now += 60
    other.note_state("model", "key-refused")
    other.write()
    [state] = one.states().values()
    assert (state.name, state.since, state.answered_at) == ("key-refused", START + 60, START + 120)
    clock.now -= 90
    one.note_state("model", "ok")
    one.write()
    assert one.states()["model"].name == "key-refused", "what is older says nothing new"


def test_nothing_grows_for_ever(process: Callable[[], History], clock: Clock, engine: sa.Engine):
    history = process()
    for number in range(2 * MOST_NAMES):
        history.count(f"name {number}")
        history.note_event("error", f"error {number}", "somewhere")
        history.note_event("wrong-token", "", "192.0.2.x")
    history.write()
    for number in range(EVENTS_KEPT):
        history.note_event("error", f"later {number}", "x" * 500)
    history.write()
    with engine.connect() as connection:
        kept = connection.execute(sa.select(sa.func.count()).select_from(owner_events)).scalar_one()
        names = connection.execute(
            sa.select(sa.func.count()).select_from(hourly_counts)
        ).scalar_one()
    assert kept == 2 * EVENTS_KEPT
    assert names == MOST_NAMES
    assert {event.name[:5] for event in history.events("error")} == {"later"}
    clock.now += (HOURS_KEPT + 1) * HOUR
    history.count("requests")
    history.write()
    with engine.connect() as connection:
        left = connection.execute(sa.select(hourly_counts.c.name)).scalars().all()
    assert left == ["requests"]


def test_what_cannot_be_written_is_written_later(process: Callable[[], History], engine: sa.Engine):
    history = process()
    history.count("requests", 5)
    history.note_state("model", "ok")
    history.note_event("error", "internal-error", "/x")
    with broken(engine, ""), pytest.raises(sa.exc.SQLAlchemyError):
        history.write()
    history.count("requests")
    assert history.pending
    history.write()
    assert not history.pending
    assert history.counts(1) == {500_000: {"requests": 6.0}}
    assert history.states()["model"].name == "ok"
    assert [event.name for event in history.events("error")] == ["internal-error"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.x"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.x"),
        ("<script>", "unknown"),
        ("", "unknown"),
    ],
)
def test_addresses_are_shortened(address: str, shown: str):
    assert shortened(address) == shown

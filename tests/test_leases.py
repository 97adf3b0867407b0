"""Leases: one holder, given back, taken over from the dead."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from backend.leases import Leases
from tests.conditions import wait_until

pytestmark = pytest.mark.sql

KEYS = ["a" * 64, "b" * 64, "c" * 64]

MakeLeases = Callable[..., Leases]


@pytest.fixture
def make_leases(engine: sa.Engine) -> Iterator[MakeLeases]:
    """Leases of several processes; their threads end before the database does."""
    made: list[Leases] = []

    def make(**options: float) -> Leases:
        made.append(Leases(engine, **options))
        return made[-1]

    yield make
    for leases in made:
        leases.close()


def test_one_holder_at_a_time(make_leases: MakeLeases):
    one, other = make_leases(), make_leases()
    assert one.acquire(KEYS[:2]) == set(KEYS[:2])
    assert other.acquire(KEYS) == {KEYS[2]}
    one.release(KEYS)
    assert other.acquire(KEYS[:2]) == set(KEYS[:2])
    other.release(KEYS)


def test_only_the_holder_gives_a_lease_back(make_leases: MakeLeases):
    one, other = make_leases(), make_leases()
    one.acquire(KEYS)
    other.release(KEYS)
    assert other.acquire(KEYS) == set()
    one.release(KEYS)


def test_a_living_holder_keeps_its_lease_and_a_dead_one_loses_it(
    make_leases: MakeLeases, monkeypatch
):
    monkeypatch.setattr("backend.leases._RENEW_SECONDS", 0.2)
    living, dead, other = make_leases(seconds=1), make_leases(seconds=1), make_leases()
    living.acquire(KEYS[:1])
    dead.acquire(KEYS[1:2])
    dead._held.clear()  # a process that was killed renews nothing
    deadline = time.monotonic() + 5
    taken: set[str] = set()
    while not taken and time.monotonic() < deadline:
        taken = other.acquire(KEYS[:2])
    assert taken == {KEYS[1]}
    living.release(KEYS)
    other.release(KEYS)


def test_nobody_has_a_lease_during_a_pause(make_leases: MakeLeases):
    one, other = make_leases(), make_leases()
    one.acquire(["x"])
    assert one.pause("x") == 0
    one.release(["x"], pause=1)
    assert not other.acquire(["x"])
    assert 0 < other.pause("x") <= 1
    wait_until(lambda: other.acquire(["x"]))
    assert other.pause("x") == 0


def test_a_renewal_that_comes_late_does_not_renew_what_was_given_back(make_leases: MakeLeases):
    """The renewing thread reads what is held before another thread gives it back."""
    one, other = make_leases(), make_leases()
    one.acquire(["x", "y"])
    one.release(["x"], pause=0)
    one.release(["y"])
    one._renew(["x", "y"])
    assert other.acquire(["x", "y"]) == {"x", "y"}


def test_a_holder_does_not_take_its_own_lease_twice(make_leases: MakeLeases):
    """Two threads of one process are two who want it."""
    leases = make_leases()
    assert leases.acquire(["x"])
    assert not leases.acquire(["x"])


def test_who_comes_back_from_the_dead_gives_nothing_away(make_leases: MakeLeases):
    """A process that was asleep while its lease ended and another took it over."""
    asleep, other = make_leases(seconds=0.1), make_leases()
    asleep.acquire(["x"])
    asleep._held.clear()
    wait_until(lambda: other.acquire(["x"]))
    asleep._held.add("x")
    asleep.release(["x"], pause=60)
    assert not make_leases().acquire(["x"])
    other.release(["x"])
    assert make_leases().acquire(["x"])


def test_of_many_that_try_at_once_one_is_told_yes(make_leases: MakeLeases):
    """Those told no do not wait."""
    told: list[bool] = []
    barrier, all_told = threading.Barrier(8), threading.Event()

    def attempt() -> None:
        leases = make_leases()
        barrier.wait()
        with leases.held("list 2026-03-04") as ours:
            told.append(ours)
            if len(told) == 8:
                all_told.set()
            if ours:
                assert all_told.wait(20)

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]


def test_the_database_gives_the_time(make_leases: MakeLeases, monkeypatch: pytest.MonkeyPatch):
    """A machine whose clock is wrong waits as long as the others."""
    leases = make_leases()
    leases.acquire(["x"])
    leases.release(["x"], pause=10)
    monkeypatch.setattr(time, "time", lambda: 1e10)
    assert 9 < leases.pause("x") <= 10
    assert not leases.acquire(["x"])

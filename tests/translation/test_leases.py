"""Leases: one holder, given back, taken over from the dead."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from backend.translation.leases import Leases

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
    monkeypatch.setattr("backend.translation.leases._RENEW_SECONDS", 0.2)
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

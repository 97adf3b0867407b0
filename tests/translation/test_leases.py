"""Leases: one holder, given back, taken over from the dead."""

from __future__ import annotations

import time

import sqlalchemy as sa

from backend.translation.leases import Leases

KEYS = ["a" * 64, "b" * 64, "c" * 64]


def test_one_holder_at_a_time(engine: sa.Engine):
    one, other = Leases(engine), Leases(engine)
    assert one.acquire(KEYS[:2]) == set(KEYS[:2])
    assert other.acquire(KEYS) == {KEYS[2]}
    one.release(KEYS)
    assert other.acquire(KEYS[:2]) == set(KEYS[:2])
    other.release(KEYS)


def test_only_the_holder_gives_a_lease_back(engine: sa.Engine):
    one, other = Leases(engine), Leases(engine)
    one.acquire(KEYS)
    other.release(KEYS)
    assert other.acquire(KEYS) == set()
    one.release(KEYS)


def test_a_living_holder_keeps_its_lease_and_a_dead_one_loses_it(engine: sa.Engine, monkeypatch):
    monkeypatch.setattr("backend.translation.leases._RENEW_SECONDS", 0.2)
    living, dead, other = Leases(engine, seconds=1), Leases(engine, seconds=1), Leases(engine)
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

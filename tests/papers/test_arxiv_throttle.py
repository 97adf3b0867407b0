"""Whose turn it is to ask an upstream: among threads, processes, machines."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from backend.errors import UpstreamUnavailable
from backend.papers.arxiv_throttle import ARXIV_PAUSE, ArxivTurns, Turns
from tests.fakes.upstreams import entry

ONE_PROCESS = """
import sys
from backend import database
from backend.papers.arxiv import ArxivClient
from backend.papers.turns import ArxivTurns, Turns
from backend.papers.upstream import open_client

url, api_url, pause, first, last = sys.argv[1:]
turns = ArxivTurns(Turns(database.connect(url)), pause=float(pause))
source = ArxivClient(open_client(version="0", contact=None), api_url=api_url)
for number in range(int(first), int(last)):
    with turns.turn(patience=60) as turn:
        turn.used = True
        source.metadata([f"2603.{number:05}"])
"""


@pytest.fixture
def turns(engine):
    return Turns(engine)


def test_only_one_holds_a_lease(turns, engine):
    lease = turns.take("x", seconds=60)
    assert lease
    assert Turns(engine).take("x", seconds=60) is None
    assert Turns(engine).take("y", seconds=60)
    turns.release(lease)
    assert Turns(engine).take("x", seconds=60)


def test_a_lease_ends_when_its_holder_dies(turns, engine):
    dead = turns.take("x", seconds=0.2)
    assert dead
    time.sleep(0.25)
    lease = Turns(engine).take("x", seconds=60)
    assert lease
    turns.release(dead)  # comes back from the dead, and may not give away what is another's
    assert Turns(engine).take("x", seconds=60) is None


def test_nobody_has_a_lease_during_a_pause(turns, engine):
    lease = turns.take("x", seconds=60)
    assert turns.pause("x") == 0
    turns.release(lease, pause=0.4)
    assert Turns(engine).take("x") is None
    assert 0.2 < Turns(engine).pause("x") <= 0.4
    time.sleep(0.45)
    assert Turns(engine).take("x")


def test_of_many_that_look_at_once_one_is_told_yes(engine):
    """Those told no meanwhile do not wait."""
    told: list[bool] = []
    barrier = threading.Barrier(8)

    def look() -> None:
        turns = Turns(engine)
        barrier.wait()
        with turns.look_at("2026-03-04") as ours:
            told.append(ours)
            if ours:
                time.sleep(0.5)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]


def test_used_turns_are_a_pause_apart_and_unused_ones_are_not(turns):
    arxiv_turns = ArxivTurns(turns, pause=0.5)
    began = time.monotonic()
    for _ in range(3):
        with arxiv_turns.turn(patience=5):
            pass
    assert time.monotonic() - began < 0.4
    for _ in range(2):
        with arxiv_turns.turn(patience=5) as turn:
            turn.used = True
    with arxiv_turns.turn(patience=5):
        assert 1.0 <= time.monotonic() - began < 2.0


def test_a_turn_is_given_back_after_an_error(turns):
    arxiv_turns = ArxivTurns(turns, pause=0.2)

    def fail() -> None:
        with arxiv_turns.turn(patience=1) as turn:
            turn.used = True
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with arxiv_turns.turn(patience=1):
        pass


def test_whoever_has_no_patience_is_told_when_to_come_again(turns, engine):
    with ArxivTurns(turns, pause=60).turn(patience=1) as turn:
        turn.used = True
    began = time.monotonic()
    with (
        pytest.raises(UpstreamUnavailable) as fault,
        ArxivTurns(Turns(engine), pause=60).turn(patience=1),
    ):
        pass
    assert time.monotonic() - began < 1
    assert 58 <= (fault.value.retry_after or 0) <= 60


def test_silence_that_arxiv_asks_for_holds_for_everyone(turns, engine):
    with ArxivTurns(turns, pause=0.1).turn(patience=1) as turn:
        turn.used = True
        turn.silence = 30.0
    with (
        pytest.raises(UpstreamUnavailable) as fault,
        ArxivTurns(Turns(engine), pause=0.1).turn(patience=5),
    ):
        pass
    assert 28 <= (fault.value.retry_after or 0) <= 30


def test_processes_that_share_the_database_never_ask_closer_than_three_seconds(database_url, arxiv):
    """Three processes, four requests: one at a time, none within three seconds of the last."""
    assert ARXIV_PAUSE > 3
    arxiv.entries |= {f"2603.{n:05}": entry(f"2603.{n:05}") for n in range(1, 5)}
    arxiv.delay = 0.2
    arguments = [database_url, arxiv.api_url, str(ARXIV_PAUSE)]
    processes = [
        subprocess.Popen([sys.executable, "-c", ONE_PROCESS, *arguments, first, last])
        for first, last in (("1", "3"), ("3", "4"), ("4", "5"))
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert sorted(arxiv.asked()) == [[f"2603.{n:05}"] for n in range(1, 5)]
    assert arxiv.closest() >= 3
    assert arxiv.busiest == 1


def test_the_database_gives_the_time(turns, monkeypatch):
    """A machine whose clock is wrong waits as long as the others."""
    turns.release(turns.take("x"), pause=10)
    monkeypatch.setattr(time, "time", lambda: 1e10)
    assert 9 < turns.pause("x") <= 10
    assert turns.take("x") is None

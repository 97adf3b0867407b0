"""arXiv is asked once in three seconds, by whichever thread, process or machine."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from backend.errors import UpstreamUnavailable
from backend.leases import Leases
from backend.papers.arxiv_throttle import ARXIV_PAUSE, ArxivThrottle
from tests.fakes.upstreams import entry

pytestmark = pytest.mark.sql

ONE_PROCESS = """
import sys
from backend import database
from backend.leases import Leases
from backend.papers.arxiv import ArxivClient
from backend.papers.arxiv_throttle import ArxivThrottle
from backend.papers.upstream import open_client

url, api_url, pause, first, last = sys.argv[1:]
throttle = ArxivThrottle(Leases(database.connect(url)), pause=float(pause))
source = ArxivClient(open_client(version="0", contact=None), api_url=api_url)
for number in range(int(first), int(last)):
    with throttle.permit(timeout=60) as permit:
        permit.used = True
        source.metadata([f"2603.{number:05}"])
"""


@pytest.fixture
def leases(engine):
    leases = Leases(engine)
    yield leases
    leases.close()


def test_used_permits_are_a_pause_apart_and_unused_ones_are_not(leases):
    slow, throttle = ArxivThrottle(leases, pause=60), ArxivThrottle(leases, pause=0.5)
    for _ in range(3):
        with slow.permit(timeout=20):
            pass
    began = time.monotonic()
    for _ in range(2):
        with throttle.permit(timeout=20) as permit:
            permit.used = True
    with throttle.permit(timeout=20):
        assert time.monotonic() - began >= 1.0


def test_a_permit_is_given_back_after_an_error(leases):
    throttle = ArxivThrottle(leases, pause=0.2)

    def fail() -> None:
        with throttle.permit(timeout=10) as permit:
            permit.used = True
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with throttle.permit(timeout=10):
        pass


def test_whoever_cannot_wait_is_told_when_to_come_again(leases, engine):
    with ArxivThrottle(leases, pause=60).permit(timeout=1) as permit:
        permit.used = True
    began = time.monotonic()
    with (
        pytest.raises(UpstreamUnavailable) as fault,
        ArxivThrottle(Leases(engine), pause=60).permit(timeout=1),
    ):
        pass
    assert time.monotonic() - began < 30
    assert 30 <= (fault.value.retry_after or 0) <= 60


def test_silence_that_arxiv_asks_for_holds_for_everyone(leases, engine):
    with ArxivThrottle(leases, pause=0.1).permit(timeout=1) as permit:
        permit.used = True
        permit.silence = 30.0
    with (
        pytest.raises(UpstreamUnavailable) as fault,
        ArxivThrottle(Leases(engine), pause=0.1).permit(timeout=5),
    ):
        pass
    assert 20 <= (fault.value.retry_after or 0) <= 30


def test_processes_that_share_the_database_ask_one_after_the_other(database_url, arxiv):
    """Three processes, four requests: one at a time, none within the pause after the last."""
    assert ARXIV_PAUSE > 3
    arxiv.entries |= {f"2603.{n:05}": entry(f"2603.{n:05}") for n in range(1, 5)}
    arxiv.delay = 0.2
    arguments = [database_url, arxiv.api_url, "0.55"]
    processes = [
        subprocess.Popen([sys.executable, "-c", ONE_PROCESS, *arguments, first, last])
        for first, last in (("1", "3"), ("3", "4"), ("4", "5"))
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert sorted(arxiv.asked()) == [[f"2603.{n:05}"] for n in range(1, 5)]
    assert arxiv.closest() >= 0.5
    assert arxiv.busiest == 1

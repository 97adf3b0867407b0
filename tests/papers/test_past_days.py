"""Days that readers go back to: one pace for all of them, a share for each stranger, the newest first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest

from backend import clients
from backend.errors import PaperglotError, RateLimited, UpstreamUnavailable
from backend.leases import Leases
from backend.lists.past_days import PastDays
from tests.conditions import wait_until
from tests.papers.test_editions import brief, day_list
from tests.papers.wiring import PapersSide

TODAY = date(2026, 3, 4)
ADA, BOB = "203.0.113.1", "203.0.113.2"


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


class Outcomes:
    """What many readers get who ask at the same time; `all` waits for them."""

    def __init__(self) -> None:
        self.seen: list[tuple[str | None, str]] = []
        self._threads: list[threading.Thread] = []

    def ask(self, client: str | None, work: Callable[[], object]) -> None:
        def run() -> None:
            clients.work_for(client)
            try:
                work()
                self.seen.append((client, "served"))
            except PaperglotError as error:
                self.seen.append((client, error.type))

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def all(self) -> list[tuple[str | None, str]]:
        for thread in self._threads:
            thread.join(30)
        return self.seen


def test_a_stranger_who_asks_for_every_day_has_two_fetched_at_a_time(by_hand, huggingface):
    huggingface.lists = {str(days_ago(n)): day_list(3) for n in range(60)}
    huggingface.delay = 0.5
    outcomes = Outcomes()
    for number in range(1, 31):
        outcomes.ask(ADA, partial(by_hand.editions.on, days_ago(number)))
    wait_until(lambda: len(outcomes.seen) >= 28)
    outcomes.ask(BOB, lambda: by_hand.editions.on(days_ago(40)))
    outcomes.ask(None, lambda: by_hand.editions.on(days_ago(41)))
    seen = outcomes.all()
    assert seen.count((ADA, "rate-limited")) == 28
    assert seen.count((ADA, "served")) == 2
    assert seen.count((BOB, "served")) == 1, "others have their own share"
    assert seen.count((None, "served")) == 1
    assert len(huggingface.requests) == 4
    assert by_hand.editions.on(days_ago(50)), "what is done makes room"


def test_the_newest_day_does_not_wait_for_past_ones(by_hand, huggingface):
    huggingface.lists = {str(days_ago(n)): day_list(9) for n in range(60)}
    go_on = threading.Event()
    usual = huggingface.answer
    past = "2026-03-03"
    huggingface.answer = lambda request: (
        (request.params["date"] != past or go_on.wait(20)) and usual(request)
    )
    outcomes = Outcomes()
    for number in range(1, 9):  # all that may be on their way; the first hangs
        outcomes.ask(None, partial(by_hand.editions.on, days_ago(number)))
    wait_until(lambda: huggingface.requests)
    began = time.monotonic()
    assert brief(by_hand.editions.on(TODAY)) == ("2026-03-04", "filling", 9)
    assert brief(by_hand.editions.latest()) == ("2026-03-04", "filling", 9)
    assert time.monotonic() - began < 3
    go_on.set()
    outcomes.all()


@pytest.fixture
def leases(engine) -> Iterator[Leases]:
    leases = Leases(engine)
    yield leases
    leases.close()


@pytest.mark.sql
def test_turns_are_a_pause_apart_in_all_processes(engine, leases):
    other = Leases(engine)
    times: list[float] = []

    def take(turns: PastDays) -> None:
        for _ in range(3):
            with turns.turn(timeout=20):
                times.append(time.monotonic())

    threads = [
        threading.Thread(target=take, args=(PastDays(each, "huggingface", pause=0.3),))
        for each in (leases, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(times) == 6
    assert min(b - a for a, b in pairwise(sorted(times))) >= 0.29


def test_upstreams_have_each_their_own_pace_and_nobody_waits_for_ever(leases):
    ours = PastDays(leases, "huggingface", pause=60)
    with ours.turn():
        pass
    with PastDays(leases, "arxiv", pause=60).turn(timeout=1):
        pass
    with pytest.raises(UpstreamUnavailable), ours.turn(timeout=0.3):
        pass


def test_a_stranger_who_asks_for_unknown_papers_does_not_shut_out_others(
    by_hand: PapersSide, arxiv
):
    go_on = threading.Event()
    usual = arxiv.answer
    arxiv.answer = lambda request: go_on.wait(20) and usual(request)
    outcomes = Outcomes()
    for number in range(60):
        outcomes.ask(ADA, partial(by_hand.papers.get, f"2501.{number:05}"))
    wait_until(lambda: len(outcomes.seen) >= 58)
    assert outcomes.seen == [(ADA, "rate-limited")] * 58
    outcomes.ask(BOB, lambda: by_hand.papers.get("2502.00001"))
    while "2502.00001" not in by_hand.texts._wanted:
        time.sleep(0.01)
    go_on.set()
    assert (BOB, "not-found") in outcomes.all()


def test_strangers_together_leave_places_for_those_who_may_translate(by_hand: PapersSide, arxiv):
    go_on = threading.Event()
    usual = arxiv.answer
    arxiv.answer = lambda request: go_on.wait(20) and usual(request)
    outcomes = Outcomes()
    for number in range(20):
        network = clients.of_address(f"2001:db8:{number}::7")
        outcomes.ask(network, partial(by_hand.papers.get, f"2501.{number:05}"))
    wait_until(lambda: len(outcomes.seen) >= 12)
    assert {kind for _, kind in outcomes.seen} == {"upstream-unavailable"}
    outcomes.ask(None, lambda: by_hand.papers.get("2502.00001"))
    while "2502.00001" not in by_hand.texts._wanted:
        time.sleep(0.01)
    go_on.set()
    assert (None, "not-found") in outcomes.all()


def test_a_share_that_is_given_back_can_be_taken_again():
    shares = clients.Shares(1, "Wait.")
    clients.work_for(ADA)
    try:
        taken = shares.take(3)
        with pytest.raises(RateLimited), shares.one(3):
            pass
        clients.work_for(BOB)
        with shares.one(3):
            pass
        shares.give_back(taken)
        clients.work_for(ADA)
        with shares.one(3):
            pass
    finally:
        clients.work_for(None)

"""Readers who wait for lists that are not stored: how many may, and what the others are told."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

from backend.errors import UpstreamUnavailable
from backend.lists.list_editions import WAIT
from backend.lists.refresher import Refresher
from tests.conditions import wait_until
from tests.fakes.upstreams import SERVER_ERROR
from tests.papers.test_editions import brief, day_list
from tests.papers.wiring import utc

TODAY = date(2026, 3, 4)


def test_many_days_at_once_are_refused_but_never_the_latest(by_hand, huggingface):
    huggingface.lists = {"2026-03-04": day_list(9)}
    huggingface.delay = 0.3
    outcomes: list[str] = []

    def read(number: int) -> None:
        try:
            by_hand.editions.on(TODAY - timedelta(days=number))
            outcomes.append("served")
        except UpstreamUnavailable as fault:
            outcomes.append(fault.detail)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(outcomes) >= 4)
    assert brief(by_hand.editions.latest()) == ("2026-03-04", "filling", 9)
    for thread in threads:
        thread.join()
    assert outcomes.count("served") == 8
    assert outcomes.count("Many other days are being fetched now.") == 4


def test_of_many_readers_of_one_missing_day_some_wait_and_the_rest_are_told(
    by_hand, huggingface, monkeypatch
):
    """An upstream that hangs must not hold every thread of the server."""
    monkeypatch.setattr("backend.lists.refresher.MAX_WAITING", 9)
    refresher = Refresher(by_hand.poller, by_hand.texts, clock=lambda: utc("2026-03-04 12:00"))
    go_on = threading.Event()
    usual = huggingface.answer
    huggingface.answer = lambda request: go_on.wait(20) and usual(request)
    huggingface.lists = {str(TODAY): day_list(3)}
    outcomes: list[str] = []

    def read() -> None:
        try:
            refresher.fetch(TODAY, seconds=15)
            outcomes.append("served")
        except UpstreamUnavailable as fault:
            outcomes.append(fault.detail)

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(outcomes) >= 11)
    assert outcomes == ["Many readers are waiting for lists that are not stored here."] * 11
    go_on.set()
    for thread in threads:
        thread.join()
    assert outcomes.count("served") == 9


def test_who_cannot_wait_for_the_latest_is_shown_what_there_is(by_hand, huggingface, monkeypatch):
    """At once, although the upstream hangs; the list is fetched behind the answer."""
    monkeypatch.setattr("backend.lists.refresher.MAX_WAITING", 0)
    go_on = threading.Event()
    huggingface.answer = lambda request: go_on.wait(20) and SERVER_ERROR
    by_hand.list_editions._refresher = Refresher(
        by_hand.poller, by_hand.texts, clock=by_hand.poller._clock
    )
    began = time.monotonic()
    assert by_hand.editions.latest().state == "sample"
    assert time.monotonic() - began < WAIT - 1
    go_on.set()

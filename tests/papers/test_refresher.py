"""Refreshing behind the answers: growth, failures, back-off, many processes."""

from __future__ import annotations

import statistics
import threading
import time
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from tests.conditions import wait_until
from tests.fakes.upstreams import HANG_UP, HTML, SERVER_ERROR, Reply, entry, too_many
from tests.papers.test_editions import brief, day_list, keep
from tests.papers.wiring import PapersSide, utc

TODAY = date(2026, 3, 4)


def shown(side: PapersSide) -> tuple[int, bool]:
    edition = side.editions.on(TODAY)
    return len(edition.papers), edition.stale


def test_one_then_31_then_an_error_then_5(by_hand, huggingface, arxiv, clock):
    """The list shows 1, 31, 31 (stale), 31, each at the refresh due, and costs one look each."""
    side, seen = by_hand, []
    answers = [day_list(1), day_list(31), None, day_list(5)]
    for answer in answers:
        huggingface.fault = SERVER_ERROR if answer is None else None
        huggingface.lists = {"2026-03-04": answer or []}
        side.refresher.work()
        seen.append(shown(side))
        asked = len(huggingface.requests)
        side.refresher.work()  # not due yet
        clock.advance(minutes=14, seconds=59)
        side.refresher.work()
        assert len(huggingface.requests) == asked
        clock.advance(seconds=1)
    assert seen == [(1, False), (31, False), (31, True), (31, False)]


def test_the_same_in_real_time_with_an_interval_of_a_second(
    engine, http_client, huggingface, arxiv
):
    """The thread by itself, polled as a reader would, and one request to arXiv a growth."""
    arxiv.entries |= {f"2603.{n:05}": entry(f"2603.{n:05}") for n in range(1, 32)}
    noon, began = utc("2026-03-04 12:00"), time.monotonic()

    def running() -> datetime:
        return noon + timedelta(seconds=time.monotonic() - began)

    side = PapersSide(engine, http_client, huggingface, arxiv, running, interval=1, pause=0.2)
    answers = [day_list(1), day_list(31), None, day_list(5)]
    usual = huggingface.answer

    def answer(request):
        number = huggingface.dates().count(str(TODAY))
        now = answers[min(number, len(answers)) - 1]
        if now is None:
            return SERVER_ERROR
        huggingface.lists = {str(TODAY): now}
        return usual(request)

    huggingface.answer = answer
    seen: list[tuple[int, bool]] = []

    def six_looks() -> bool:
        if not seen or seen[-1] != shown(side):
            seen.append(shown(side))
        return len(huggingface.requests) >= 6

    wait_until(six_looks)
    side.editions.close()
    assert seen == [(1, False), (31, False), (31, True), (31, False)]
    times = [request.at for request in huggingface.requests]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    # Never early; a busy machine may make one late, and the next comes from there.
    assert min(gaps) >= 0.9, gaps
    assert statistics.median(gaps) <= 2, gaps
    assert [len(asked) for asked in arxiv.asked()] == [1, 30]


@pytest.mark.parametrize(
    "fault",
    [
        SERVER_ERROR,
        HANG_UP,
        HTML,
        too_many(),
        Reply(body=b'[{"paper": {"id": "2603.000'),
        Reply(body=b"[]"),
        Reply(404),
    ],
)
def test_whatever_the_upstream_does_the_stored_list_is_served(
    by_hand, huggingface, clock, caplog, fault
):
    huggingface.lists = {"2026-03-04": day_list(31)}
    by_hand.refresher.work()
    huggingface.fault = fault
    clock.advance(minutes=15)
    by_hand.refresher.work()
    stale = fault.body != b"[]"
    assert shown(by_hand) == (31, stale)
    assert len(caplog.records) == 1
    edition = by_hand.editions.latest()
    assert (brief(edition), edition.stale) == (("2026-03-04", "filling", 31), stale)
    if stale:
        assert edition.note == (
            "Hugging Face cannot be reached now; this is the list as of 12:00 UTC on 2026-03-04."
        )


def test_pauses_grow_only_while_looks_fail(by_hand, huggingface, clock):
    """Minutes after noon at which the upstream is asked."""
    huggingface.lists = {"2026-03-04": day_list(31)}
    asked: list[int] = []
    for minute in range(0, 240):
        huggingface.fault = SERVER_ERROR if 10 <= minute < 150 else None
        before = len(huggingface.requests)
        by_hand.refresher.work()
        if len(huggingface.requests) > before:
            asked.append(minute)
        clock.advance(minutes=1)
    assert asked == [0, 15, 30, 60, 120, 180, 195, 210, 225]


def test_silence_that_the_upstream_asks_for_is_kept(by_hand, huggingface, clock):
    huggingface.lists = {"2026-03-04": day_list(31)}
    by_hand.refresher.work()
    huggingface.faults.append(too_many(Retry_After="3000"))
    clock.advance(minutes=15)
    by_hand.refresher.work()
    stored = by_hand.store.day(TODAY)
    assert stored.next_poll_at == clock() + timedelta(seconds=3000)


def test_the_latest_is_stale_when_todays_list_cannot_be_seen(by_hand, huggingface, clock):
    keep(by_hand, date(2026, 3, 3), 20)
    huggingface.fault = HANG_UP
    by_hand.refresher.work()
    edition = by_hand.editions.latest()
    assert (brief(edition), edition.stale) == (("2026-03-03", "final", 20), True)
    assert not by_hand.editions.on(date(2026, 3, 3)).stale, "it is final: there is nothing newer"


def test_a_day_is_looked_at_until_it_is_final(by_hand, huggingface, clock):
    huggingface.lists = {"2026-03-04": day_list(31)}
    clock.now = utc("2026-03-04 23:50")
    for _ in range(24 * 12):
        by_hand.refresher.work()
        clock.advance(minutes=5)
    assert huggingface.dates().count("2026-03-04") == 1 + 7
    assert by_hand.editions.on(TODAY).state == "final"


def test_votes_of_a_final_list_go_on_for_a_week(by_hand, huggingface, clock):
    """By them it is sorted. That they cannot be had makes no final list stale."""
    clock.now = utc("2026-03-05 06:00")
    huggingface.lists = {"2026-03-04": day_list(3)}
    first = by_hand.editions.on(TODAY)
    assert [paper.upvotes for paper in first.papers] == [3, 2, 1]
    huggingface.lists["2026-03-04"][0]["paper"]["upvotes"] = 40
    clock.advance(days=1)
    huggingface.fault = SERVER_ERROR
    by_hand.refresher.work()
    clock.advance(minutes=15)
    assert by_hand.editions.on(TODAY) == first
    huggingface.fault = None
    by_hand.refresher.work()
    final = by_hand.editions.on(TODAY)
    assert [paper.id[-1] for paper in final.papers] == ["1", "3", "2"]
    assert (final.state, final.stale, final.note) == ("final", False, None)
    for _ in range(24 * 14):
        clock.advance(hours=1)
        by_hand.refresher.work()
    assert huggingface.dates().count("2026-03-04") == 2 + 7
    assert not by_hand.editions.on(TODAY).stale


def test_an_unchanged_list_is_asked_for_by_its_tag(by_hand, huggingface, clock):
    huggingface.conditional = True
    huggingface.lists = {"2026-03-04": day_list(3)}
    by_hand.refresher.work()
    clock.advance(minutes=15)
    by_hand.refresher.work()
    tag = huggingface.requests[1].headers["If-None-Match"]
    assert tag
    assert by_hand.editions.on(TODAY).fetched_at == clock()
    assert shown(by_hand) == (3, False)
    huggingface.lists = {"2026-03-04": day_list(4)}
    clock.advance(minutes=15)
    by_hand.refresher.work()
    assert shown(by_hand) == (4, False)


@pytest.mark.sql
def test_many_processes_look_once(engine, http_client, huggingface, arxiv, clock):
    """Each look that is due is made by one of them, and all show what it found."""
    sides = [PapersSide(engine, http_client, huggingface, arxiv, clock) for _ in range(6)]
    huggingface.lists = {"2026-03-04": day_list(31)}
    huggingface.delay = 0.2
    for turn in range(1, 4):
        threads = [threading.Thread(target=side.refresher.work) for side in sides]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(huggingface.requests) == turn
        clock.advance(minutes=15)
    clock.advance(minutes=-15)
    time.sleep(0.3)  # what a process remembers of the store's revision
    for side in sides:
        assert shown(side) == (31, False)
        side.editions.close()


def test_nobody_is_asked_before_there_is_a_reader(side, huggingface):
    side.editions.start()
    time.sleep(0.2)
    assert huggingface.requests == []


def test_a_server_that_had_readers_looks_as_soon_as_it_starts(side, huggingface):
    keep(side, date(2026, 3, 3), 20)
    huggingface.lists = {"2026-03-04": day_list(31)}
    side.editions.start()
    wait_until(lambda: side.store.day(TODAY))
    assert huggingface.dates() == ["2026-03-04"]


def test_a_list_is_not_held_up_by_arxiv(engine, http_client, huggingface, arxiv, clock):
    """arXiv hangs: the list is there with its own text, marked."""
    side = PapersSide(engine, http_client, huggingface, arxiv, clock, wait=5)
    go_on = threading.Event()
    arxiv.answer = lambda _: (go_on.wait(30), SERVER_ERROR)[1]
    huggingface.lists = {"2026-03-04": day_list(3)}
    began = time.monotonic()
    edition = side.editions.on(TODAY)
    assert time.monotonic() - began < 20
    assert {paper.text_source for paper in edition.papers} == {"huggingface"}
    go_on.set()
    side.editions.close()


def test_a_first_answer_has_the_true_texts_when_arxiv_is_well(side, huggingface, arxiv):
    arxiv.entries |= {f"2603.{n:05}": entry(f"2603.{n:05}") for n in range(1, 32)}
    huggingface.lists = {"2026-03-04": day_list(31)}
    edition = side.editions.latest()
    assert {paper.text_source for paper in edition.papers} == {"arxiv"}
    assert len(arxiv.requests) == 1


def test_a_weekday_that_came_empty_by_mistake_is_found_out(by_hand, huggingface, clock):
    clock.now = utc("2026-03-05 12:00")
    assert brief(by_hand.editions.on(TODAY)) == ("2026-03-04", "empty", 0)
    huggingface.lists = {"2026-03-04": day_list(31)}
    clock.advance(days=1)
    by_hand.refresher.work()
    assert brief(by_hand.editions.on(TODAY)) == ("2026-03-04", "final", 31)

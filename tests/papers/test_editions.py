"""What a reader gets for a day and for `latest`, at every odd moment of the calendar."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest

from backend.errors import NotFound, UpstreamUnavailable
from backend.papers.records import DailyList, Edition
from tests.conditions import wait_until
from tests.fakes.upstreams import HTML, SERVER_ERROR, entry, listed
from tests.papers.test_store import paper
from tests.papers.wiring import PapersSide, utc


def day_list(count: int, *, offset: int = 0) -> list[dict[str, Any]]:
    return [listed(f"2603.{n:05}", upvotes=n) for n in range(offset + 1, offset + count + 1)]


def keep(side: PapersSide, day: date, count: int, *, fetched_at=None, settled: bool = True) -> None:
    """Have a day stored without asking the upstream."""
    at = fetched_at or utc(f"{day + timedelta(days=1)} 06:00")
    again = None if settled else at + timedelta(minutes=15)
    answer = DailyList(papers=tuple(paper(n) for n in range(1, count + 1)))
    side.store.keep_list(day, answer, at=at, next_poll_at=again)


def brief(edition: Edition) -> tuple[str, str, int]:
    return str(edition.date), edition.state, len(edition.papers)


# Days: what the upstream has, what is asked for at which moment, and what a reader gets.
DAYS = [
    pytest.param(
        "2026-03-09 00:30",
        {"2026-03-06": 20},
        "2026-03-09",
        ("empty", 0, "2026-03-06", None),
        "No papers yet: today's list fills during the day (UTC).",
        id="Monday 00:30 UTC, nothing yet",
    ),
    pytest.param(
        "2026-03-09 00:30",
        {"2026-03-06": 20, "2026-03-09": 2},
        "2026-03-09",
        ("filling", 2, "2026-03-06", None),
        "Still filling: papers are added until the day ends at 00:00 UTC.",
        id="Monday 00:30 UTC, two papers",
    ),
    pytest.param(
        "2026-03-07 15:00",
        {"2026-03-06": 20},
        "2026-03-07",
        ("empty", 0, "2026-03-06", None),
        "Weekend: no list; the next comes Monday.",
        id="a Saturday, on the day",
    ),
    pytest.param(
        "2026-03-20 15:00",
        {"2026-03-06": 20, "2026-03-09": 20},
        "2026-03-07",
        ("empty", 0, "2026-03-06", "2026-03-09"),
        "Weekend: no list; the next comes Monday.",
        id="a Saturday, later",
    ),
    pytest.param(
        "2026-11-26 18:00",
        {"2026-11-25": 20},
        "2026-11-26",
        ("empty", 0, "2026-11-25", None),
        "Thanksgiving in the United States: no list; the next comes Monday.",
        id="Thanksgiving without a list",
    ),
    pytest.param(
        "2026-11-26 18:00",
        {"2026-11-26": 6},
        "2026-11-26",
        ("filling", 6, "2026-11-25", None),
        "Still filling: papers are added until the day ends at 00:00 UTC.",
        id="Thanksgiving with a list",
    ),
    pytest.param(
        "2026-03-04 12:00",
        {},
        "2023-01-01",
        ("empty", 0, None, "2023-05-04"),
        "No list that early: the daily papers begin in May 2023.",
        id="1 January 2023",
    ),
    pytest.param(
        "2026-03-05 06:00",
        {"2026-03-04": 31},
        "2026-03-04",
        ("final", 31, "2026-03-03", "2026-03-05"),
        None,
        id="a day that has settled",
    ),
    pytest.param(
        "2026-03-05 05:59",
        {"2026-03-04": 31},
        "2026-03-04",
        ("filling", 31, "2026-03-03", "2026-03-05"),
        "The day has ended; late papers may still be added.",
        id="a day that has just ended",
    ),
    pytest.param(
        "2026-03-04 23:59:59",
        {"2026-03-04": 31},
        "2026-03-04",
        ("filling", 31, "2026-03-03", None),
        "Still filling: papers are added until the day ends at 00:00 UTC.",
        id="the last second of a day",
    ),
]


@pytest.mark.parametrize(("now", "lists", "asked", "expected", "note"), DAYS)
def test_a_day_answers_what_a_reader_would_want(
    by_hand, huggingface, clock, now, lists, asked, expected, note
):
    side = by_hand
    clock.now = utc(now)
    huggingface.lists = {day: day_list(count) for day, count in lists.items()}
    edition = side.editions.on(date.fromisoformat(asked))
    state, papers, previous, following = expected
    assert brief(edition) == (asked, state, papers)
    assert edition.previous == (date.fromisoformat(previous) if previous else None)
    assert edition.next == (date.fromisoformat(following) if following else None)
    assert edition.note == note
    assert not edition.stale
    assert edition.source == "huggingface"


def test_a_day_that_has_not_begun_is_not_found_and_nobody_is_asked(side, huggingface):
    with pytest.raises(NotFound, match=r"2026-03-05 does not exist yet: it is 2026-03-04 in UTC"):
        side.editions.on(date(2026, 3, 5))
    assert huggingface.requests == []


def test_days_before_the_first_list_ask_nobody_and_leave_nothing(side, huggingface):
    for year in (1, 1999, 2022):
        assert side.editions.on(date(year, 1, 3)).state == "empty"
    assert huggingface.requests == []
    assert side.editions.archive(before=None, limit=9)[0][0].state == "sample"


def test_a_day_not_stored_waits_for_a_slow_upstream_but_not_for_long(
    engine, http_client, huggingface, arxiv, clock
):
    side = PapersSide(engine, http_client, huggingface, arxiv, clock, wait=0.4)
    huggingface.lists = {"2026-03-03": day_list(31)}
    go_on, usual = threading.Event(), huggingface.answer
    huggingface.answer = lambda request: (go_on.wait(30), usual(request))[1]
    began = time.monotonic()
    with pytest.raises(UpstreamUnavailable, match="did not give it in time") as fault:
        side.editions.on(date(2026, 3, 3))
    assert 0.4 <= time.monotonic() - began < 20
    assert fault.value.retry_after
    go_on.set()
    wait_until(lambda: side.store.day(date(2026, 3, 3)))
    assert brief(side.editions.on(date(2026, 3, 3))) == ("2026-03-03", "final", 31)
    assert huggingface.dates().count("2026-03-03") == 1
    side.editions.close()


@pytest.mark.sql
def test_many_readers_of_a_day_not_stored_cost_one_request(side, huggingface):
    huggingface.lists = {"2026-03-03": day_list(31)}
    huggingface.delay = 0.3
    found: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(len(side.editions.on(date(2026, 3, 3)).papers))
        )
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [31] * 20
    assert huggingface.dates().count("2026-03-03") == 1


def test_a_day_that_failed_is_not_asked_for_again_at_once(side, huggingface, clock):
    """However many readers come; after a while one of them has it tried again."""
    huggingface.fault = HTML
    for _ in range(5):
        with pytest.raises(UpstreamUnavailable):
            side.editions.on(date(2026, 3, 3))
    assert huggingface.dates().count("2026-03-03") == 1
    huggingface.fault = None
    huggingface.lists = {"2026-03-03": day_list(3)}
    clock.advance(seconds=6)
    assert len(side.editions.on(date(2026, 3, 3)).papers) == 3


def test_a_stored_day_never_waits(side, huggingface, clock):
    """Not for a refresh that is due, not for a list of today that nobody has seen."""
    keep(side, date(2026, 3, 3), 9, fetched_at=utc("2026-03-03 12:00"), settled=False)
    go_on = threading.Event()
    huggingface.answer = lambda _: (go_on.wait(20), SERVER_ERROR)[1]
    began = time.monotonic()
    try:
        assert brief(side.editions.on(date(2026, 3, 3)))[2] == 9
        assert brief(side.editions.latest())[2] == 9
        assert time.monotonic() - began < 4, "who waits for the upstream waits for 5 s"
    finally:
        go_on.set()


def test_the_same_edition_is_the_same_object_until_it_changes(by_hand, huggingface, clock):
    """So that what is built from it can be kept."""
    side = by_hand
    huggingface.lists = {"2026-03-03": day_list(3)}
    first = side.editions.on(date(2026, 3, 3))
    side.store.keep_failure(date(2026, 3, 2), next_poll_at=clock())  # a change elsewhere
    assert side.editions.on(date(2026, 3, 3)) is first


def test_a_command_gets_a_day_whole_however_long_it_takes(by_hand, huggingface, arxiv):
    """A fault that passes, a slow arXiv: it waits for both, and then asks nobody again."""
    huggingface.lists = {"2026-03-03": day_list(3)}
    huggingface.faults.append(SERVER_ERROR)
    arxiv.entries |= {f"2603.{n:05}": entry(f"2603.{n:05}") for n in range(1, 4)}
    arxiv.delay = 2.5
    edition = by_hand.editions.fetch(date(2026, 3, 3))
    assert {paper.text_source for paper in edition.papers} == {"arxiv"}
    asked = len(huggingface.requests), len(arxiv.requests)
    assert by_hand.editions.fetch(date(2026, 3, 3)) is edition
    assert (len(huggingface.requests), len(arxiv.requests)) == asked
    with pytest.raises(NotFound):
        by_hand.editions.fetch(date(2026, 3, 5))

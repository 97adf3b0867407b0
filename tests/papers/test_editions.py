"""What a reader gets for a day and for `latest`, at every odd moment of the calendar."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest

from backend.errors import NotFound, UpstreamUnavailable
from backend.papers.records import DailyList, Edition
from tests.fakes.upstreams import HANG_UP, HTML, SERVER_ERROR, Reply, entry, listed
from tests.papers.test_store import paper
from tests.papers.wiring import PapersSide, utc


def day_list(count: int, *, offset: int = 0) -> list[dict[str, Any]]:
    return [listed(f"2603.{n:05}", upvotes=n) for n in range(offset + 1, offset + count + 1)]


def keep(side: PapersSide, day: date, count: int, *, fetched_at=None, settled: bool = True) -> None:
    """Have a day stored without asking the upstream."""
    at = fetched_at or utc(f"{day + timedelta(days=1)} 06:00")
    again = None if settled else at + timedelta(minutes=15)
    answer = DailyList(papers=tuple(paper(n) for n in range(1, count + 1)))
    side.store.keep_list(day, answer, at=at, next_look_at=again)


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
        "Thanksgiving in the United States: no list; the next comes Friday.",
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


# The latest: what the store and the upstream have (days of March 2026), when, and what a reader gets.
LATEST = [
    pytest.param(
        "2026-03-04 12:00",
        {},
        {4: 31},
        ("2026-03-04", "filling", 31),
        [4],
        id="an empty store, a full list today",
    ),
    pytest.param(
        "2026-03-09 00:30",
        {},
        {6: 20},
        ("2026-03-06", "final", 20),
        [9, 6],
        id="an empty store, Monday 00:30 UTC",
    ),
    pytest.param(
        "2026-03-08 12:00",
        {},
        {6: 20},
        ("2026-03-06", "final", 20),
        [8, 6],
        id="an empty store, a Sunday",
    ),
    pytest.param(
        "2026-03-04 12:00",
        {},
        {4: 2, 3: 3},
        ("2026-03-03", "final", 3),
        [4, 3],
        id="an empty store, two papers today, a short final list yesterday",
    ),
    pytest.param(
        "2026-03-05 03:00",
        {},
        {5: 2, 4: 4, 3: 9},
        ("2026-03-03", "final", 9),
        [5, 4, 3],
        id="an empty store, short lists today and on a day that may still grow",
    ),
    pytest.param(
        "2026-03-04 12:00",
        {4: (2, False)},
        {4: 2, 3: 15},
        ("2026-03-03", "final", 15),
        [3],
        id="only today's two papers stored",
    ),
    pytest.param(
        "2026-03-04 12:00",
        {4: (5, False)},
        {4: 5},
        ("2026-03-04", "filling", 5),
        [],
        id="today's five papers stored",
    ),
    pytest.param(
        "2026-03-09 00:30",
        {6: (20, True), 9: (1, False)},
        {},
        ("2026-03-06", "final", 20),
        [],
        id="Monday 00:30 UTC, Friday and one paper stored",
    ),
    pytest.param(
        "2026-03-07 12:00",
        {6: (20, True), 7: (0, False)},
        {},
        ("2026-03-06", "final", 20),
        [],
        id="a Saturday",
    ),
    pytest.param(
        "2026-03-20 12:00",
        {4: (31, True)},
        {20: 3, 19: 12},
        ("2026-03-19", "final", 12),
        [20, 19],
        id="a store that slept for two weeks",
    ),
]


@pytest.mark.parametrize(("now", "stored", "upstream", "expected", "asked"), LATEST)
def test_the_latest_is_what_a_reader_would_want(
    by_hand, huggingface, clock, now, stored, upstream, expected, asked
):
    side = by_hand
    clock.now = utc(now)
    for day, (count, settled) in stored.items():
        at = None if settled else clock.now
        keep(side, date(2026, 3, day), count, fetched_at=at, settled=settled)
    huggingface.lists = {f"2026-03-{day:02}": day_list(n) for day, n in upstream.items()}
    assert brief(side.editions.latest()) == expected
    assert huggingface.dates() == [f"2026-03-{day:02}" for day in asked]


def test_the_latest_of_a_year_of_editions_is_found_without_asking(by_hand, huggingface, clock):
    side = by_hand
    clock.now = utc("2026-03-04 12:00")
    day = date(2025, 3, 3)
    while day <= date(2026, 3, 3):
        keep(side, day, 3 if day.weekday() < 5 else 0)
        day += timedelta(days=1)
    keep(side, date(2026, 3, 4), 4, fetched_at=clock.now, settled=False)
    edition = side.editions.latest()
    assert brief(edition) == ("2026-03-03", "final", 3)
    assert (edition.previous, edition.next) == (date(2026, 3, 2), date(2026, 3, 4))
    monday = side.editions.on(date(2026, 3, 2))
    assert monday.previous == date(2026, 2, 27)
    first = side.editions.on(date(2025, 3, 3))
    assert (first.previous, first.next) == (date(2025, 2, 28), date(2025, 3, 4))
    assert huggingface.requests == []
    lines, following = side.editions.archive(before=date(2025, 3, 6), limit=2)
    assert [str(line.date) for line in lines] == ["2025-03-05", "2025-03-04"]
    assert following == date(2025, 3, 4)
    assert side.editions.archive(before=following, limit=2)[1] is None


@pytest.mark.parametrize("fault", [HANG_UP, SERVER_ERROR, HTML, Reply(403)])
def test_the_sample_stands_in_while_nothing_can_be_had(side, huggingface, fault):
    huggingface.fault = fault
    edition = side.editions.latest()
    assert brief(edition) == ("2023-06-06", "sample", 2)
    assert edition.source == "sample"
    assert edition.note == "Invented papers, for tests."
    assert side.editions.on(date(2023, 6, 6)) == edition
    lines, following = side.editions.archive(before=None, limit=9)
    assert [(str(line.date), line.papers, line.state) for line in lines] == [
        ("2023-06-06", 2, "sample")
    ]
    assert following is None
    with pytest.raises(UpstreamUnavailable):
        side.editions.on(date(2026, 3, 3))


def test_the_sample_goes_when_a_list_comes(by_hand, huggingface, clock):
    """Today's list is tried again behind the answers, and readers do not wait for each try."""
    huggingface.fault = HANG_UP
    assert by_hand.editions.latest().state == "sample"
    asked = len(huggingface.requests)
    clock.advance(seconds=30)
    assert by_hand.editions.latest().state == "sample"
    assert len(huggingface.requests) == asked
    huggingface.fault = None
    huggingface.lists = {"2026-03-04": day_list(9)}
    by_hand.refresher.work()
    assert brief(by_hand.editions.latest()) == ("2026-03-04", "filling", 9)
    lines = by_hand.editions.archive(before=None, limit=9)[0]
    assert [line.state for line in lines] == ["filling"]


def test_the_sample_never_stands_beside_real_lists(side, huggingface, clock):
    """With a real list stored, the sample's day is a day like any other."""
    keep(side, date(2026, 3, 3), 9)
    huggingface.fault = HANG_UP
    with pytest.raises(UpstreamUnavailable):
        side.editions.on(date(2023, 6, 6))
    assert side.editions.latest().date == date(2026, 3, 3)
    huggingface.fault = None
    huggingface.lists = {"2023-06-06": day_list(14)}
    clock.advance(minutes=1)
    assert brief(side.editions.on(date(2023, 6, 6))) == ("2023-06-06", "final", 14)


def test_a_day_not_stored_waits_for_a_slow_upstream_but_not_for_long(
    engine, client, huggingface, arxiv, clock
):
    side = PapersSide(engine, client, huggingface, arxiv, clock, wait=0.4)
    huggingface.lists = {"2026-03-03": day_list(31)}
    huggingface.delay = 1.0
    began = time.monotonic()
    with pytest.raises(UpstreamUnavailable, match="did not give it in time") as fault:
        side.editions.on(date(2026, 3, 3))
    assert 0.4 <= time.monotonic() - began < 0.9
    assert fault.value.retry_after
    deadline = time.monotonic() + 5
    while side.store.day(date(2026, 3, 3)) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert brief(side.editions.on(date(2026, 3, 3))) == ("2026-03-03", "final", 31)
    assert huggingface.dates().count("2026-03-03") == 1
    side.editions.close()


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
    huggingface.delay = 1.0
    began = time.monotonic()
    assert brief(side.editions.on(date(2026, 3, 3)))[2] == 9
    assert brief(side.editions.latest())[2] == 9
    assert time.monotonic() - began < 0.5


def test_the_same_edition_is_the_same_object_until_it_changes(by_hand, huggingface, clock):
    """So that what is built from it can be kept."""
    side = by_hand
    huggingface.lists = {"2026-03-03": day_list(3)}
    first = side.editions.on(date(2026, 3, 3))
    side.store.keep_failure(date(2026, 3, 2), next_look_at=clock())  # a change elsewhere
    assert side.editions.on(date(2026, 3, 3)) is first


def test_a_list_nobody_looked_at_for_long_is_stale(by_hand, clock):
    """As after a night of sleep: served at once, but not as if it were fresh."""
    side = by_hand
    keep(side, date(2026, 3, 3), 20, fetched_at=utc("2026-03-03 22:00"), settled=False)
    clock.now = utc("2026-03-03 22:20")
    assert not side.editions.latest().stale
    clock.now = utc("2026-03-04 07:00")
    assert side.editions.latest().stale
    assert side.editions.latest().date == date(2026, 3, 3)


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

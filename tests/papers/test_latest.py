"""What `latest` is, when the sample stands in, and what the archive lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.errors import UpstreamUnavailable
from tests.fakes.upstreams import HANG_UP, HTML, SERVER_ERROR, Reply
from tests.papers.test_editions import brief, day_list, keep
from tests.papers.wiring import utc

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


@pytest.mark.sql
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


def test_a_list_nobody_looked_at_for_long_is_stale(by_hand, clock):
    """As after a night of sleep: served at once, but not as if it were fresh."""
    side = by_hand
    keep(side, date(2026, 3, 3), 20, fetched_at=utc("2026-03-03 22:00"), settled=False)
    clock.now = utc("2026-03-03 22:20")
    assert not side.editions.latest().stale
    clock.now = utc("2026-03-04 07:00")
    assert side.editions.latest().stale
    assert side.editions.latest().date == date(2026, 3, 3)

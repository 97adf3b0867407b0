"""When the submissions of a day can be seen at arXiv, and when the last of them can."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.lists import arxiv_calendar as calendar
from tests.papers.wiring import utc

# A UTC day, when the first of its papers are announced, when the last (both by summer time).
ANNOUNCED = [
    pytest.param("2026-03-02", "2026-03-03", "2026-03-04", id="Monday"),
    pytest.param("2026-03-04", "2026-03-05", "2026-03-06", id="Wednesday"),
    pytest.param("2026-03-05", "2026-03-06", "2026-03-09", id="Thursday"),
    pytest.param("2026-03-06", "2026-03-09", "2026-03-10", id="Friday"),
    pytest.param("2026-03-07", "2026-03-10", "2026-03-10", id="Saturday"),
    pytest.param("2026-03-08", "2026-03-10", "2026-03-10", id="Sunday"),
    pytest.param("2026-11-25", "2026-11-26", "2026-11-30", id="the day before Thanksgiving"),
    pytest.param("2026-11-26", "2026-11-27", "2026-11-30", id="Thanksgiving"),
    pytest.param("2026-09-07", "2026-09-08", "2026-09-09", id="Labor Day"),
    pytest.param("2026-09-04", "2026-09-07", "2026-09-09", id="Friday before Labor Day"),
]


@pytest.mark.parametrize(("day", "first", "last"), ANNOUNCED)
def test_when_a_days_papers_are_announced(day: str, first: str, last: str):
    when = date.fromisoformat(day)
    assert calendar.opens(when) == utc(f"{first} 00:00")
    assert calendar.completes(when) == utc(f"{last} 00:00")
    assert calendar.settles(when) == utc(f"{last} 07:00")


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-03-04 12:00", "2026-03-03"),
        ("2026-03-06 00:00", "2026-03-05"),
        ("2026-03-08 23:59", "2026-03-05"),
        ("2026-03-09 00:00", "2026-03-06"),
        ("2026-03-10 00:00", "2026-03-09"),
    ],
)
def test_the_newest_day_of_which_something_is_announced(now: str, newest: str):
    assert calendar.newest(utc(now)) == date.fromisoformat(newest)


def test_a_day_is_polled_after_its_announcements_and_not_between():
    thursday, interval = date(2026, 3, 5), timedelta(minutes=15)
    polls, now = [], utc("2026-03-06 00:00")
    while (
        again := calendar.next_poll(thursday, polled_at=now, interval=interval, empty=False)
    ) is not None:
        polls.append(now)
        now = again
    assert polls[1] - polls[0] == interval
    between = [poll for poll in polls if utc("2026-03-06 07:15") <= poll < utc("2026-03-09 00:00")]
    assert between == []
    assert utc("2026-03-09 00:00") in polls
    assert calendar.settles(thursday) in polls
    assert polls[-1] - polls[-2] == timedelta(days=1)
    assert len(polls) < 70


def test_what_is_said_of_a_day_without_papers():
    today = date(2026, 3, 7)

    def said(day: date) -> str:
        return calendar.note_on_empty(day, today=today, known={})

    assert said(date(2026, 3, 6)) == (
        "Not announced yet: arXiv shows what is submitted this day from Monday on (UTC)."
    )
    assert said(date(2026, 3, 5)).startswith("Nothing so far: papers appear when arXiv announces")
    assert said(date(2026, 3, 2)) == "Nothing was submitted in this category that day."
    assert said(date(2025, 3, 2)).startswith("No list that early: this server goes back 60 days")

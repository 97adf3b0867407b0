"""The calendar: which days have lists, when they settle, what is said about a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.lists import edition_calendar
from tests.papers.wiring import utc

QUARTER = timedelta(minutes=15)
WEDNESDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 3, n) for n in (4, 6, 7, 8, 9))


@pytest.mark.parametrize(
    ("polled_at", "again"),
    [
        ("2026-03-04 00:00", "2026-03-04 00:15"),
        ("2026-03-04 23:50", "2026-03-05 00:05"),
        ("2026-03-05 00:00", "2026-03-05 01:00"),
        ("2026-03-05 05:30", "2026-03-05 06:00"),
        ("2026-03-05 05:59:59", "2026-03-05 06:00"),
        ("2026-03-05 06:00", "2026-03-06 06:00"),
        ("2026-03-11 23:00", "2026-03-12 23:00"),
        ("2026-03-12 00:00", None),
        ("2026-07-01 12:00", None),
    ],
)
def test_a_list_is_looked_at_often_until_six_hours_after_its_day_then_daily_for_a_week(
    polled_at, again
):
    found = edition_calendar.next_poll(
        WEDNESDAY, polled_at=utc(polled_at), interval=QUARTER, empty=False
    )
    assert found == (utc(again) if again else None)


@pytest.mark.parametrize(
    ("day", "polled_at", "again"),
    [
        ("2026-03-04", "2026-03-05 06:00", "2026-03-06 06:00"),
        ("2026-03-04", "2026-03-11 23:00", "2026-03-12 23:00"),
        ("2026-03-04", "2026-03-12 00:00", None),
        ("2026-03-07", "2026-03-08 06:00", None),
        ("2026-11-26", "2026-11-27 06:00", None),
    ],
)
def test_an_ordinary_weekday_without_a_list_is_doubted_for_a_week(day, polled_at, again):
    """An upstream in trouble may answer `[]`; a weekend or holiday has no list for sure."""
    at = utc(polled_at)
    found = edition_calendar.next_poll(
        date.fromisoformat(day), polled_at=at, interval=QUARTER, empty=True
    )
    assert found == (utc(again) if again else None)


def test_pauses_double_after_each_failure_up_to_the_longest():
    def pause(failures: int) -> float:
        at = utc("2026-03-04 12:00")
        later = edition_calendar.next_try(
            failed_at=at,
            failures=failures,
            base=timedelta(seconds=10),
            longest=timedelta(seconds=100),
            stretch=1.25,
        )
        return (later - at).total_seconds()

    assert [pause(n) for n in (1, 2, 3, 4, 5, 1_000)] == [10, 25, 50, 100, 125, 125]


@pytest.mark.parametrize(
    ("day", "known", "previous"),
    [
        (MONDAY, {}, FRIDAY),
        (MONDAY, {SUNDAY: 3}, SUNDAY),
        (MONDAY, {SUNDAY: 0, SATURDAY: 0}, FRIDAY),
        (MONDAY, {FRIDAY: 0}, date(2026, 3, 5)),
        (WEDNESDAY, {}, date(2026, 3, 3)),
        (edition_calendar.FIRST_LIST, {}, None),
        (date(2023, 1, 1), {}, None),
    ],
)
def test_the_previous_day_is_one_that_has_a_list_or_should(day, known, previous):
    assert edition_calendar.previous(day, known) == previous


@pytest.mark.parametrize(
    ("day", "known", "following"),
    [
        (FRIDAY, {}, MONDAY),
        (SATURDAY, {}, MONDAY),
        (FRIDAY, {SATURDAY: 2}, SATURDAY),
        (FRIDAY, {MONDAY: 0}, date(2026, 3, 10)),
        (WEDNESDAY, {}, date(2026, 3, 5)),
    ],
)
def test_the_following_day_is_the_next_that_has_a_list_or_should(day, known, following):
    assert edition_calendar.following(day, known) == following


@pytest.mark.parametrize(
    ("day", "today", "note"),
    [
        (SATURDAY, SATURDAY, "Weekend: no list; the next comes Monday."),
        (SUNDAY, date(2026, 9, 1), "Weekend: no list; the next comes Monday."),
        (
            date(2026, 11, 26),
            date(2026, 11, 26),
            "Thanksgiving in the United States: no list; the next comes Monday.",
        ),
        (
            date(2026, 12, 25),
            date(2026, 12, 30),
            "Christmas in the United States: no list; the next comes Monday.",
        ),
        (
            date(2026, 1, 17),
            date(2026, 1, 17),
            "Weekend: no list; the next comes Tuesday.",
        ),
        (MONDAY, MONDAY, "No papers yet: today's list fills during the day (UTC)."),
        (
            WEDNESDAY,
            MONDAY,
            "No list that day, perhaps for a holiday; the next comes Thursday.",
        ),
        (date(2023, 1, 1), MONDAY, "No list that early: the daily papers begin in May 2023."),
    ],
)
def test_a_note_says_why_there_is_no_list_and_when_the_next_comes(day, today, note):
    assert edition_calendar.note_on_empty(day, today=today, known={day: 0}) == note


def test_a_holiday_that_has_a_list_is_the_next():
    thanksgiving, friday = date(2026, 11, 26), date(2026, 11, 27)
    note = edition_calendar.note_on_empty(
        thanksgiving, today=friday, known={thanksgiving: 0, friday: 3}
    )
    assert note.endswith("the next comes Friday.")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "New Year"),
        (date(2026, 1, 19), "Martin Luther King Jr. Day"),
        (date(2026, 5, 25), "Memorial Day"),
        (date(2026, 6, 19), "Juneteenth"),
        (date(2026, 9, 7), "Labor Day"),
        (date(2025, 11, 27), "Thanksgiving"),
        (date(2026, 11, 27), "The day after Thanksgiving"),
        (date(2026, 11, 19), None),
        (date(2026, 5, 18), None),
        (date(2026, 3, 4), None),
    ],
)
def test_knows_the_holidays_on_which_arxiv_rests(day, name):
    assert edition_calendar.holiday(day) == name

"""The calendar of Hugging Face's lists: which days have one, when it settles, what to say about a gap.

Days are UTC. Everything here is a function of its arguments: no clock, no database.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

FIRST_LIST = date(2023, 5, 4)
"""Hugging Face's daily papers began in these days."""
SETTLES = timedelta(hours=6)
"""After its day has ended a list may still grow so long; a poll after that is the last."""
LATE_LOOKS = timedelta(hours=1)
"""Between polls of a day that has ended but not settled."""
FOLLOWED = timedelta(days=7)
"""After its day a final list is polled for so long, daily: votes, by which it is sorted, go on.

So is an ordinary weekday without a list, which is doubted.
"""
_WALK = 40

ONE_DAY = timedelta(days=1)


def newest(now: datetime) -> date:
    """The newest day that may have papers now: today."""
    return now.astimezone(UTC).date()


def first(today: date) -> date:
    """The earliest day that is asked for."""
    return FIRST_LIST


def ends(day: date) -> datetime:
    """The first moment after a day."""
    return datetime.combine(day + ONE_DAY, time(), UTC)


def settles(day: date) -> datetime:
    """From when on a successful poll makes a day's list final."""
    return ends(day) + SETTLES


def next_poll(
    day: date, *, polled_at: datetime, interval: timedelta, empty: bool
) -> datetime | None:
    """When to poll again after a poll that succeeded; None: never.

    Args:
        empty: nothing was there. That is doubted for a while where a list was to be expected.
    """
    if polled_at >= settles(day):
        over = polled_at >= ends(day) + FOLLOWED
        return None if over or (empty and not doubtful(day)) else polled_at + ONE_DAY
    if polled_at < ends(day):
        return polled_at + interval
    return min(polled_at + max(interval, LATE_LOOKS), settles(day))


def next_try(
    *, failed_at: datetime, failures: int, base: timedelta, longest: timedelta, stretch: float
) -> datetime:
    """When to poll again after polls that failed: twice as late after each.

    Args:
        failures: in a row, this one included.
        stretch: 1.0 or a little more, drawn at random, so that many servers do not ask at once. Not
            after a single failure: the next poll is then due when it would have been anyway.
    """
    if failures == 1:
        return failed_at + base
    return failed_at + min(base * 2.0 ** min(failures - 1, 20), max(longest, base)) * stretch


def expected(day: date) -> bool:
    """Whether a list is to be expected: weekdays, from the first list on."""
    return day.weekday() < calendar.SATURDAY and day >= FIRST_LIST


def doubtful(day: date) -> bool:
    """Whether a day without a list is strange: the upstream may have been in trouble."""
    return expected(day) and not holiday(day)


def previous(day: date, known: Mapping[date, int]) -> date | None:
    """The day to go back to: has papers, or is not stored and should have some.

    Args:
        known: how many papers the stored days around have.
    """
    return walk(day, -ONE_DAY, known, expected)


def following(day: date, known: Mapping[date, int]) -> date:
    """The day whose list comes next; it may lie in the future."""
    return walk(day, ONE_DAY, known, expected) or day + ONE_DAY


def walk(
    day: date, step: timedelta, known: Mapping[date, int], expected: Callable[[date], bool]
) -> date | None:
    """The next day, step by step, that has papers, or is not known and is expected to have some."""
    for _ in range(_WALK):
        day += step
        if known[day] if day in known else expected(day):
            return day
    return None


def _promised(day: date, known: Mapping[date, int]) -> date:
    """The day whose list comes next as far as can be said: a holiday without papers is none."""
    found = following(day, known)
    while holiday(found) and not known.get(found):
        found = following(found, known)
    return found


def note_on_empty(day: date, *, today: date, known: Mapping[date, int]) -> str:
    """Why a day has no list, and when the next one comes."""
    if day < FIRST_LIST:
        return f"No list that early: the daily papers begin in {FIRST_LIST:%B %Y}."
    comes = f"the next comes {_promised(day, known):%A}"
    if day.weekday() >= calendar.SATURDAY:
        return f"Weekend: no list; {comes}."
    if name := holiday(day):
        return f"{name} in the United States: no list; {comes}."
    if day == today:
        return "No papers yet: today's list fills during the day (UTC)."
    return f"No list that day, perhaps for a holiday; {comes}."


def note_on_filling(day: date, *, today: date) -> str:
    """What may still happen to a list that is not settled."""
    if day == today:
        return "Still filling: papers are added until the day ends at 00:00 UTC."
    return "The day has ended; late papers may still be added."


def holiday(day: date) -> str | None:
    """The name of the United States holiday of this day, on which arXiv announces nothing."""
    fixed = {(1, 1): "New Year", (6, 19): "Juneteenth", (7, 4): "Independence Day"}
    fixed |= {(12, 24): "Christmas", (12, 25): "Christmas", (12, 26): "Christmas"}
    return fixed.get((day.month, day.day)) or _moving_holiday(day)


def _moving_holiday(day: date) -> str | None:
    week = (day.day - 1) // 7 + 1  # the how-manieth of its weekday in the month
    last = day.month != (day + timedelta(days=7)).month
    match day.month, day.weekday():
        case 1, calendar.MONDAY if week == 3:
            return "Martin Luther King Jr. Day"
        case 5, calendar.MONDAY if last:
            return "Memorial Day"
        case 9, calendar.MONDAY if week == 1:
            return "Labor Day"
        case 11, calendar.THURSDAY if week == 4:
            return "Thanksgiving"
        case 11, calendar.FRIDAY if 23 <= day.day <= 29:
            return "The day after Thanksgiving"
    return None

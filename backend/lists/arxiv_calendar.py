"""The calendar of arXiv's submissions: when those of a day are announced, and when the last of them is.

A list holds what was submitted on its UTC day, and arXiv shows a paper only once it is announced
(https://info.arxiv.org/help/availability.html): what came before 14:00 US Eastern time on a working day
at 20:00 of that day, Friday's on Sunday, and nothing on US holidays. So the first papers of a day appear
when it has ended, and those of its last hours an announcement later. 20:00 in the east of the US is
00:00 UTC in summer, 01:00 in winter. Holidays, of which we may err, only make a list final later.

Days are UTC. Everything here is a function of its arguments: no clock, no database.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from .edition_calendar import FOLLOWED, ONE_DAY, holiday, walk

REACH = timedelta(days=60)
"""How far back days are asked for; what is stored stays longer. It bounds what strangers can have fetched."""
WINTER = timedelta(hours=1)
"""How much later an announcement comes in winter, by UTC."""
SETTLES = timedelta(hours=6)
"""After an announcement: so long its papers may take to reach the API, and are looked for."""
_LONGEST_GAP = 14
"""Days after which the newest day that is announced is looked for no further."""


def newest(now: datetime) -> date:
    """The newest day of which something may be announced."""
    today = now.astimezone(UTC).date()
    days = (today - n * ONE_DAY for n in range(1, _LONGEST_GAP))
    return next((day for day in days if opens(day) <= now), today - _LONGEST_GAP * ONE_DAY)


def first(today: date) -> date:
    """The earliest day that is asked for."""
    return today - REACH


def opens(day: date) -> datetime:
    """The first moment at which papers submitted on this day can be announced."""
    return _announced(_deadline(day), holidays=False)


def completes(day: date) -> datetime:
    """When the papers of its last hours are announced, in winter an hour later."""
    return _announced(_deadline(day + ONE_DAY), holidays=True)


def settles(day: date) -> datetime:
    """From when on a successful poll makes a day's list final."""
    return completes(day) + WINTER + SETTLES


def next_poll(
    day: date, *, polled_at: datetime, interval: timedelta, empty: bool
) -> datetime | None:
    """When to poll again after a poll that succeeded; None: never.

    Papers that moderators held back come days later: a final list is looked at daily for a week.
    """
    if polled_at >= settles(day):
        over = polled_at >= settles(day) + FOLLOWED
        return None if over else polled_at + ONE_DAY
    if polled_at < opens(day):
        return opens(day)
    if opens(day) + WINTER + SETTLES <= polled_at < completes(day):
        return completes(day)
    return min(polled_at + interval, settles(day))


def expected(day: date) -> bool:
    """Whether a list is to be expected: authors submit on every day."""
    return True


def previous(day: date, known: Mapping[date, int]) -> date | None:
    """The day to go back to, by how many papers the stored days around have."""
    return walk(day, -ONE_DAY, known, expected)


def following(day: date, known: Mapping[date, int]) -> date | None:
    """The day whose list comes next; it may lie in the future."""
    return walk(day, ONE_DAY, known, expected)


def note_on_empty(day: date, *, today: date, known: Mapping[date, int]) -> str:
    """Why a day has no list, and when there will be one."""
    if day < first(today) and day not in known:
        return f"No list that early: this server goes back {REACH.days} days in arXiv's categories."
    appears = opens(day).date()
    if appears > today:
        return (
            f"Not announced yet: arXiv shows what is submitted this day from {appears:%A} on (UTC)."
        )
    if settles(day).date() >= today:
        return "Nothing so far: papers appear when arXiv announces them, about 01:00 UTC."
    return "Nothing was submitted in this category that day."


def note_on_filling(day: date, *, today: date) -> str:
    """What may still happen to a list that is not settled."""
    last = completes(day)
    return f"Still filling: arXiv announces the rest of this day's papers by {last:%A} 01:00 UTC."


def _deadline(day: date) -> date:
    """The working day at whose 14:00 in the east of the US the first papers of a UTC day are due."""
    while day.weekday() >= calendar.SATURDAY:
        day += ONE_DAY
    return day


def _announced(deadline: date, *, holidays: bool) -> datetime:
    """When the papers due on a working day are announced, at the earliest; not on holidays, if they count."""
    evening = deadline + 2 * ONE_DAY if deadline.weekday() == calendar.FRIDAY else deadline
    while holidays and (
        evening.weekday() in (calendar.FRIDAY, calendar.SATURDAY) or holiday(evening)
    ):
        evening += ONE_DAY
    return datetime.combine(evening + ONE_DAY, time(), UTC)

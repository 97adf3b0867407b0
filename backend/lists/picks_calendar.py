"""The calendar of a list that the server's owner writes: it has the days that the file says.

Days are UTC. Everything here is a function of its arguments: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from .edition_calendar import ends


def newest(now: datetime) -> date:
    """The newest day that may have papers now: today."""
    return now.astimezone(UTC).date()


def first(today: date) -> date:
    """The earliest day that is asked for: any may stand in the file."""
    return date.min


def settles(day: date) -> datetime:
    """From when on a day's picks count as final; a change of the file still shows."""
    return ends(day)


def next_poll(
    day: date, *, polled_at: datetime, interval: timedelta, empty: bool
) -> datetime | None:
    """When a day of the file is to be kept anew, though the file stays the same: when it has ended."""
    return settles(day) if polled_at < settles(day) else None


def expected(day: date) -> bool:
    """Whether a list is to be expected of a day that the file does not name: no."""
    return False


def previous(day: date, known: Mapping[date, int]) -> date | None:
    """None: only stored days have papers, however far apart they lie."""
    return None


def following(day: date, known: Mapping[date, int]) -> date | None:
    """None, for the same reason."""
    return None


def note_on_empty(day: date, *, today: date, known: Mapping[date, int]) -> str:
    """That a day has no picks."""
    return "No picks today so far." if day == today else "No picks that day."


def note_on_filling(day: date, *, today: date) -> str:
    """What may still happen to a list that is not settled."""
    return "Today's picks: more may be added."

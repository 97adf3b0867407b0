"""Keeping a list as its owner's file has it: read when it changes, its papers fetched from arXiv."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from ..errors import UpstreamUnavailable
from ..leases import Leases
from ..papers.arxiv_backfill import ArxivBackfill
from ..papers.records import Clock, Picked
from . import edition_calendar, picks
from .edition_store import EditionStore
from .picks import Pick, Picks

log = logging.getLogger(__name__)

LOOKS = timedelta(seconds=5)
"""Between looks at whether the file has changed; one costs a system call."""
STILL = 1.0
"""Seconds that a file must have been left alone: an editor may be writing it."""
ASK_AGAIN = timedelta(minutes=10)
"""After arXiv could not be asked for papers of the file, or does not know them."""
TRY_AGAIN = timedelta(minutes=1)
"""After a file that is there could not be read."""
TEXT_SECONDS = 60.0

Signature = tuple[int, int, int]
"""A file's content as the file system tells it apart: number, size, time of the last change."""


class PicksPoller:
    """Keeps one owner's list. Each process reads the file; under a lease one of them writes what is new.

    Args:
        path: of the file.
        wall: seconds since 1970, as the file system counts.
    """

    def __init__(
        self,
        store: EditionStore,
        texts: ArxivBackfill,
        leases: Leases,
        *,
        path: str,
        clock: Clock,
        interval: timedelta = LOOKS,
        still: float = STILL,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.interval = interval
        self._store = store
        self._texts = texts
        self._leases = leases
        self._path = Path(path)
        self._clock = clock
        self._still = still
        self._wall = wall
        self._lock = threading.Lock()
        self._read: tuple[Signature | None, date] | None = None
        self._again: datetime | None = None
        self.remark: str | None = None

    def due(self) -> list[date]:
        """Today when the file is to be read; it says itself which days it has."""
        today = self._clock().date()
        return [today] if self.is_due(today) else []

    def next_due(self) -> datetime:
        """When to look at the file again."""
        return self._clock() + self.interval

    def is_due(self, day: date) -> bool:
        """Whether the file has changed, a day has ended since it was read, or papers of it are missing."""
        now = self._clock()
        if self._again and now >= self._again:
            return True
        return self._read != (self._signature(), now.date())

    def poll(self, day: date, *, attempts: int = 1) -> bool:
        """Read the file if that is due, keep what it says, and fetch papers that are not stored.

        Returns:
            False when another process is at it now, else True.

        Raises:
            UpstreamUnavailable: the file cannot be read; that is noted, and what is stored stays.
        """
        with self._lock, self._leases.held(f"list {self._store.list}") as ours:
            if not ours:
                return False
            if self.is_due(day):
                self._poll()
            return True

    def _signature(self) -> Signature | None:
        """The file's signature; the one last read while it is being written; None: it is not there."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        if 0 <= self._wall() - found.st_mtime < self._still:
            return self._read[0] if self._read else None
        return (found.st_ino, found.st_size, found.st_mtime_ns)

    def _poll(self) -> None:
        now = self._clock()
        signature = self._signature()
        try:
            with self._path.open("rb") as file:
                body = file.read(picks.MAX_BYTES + 1)
        except OSError as fault:
            self._note_failure(now, type(fault).__name__)
            self._read, self._again = (signature, now.date()), now + TRY_AGAIN
            self.remark = "The owner's file cannot be read now."
            raise UpstreamUnavailable("The owner's file cannot be read now.") from None
        read = picks.parse(body)
        if read.bad_lines:
            log.warning(
                "%s: lines without an identifier: %d", self._store.list, len(read.bad_lines)
            )
        missing = self._keep(read, now)
        if missing:
            try:
                self._texts.find(missing, seconds=TEXT_SECONDS)
            except UpstreamUnavailable as fault:
                log.warning("%s: %s", self._store.list, fault.detail)
            missing = self._keep(read, now)
        self._read = (signature, now.date())
        self._again = now + ASK_AGAIN if missing else None
        self.remark = _note(read, missing)

    def _keep(self, read: Picks, now: datetime) -> Sequence[str]:
        """Keep what the file says of papers that are stored. Returns the others."""
        wanted = list(dict.fromkeys(pick.id for pick in read.picks))
        here = self._store.papers(wanted).keys()
        before = self._store.all_picked()
        after = _placed(read.picks, before, today=now.date())
        days = {
            day: tuple(Picked(id=pick.id, note=pick.note) for pick in found if pick.id in here)
            for day, found in after.items()
        }
        missing = [id for id in wanted if id not in here]
        shown = [day for day, found in days.items() if found]
        notes = {max(shown): _note(read, missing)} if shown else {}
        stored = {each.day: each for each in self._store.days()}
        changed = {
            day: days.get(day, ())
            for day in days.keys() | stored.keys()
            if days.get(day, ()) != before.get(day, ())
            or (day in stored and stored[day].note != notes.get(day))
            or (
                day in stored
                and (stored[day].failures or _has_ended(stored[day].next_poll_at, now))
            )
        }
        if changed:
            self._store.keep_picks(
                changed, at=now, notes={day: note for day, note in notes.items() if note}
            )
        return missing

    def _note_failure(self, now: datetime, reason: str) -> None:
        newest = self._store.newest(at_least=1)
        if newest and not newest.failures:
            self._store.keep_failure(newest.day, next_poll_at=edition_calendar.ends(now.date()))
        log.warning("%s: the file cannot be read (%s)", self._store.list, reason)


def _placed(
    found: Sequence[Pick], before: dict[date, tuple[Picked, ...]], *, today: date
) -> dict[date, list[Pick]]:
    """The picks by the day they stand on; those of days to come are left out until then."""
    since = {
        each.id: day for day, listed in sorted(before.items(), reverse=True) for each in listed
    }
    dated = {(pick.id, pick.day) for pick in found}
    days: dict[date, list[Pick]] = {}
    for pick in found:
        day = pick.day or since.get(pick.id, today)
        if day <= today and (pick.day or (pick.id, day) not in dated):
            days.setdefault(day, []).append(pick)
    return days


def _note(read: Picks, missing: Sequence[str]) -> str | None:
    """What the list's readers are told: lines without an identifier, papers that are not here yet."""
    said = [read.note()]
    if missing:
        lacking = set(missing)
        lines = sorted({pick.line for pick in read.picks if pick.id in lacking})
        named = ", ".join(map(str, lines[:10])) + (" and others" if len(lines) > 10 else "")
        said.append(
            f"{len(missing)} of its papers {'is' if len(missing) == 1 else 'are'} not here yet,"
            f" or arXiv does not know {'it' if len(missing) == 1 else 'them'}"
            f" (line{'s' * (len(lines) > 1)} {named})."
        )
    return " ".join(words for words in said if words) or None


def _has_ended(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now

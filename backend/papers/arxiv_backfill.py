"""True titles and abstracts from arXiv: for papers asked for by identifier, and for whole editions.

Hugging Face's copies have lost their TeX. One worker a process gathers everything that is wanted,
waits for a permit, and asks for all of it in one request.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from .. import clients, jitter
from ..errors import UpstreamUnavailable
from .arxiv import MAX_IDS, MalformedIdentifier
from .arxiv_throttle import ArxivThrottle, Permit
from .periodic_worker import PeriodicWorker
from .records import Clock, MetadataSource
from .store import PaperStore

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(hours=1)
"""New papers reach arXiv's API later than its announcements."""
PERMIT_TIMEOUT = 60.0
"""Seconds that the worker waits for its permit before it tells those who wait."""
MAX_WAITING = 10
"""Callers of `find` who wait at once, in one process."""
FOR_STRANGERS = 8
"""Of these places, how many strangers may take together: those who may translate find one."""
FOR_EACH = 2
"""And how many each of them."""
_SOON = 5
"""Seconds after which it is worth asking again."""
_FIRST_BACKOFF, _MAX_BACKOFF = 5.0, 600.0


class ArxivBackfill:
    """Asks arXiv on behalf of everyone in this process.

    Args:
        max_waiting: callers that may wait at once; more are refused.
    """

    def __init__(
        self,
        store: PaperStore,
        source: MetadataSource,
        throttle: ArxivThrottle,
        *,
        clock: Clock,
        max_waiting: int = MAX_WAITING,
        stretch: Callable[[], float] = lambda: jitter.between(1.0, 1.5),
    ) -> None:
        self._store = store
        self._source = source
        self._throttle = throttle
        self._clock = clock
        self._stretch = stretch
        self._most = MAX_IDS
        self._places = threading.BoundedSemaphore(max_waiting)
        self._strangers = threading.BoundedSemaphore(FOR_STRANGERS)
        self._each = clients.Shares(
            FOR_EACH, "Other papers are being looked up for this address. Wait for them."
        )
        self._lock = threading.Lock()
        self._wanted: dict[str, Future[bool]] = {}
        self._failures = 0
        self._editions_not_before = 0.0
        self._worker = PeriodicWorker("true texts", self._work)

    def find(self, ids: Sequence[str], *, seconds: float) -> None:
        """Have these papers stored if arXiv knows them; waits for it.

        Args:
            ids: canonical identifiers.
            seconds: to wait at most.

        Raises:
            UpstreamUnavailable: arXiv could not be asked, or not in time, or too many are waiting.
            RateLimited: too many of them for this stranger.
        """
        with self._each.one(_SOON), self._place():
            with self._lock:
                futures = [self._wanted.setdefault(id, Future()) for id in ids]
            self._worker.wake()
            deadline = time.monotonic() + seconds
            try:
                for future in futures:
                    future.result(max(deadline - time.monotonic(), 0.0))
            except UpstreamUnavailable as fault:
                # Others wait for the same future: each raises an error of its own.
                raise UpstreamUnavailable(fault.detail, retry_after=fault.retry_after) from None
            except TimeoutError:
                raise UpstreamUnavailable(
                    "arXiv did not answer in time.", retry_after=_SOON
                ) from None

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places to wait at, while the block lasts. Raises UpstreamUnavailable."""
        with ExitStack() as taken:
            for places in [self._places, *([self._strangers] if clients.stranger() else [])]:
                if not places.acquire(blocking=False):
                    raise UpstreamUnavailable(
                        "Too many papers are being looked up at arXiv right now.", retry_after=_SOON
                    )
                taken.callback(places.release)
            yield

    def wake(self) -> None:
        """Ask for every text that an edition lacks, soon."""
        self._worker.wake()

    def complete(self, *, seconds: float) -> None:
        """Ask for every text that an edition lacks; waits so long, then lets it go on alone."""
        self._worker.wake()
        self._worker.wait_for_pass(seconds)

    def close(self) -> None:
        """End the worker."""
        self._worker.close()

    # The worker's side

    def _work(self) -> float:
        """One pass. Returns the seconds until the next is due at the latest."""
        while self._something_due():
            try:
                with self._throttle.permit(timeout=PERMIT_TIMEOUT) as permit:
                    answered = self._ask(permit)
                self._answer(
                    answered
                )  # now that the permit is another's, even if this process ends
            except UpstreamUnavailable as fault:
                self._fail(fault)
        return self._until_due()

    def _something_due(self) -> bool:
        with self._lock:
            if self._wanted:
                return True
        return bool(self._due(1))

    def _due(self, limit: int) -> list[str]:
        """Papers of editions that lack their true text; none while arXiv is failing."""
        if limit <= 0 or time.monotonic() < self._editions_not_before:
            return []
        return self._store.texts_due(self._clock(), limit=limit)

    def _until_due(self) -> float:
        due = self._store.next_text_at()
        if due is None:
            return 3600.0
        left = (due - self._clock()).total_seconds()
        return max(left, self._editions_not_before - time.monotonic(), 0.05)

    def _ask(self, permit: Permit) -> list[str]:
        """Ask for what is wanted now; others may have found some of it while this waited.

        Returns:
            The papers that are settled: stored, or unknown to arXiv.
        """
        with self._lock:
            wanted = list(self._wanted)[: self._most]
        stored = self._store.papers(wanted)
        here = [id for id in wanted if id in stored and stored[id].text_source == "arxiv"]
        due = self._due(self._most - len(wanted) + len(here))
        ids = list(dict.fromkeys([id for id in wanted if id not in here] + due))[: self._most]
        if not ids:
            return here
        permit.used = True
        try:
            found = self._source.metadata(ids)
        except UpstreamUnavailable as fault:
            permit.silence = float(fault.retry_after or 0)
            raise
        except MalformedIdentifier as refused:
            return here + self._set_aside(ids, refused)
        self._most, self._failures = MAX_IDS, 0
        # Kept before the permit ends: whoever has the next one finds it and does not ask again.
        self._store.keep_metadata(found)
        self._store.keep_text_unknown(
            [id for id in ids if id not in found], ask_again_at=self._clock() + ASK_AGAIN
        )
        log.info("arXiv: %d of %d papers", len(found), len(ids))
        return here + ids

    def _set_aside(self, ids: Sequence[str], refused: MalformedIdentifier) -> list[str]:
        """Go on without the identifier that arXiv does not accept; if unnamed, narrow it down."""
        culprit = refused.id or (ids[0] if len(ids) == 1 else None)
        if culprit is None:
            self._most = max(len(ids) // 2, 1)
            return []
        log.warning("arXiv refuses an identifier that looks like one")
        self._store.keep_text_unknown([culprit], ask_again_at=self._clock() + 24 * ASK_AGAIN)
        return [culprit]

    def _answer(self, ids: Iterable[str]) -> None:
        for future in self._taken(ids):
            future.set_result(True)

    def _fail(self, fault: UpstreamUnavailable) -> None:
        self._failures += 1
        pause = min(_FIRST_BACKOFF * 2 ** min(self._failures - 1, 12), _MAX_BACKOFF)
        pause = max(pause * self._stretch(), float(fault.retry_after or 0))
        self._editions_not_before = time.monotonic() + pause
        log.warning("True texts are not to be had for %d s (%s)", pause, fault.detail)
        with self._lock:
            waiting = list(self._wanted)
        for future in self._taken(waiting):
            future.set_exception(fault)

    def _taken(self, ids: Iterable[str]) -> list[Future[bool]]:
        with self._lock:
            return [future for id in ids if (future := self._wanted.pop(id, None))]

"""Papers by identifier: from the store, from arXiv when it does not have them, from the sample at last."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from cachetools import TTLCache

from .. import outages
from ..errors import DatabaseUnavailable, NotFound, PaperglotError, UpstreamUnavailable
from .arxiv_backfill import ArxivBackfill
from .identifiers import ArxivId
from .records import Paper
from .sample import SampleEdition
from .store import PaperStore

TIMEOUT_SECONDS = 20.0
"""Seconds that a reader waits for arXiv; proxies give up after 30."""
_SAMPLE_SECONDS = 2.0
_UNKNOWN_SECONDS = 600.0


class PaperLookup:
    """Finds papers. Those asked for by many at once are fetched once.

    Args:
        timeout: seconds to wait for arXiv.
    """

    def __init__(
        self,
        store: PaperStore,
        texts: ArxivBackfill,
        *,
        sample: SampleEdition,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._store = store
        self._texts = texts
        self._sample = sample
        self._timeout = timeout
        self._lock = threading.Lock()
        self._unknown: TTLCache[str, bool] = TTLCache(4_096, _UNKNOWN_SECONDS)

    def get(self, text: str) -> Paper:
        """The paper that an identifier, in any style, names.

        Raises:
            InvalidRequest: this is no arXiv identifier.
            NotFound: arXiv does not know it.
            UpstreamUnavailable: arXiv could not be asked.
            RateLimited: this stranger has its share of papers that are being looked up.
        """
        found = self.many([text])[text]
        if isinstance(found, PaperglotError):
            raise found
        return found

    def many(self, texts: Sequence[str]) -> Mapping[str, Paper | PaperglotError]:
        """Papers by the identifiers asked for; in place of one that cannot be had, why.

        While the database is away, those that this process has read lately.

        Raises:
            InvalidRequest: one of them is no arXiv identifier.
        """
        ids = {text: str(ArxivId.parse(text)) for text in texts}
        try:
            return self._many(ids)
        except sa.exc.SQLAlchemyError as error:
            if not outages.means_away(error):
                raise
            recent = self._store.recent.get(ids.values())
            return {text: recent.get(id) or DatabaseUnavailable() for text, id in ids.items()}

    def _many(self, ids: Mapping[str, str]) -> Mapping[str, Paper | PaperglotError]:
        wanted = list(dict.fromkeys(ids.values()))
        found = self._store.papers(wanted)
        missing = [id for id in wanted if id not in found and not self._is_unknown(id)]
        fault = self._find(missing) if missing else None
        if missing:
            found |= self._store.papers(missing)
            self._note_unknown(id for id in missing if not fault and id not in found)
        if fault and not self._store.has_any_editions():
            found = {**self._sample.papers(), **found}
        return {text: found.get(id) or _reason(id, fault) for text, id in ids.items()}

    def stored(self, *, page: int) -> Iterator[tuple[Paper, ...]]:
        """All papers stored here, so many at a time; asks nobody."""
        return self._store.pages(page)

    def _note_unknown(self, ids: Iterable[str]) -> None:
        with self._lock:
            self._unknown.update(dict.fromkeys(ids, True))

    def _is_unknown(self, id: str) -> bool:
        """Whether arXiv said a moment ago that it has no such paper."""
        with self._lock:
            return id in self._unknown

    def _find(self, ids: list[str]) -> UpstreamUnavailable | None:
        """Have these papers stored; returns why that was not possible."""
        # Without a network the sample's papers must not keep a reader waiting.
        quick = not self._store.has_any_editions() and self._sample.papers().keys() >= set(ids)
        try:
            self._texts.find(ids, seconds=_SAMPLE_SECONDS if quick else self._timeout)
        except UpstreamUnavailable as fault:
            return fault
        return None


def _reason(id: str, fault: UpstreamUnavailable | None) -> PaperglotError:
    """Why a paper is missing: arXiv could not be asked, or it has no such paper."""
    if fault:
        return UpstreamUnavailable(fault.detail, retry_after=fault.retry_after)
    return NotFound(f"arXiv has no paper {id}.")

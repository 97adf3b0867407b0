"""Response bodies, built when a list or a translation of it changes and never per request."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import brotli  # type: ignore[import-untyped] # ships no types
import msgspec
from cachetools import LRUCache
from flask import Flask, current_app

from ..observer import Observer
from ..papers.records import Edition, Paper, PaperTranslation, StoredTranslations
from ..papers.sample import SampleEdition
from . import serializing

_GZIP_LEVEL = 6
_BROTLI_QUALITY = 6
_KEPT_BYTES = 64 * 1024 * 1024
_BYTES_FOR_ONE = 3
"""Memory that a body takes for each of its bytes: with its encodings and the translations it shows."""


@dataclass(frozen=True)
class Body:
    """The bytes of one answer, in each encoding, and their tags.

    Args:
        raw: as sent without an encoding; text is UTF-8.
        complete: nothing in it is waiting for a better text or a translation.
    """

    raw: bytes
    complete: bool = True

    @classmethod
    def of(cls, document: Mapping[str, Any], *, complete: bool = True) -> Body:
        """The body of a JSON document."""
        return cls(msgspec.json.encode(document), complete)

    @cached_property
    def gzip(self) -> bytes:
        """Encoded for `Content-Encoding: gzip`."""
        return gzip.compress(self.raw, _GZIP_LEVEL, mtime=0)

    @cached_property
    def br(self) -> bytes:
        """Encoded for `Content-Encoding: br`."""
        encoded: bytes = brotli.compress(self.raw, quality=_BROTLI_QUALITY)
        return encoded

    @cached_property
    def digest(self) -> str:
        """Names the content, for ETags."""
        return hashlib.sha256(self.raw).hexdigest()[:24]


Known = Mapping[str, PaperTranslation]
"""What is translated of some papers, by paper id."""


@dataclass(frozen=True)
class _Built:
    source: object
    revision: int | None
    translations: Mapping[str, PaperTranslation]
    body: Body


class ResponseCache:
    """Bodies of editions and papers, kept while what they show stays the same."""

    def __init__(
        self,
        translations: StoredTranslations,
        sample: SampleEdition,
        observer: Observer | None = None,
    ) -> None:
        self._observer = observer or Observer()
        self._translations = translations
        self._sample = sample
        self._kept: LRUCache[tuple[Hashable, ...], _Built] = LRUCache(
            _KEPT_BYTES, getsizeof=lambda built: 2_000 + _BYTES_FOR_ONE * len(built.body.raw)
        )
        self._lock = threading.Lock()
        self._building = threading.Lock()

    def language_tag(self, lang: str | None) -> str | None:
        """The tag of the translations that a reader wants; None when they want none.

        Raises:
            UnsupportedLanguage: no language of ours.
        """
        return None if lang is None else self._translations.language_tag(lang)

    def edition(self, edition: Edition, tag: str | None) -> Body:
        """The body of a day's list, with the stored translations into a language if one is given."""
        return self.body(
            ("edition", edition.list, edition.date, edition.source, edition.stale),
            edition,
            edition.papers,
            tag,
            lambda known: msgspec.json.encode(serializing.edition(edition, known)),
        )

    def paper(self, paper: Paper, tag: str | None) -> Body:
        """The body of one paper, as for `edition`."""
        return self.body(
            ("paper", paper.id),
            paper,
            (paper,),
            tag,
            lambda known: msgspec.json.encode(serializing.paper(paper, known.get(paper.id))),
        )

    def body(
        self,
        name: tuple[Hashable, ...],
        source: object,
        papers: Sequence[Paper],
        tag: str | None,
        render: Callable[[Known], bytes],
    ) -> Body:
        """A body about some papers, kept until what it shows changes.

        Args:
            name: tells this body from all others; the tag is added to it.
            source: everything `render` shows but the translations, compared by `==`.
            papers: whose translations it shows.
            tag: their language; None for the originals alone.
            render: makes the bytes, of the translations that are known by then.
        """
        revision = None if tag is None else self._translations.revision(tag)
        key = (*name, tag)
        if built := self._fresh(key, source, revision):
            return built.body
        with self._building:  # so that many readers of a new list cost one building
            built = self._fresh(key, source, revision)
            if not built:
                self._observer.body_built()
                known = {} if tag is None else self.known(papers, tag)
                body = self._same(key, source, known) or Body(
                    render(known), complete=_complete(papers, known, tag)
                )
                built = _Built(source, revision, known, body)
        with self._lock, contextlib.suppress(ValueError):  # larger than all that may be kept
            self._kept[key] = built
        return built.body

    def _fresh(
        self, key: tuple[Hashable, ...], source: object, revision: int | None
    ) -> _Built | None:
        """What is kept, while nothing it could show has changed."""
        with self._lock:
            built = self._kept.get(key)
        if not built or not (built.revision == revision or _is_unknown(revision)):
            return None
        return built if built.source is source or built.source == source else None

    def _same(self, key: tuple[Hashable, ...], source: object, known: Known) -> Body | None:
        """The body kept, where only translations of other papers have changed."""
        with self._lock:
            before = self._kept.get(key)
        same = before and before.source == source and before.translations == known
        return before.body if before and same else None

    def known(self, papers: Sequence[Paper], tag: str) -> Known:
        """What is translated: the sample's own where the words are the sample's, else the memory's."""
        samples = [paper.id for paper in papers if paper.text_source == "sample"]
        ours = self._sample.translations(tag) if samples else {}
        others = [paper for paper in papers if paper.id not in samples or paper.id not in ours]
        stored = self._translations.stored(others, tag) if others else {}
        return {**stored, **{id: ours[id] for id in samples if id in ours}}


def _is_unknown(revision: int | None) -> bool:
    """Whether the database is away: what was built when it was there shows more than could be shown now."""
    return revision is not None and revision < 0


def _complete(papers: Sequence[Paper], known: Known, tag: str | None) -> bool:
    """Whether nothing about these papers waits for a better text or a translation."""
    return all(paper.text_source != "huggingface" for paper in papers) and (
        tag is None or all(_finished(known.get(paper.id)) for paper in papers)
    )


def _finished(translation: PaperTranslation | None) -> bool:
    return translation is not None and translation.verified and translation.abstract is not None


_KEY = "paperglot.response_cache"


def install(app: Flask, cache: ResponseCache) -> None:
    """Put the cache where `current` finds it."""
    app.extensions[_KEY] = cache


def current() -> ResponseCache:
    """The cache of the app that handles this request."""
    return cast(ResponseCache, current_app.extensions[_KEY])

"""Response bodies, built when a list or a translation of it changes and never per request."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import brotli  # type: ignore[import-untyped] # ships no types
import msgspec
from cachetools import LRUCache
from flask import Flask, current_app

from ..papers.records import Edition, Paper, PaperTranslation, StoredTranslations
from ..papers.sample import SampleEdition
from . import serializing

_GZIP_LEVEL = 6
_BROTLI_QUALITY = 6
_KEPT = 256


@dataclass(frozen=True)
class Body:
    """The bytes of one JSON document, in each encoding, and their tags.

    Args:
        raw: JSON in UTF-8.
        complete: nothing in it is waiting for a better text or a translation.
    """

    raw: bytes
    complete: bool = True

    @classmethod
    def of(cls, document: Mapping[str, Any], *, complete: bool = True) -> Body:
        """The body of a document."""
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


@dataclass(frozen=True)
class _Built:
    source: Edition | Paper
    revision: int | None
    translations: Mapping[str, PaperTranslation]
    body: Body


class ResponseCache:
    """Bodies of editions and papers, kept while what they show stays the same."""

    def __init__(self, translations: StoredTranslations, sample: SampleEdition) -> None:
        self._translations = translations
        self._sample = sample
        self._kept: LRUCache[tuple[object, ...], _Built] = LRUCache(_KEPT)
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
        return self._body(("edition", edition.date, edition.source, edition.stale), edition, tag)

    def paper(self, paper: Paper, tag: str | None) -> Body:
        """The body of one paper, as for `edition`."""
        return self._body(("paper", paper.id), paper, tag)

    def _body(self, name: tuple[object, ...], source: Edition | Paper, tag: str | None) -> Body:
        revision = None if tag is None else self._translations.revision(tag)
        key = (*name, tag)
        if built := self._fresh(key, source, revision):
            return built.body
        with self._building:  # so that many readers of a new list cost one building
            built = self._fresh(key, source, revision)
            built = built or self._build(key, source, tag, revision)
        with self._lock:
            self._kept[key] = built
        return built.body

    def _fresh(
        self, key: tuple[object, ...], source: Edition | Paper, revision: int | None
    ) -> _Built | None:
        with self._lock:
            built = self._kept.get(key)
        if not built or built.revision != revision:
            return None
        return built if built.source is source or built.source == source else None

    def _build(
        self,
        key: tuple[object, ...],
        source: Edition | Paper,
        tag: str | None,
        revision: int | None,
    ) -> _Built:
        papers = source.papers if isinstance(source, Edition) else (source,)
        translations = {} if tag is None else self._known(papers, tag)
        with self._lock:
            before = self._kept.get(key)
        if before and before.source == source and before.translations == translations:
            return _Built(source, revision, translations, before.body)
        complete = all(paper.text_source != "huggingface" for paper in papers) and (
            tag is None or all(_finished(translations.get(paper.id)) for paper in papers)
        )
        if isinstance(source, Edition):
            document = serializing.edition(source, translations)
        else:
            document = serializing.paper(source, translations.get(source.id))
        return _Built(source, revision, translations, Body.of(document, complete=complete))

    def _known(self, papers: tuple[Paper, ...], tag: str) -> Mapping[str, PaperTranslation]:
        """What is translated: the sample's own where the words are the sample's, else the memory's."""
        samples = [paper.id for paper in papers if paper.text_source == "sample"]
        ours = self._sample.translations(tag) if samples else {}
        others = [paper for paper in papers if paper.id not in samples or paper.id not in ours]
        stored = self._translations.stored(others, tag) if others else {}
        return {**stored, **{id: ours[id] for id in samples if id in ours}}


def _finished(translation: PaperTranslation | None) -> bool:
    return translation is not None and translation.verified and translation.abstract is not None


_KEY = "paperglot.response_cache"


def install(app: Flask, cache: ResponseCache) -> None:
    """Put the cache where `current` finds it."""
    app.extensions[_KEY] = cache


def current() -> ResponseCache:
    """The cache of the app that handles this request."""
    return cast(ResponseCache, current_app.extensions[_KEY])

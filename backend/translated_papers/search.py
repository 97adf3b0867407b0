"""Search over all that is stored: titles, abstracts, authors, in the original and in every translation shown.

All words and phrases of a query must occur in a paper, each in whatever language. By relevance come first
the papers whose titles hold all of them, then those whose titles hold some, then the rest; within these, and by
date alone, the newest day comes first, then the higher identifier: the same order on every database. A GET may
call this: no model is asked.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa
from cachetools import LRUCache

from ..database import QueryTooSlow, time_limit
from ..errors import InvalidRequest, SearchTooSlow
from ..papers.records import Paper, PaperTranslation
from ..papers.sample import SampleEdition
from ..papers.store import PaperStore
from ..texts import search_query
from ..texts.search_expressions import All, Any, Expression, Without, prefixed
from ..texts.search_query import Query
from . import search_documents as documents
from .prefetching import Estimate, expected
from .sample_search import SampleIndex
from .search_index import Index, Row, SqlIndex
from .search_indexing import SearchIndexer
from .search_tables import NO_DAY
from .translations import PaperTranslations

Order = Literal["relevance", "date"]

SECONDS = 0.7
"""How long the database may take for one search."""
_FRESH_SECONDS = 0.3
"""How long a search waits for what was stored a moment ago to be indexed."""
_FIRST, _LAST = date(1990, 1, 1), date(2199, 12, 31)
_CURSOR = re.compile(r"([0-2])_(\d{4}-\d\d-\d\d)_([\w./-]{1,32})", re.ASCII)
MAX_LIMIT = 100


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """What a reader looks for.

    Args:
        text: words and phrases in quotation marks; empty for everything.
        lang: the reader's language, whose translations are shown and counted; None for originals alone.
        category: an arXiv category.
        since, until: days of lists, else of publication, both included.
        has_code: with or without a link to code.
        verified: with or without a verified translation into `lang`.
        before: `next` of the page before.
    """

    text: str = ""
    lang: str | None = None
    category: str | None = None
    since: date | None = None
    until: date | None = None
    has_code: bool | None = None
    verified: bool | None = None
    order: Order = "relevance"
    before: str | None = None
    limit: int = 10


@dataclass(frozen=True)
class Hit:
    """A paper that was found.

    Args:
        day: of the first list it stood on, else of its publication; None where neither is known.
        translation: into the reader's language, where there is one.
        languages: all it can be read in.
    """

    paper: Paper
    day: date | None
    translation: PaperTranslation | None
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """A page of what was found.

    Args:
        total: how many papers were found in all.
        untranslated: papers of the span, found or not, without a translation into the reader's language,
            and about what it would cost; None where no language was asked for.
        next: `before` of the next page; None on the last.
        query: the query as it was understood.
    """

    hits: tuple[Hit, ...]
    total: int
    untranslated: Estimate | None
    next: str | None
    query: Query


class Search:
    """Answers searches from the index and the store."""

    def __init__(
        self,
        engine: sa.Engine,
        store: PaperStore,
        translations: PaperTranslations,
        indexer: SearchIndexer,
        *,
        sample: SampleEdition,
    ) -> None:
        self._engine = engine
        self._store = store
        self._translations = translations
        self._indexer = indexer
        self._sample = sample
        self._sample_index = SampleIndex(sample)
        self._estimates: LRUCache[Hashable, Estimate] = LRUCache(256)
        self._lock = threading.Lock()

    def revision(self) -> int:
        """A number that grows with each change of what can be found, by any process."""
        return self._indexer.revision()

    def find(self, request: SearchRequest) -> Results:
        """What is found.

        Raises:
            InvalidRequest: the query holds no word or too many, or `before` is no `next` of ours.
            SearchTooSlow: the database took longer than `SECONDS`.
        """
        query = search_query.parse(request.text)
        found, tiers = _tiers(query, request)
        cursor = _cursor(request.before, len(tiers)) if request.before else None
        self._indexer.refresh(_FRESH_SECONDS)
        with self._index(request.lang) as index:
            total = index.count(found)
            rows, following = _page(index, tiers, total, cursor, request.limit)
            readable = index.languages_of([row.paper_id for row in rows])
            untranslated = self._untranslated(index, request)
        return Results(
            hits=self._hits(rows, request.lang, readable),
            total=total,
            untranslated=untranslated,
            next=following,
            query=query,
        )

    def translations_of(self, hit: Hit) -> Iterator[PaperTranslation]:
        """The stored translations of a paper into other languages than the reader's."""
        for lang in hit.languages:
            if hit.translation is None or lang != hit.translation.lang:
                yield from self._translated([hit.paper], lang).values()

    @contextmanager
    def _index(self, lang: str | None) -> Iterator[Index]:
        """The index of what is stored; of the sample while nothing is."""
        try:
            with self._engine.connect() as connection, time_limit(connection, SECONDS):
                index = SqlIndex(connection)
                if not index.is_empty():
                    yield index
                    return
        except QueryTooSlow:
            raise SearchTooSlow from None
        own = lang is None or self._sample.translations(lang)
        made = {} if own else self._translations.stored(self._sample.edition().papers, lang or "")
        yield SampleIndex(self._sample, {lang: made}) if lang and made else self._sample_index

    def _hits(
        self, rows: Sequence[Row], lang: str | None, readable: Mapping[str, Sequence[str]]
    ) -> tuple[Hit, ...]:
        ids = [row.paper_id for row in rows]
        papers = {**self._sample.papers(), **self._store.papers(ids)}
        found = [papers[id] for id in ids if id in papers]
        translated = self._translated(found, lang) if lang else {}
        return tuple(
            Hit(
                papers[row.paper_id],
                row.day if row.day != NO_DAY else None,
                translated.get(row.paper_id),
                tuple(readable.get(row.paper_id, ())),
            )
            for row in rows
            if row.paper_id in papers
        )

    def _translated(self, papers: Sequence[Paper], lang: str) -> Mapping[str, PaperTranslation]:
        samples = {paper.id for paper in papers if paper.text_source == "sample"}
        own = self._sample.translations(lang) if samples else {}
        ours = {id: own[id] for id in samples if id in own}
        return {**self._translations.stored([p for p in papers if p.id not in ours], lang), **ours}

    def _untranslated(self, index: Index, request: SearchRequest) -> Estimate | None:
        if request.lang is None:
            return None
        span = _without_code(_span(request), request)
        missing = Without(span, documents.translated_token(request.lang))
        key = (index if isinstance(index, SampleIndex) else SqlIndex, self.revision(), missing)
        with self._lock:
            known = self._estimates.get(key)
        if known is None:
            count = index.count(missing)
            known = expected(count, index.characters(missing, count))
            with self._lock:
                self._estimates[key] = known
        return known


def _span(request: SearchRequest) -> Expression | None:
    """The papers that the filters leave, whatever is looked for; None for all."""
    parts: list[Expression] = []
    if request.category:
        parts.append(documents.category_token(request.category))
    if request.since or request.until:
        first, last = request.since or _FIRST, request.until or _LAST
        if first > last:
            raise InvalidRequest("`from` is a day after `to`. Change one of them.")
        parts.append(documents.within(max(first, _FIRST), min(last, _LAST)))
    if request.has_code:
        parts.append(documents.CODE)
    return All(tuple(parts)) if parts else None


def _without_code(found: Expression | None, request: SearchRequest) -> Expression:
    found = found or documents.EVERY
    return Without(found, documents.CODE) if request.has_code is False else found


def _tiers(query: Query, request: SearchRequest) -> tuple[Expression, list[Expression]]:
    """The condition for what is found, and those that part it, the best first."""
    span = _span(request)
    found = _without_code(
        All((*query.anywhere, *([span] if span else []))) if query.terms or span else None, request
    )
    if request.verified is not None:
        if request.lang is None:
            raise InvalidRequest("`verified` needs `lang`: the language of the translation.")
        token = documents.verified_token(request.lang)
        found = All((found, token)) if request.verified else Without(found, token)
    titled = tuple(prefixed(term.apart, documents.IN_TITLE) for term in query.terms)
    if request.order == "date" or not titled:
        return found, [found]
    every = All((found, *titled))
    if len(titled) == 1:
        return found, [every, Without(found, titled[0])]
    some = Any(titled)
    return found, [every, Without(All((found, some)), All(titled)), Without(found, some)]


def _cursor(text: str, tiers: int) -> tuple[int, Row]:
    match = _CURSOR.fullmatch(text)
    try:
        if match and int(match[1]) < tiers:
            return int(match[1]), Row(match[3], date.fromisoformat(match[2]))
    except ValueError:
        pass
    raise InvalidRequest("`before` is the `next` of an answer to the same search; leave it out.")


def _page(
    index: Index,
    tiers: Sequence[Expression],
    total: int,
    cursor: tuple[int, Row] | None,
    limit: int,
) -> tuple[list[Row], str | None]:
    """The next papers, and where the page after them begins.

    Args:
        total: how many papers all tiers hold together.
    """
    rows: list[tuple[int, Row]] = []
    first, after = cursor or (0, None)
    rest = total
    for place in range(len(tiers)):
        if len(rows) > limit or not rest:
            break
        count = rest if place == len(tiers) - 1 else index.count(tiers[place])
        rest -= count
        if place < first:
            continue
        if count:
            found = index.newest(
                tiers[place], after=after, limit=limit + 1 - len(rows), found=count
            )
            rows += [(place, row) for row in found]
        after = None
    if len(rows) <= limit:
        return [row for _, row in rows], None
    place, last = rows[limit - 1]
    return [row for _, row in rows[:limit]], f"{place}_{last.day}_{last.paper_id}"

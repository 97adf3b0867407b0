"""Papers and translations put straight into the stores, for tests of search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import sqlalchemy as sa

from backend.lists.edition_store import EditionStore
from backend.papers.records import DailyList, Metadata, Paper
from backend.translated_papers import search_documents
from backend.translated_papers.search_documents import Original
from backend.translation.memory import TranslationMemory
from backend.translation.records import Translation

MODEL = "fake-model"
DAY = date(2026, 3, 3)


class Shelf:
    """The stores of one database, as another process would write to them."""

    def __init__(self, engine: sa.Engine) -> None:
        self.store = EditionStore(engine)
        self.memory = TranslationMemory(engine)

    def put(
        self,
        id: str,
        title: str,
        abstract: str = "An abstract.",
        *,
        authors: tuple[str, ...] = ("Ada Example",),
        categories: tuple[str, ...] = ("cs.CL",),
        code_url: str | None = None,
        day: date | None = DAY,
        published: date = date(2026, 3, 1),
    ) -> None:
        """Store a paper, on the list of a day or, without one, as a reader asked for it."""
        moment = datetime(published.year, published.month, published.day, tzinfo=UTC)
        if day:
            paper = Paper(
                id=id,
                title=title,
                abstract=abstract,
                text_source="huggingface",
                code_url=code_url,
            )
            listed = (*self.store.papers_of(day), paper)
            self.store.keep_list(
                day, DailyList(papers=listed), at=datetime.now(UTC), next_poll_at=None
            )
        self.store.keep_metadata(
            {
                id: Metadata(
                    id=id,
                    version=1,
                    title=title,
                    abstract=abstract,
                    authors=authors,
                    published=moment,
                    categories=categories,
                    comment=None,
                )
            }
        )

    def translate(
        self, id: str, lang: str, title: str, abstract: str | None = None, *, verified: bool = True
    ) -> None:
        """Keep translations, in protected form, of the texts a paper has now."""
        self.keep(self.store.papers([id])[id], lang, title, abstract, verified=verified)

    def keep(
        self,
        paper: Paper,
        lang: str,
        title: str,
        abstract: str | None = None,
        *,
        verified: bool = True,
    ) -> None:
        """Keep translations, in protected form, of a paper that need not be stored."""
        original = Original(paper.title, paper.abstract, paper.authors)
        keys = search_documents.keys(original, lang, model=MODEL)
        issues = () if verified else ("script",)
        for key, text in zip(keys, (title, abstract), strict=True):
            if text is not None:
                self.memory.store(key, lang, Translation(text, verified, issues, MODEL))


def ids(answer: Mapping[str, object]) -> list[str]:
    """The identifiers of the papers in an answer, in order."""
    papers = answer["papers"]
    assert isinstance(papers, list)
    return [paper["id"] for paper in papers]

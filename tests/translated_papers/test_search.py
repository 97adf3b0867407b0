"""The index against a plain reading of every paper: the same papers in the same order, on each database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa

from backend import database
from backend.leases import Leases
from backend.papers.sample import SampleEdition
from backend.papers.store import PaperStore
from backend.texts.search_expressions import fits
from backend.texts.search_query import parse
from backend.translated_papers import search, search_documents, search_index
from backend.translated_papers.search import Search, SearchRequest
from backend.translated_papers.search_documents import Facts, Kept, Original
from backend.translated_papers.search_indexing import SearchIndexer
from backend.translated_papers.translations import PaperTranslations
from backend.translation.memory import translation_memory
from tests.invented_library import MODEL, InventedLibrary, InventedPaper, store

pytestmark = pytest.mark.sql

PAPERS = 120
FIXED = [
    "模型",
    "推理",
    "語言模型",
    "理",
    '"language model"',
    "Kaiming He",
    "GPT-4",
    "C++",
    "3.5x",
    "nguyen",
]


class _NoTranslations(PaperTranslations):
    """Stands for a server whose readers ask for originals."""

    def __init__(self) -> None:
        pass


@dataclass(frozen=True)
class _Read:
    paper: InventedPaper
    tokens: frozenset[str]


def _read(paper: InventedPaper) -> _Read:
    original = Original(paper.title, paper.abstract, paper.authors)
    translations: dict[str, tuple[Kept | None, Kept | None]] = {
        lang: (Kept(title, True), Kept(abstract, True))
        for lang, (title, abstract) in (("zh-Hans", paper.chinese), ("de", paper.german))
    }
    facts = Facts(paper.day, paper.categories, paper.has_code)
    tokens = search_documents.text_tokens(original, translations)
    return _Read(
        paper, frozenset(tokens | search_documents.attributes(original, translations, facts))
    )


def _expected(read: list[_Read], request: SearchRequest) -> list[str]:
    """What every paper's tokens say, without a database."""
    _, tiers = search._tiers(parse(request.text), request)
    found: list[str] = []
    for tier in tiers:
        rows = [(each.paper.day, each.paper.id) for each in read if fits(tier, each.tokens)]
        found += [id for _, id in sorted(rows, reverse=True)]
    assert len(set(found)) == len(found)
    return found


def _requests(library: InventedLibrary) -> Iterator[SearchRequest]:
    chance = random.Random(3)
    for number in range(200):
        text = " ".join(chance.sample(library.words, k=chance.randint(1, 3)))
        if number < len(FIXED):
            text = FIXED[number]
        elif number % 4 == 0:
            text = f'"{chance.choice(library.words[:12])} {chance.choice(library.words[:12])}"'
        elif number % 4 == 1:
            text = chance.choice(library.chinese) + chance.choice(["", " gpt", " GPT-4"])
        elif number % 4 == 2:
            text = chance.choice(library.german)
        yield SearchRequest(
            text=text if number % 17 else "",
            category=chance.choice([None, None, "cs.CL"]),
            since=chance.choice([None, date(2019, 1, 15)]),
            until=chance.choice([None, date(2019, 2, 3)]),
            has_code=chance.choice([None, None, True, False]),
            order=chance.choice(["relevance", "date"]),
            limit=chance.randint(5, 60),
        )


@pytest.mark.timeout(400)  # two hundred, on a machine that may be busy
def test_two_hundred_searches_find_what_reading_everything_finds(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
):
    """Half of them with all rows sorted at once, half with many looked for month after month."""
    library = InventedLibrary(words=120, days=70)
    invented = list(library.papers(PAPERS))
    store(engine, iter(invented))
    leases = Leases(engine)
    indexer = SearchIndexer(engine, leases, model=MODEL)
    indexer.catch_up()
    searching = Search(
        engine, PaperStore(engine), _NoTranslations(), indexer, sample=SampleEdition()
    )
    read = [_read(paper) for paper in invented]
    found_some = 0
    for number, request in enumerate(_requests(library)):
        monkeypatch.setattr(search_index, "_FEW", 5 if number % 2 else 2_000)
        expected = _expected(read, request)
        results = searching.find(request)
        assert results.total == len(expected), request
        seen, following = [hit.paper.id for hit in results.hits], results.next
        assert seen == expected[: request.limit], request
        assert (following is not None) == (len(expected) > request.limit)
        if following and number % 3 == 0:
            after = searching.find(SearchRequest(**{**vars(request), "before": following}))
            assert [hit.paper.id for hit in after.hits] == expected[
                request.limit : 2 * request.limit
            ]
        found_some += bool(expected)
    assert found_some > 100
    indexer.close()
    leases.close()


def test_what_was_stored_before_there_was_a_search_is_found_after_the_upgrade(
    empty_database_url: str,
):
    database.upgrade(empty_database_url, revision="0008")
    engine = database.connect(empty_database_url)
    invented = list(InventedLibrary(words=200, days=3).papers(150))
    store(engine, iter(invented))
    with database.writing(engine) as connection:  # a language that an older release knew
        connection.execute(
            sa.insert(translation_memory),
            {
                **dict.fromkeys(("key", "text", "model"), "x"),
                **{
                    "lang": "tlh",
                    "verified": True,
                    "issues": "[]",
                    "attempts": 1,
                    "stored_at": 1.0,
                },
            },
        )
    database.upgrade(empty_database_url)
    leases = Leases(engine)
    indexer = SearchIndexer(engine, leases, model=MODEL)
    assert indexer.step()  # and is cut off: another process goes on
    SearchIndexer(engine, leases, model=MODEL).catch_up()
    with engine.connect() as connection:
        index = search_index.SqlIndex(connection)
        assert index.count(search_documents.EVERY) == 150
        assert index.count(search_documents.translated_token("zh-Hans")) == 150
        assert index.count("模型") == sum("模型" in "".join(p.chinese) for p in invented) > 0
    leases.close()
    engine.dispose()


def test_another_model_shows_other_translations(engine: sa.Engine):
    store(engine, InventedLibrary(words=200, days=3).papers(20))
    leases = Leases(engine)
    SearchIndexer(engine, leases, model=MODEL).catch_up()
    translated = search_documents.translated_token("de")

    def count(token: str) -> int:
        with engine.connect() as connection:
            return search_index.SqlIndex(connection).count(token)

    assert (count(search_documents.EVERY), count(translated)) == (20, 20)
    another = SearchIndexer(engine, leases, model="another")
    another.step()
    another.catch_up()
    assert (count(search_documents.EVERY), count(translated)) == (20, 0)
    leases.close()

"""A database of the first release is upgraded, and nothing in it is lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from backend import database
from backend.leases import Leases
from backend.lists.edition_store import EditionStore
from backend.spending.budget import TokenBudget
from backend.translation.memory import TranslationMemory

pytestmark = pytest.mark.sql

FIRST_RELEASE = "0002"
DAY = date(2026, 3, 3)
FETCHED = datetime(2026, 3, 4, 9, tzinfo=UTC)
ROWS: dict[str, list[dict[str, Any]]] = {
    "papers": [
        {
            "id": "2603.00001",
            "title": "On $x^2$",
            "abstract": "We study it.",
            "text_source": "arxiv",
            "authors": json.dumps(["A. Author"]),
            "published": FETCHED,
            "categories": json.dumps(["cs.CL"]),
            "upvotes": 7,
            "comments": 1,
            "keywords": "[]",
        }
    ],
    "editions": [
        {"day": DAY, "fetched_at": FETCHED, "etag": '"e"', "failures": 0, "next_look_at": FETCHED}
    ],
    "edition_papers": [{"day": DAY, "paper_id": "2603.00001"}],
    "paper_revision": [{"id": 1, "revision": 41}],
    "upstream_leases": [
        {"name": "arxiv", "holder": "h", "expires_at": 0.0, "not_before": 9e9},
        {"name": "look 2026-03-03", "holder": "dead", "expires_at": 9e9, "not_before": 0.0},
    ],
    "translation_memory": [
        {
            "key": "a" * 64,
            "lang": "de",
            "model": "m",
            "text": "Über <x1/>",
            "verified": True,
            "issues": '["term"]',
            "attempts": 1,
            "stored_at": 1.0,
        }
    ],
    "translation_revisions": [{"lang": "de", "revision": 5}],
    "translation_leases": [{"key": "b" * 64, "holder": "dead", "expires_at": 9e9}],
    "token_usage": [
        {
            "day": FETCHED.date(),
            "prompt_tokens": 10,
            "completion_tokens": 20,
            "reserved_tokens": 0,
            "requests": 3,
        }
    ],
    "rate_counters": [{"key": "k", "count": 2, "expires_at": 9e9}],
}


def _tables(engine: sa.Engine) -> dict[str, list[Any]]:
    reflected = sa.MetaData()
    reflected.reflect(engine)
    with engine.connect() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    sa.select(*(reflected.tables[name].c[column] for column in rows[0]))
                )
            ]
            for name, rows in ROWS.items()
        }


def test_what_the_first_release_stored_is_there_after_the_upgrade(empty_database_url: str):
    database.upgrade(empty_database_url, revision=FIRST_RELEASE)
    engine = database.connect(empty_database_url)
    reflected = sa.MetaData()
    reflected.reflect(engine)
    with database.writing(engine) as connection:
        for name, rows in ROWS.items():
            connection.execute(sa.insert(reflected.tables[name]), rows)
    before = _tables(engine)

    database.upgrade(empty_database_url)

    assert _tables(engine) == before
    store, memory, leases = EditionStore(engine), TranslationMemory(engine), Leases(engine)
    stored = store.day(DAY)
    assert stored
    assert (stored.papers, stored.fetched_at, stored.next_poll_at) == (1, FETCHED, FETCHED)
    assert [paper.upvotes for paper in store.papers_of(DAY)] == [7]
    assert store.list == "huggingface"
    assert EditionStore(engine, list="arxiv:cs.CL").day(DAY) is None
    assert memory.look_up(["a" * 64])["a" * 64].translation.text == "Über <x1/>"
    assert memory.look_up(["a" * 64])["a" * 64].translation.changed_at == 1.0, "when it was stored"
    assert [paper.text_changed_at for paper in store.papers_of(DAY)] == [None]
    assert (store.revision(), memory.revision("de"), memory.revision("fr")) == (41, 5, 0)
    assert TokenBudget(engine, clock=lambda: FETCHED).today().tokens == 30
    assert leases.pause("arxiv") > 90
    assert leases.acquire(["b" * 64, "list 2026-03-03"]) == {"b" * 64, "list 2026-03-03"}
    leases.close()
    engine.dispose()

"""A server with something to lose: a day of papers, translated, and readers who ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from backend import database
from backend.lists.edition_store import EditionStore
from backend.papers.records import DailyList
from backend.reading.feeds.entry_names import feed_host
from tests.conftest import POSTGRES
from tests.papers.test_store import paper
from tests.serving import ServerProcess
from tests.tcp_forwarder import TcpForwarder

PAPERS = 6
TRANSLATIONS = "/api/v1/translations"
PATIENCE = 180.0
LISTS = (
    "/api/v1/daily/latest",
    "/api/v1/daily/latest?lang=de",
    "/api/v1/daily/latest?lang=ja",
    "/api/v1/daily",
    "/de/latest",
    "/en/latest",
    "/de/days",
    "/de/feed.atom",
    "/en/feed.json",
    "/de/latest.md",
)

# Only a server beyond a network can be away, and SQLite has no connections to run out of.
on_postgresql = [
    pytest.mark.skipif(not POSTGRES, reason="PAPERGLOT_TEST_POSTGRES names no server"),
    pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True),
]


def forwarder_to(url: str) -> tuple[TcpForwarder, str]:
    """A forwarder to a database's server, and the database's address through it."""
    there = sa.make_url(url)
    forwarder = TcpForwarder((there.host or "127.0.0.1", there.port or 5432))
    through = there.set(host="127.0.0.1", port=forwarder.port)
    return forwarder, through.render_as_string(hide_password=False)


def store_a_day(url: str) -> str:
    """Have today's list stored, polled just now, and the host that feeds are named by. Gives its day."""
    now = datetime.now(UTC)
    engine = database.connect(url)
    answer = DailyList(papers=tuple(paper(n) for n in range(1, PAPERS + 1)))
    EditionStore(engine).keep_list(
        now.date(), answer, at=now, next_poll_at=now + timedelta(hours=2)
    )
    with database.writing(engine) as connection:
        connection.execute(sa.insert(feed_host).values(id=1, host="localhost"))
    engine.dispose()
    return str(now.date())


@cache
def _client() -> httpx.Client:
    """One for all threads: each of its own would load all certificates again."""
    return httpx.Client(timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))


def body(text: str, lang: str = "de") -> dict[str, Any]:
    return {"lang": lang, "segments": [{"id": "1", "text": text}]}


def translate(address: str, text: str) -> dict[str, Any]:
    answer = _client().post(address + TRANSLATIONS, json=body(text))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["translations"][0]
    return found


def ask_all(address: str, paths: Sequence[str], *, threads: int = 16) -> list[httpx.Response]:
    """Each path over a connection of its own, so that every process of the server gets some."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(_client().get, [address + path for path in paths]))


def statuses(responses: Sequence[httpx.Response]) -> Counter[int]:
    return Counter(response.status_code for response in responses)


def refused(responses: Sequence[httpx.Response]) -> list[tuple[str, str]]:
    """Those that were not served: what was asked, and what was said."""
    return [(str(each.url), each.text) for each in responses if each.status_code != 200]


def lines_about_the_database(running: ServerProcess) -> list[str]:
    return [
        line for line in running.log.splitlines() if "database" in line and "  database" not in line
    ]

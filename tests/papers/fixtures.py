"""Fixtures of the papers' tests: fake upstreams on real sockets, clients, a clock to turn.

A plugin rather than a `conftest.py`: the API's tests of lists and papers stand on them too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend import create_app, services
from backend.api import response_cache
from backend.api.response_cache import ResponseCache
from backend.config import Config
from backend.papers.upstream import open_client
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace
from tests.papers.wiring import PapersSide, RememberedTranslations, TurnableClock, utc

RECORDED = Path(__file__).parent / "recorded"
"""Answers in the upstreams' shape about invented papers."""


@pytest.fixture
def clock() -> TurnableClock:
    """A clock that stands at noon of a Wednesday: 2026-03-04."""
    return TurnableClock(utc("2026-03-04 12:00"))


@pytest.fixture
def http_client() -> Iterator[httpx.Client]:
    """The HTTP client as the product opens it."""
    with open_client(version="0.0.0", contact="mailto:someone@example.org") as client:
        yield client


@pytest.fixture
def huggingface() -> Iterator[FakeHuggingFace]:
    """Hugging Face's daily papers, with no lists yet."""
    with FakeHuggingFace() as server:
        yield server


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    """arXiv's API, knowing no papers yet."""
    with FakeArxiv() as server:
        yield server


@pytest.fixture
def recorded(shared: Path | None) -> Path:
    """A folder with `huggingface/*.json` and `arxiv/*.xml`: real ones where at hand, else our own."""
    return shared / "upstream" if shared else RECORDED


@pytest.fixture
def side(
    engine: sa.Engine,
    http_client: httpx.Client,
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    clock: TurnableClock,
) -> Iterator[PapersSide]:
    """One process's papers' side; its threads end with the test."""
    side = PapersSide(engine, http_client, huggingface, arxiv, clock)
    yield side
    side.editions.close()


@pytest.fixture
def by_hand(side: PapersSide, monkeypatch: pytest.MonkeyPatch) -> PapersSide:
    """A side that looks at lists only when a reader waits for one or the test says so."""
    monkeypatch.setattr(side.refresher, "ensure_running", lambda: None)
    return side


@pytest.fixture
def translations() -> RememberedTranslations:
    return RememberedTranslations()


@pytest.fixture
def web(
    by_hand: PapersSide, database_url: str, translations: RememberedTranslations
) -> Iterator[FlaskClient]:
    """The whole app over fake upstreams, a clock to turn and translations to put in."""
    built = services.build(Config(database_url=database_url))
    ours = dataclasses.replace(
        built,
        editions=by_hand.editions,
        papers=by_hand.papers,
    )
    app = create_app(services_=ours)
    response_cache.install(app, ResponseCache(translations, by_hand.sample))
    yield app.test_client()
    built.engine.dispose()

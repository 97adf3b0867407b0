"""A database that goes away during a translation: readers are served or told, never left lease_queue."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from backend import languages
from backend.config import Config
from backend.services import Services, build
from backend.translation import lease_queue
from backend.translation.records import (
    Segment,
    SegmentFailed,
    SegmentTranslated,
    TranslationRequest,
)
from tests.fakes.llm import FakeLLM

TEXT = "We study attention in large language models."


@pytest.fixture
def services(settings: dict[str, Any]) -> Iterator[Services]:
    built = build(Config(**settings))
    yield built
    built.close()


@contextmanager
def broken(engine: sa.Engine, words: str) -> Iterator[threading.Event]:
    """Statements that hold these words fail as they do when the connection is lost; set: they work again."""
    mended = threading.Event()

    def fail(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if words in statement and not mended.is_set():
            raise sa.exc.OperationalError(statement, None, ConnectionError("lost"))

    sa.event.listen(engine, "before_cursor_execute", fail)
    yield mended
    sa.event.remove(engine, "before_cursor_execute", fail)


def ask(services: Services, text: str = TEXT) -> SegmentTranslated | SegmentFailed:
    request = TranslationRequest(languages.find("de"), (Segment("1", text),))
    events = list(services.translator.start(request).events())
    [event] = [e for e in events if isinstance(e, SegmentTranslated | SegmentFailed)]
    return event


def leases(services: Services) -> list[str]:
    with services.engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT key FROM translation_leases")).scalars())


@pytest.mark.parametrize("words", ["INSERT INTO translation_leases", "FROM translation_memory"])
def test_a_moment_without_the_database_only_delays(
    services: Services, fake_llm: FakeLLM, words: str
):
    request = TranslationRequest(languages.find("de"), (Segment("1", TEXT),))
    run = services.translator.start(request)
    with broken(services.engine, words) as mended:
        events = run.events()
        assert next(events) == "heartbeat"
        mended.set()
        rest = list(events)
    [translated] = [event for event in rest if isinstance(event, SegmentTranslated)]
    assert translated.verified
    assert len(fake_llm.requests) == 1
    assert leases(services) == []


def test_a_database_that_stays_away_is_told_and_leaves_nothing_behind(
    services: Services, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lease_queue, "PATIENCE_SECONDS", 0.3)
    with broken(services.engine, "INSERT INTO translation_leases"):
        failed = ask(services)
    assert isinstance(failed, SegmentFailed)
    assert failed.problem.type == "upstream-unavailable"
    assert fake_llm.requests == []
    assert services.translator.board.listeners() == 0
    mended = ask(services)
    assert isinstance(mended, SegmentTranslated)
    assert mended.verified


@pytest.mark.parametrize(
    "words",
    [
        "INSERT INTO translation_memory",
        "DELETE FROM translation_leases",
        "INSERT INTO token_usage",
    ],
)
def test_a_translation_that_cannot_be_written_down_is_delivered(
    services: Services, fake_llm: FakeLLM, words: str
):
    with broken(services.engine, words):
        got = ask(services)
        assert isinstance(got, SegmentTranslated)
        assert got.verified
        assert not got.cached
    again = ask(services)
    assert isinstance(again, SegmentTranslated)
    assert again.verified
    assert again.cached is ("memory" not in words)


def test_a_farewell_ends_all_that_is_under_way(services: Services, fake_llm: FakeLLM):
    request = TranslationRequest(languages.find("de"), (Segment("1", TEXT * 20),))
    events = services.translator.start(request).events()
    fake_llm.scenario = type(fake_llm.scenario)(hang="tokens")
    first = next(events)
    fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
    services.translator.farewell()
    rest = [first, *events]
    [failed] = [event for event in rest if isinstance(event, SegmentFailed)]
    assert failed.problem.retry_after == 5
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left", timeout=3)
    with pytest.raises(type(failed.problem)):
        services.translator.start(request)

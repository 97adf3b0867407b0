"""A database that goes away during a translation: readers are served or told, never left waiting."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from backend import languages
from backend.services import Services
from backend.translation import lease_queue, model_request
from backend.translation.records import (
    Segment,
    SegmentFailed,
    SegmentTranslated,
    TranslationRequest,
)
from tests.broken_database import broken
from tests.fakes.llm import FakeLLM
from tests.translation.conftest import MakeServices
from tests.translation.runs import result

pytestmark = pytest.mark.sql

TEXT = "We study attention in large language models."


def ask(services: Services, text: str = TEXT) -> SegmentTranslated | SegmentFailed:
    return result(services, text, lang="de")


def leases(services: Services) -> list[str]:
    with services.engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT name FROM leases")).scalars())


@pytest.mark.parametrize("words", ["INSERT INTO leases", "FROM translation_memory"])
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
    monkeypatch.setattr(lease_queue, "DATABASE_TIMEOUT_SECONDS", 0.3)
    with broken(services.engine, "INSERT INTO leases"):
        failed = ask(services)
    assert isinstance(failed, SegmentFailed)
    assert failed.problem.type == "database-unavailable"
    assert fake_llm.requests == []
    assert services.translator.in_flight.listeners() == 0
    mended = ask(services)
    assert isinstance(mended, SegmentTranslated)
    assert mended.verified


def test_no_tokens_are_spent_that_cannot_be_counted(
    make_services: MakeServices, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
):
    """With a budget, tokens are reserved before a request leaves."""
    monkeypatch.setattr(model_request, "DATABASE_TIMEOUT_SECONDS", 0.3)
    services = make_services(daily_token_budget=100_000)
    with broken(services.engine, "INSERT INTO token_usage"):
        failed = ask(services)
    assert isinstance(failed, SegmentFailed)
    assert failed.problem.type == "database-unavailable"
    assert fake_llm.requests == []


@pytest.mark.parametrize(
    "words",
    [
        "INSERT INTO translation_memory",
        "DELETE FROM leases",
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
    assert again.cached, "it is in this process until it is written"
    assert len(fake_llm.requests) == 1


def test_a_farewell_ends_all_that_is_under_way(services: Services, fake_llm: FakeLLM):
    request = TranslationRequest(languages.find("de"), (Segment("1", TEXT * 20),))
    events = services.translator.start(request).events()
    fake_llm.scenario = type(fake_llm.scenario)(hang="tokens")
    first = next(events)
    fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
    services.translator.shut_down()
    rest = [first, *events]
    [failed] = [event for event in rest if isinstance(event, SegmentFailed)]
    assert failed.problem.retry_after == 5
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left")
    with pytest.raises(type(failed.problem)):
        services.translator.start(request)

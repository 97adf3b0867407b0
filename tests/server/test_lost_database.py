"""The real server, while its PostgreSQL cannot be reached, hangs, or is lost in the middle."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from backend import database
from backend.spending.reservations import token_reservations, token_usage
from backend.translation.memory import translation_memory
from tests.conditions import wait_until
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.server.outages import (
    LISTS,
    PATIENCE,
    ask_all,
    forwarder_to,
    lines_about_the_database,
    on_postgresql,
    refused,
    statuses,
    store_a_day,
    translate,
)
from tests.serving import server

pytestmark = on_postgresql

OUTAGE_SECONDS = 10.0
"""Longer than a lease lasts."""


@pytest.fixture
def settings(fake_llm: FakeLLM) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "RATE_LIMIT": "10000/minute",
        "DAILY_TOKEN_BUDGET": "10000000",
        "WEB_CONCURRENCY": "2",
    }


@pytest.mark.parametrize("way", ["refused", "hanging"])
def test_lists_are_served_from_memory_as_stale(
    database_url: str, settings: dict[str, str], way: str, record_property
):
    store_a_day(database_url)
    forwarder, url = forwarder_to(database_url)
    with forwarder, server(url, settings) as running:
        first = ask_all(running.address, LISTS * 8)
        assert refused(first) == []
        forwarder.cut() if way == "refused" else forwarder.hang()
        began = time.monotonic()
        answers = ask_all(running.address, LISTS * 16)
        record_property(
            "measured",
            f"database {way}: {dict(statuses(answers))} lists in {time.monotonic() - began:.1f} s",
        )
        assert refused(answers) == []
        again = ask_all(running.address, LISTS)
        edition = again[0].json()
        assert edition["stale"]
        assert "database" in edition["note"]
        assert len(edition["papers"]) == 6
        assert "Datenbank dieses Servers" in again[4].text
        status = httpx.get(running.address + "/api/v1/status", timeout=30)
        assert status.status_code == 200
        forwarder.restore()
        wait_until(
            lambda: not any(r.json()["stale"] for r in ask_all(running.address, LISTS[:1] * 8))
        )
        wait_until(lambda: running.log.count("answers again") == 2)  # in the other process too
        lines = lines_about_the_database(running)
    away = [line for line in lines if "does not answer" in line]
    back = [line for line in lines if "answers again" in line]
    assert len(away) == len(back) == 2, lines  # one each in each process
    assert len(lines) == 4, lines


def test_nothing_is_paid_twice_after_an_outage(
    database_url: str, settings: dict[str, str], fake_llm: FakeLLM
):
    texts = [f"We study attention in language models of kind {n}." for n in range(20)]
    fake_llm.scenario = Scenario(first_token_delay=3.0)
    forwarder, url = forwarder_to(database_url)
    with forwarder, server(url, settings) as running, ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(translate, running.address, text) for text in texts]
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 20, timeout=PATIENCE)
        forwarder.cut()
        back_at = time.monotonic() + OUTAGE_SECONDS
        first = [each.result() for each in asked]
        assert all(each["verified"] for each in first)
        assert time.monotonic() < back_at, "they were delivered during the outage"
        again = [pool.submit(translate, running.address, text) for text in texts]
        time.sleep(back_at - time.monotonic())  # the outage itself is what is tested
        forwarder.restore()
        assert [each.result()["text"] for each in again] == [each["text"] for each in first]
        wait_until(lambda: _rows(database_url) == 20)
        for text in texts:
            assert translate(running.address, text)["cached"]
        assert len(fake_llm.requests) == 20
        used = httpx.get(running.address + "/api/v1/status", timeout=30).json()["budget"]
        assert used["requests"] == 20
        assert used["used"] == used["prompt_tokens"] + used["completion_tokens"] > 0
    assert _reserved(database_url) == (0, 0)


def test_a_commit_whose_answer_is_lost_counts_once(
    database_url: str, settings: dict[str, str], fake_llm: FakeLLM
):
    """The server did what it was asked, and nobody heard: what is written again changes nothing."""
    forwarder, url = forwarder_to(database_url)
    with forwarder, server(url, {**settings, "WEB_CONCURRENCY": "1"}) as running:
        for n in range(6):
            fake_llm.scenario = Scenario(first_token_delay=0.3)
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(translate, running.address, f"We study the case {n} of graphs.")
                fake_llm.wait_until(lambda: bool(fake_llm.requests), timeout=PATIENCE)
                forwarder.drop_after(b"COMMIT")
                assert asked.result()["verified"]
            assert forwarder.has_dropped
            assert len(fake_llm.requests) == 1
            fake_llm.requests.clear()
        wait_until(lambda: _rows(database_url) == 6)
        wait_until(lambda: _reserved(database_url) == (0, 0))
        used = httpx.get(running.address + "/api/v1/status", timeout=30).json()["budget"]
        assert used["requests"] == 6


def _rows(url: str) -> int:
    return _scalar(url, sa.select(sa.func.count()).select_from(translation_memory))


def _reserved(url: str) -> tuple[int, int]:
    return (
        _scalar(url, sa.select(sa.func.sum(token_usage.c.reserved_tokens))),
        _scalar(url, sa.select(sa.func.count()).select_from(token_reservations)),
    )


def _scalar(url: str, statement: sa.Select[Any]) -> int:
    engine = database.connect(url)
    with engine.connect() as connection:
        found = connection.execute(statement).scalar()
    engine.dispose()
    return int(found or 0)

"""Clients that leave, stall, flood or send nonsense, over real sockets: nobody else notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from backend import database
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.serving import ServerProcess, server

TRANSLATIONS = "/api/v1/translations"
SSE = {"Accept": "text/event-stream"}


def body(*texts: str, lang: str = "de", **more: Any) -> dict[str, Any]:
    segments = [{"id": str(n), "text": text} for n, text in enumerate(texts, 1)]
    return {"lang": lang, "segments": segments, **more}


@pytest.fixture
def model_settings(fake_llm: FakeLLM) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "OPENAI_API_KEY": "sk-secret",
        "RATE_LIMIT": "10000/minute",
    }


@pytest.fixture
def running(database_url: str, model_settings: dict[str, str]) -> Iterator[ServerProcess]:
    with server(database_url, model_settings) as process:
        yield process


def kept(database_url: str) -> list[str]:
    """The texts in the translation memory."""
    engine = database.connect(database_url)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT text FROM translation_memory")).scalars().all()
    engine.dispose()
    return list(rows)


@pytest.mark.parametrize("deltas", [1, 3])
def test_what_a_reader_left_unfinished_is_not_kept(
    running: ServerProcess, database_url: str, fake_llm: FakeLLM, deltas: int
):
    """Half of this text would pass every check: it has no numbers and no formulas."""
    fake_llm.scenario = Scenario(chunk_delay=0.02, chunk_chars=6)
    text = (
        "We study sparse attention in large models with care. The method is simple. It works well on "
        "all tasks that we tried, and it is fast. We also discuss its limits and what remains to be done."
    )
    with httpx.stream(
        "POST", running.address + TRANSLATIONS, json=body(text, lang="nl"), headers=SSE
    ) as response:
        lines = response.iter_lines()
        for _ in range(deltas):
            next(line for line in lines if line.startswith("event: delta"))
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left", timeout=5)
    fake_llm.scenario = Scenario()
    answer = httpx.post(running.address + TRANSLATIONS, json=body(text, lang="nl"), timeout=30)
    [whole] = answer.json()["translations"]
    assert not whole["cached"]
    assert kept(database_url) == [whole["text"]]


def test_an_answer_without_a_word_is_no_translation(running: ServerProcess, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(content='<seg id="1"></seg>')
    request = body("We study attention in models.")
    [failed] = httpx.post(running.address + TRANSLATIONS, json=request).json()["translations"]
    assert failed["problem"]["type"].endswith("translator-unavailable")
    fake_llm.scenario = Scenario()
    [mended] = httpx.post(running.address + TRANSLATIONS, json=request).json()["translations"]
    assert mended["verified"]

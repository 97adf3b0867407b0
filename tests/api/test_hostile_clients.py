"""Clients that leave, stall, flood or send nonsense, over real sockets: nobody else notices."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from backend import database
from backend.translation.translator import MAX_READERS
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


def kept(database_url: str, query: str = "SELECT text FROM translation_memory") -> list[str]:
    """What is in the database: the texts of the memory, or what another query finds."""
    engine = database.connect(database_url)
    with engine.connect() as connection:
        rows = connection.execute(sa.text(query)).scalars().all()
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
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left")
    fake_llm.scenario = Scenario()
    answer = httpx.post(running.address + TRANSLATIONS, json=body(text, lang="nl"), timeout=30)
    [whole] = answer.json()["translations"]
    assert not whole["cached"]
    assert kept(database_url) == [whole["text"]]


def test_an_answer_without_a_word_is_no_translation(running: ServerProcess, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(content='<seg id="1"></seg>')
    request = body("We study attention in models.")
    [failed] = httpx.post(running.address + TRANSLATIONS, json=request, timeout=30).json()[
        "translations"
    ]
    assert failed["problem"]["type"].endswith("translator-unavailable")
    fake_llm.scenario = Scenario()
    [mended] = httpx.post(running.address + TRANSLATIONS, json=request, timeout=30).json()[
        "translations"
    ]
    assert mended["verified"]


def ask_streaming(running: ServerProcess, text: str) -> socket.socket:
    """A reader who has asked and does not read yet."""
    url = httpx.URL(running.address)
    content = json.dumps(body(text)).encode()
    connection = socket.create_connection((url.host, url.port or 0), timeout=20)
    head = (
        f"POST {TRANSLATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Accept: text/event-stream\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    connection.sendall(head.encode() + content)
    return connection


def read_all(connection: socket.socket) -> str:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received.decode()


def test_lists_are_served_while_all_readers_wait_for_a_silent_model(
    running: ServerProcess, fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(hang="first-token")
    with ExitStack() as readers:
        connections = [
            readers.enter_context(ask_streaming(running, f"We study attention, part {n}."))
            for n in range(MAX_READERS + 44)
        ]
        answers = [connection.recv(4096).decode() for connection in connections]
        served = [answer for answer in answers if answer.startswith("HTTP/1.1 200")]
        refused = [answer for answer in answers if answer.startswith("HTTP/1.1 503")]
        assert len(served) == MAX_READERS
        assert len(refused) == 44
        assert all("Retry-After: 3" in answer for answer in refused)
        for path in ("/healthz", "/api/v1/daily/latest", "/api/v1/status"):
            assert httpx.get(running.address + path, timeout=15).status_code == 200
    fake_llm.wait_until(lambda: all(asked.outcome == "left" for asked in fake_llm.requests))
    fake_llm.scenario = Scenario()
    again = httpx.post(running.address + TRANSLATIONS, json=body("A text."), timeout=20)
    assert again.status_code == 200, "who has left makes room"


def test_when_the_server_is_stopped_readers_are_told_and_nothing_is_left_behind(
    running: ServerProcess, database_url: str, fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(hang="tokens")
    with ask_streaming(running, "We study attention in large language models. " * 5) as reader:
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
        assert "200" in reader.recv(20).decode()
        running.process.send_signal(signal.SIGINT)
        rest = read_all(reader)
    assert '"retry_after":5' in rest
    assert "event: done" in rest
    running.process.wait(10)
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left")
    assert kept(database_url) == []
    assert kept(database_url, "SELECT key FROM translation_leases") == []
    assert "Traceback" not in running.log

"""Readers of streams hold no thread: hundreds at once, slow ones, and ones that leave."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from backend.server.gunicorn_worker import LONG_THREADS
from benchmarks.reading_load import read_all
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.serving import ServerProcess, server

READERS = 400
TOKEN = "a-token-long-enough-to-be-believed"


@pytest.fixture
def running(database_url: str, fake_llm: FakeLLM) -> Iterator[ServerProcess]:
    """A server of one process."""
    settings = {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "RATE_LIMIT": "10000/minute",
    }
    with server(database_url, settings) as process:
        yield process


def body(text: str) -> dict[str, object]:
    return {"lang": "zh-Hans", "segments": [{"id": "1", "text": text}]}


@pytest.fixture
def behind_http_1_0(database_url: str, fake_llm: FakeLLM) -> Iterator[ServerProcess]:
    """A server whose proxy speaks HTTP/1.0, which it believes only those who have the access token."""
    settings = {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "RATE_LIMIT": "10000/minute",
        "ACCESS_TOKEN": TOKEN,
    }
    with server(database_url, settings) as process:
        yield process


def ask(
    running: ServerProcess, text: str, *, version: str = "1.1", accept: str = "text/event-stream"
) -> socket.socket:
    """A connection on which a translation was asked for."""
    address = urlsplit(running.address)
    connection = socket.create_connection((address.hostname, address.port), timeout=20)
    content = json.dumps(body(text)).encode()
    head = (
        f"POST /api/v1/translations HTTP/{version}\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Accept: {accept}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    connection.sendall(head.encode() + content)
    return connection


def threads(running: ServerProcess) -> int:
    """How many threads the server's worker has."""
    pid = running.process.pid
    [worker] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return len(list(Path(f"/proc/{worker}/task").iterdir()))


def test_a_reader_who_leaves_stops_the_model_soon(running: ServerProcess, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(hang="tokens")
    with ask(running, "We study attention."):
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left", timeout=3)


def test_a_reader_who_leaves_and_asks_again_is_not_paid_for_twice(
    running: ServerProcess, fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(first_token_delay=0.5, chunk_delay=0.05)
    with ask(running, "We study attention."):
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
    with ask(running, "We study attention.") as connection:
        received = b""
        while b"event: done" not in received:
            received += connection.recv(65536)
    assert b"event: segment" in received
    assert [asked.outcome for asked in fake_llm.requests] == ["finished"]


def test_a_connection_serves_again_after_a_stream(running: ServerProcess, fake_llm: FakeLLM):
    with httpx.Client(base_url=running.address, timeout=20) as client:
        connections = set()
        for number in range(3):
            with client.stream(
                "POST",
                "/api/v1/translations",
                json=body(f"We study the attention of {number} models."),
                headers={"Accept": "text/event-stream"},
            ) as response:
                connections.add(response.extensions["network_stream"].get_extra_info("client_addr"))
                assert "event: done" in list(response.iter_lines())
        assert len(connections) == 1


def test_a_second_request_that_comes_too_early_waits_for_the_end_of_the_first(
    running: ServerProcess, fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(chunk_delay=0.05)
    with ask(running, "We study the attention of language models.") as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        received = b""
        while piece := connection.recv(65536):
            received += piece
    first, _, second = received.partition(b"event: done")
    assert b"event: segment" in first
    assert b'{"status":"ok"}' in second


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_an_answer_over_http_1_0_is_plain_and_ends_with_its_connection(
    behind_http_1_0: ServerProcess, fake_llm: FakeLLM, accept: str
):
    """As many an nginx asks, unless `proxy_http_version` tells it otherwise."""
    fake_llm.scenario = Scenario(first_token_delay=1.5)
    with ask(behind_http_1_0, "We study attention.", version="1.0", accept=accept) as connection:
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, content = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.")
    assert b"chunked" not in head.lower()
    if accept == "application/json":
        assert json.loads(content)["translations"][0]["id"] == "1"
        return
    assert content.startswith(b": paperglot\n\n:\n\n")
    [*_, done] = content.decode().split("\n\n")[:-1]
    assert done.startswith("event: done\ndata: {")


def test_readers_over_http_1_0_wait_on_no_thread_either(
    behind_http_1_0: ServerProcess, fake_llm: FakeLLM
):
    """More of them than there are threads: all have begun while the model says nothing."""
    fake_llm.scenario = Scenario(hang="tokens")
    with ExitStack() as readers:
        for number in range(LONG_THREADS + 16):
            asked = ask(behind_http_1_0, f"We study what {number} reads.", version="1.0")
            readers.enter_context(asked)
            received = b""
            while b": paperglot" not in received:
                received += asked.recv(65536)


def test_hundreds_of_readers_wait_on_no_thread(running: ServerProcess, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(first_token_delay=1.0, chunk_delay=0.02)
    order = {
        "url": running.address + "/api/v1/translations",
        "bodies": [body(f"We study what reader {number} reads.") for number in range(READERS)],
        "headers": {"Accept": "text/event-stream", "Content-Type": "application/json"},
        "over": 1.0,
        "sign": "event",
    }
    answers = asyncio.run(read_all(order))
    assert [each["whole"] for each in answers] == [True] * READERS
    assert threads(running) < 120

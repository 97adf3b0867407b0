"""Readers behind others at the model hear their place; one who wants a whole document hears white space."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import httpx
import pytest

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.serving import ServerProcess, server

URL = "/api/v1/translations"


@pytest.fixture
def busy(database_url: str, fake_llm: FakeLLM) -> Iterator[ServerProcess]:
    """A server that asks the model one question at a time."""
    settings = {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "MODEL_CONCURRENCY": "1",
    }
    with server(database_url, settings) as running:
        yield running


def body(text: str) -> dict[str, object]:
    return {"lang": "zh-Hans", "segments": [{"id": "1", "text": text}]}


def lines(client: httpx.Client, text: str, accept: str) -> Generator[str]:
    with client.stream("POST", URL, json=body(text), headers={"Accept": accept}) as response:
        yield from response.iter_lines()


def test_a_reader_behind_another_hears_their_place(busy: ServerProcess, fake_llm: FakeLLM):
    fake_llm.next(Scenario(hang="tokens"))
    with httpx.Client(base_url=busy.address, timeout=20) as client:
        first = lines(client, "We study the first attention of models.", "text/event-stream")
        next(line for line in first if line == "event: delta" or "paperglot" in line)
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
        second = lines(client, "We study the second attention of models.", "text/event-stream")
        assert next(line for line in second if line.startswith("event")) == "event: queue"
        assert next(second) == 'data: {"place":1}'
        first.close()
        assert next(line for line in second if line.startswith("event")) == "event: queue"
        assert next(second) == 'data: {"place":0}'
        assert "event: done" in list(second)


def test_a_document_that_takes_long_begins_with_white_space(busy: ServerProcess, fake_llm: FakeLLM):
    """A router that gives up after half a minute without a byte has some after a few seconds."""
    fake_llm.next(Scenario(hang="tokens"))
    with httpx.Client(base_url=busy.address, timeout=20) as client:
        first = lines(client, "We study the first attention of models.", "text/event-stream")
        next(first)
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
        wanted = body("We study the second attention of models.")
        with client.stream("POST", URL, json=wanted) as response:
            assert response.headers["content-type"] == "application/json"
            pieces = response.iter_bytes()
            assert next(pieces) == b" "
            first.close()
            whole = b"".join(pieces)
        assert whole.lstrip().startswith(b'{"translations":[{"id":"1","text":')
        assert client.post(URL, json=wanted).json()["translations"][0]["cached"]

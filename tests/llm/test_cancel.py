"""A reader who leaves stops the model's work, whatever it is waiting for, and the server sees it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from backend.llm.attempt import Timeouts
from backend.llm.model import ModelStream
from backend.llm.openai_model import OpenAIModel
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.llm.asking import MESSAGES, TEXT, Heard, ask, hear

PATIENT = Timeouts()


def leave(stream: ModelStream) -> float:
    """Cancel a stream that another thread reads; returns the seconds until that thread was free."""
    heard: list[Heard] = []
    reader = threading.Thread(target=lambda: heard.append(hear(stream)))
    reader.start()
    begun = time.monotonic()
    stream.cancel()
    reader.join()
    assert heard[0].error is None
    assert stream.finish_reason == "cancelled"
    return time.monotonic() - begun


@pytest.mark.parametrize("hang", ["headers", "first-token", "tokens"])
def test_leaves_a_silent_server(make_model: Callable[..., OpenAIModel], fake: FakeLLM, hang: str):
    model = make_model(timeouts=PATIENT)
    fake.next(Scenario(hang=hang))
    stream = model.stream(MESSAGES, max_output_tokens=500)
    fake.wait_until(lambda: len(fake.requests) == 1)
    if hang == "tokens":
        next(stream)
    assert leave(stream) < 5
    fake.wait_until(lambda: fake.requests[0].outcome == "left")
    assert ask(model).text == TEXT


def test_leaves_a_server_that_is_writing(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    model = make_model(timeouts=PATIENT)
    fake.next(Scenario(wire=("endless",), chunk_delay=0.01))
    stream = model.stream(MESSAGES, max_output_tokens=100_000)
    read = next(stream) + next(stream)
    assert leave(stream) < 5
    fake.wait_until(lambda: fake.requests[0].outcome == "left")
    assert stream.usage.estimated
    assert stream.usage.prompt_tokens > 0
    assert stream.usage.completion_tokens >= len(read) / 16


def test_leaves_while_the_connection_is_made(make_model: Callable[..., OpenAIModel]):
    """The server accepts the connection and never answers the TLS handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        model = make_model(
            base_url=f"https://127.0.0.1:{listener.getsockname()[1]}/v1", timeouts=PATIENT
        )
        stream = model.stream(MESSAGES, max_output_tokens=500)
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(1)
            assert connection.recv(4096)
            assert leave(stream) < 5
            assert connection.recv(4096) == b""


def test_leaves_before_anything_is_sent(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    """The provider asked to wait; the reader does not want to."""
    model = make_model(timeouts=PATIENT)
    fake.next(Scenario(status=429, retry_after="60"))
    ask(model, retry_timeout=0)
    stream = model.stream(MESSAGES, max_output_tokens=500, retry_timeout=100)
    assert leave(stream) < 5
    assert len(fake.requests) == 1


def test_leaves_the_queue_for_a_slot(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    model = make_model(timeouts=PATIENT, slots=1)
    fake.next(Scenario(hang="headers"))
    first = model.stream(MESSAGES, max_output_tokens=500)
    fake.wait_until(lambda: len(fake.requests) == 1)
    assert leave(model.stream(MESSAGES, max_output_tokens=500)) < 1
    first.cancel()
    assert ask(model).text == TEXT
    assert len(fake.requests) == 2


def test_leaves_while_waiting_to_ask_again(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    model = make_model(timeouts=Timeouts(backoff=8))
    fake.next(Scenario(status=500))
    stream = model.stream(MESSAGES, max_output_tokens=500, retry_timeout=100)
    fake.wait_until(lambda: bool(fake.requests) and fake.requests[0].outcome == "refused")
    assert leave(stream) < 5
    assert ask(model).text == TEXT
    assert len(fake.requests) == 2


def test_leaves_at_once_after_asking(model: OpenAIModel, fake: FakeLLM):
    for _ in range(20):
        stream = model.stream(MESSAGES, max_output_tokens=500)
        stream.cancel()
        assert hear(stream).text == ""
    assert ask(model).text == TEXT


def test_leaving_twice_or_too_late_changes_nothing(model: OpenAIModel):
    stream = model.stream(MESSAGES, max_output_tokens=500)
    assert hear(stream).text == TEXT
    stream.cancel()
    stream.cancel()
    assert stream.finish_reason == "stop"
    assert hear(stream).text == ""


def test_the_end_of_the_block_leaves(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    model = make_model(timeouts=PATIENT)
    fake.next(Scenario(hang="tokens"))
    with model.stream(MESSAGES, max_output_tokens=500) as stream:
        next(stream)
    fake.wait_until(lambda: fake.requests[0].outcome == "left")


def test_closing_the_model_ends_every_question(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    model = make_model(timeouts=PATIENT)
    fake.scenario = Scenario(hang="tokens")
    streams = [model.stream(MESSAGES, max_output_tokens=500) for _ in range(3)]
    for stream in streams:
        next(stream)
    model.close()
    for stream in streams:
        hear(stream)
    fake.wait_until(lambda: all(asked.outcome == "left" for asked in fake.requests))

"""What the provider refuses, breaks or forgets is told in one plain sentence, and mended where it can be."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from backend.llm.attempt import Timeouts
from backend.llm.model import Turn
from backend.llm.openai_model import OpenAIModel
from backend.llm.usage import Usage
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.llm.asking import MESSAGES, TEXT, ask, hear

SAID = "provider said sk-secret <b>no</b>"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "did not accept"),
        (401, "OPENAI_API_KEY"),
        (402, "no credit"),
        (403, "OPENAI_API_KEY"),
        (404, "OPENAI_MODEL"),
        (413, "too long"),
        (418, "418"),
        (422, "did not accept"),
    ],
)
@pytest.mark.parametrize("error_format", ["openai", "text", "html", "empty"])
def test_a_refusal_is_told_and_not_asked_again(
    model: OpenAIModel, fake: FakeLLM, status: int, words: str, error_format: str
):
    fake.scenario = Scenario(status=status, error_message=SAID, error_format=error_format)
    heard = ask(model)
    assert heard.text == ""
    assert heard.error
    assert words in heard.error.detail
    assert heard.error.detail.endswith(".")
    assert "sk-secret" not in heard.error.detail
    assert len(fake.requests) == 1


def test_a_429_for_want_of_money_is_not_asked_again(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(status=429, error_code="insufficient_quota")
    heard = ask(model)
    assert heard.error
    assert "no credit" in heard.error.detail
    assert len(fake.requests) == 1


def test_a_refusal_without_an_end_is_not_read_to_its_end(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(status=403, error_message="no " * 1_000_000)
    heard = ask(model)
    assert heard.error
    assert "OPENAI_API_KEY" in heard.error.detail


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504, 529])
@pytest.mark.parametrize("error_format", ["openai", "html"])
def test_a_fault_of_the_server_is_asked_again(
    model: OpenAIModel, fake: FakeLLM, status: int, error_format: str
):
    failing = Scenario(status=status, error_format=error_format)
    fake.next(failing, failing)
    heard = ask(model)
    assert (heard.text, heard.error) == (TEXT, None)
    assert len(fake.requests) == 3


def test_waits_longer_before_each_attempt(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    model = make_model(timeouts=Timeouts(backoff=0.1))
    firsts, thirds = [], []
    for _ in range(3):  # the shortest of three: a busy machine makes some longer
        fake.reset()
        fake.next(*[Scenario(status=500)] * 3)
        assert ask(model).text == TEXT
        arrived = [asked.arrived for asked in fake.requests]
        first, _second, third = (later - earlier for earlier, later in pairwise(arrived))
        firsts.append(first)
        thirds.append(third)
    assert 0.04 <= min(firsts) < 0.2
    assert 0.18 <= min(thirds) < 0.6


@pytest.mark.parametrize("retry_timeout", [0.0, 0.1])
def test_does_not_ask_again_beyond_the_retry_timeout(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM, retry_timeout: float
):
    model = make_model(timeouts=Timeouts(backoff=0.3))
    fake.scenario = Scenario(status=500)
    begun = time.monotonic()
    heard = ask(model, retry_timeout=retry_timeout)
    assert heard.error
    assert "HTTP 500" in heard.error.detail
    assert len(fake.requests) == 1
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("wire", ["error", "error-event", "cut", "eof", "garbage"])
def test_a_stream_that_breaks_before_its_first_word_is_asked_again(
    model: OpenAIModel, fake: FakeLLM, wire: str
):
    fake.next(Scenario(wire=(wire,), wire_at=0.0))
    heard = ask(model)
    assert (heard.text, heard.error) == (TEXT, None)
    assert len(fake.requests) == 2


@pytest.mark.parametrize("network_bytes", [None, 5])
@pytest.mark.parametrize("wire", ["error", "error-event", "cut", "eof", "garbage", "huge-line"])
def test_words_before_a_break_are_kept(
    model: OpenAIModel, fake: FakeLLM, wire: str, network_bytes: int | None
):
    fake.next(Scenario(wire=(wire,), error_message=SAID, network_bytes=network_bytes))
    heard = ask(model)
    assert len(heard.text) > len(TEXT) / 4
    assert TEXT.startswith(heard.text)
    assert heard.error
    assert heard.error.detail.startswith("The ")
    assert "sk-secret" not in heard.error.detail
    assert heard.stream.finish_reason is None
    assert heard.stream.usage.estimated
    assert heard.stream.usage.completion_tokens > 0
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [("402", "no credit"), ("rate_limit_exceeded", "too many requests"), ("503", "HTTP 503")],
)
def test_an_error_inside_a_stream_is_understood(
    model: OpenAIModel, fake: FakeLLM, code: str, words: str
):
    fake.next(Scenario(wire=("error",), error_code=code))
    heard = ask(model)
    assert heard.error
    assert words in heard.error.detail


@pytest.mark.parametrize(
    ("hang", "words"),
    [("headers", "begin"), ("first-token", "begin"), ("tokens", "in the middle")],
)
def test_a_silent_server_is_left(model: OpenAIModel, fake: FakeLLM, hang: str, words: str):
    fake.scenario = Scenario(hang=hang)
    heard = ask(model, retry_timeout=0)
    assert heard.error
    assert words in heard.error.detail
    assert TEXT.startswith(heard.text)
    assert bool(heard.text) == (hang == "tokens")
    fake.wait_until(lambda: fake.requests[0].outcome == "left")


@pytest.mark.parametrize("hang", ["headers", "first-token"])
def test_a_server_that_is_silent_is_asked_once_more_after_a_pause(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM, hang: str
):
    """However long the silence was: the time within which other faults are repeated has passed by then."""
    model = make_model(timeouts=Timeouts(first_token=0.3, backoff=0.02, after_silence=0.4))
    fake.next(Scenario(hang=hang))
    assert ask(model, retry_timeout=0.1).text == TEXT
    assert fake.requests[1].arrived - fake.requests[0].arrived >= 0.4


def test_a_second_silence_is_told(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(hang="headers")
    heard = ask(model)
    assert heard.error
    assert heard.stream.silent
    assert len(fake.requests) == 2


def test_what_follows_a_silence_waits_and_is_not_repeated(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(hang="headers")
    stream = model.stream(MESSAGES, max_output_tokens=500, after_silence=True)
    begun = time.monotonic()
    assert hear(stream).error
    assert time.monotonic() - begun >= 0.6
    assert len(fake.requests) == 1


def test_comments_are_no_sign_of_life(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    model = make_model(timeouts=Timeouts(first_token=0.3))
    fake.scenario = Scenario(wire=("alive",))
    heard = ask(model, retry_timeout=0)
    assert heard.error
    assert "too long to begin" in heard.error.detail


def test_a_trickle_ends_with_the_total_time(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    model = make_model(timeouts=Timeouts(total=0.5))
    fake.scenario = Scenario(chunk_delay=0.05, chunk_chars=1)
    begun = time.monotonic()
    heard = ask(model)
    assert time.monotonic() - begun < 2
    assert heard.error
    assert 0 < len(heard.text) < len(TEXT)
    assert TEXT.startswith(heard.text)


def test_what_is_no_model_server_is_named_as_such(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(wire=("page",))
    heard = ask(model, retry_timeout=0)
    assert heard.error
    assert "OPENAI_BASE_URL" in heard.error.detail
    assert heard.stream.usage == Usage(requests=1)


def test_nobody_at_the_address(make_model: Callable[..., OpenAIModel]):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    heard = ask(make_model(base_url=address), retry_timeout=0.2)
    assert heard.error
    assert "cannot be reached" in heard.error.detail


def test_an_impossible_key_is_a_fault_and_no_traceback(make_model: Callable[..., OpenAIModel]):
    heard = ask(make_model(api_key="sk-\u2028secret"))
    assert heard.error
    assert "secret" not in heard.error.detail


def test_who_has_no_patience_for_their_turn_is_told_so(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    model = make_model(slots=1, timeouts=Timeouts())
    fake.next(Scenario(hang="first-token"))
    first = model.stream(MESSAGES, max_output_tokens=100)
    fake.wait_until(lambda: len(fake.requests) == 1)
    heard = hear(model.stream(MESSAGES, max_output_tokens=100, turn=Turn(patience=0.1)))
    assert heard.error
    assert heard.error.retry_after
    first.cancel()
    assert hear(first).text == ""
    assert ask(model).text == TEXT

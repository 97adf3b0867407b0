"""Answers arrive whole, in time and without the model's thoughts, however the server writes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.llm.openai_model import OpenAIModel
from backend.llm.usage import Usage
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_answer import tokens
from tests.fakes.llm_scenario import Scenario
from tests.llm.asking import MESSAGES, TEXT, ask, hear


def test_streams_the_answer_with_its_cost(model: OpenAIModel, fake: FakeLLM):
    heard = ask(model)
    assert heard.text == TEXT
    assert heard.error is None
    assert heard.stream.finish_reason == "stop"
    assert heard.stream.usage == Usage(
        prompt_tokens=sum(tokens(message["content"]) + 4 for message in MESSAGES),
        completion_tokens=tokens(TEXT),
        requests=1,
    )
    asked = fake.requests[0]
    assert asked.headers["authorization"] == "Bearer sk-secret"
    assert asked.body["messages"] == MESSAGES
    assert asked.body["stream"] is True
    assert asked.body["max_tokens"] == 2000


def test_the_first_words_do_not_wait_for_the_rest(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(hang="tokens"))
    stream = model.stream(MESSAGES, max_output_tokens=2000)
    assert TEXT.startswith(next(stream))
    assert stream.finish_reason is None
    stream.cancel()


def test_words_that_come_close_together_are_handed_over_together(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(chunk_delay=0.005, chunk_chars=1))
    assert ask(model).pieces < len(TEXT) / 2


@pytest.mark.parametrize("network_bytes", [None, 1, 13])
@pytest.mark.parametrize(
    "wire",
    [
        "comments",
        "blank-lines",
        "crlf",
        "no-space",
        "no-done",
        "no-role",
        "bom",
        "multi-line",
        "usage-everywhere",
        "null-fields",
        "document",
    ],
)
def test_every_way_of_writing_a_stream_is_read(
    model: OpenAIModel, fake: FakeLLM, wire: str, network_bytes: int | None
):
    fake.next(Scenario(wire=(wire,), network_bytes=network_bytes))
    heard = ask(model)
    assert (heard.text, heard.error) == (TEXT, None)
    assert heard.stream.finish_reason == "stop"
    assert not heard.stream.usage.estimated


def test_a_cost_the_server_does_not_tell_is_estimated(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(wire=("no-usage",)))
    usage = ask(model).stream.usage
    assert usage.estimated
    assert tokens(TEXT) / 2 < usage.completion_tokens < tokens(TEXT) * 2
    asked = sum(tokens(message["content"]) for message in MESSAGES)
    assert asked / 2 < usage.prompt_tokens < asked * 2


@pytest.mark.parametrize("chunk_chars", [1, 3, 1000])
@pytest.mark.parametrize("dressing", ["think", "reasoning"])
def test_thoughts_are_left_out(model: OpenAIModel, fake: FakeLLM, dressing: str, chunk_chars: int):
    fake.scenario = Scenario(dressing=(dressing,), chunk_chars=chunk_chars)
    assert ask(model).text == TEXT


def test_a_thought_without_an_end_is_no_answer(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(dressing=("unclosed-think",))
    heard = ask(model)
    assert (heard.text, heard.error) == ("", None)


def test_a_server_that_opens_the_thought_itself_is_remembered(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(content=f"Let me see.\n</think>\n\n{TEXT}")
    assert ask(model).text.endswith(TEXT)
    assert ask(model).text == TEXT
    fake.scenario = Scenario()
    assert ask(model).text == TEXT
    fake.next(Scenario(hang="tokens"))
    with model.stream(MESSAGES, max_output_tokens=2000) as stream:
        assert TEXT.startswith(next(stream)), "held back although no thought is open"


def test_a_model_that_thinks_gets_room_for_it(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(dressing=("reasoning-only",), finish_reason="length"))
    heard = ask(model)
    assert (heard.text, heard.error) == (TEXT, None)
    first, second = (asked.body["max_tokens"] for asked in fake.requests)
    assert (first, second) == (2000, 2000 + 8192)


def test_a_model_that_only_thinks_is_given_up(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(dressing=("reasoning-only",), finish_reason="length")
    heard = ask(model)
    assert heard.error
    assert "reasoning" in heard.error.detail
    assert len(fake.requests) == 2


def test_says_when_the_answer_was_cut_short(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(stop_at=0.5, finish_reason="length"))
    heard = ask(model)
    assert TEXT.startswith(heard.text)
    assert heard.stream.finish_reason == "length"


def test_an_endless_answer_is_cut_and_its_server_left(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(wire=("endless",)))
    heard = ask(model, max_output_tokens=300)
    assert heard.stream.finish_reason == "length"
    assert len(heard.text) < 300 * 10 + 2000
    fake.wait_until(lambda: fake.requests[0].outcome == "left")


def test_does_not_wait_for_a_server_that_stays_on_the_line(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(wire=("hold",)))
    heard = ask(model)
    assert (heard.text, heard.error) == (TEXT, None)


def test_one_connection_serves_one_question_after_another(model: OpenAIModel, fake: FakeLLM):
    for _ in range(5):
        assert ask(model).text == TEXT
    assert fake.connections_made == 1


def test_many_questions_at_once_do_not_mix(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    fake.scenario = Scenario(chunk_delay=0.005)
    model = make_model(slots=20)
    questions = [
        [
            {"role": "system", "content": "Translate into French (fr)."},
            {"role": "user", "content": f'<seg id="1">Number {number}</seg>'},
        ]
        for number in range(60)
    ]
    streams = [model.stream(each, max_output_tokens=500, retry_timeout=10) for each in questions]
    texts = [hear(stream).text for stream in streams]
    assert [f" {number}</seg>" in text for number, text in enumerate(texts)] == [True] * 60
    assert fake.connections_made <= 20


def test_a_local_server_needs_no_key(make_model: Callable[..., OpenAIModel], fake: FakeLLM):
    assert ask(make_model(api_key=None)).text == TEXT
    assert "authorization" not in fake.requests[0].headers

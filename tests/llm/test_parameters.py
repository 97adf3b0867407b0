"""A parameter that the server does not know is left out, at once and from then on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.llm.openai_model import OpenAIModel
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.llm.asking import TEXT, ask


@pytest.mark.parametrize("error_format", ["openai", "text", "bare", "pydantic"])
@pytest.mark.parametrize(
    "name", ["stream_options", "temperature", "reasoning_effort", "chat_template_kwargs"]
)
def test_a_refused_extra_is_left_out_and_remembered(
    model: OpenAIModel, fake: FakeLLM, name: str, error_format: str
):
    fake.scenario = Scenario(refused_parameters=(name,), error_format=error_format)
    for _ in range(3):
        heard = ask(model, retry_timeout=0)
        assert (heard.text, heard.error) == (TEXT, None)
    assert [name in asked.body for asked in fake.requests] == [True, False, False, False]


@pytest.mark.parametrize("error_format", ["openai", "text", "bare", "pydantic"])
def test_the_other_name_of_the_output_limit_is_tried(
    model: OpenAIModel, fake: FakeLLM, error_format: str
):
    fake.scenario = Scenario(refused_parameters=("max_tokens",), error_format=error_format)
    for _ in range(2):
        assert ask(model, retry_timeout=0).text == TEXT
    limits = [asked.body.get("max_completion_tokens") for asked in fake.requests]
    assert limits == [None, 2000, 2000]
    assert "max_tokens" not in fake.requests[1].body


def test_a_server_that_knows_nothing_but_the_basics_is_asked_with_those(
    model: OpenAIModel, fake: FakeLLM
):
    fake.scenario = Scenario(known_parameters=("model", "messages", "stream"))
    assert ask(model, retry_timeout=0).text == TEXT
    count = len(fake.requests)
    assert ask(model, retry_timeout=0).text == TEXT
    assert len(fake.requests) == count + 1
    assert set(fake.requests[-1].body) == {"model", "messages", "stream"}


def test_a_400_that_names_no_parameter_is_a_refusal(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(status=400, error_message="Invalid request.")
    assert ask(model).error
    assert len(fake.requests) == 1


def test_a_400_about_a_parameter_that_was_not_sent_is_a_refusal(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(status=400, error_message="'top_logprobs' is not supported.")
    assert ask(model).error
    assert len(fake.requests) == 1


def test_a_parameter_refused_for_ever_does_not_go_on_for_ever(model: OpenAIModel, fake: FakeLLM):
    fake.scenario = Scenario(
        status=400, error_message="temperature, max_tokens or stream_options is wrong"
    )
    assert ask(model).error
    assert len(fake.requests) <= 4


def test_the_largest_output_that_a_server_allows_is_kept_to(model: OpenAIModel, fake: FakeLLM):
    fake.next(
        Scenario(status=400, error_message="max_tokens: the valid range is [1, 1024], got 2000")
    )
    assert ask(model, retry_timeout=0).text == TEXT
    assert ask(model, retry_timeout=0).text == TEXT
    assert ask(model, retry_timeout=0, max_output_tokens=900).text == TEXT
    limits = [asked.body["max_tokens"] for asked in fake.requests]
    assert limits == [2000, 1024, 1024, 900]


@pytest.mark.parametrize(
    ("message", "effort"),
    [
        ("Invalid reasoning_effort: none. Valid values are: high, medium, low, minimal", "minimal"),
        ("'reasoning_effort' does not support 'none'. Supported: 'low', 'medium'.", "low"),
        ("reasoning_effort: Input should be 'medium' or 'high'", None),
    ],
)
def test_the_least_reasoning_that_a_server_allows_is_asked_for(
    model: OpenAIModel, fake: FakeLLM, message: str, effort: str | None
):
    fake.next(Scenario(status=400, error_message=message))
    for _ in range(2):
        assert ask(model, retry_timeout=0).text == TEXT
    efforts = [asked.body.get("reasoning_effort") for asked in fake.requests]
    assert efforts == ["none", effort, effort]


def test_what_one_client_learned_does_not_bind_another(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    fake.next(Scenario(refused_parameters=("temperature",)))
    assert ask(make_model()).text == TEXT
    assert ask(make_model()).text == TEXT
    assert "temperature" in fake.requests[-1].body

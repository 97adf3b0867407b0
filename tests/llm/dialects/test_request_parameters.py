"""Each server is asked in its own dialect, above all how to turn reasoning off."""

from __future__ import annotations

from typing import Any

import pytest

from backend.llm.dialects.request_parameters import RequestParameters

MESSAGES = [{"role": "user", "content": "x"}]


def body(base_url: str, model: str) -> dict[str, Any]:
    parameters = RequestParameters(base_url=base_url, model=model)
    return parameters.body(MESSAGES, max_output_tokens=100)


@pytest.mark.parametrize(
    ("host", "model", "reasoning"),
    [
        ("api.openai.com", "gpt-4.1-mini", {}),
        ("api.openai.com", "gpt-5-mini", {"reasoning_effort": "minimal"}),
        ("api.openai.com", "gpt-5.4-mini", {"reasoning_effort": "none"}),
        ("api.openai.com", "gpt-5-chat-latest", {}),
        ("api.openai.com", "o4-mini", {"reasoning_effort": "low"}),
        ("me.openai.azure.com", "gpt-5.1", {"reasoning_effort": "none"}),
        ("openrouter.ai", "qwen/qwen3-32b", {"reasoning": {"effort": "none"}}),
        ("openrouter.ai", "openai/gpt-oss-20b", {"reasoning": {"effort": "low"}}),
        ("api.deepseek.com", "deepseek-v4-flash", {"thinking": {"type": "disabled"}}),
        ("dashscope.aliyuncs.com", "qwen3-max", {"enable_thinking": False}),
        ("generativelanguage.googleapis.com", "gemini-2.5-flash", {"reasoning_effort": "none"}),
        ("generativelanguage.googleapis.com", "gemini-3-pro", {"reasoning_effort": "low"}),
        ("api.mistral.ai", "mistral-small-latest", {}),
        (
            "localhost:11434",
            "qwen3:8b",
            {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}},
        ),
        ("localhost:11434", "gpt-oss:20b", {"reasoning_effort": "low"}),
        (
            "notopenai.com",
            "gpt-5-mini",
            {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}},
        ),
    ],
)
def test_turns_reasoning_off_as_the_server_knows_it(
    host: str, model: str, reasoning: dict[str, Any]
):
    names = ("reasoning_effort", "reasoning", "thinking", "enable_thinking", "chat_template_kwargs")
    sent = body(f"https://{host}/v1", model)
    assert {name: sent[name] for name in names if name in sent} == reasoning


@pytest.mark.parametrize(
    ("host", "limit"),
    [
        ("api.openai.com", "max_completion_tokens"),
        ("api.deepseek.com", "max_tokens"),
        ("127.0.0.1:8080", "max_tokens"),
    ],
)
def test_limits_the_answer_under_the_name_the_server_knows(host: str, limit: str):
    sent = body(f"http://{host}/v1", "a-model")
    assert {name for name in sent if name.startswith("max_")} == {limit}
    assert sent[limit] == 100


@pytest.mark.parametrize(
    ("model", "fixed"),
    [
        ("gpt-5-mini", True),
        ("o3", True),
        ("google/gemini-3-flash", True),
        ("gpt-5.4-mini", False),
        ("qwen3:8b", False),
        ("gemini-2.5-flash", False),
    ],
)
def test_a_model_with_one_temperature_is_sent_none(model: str, fixed: bool):
    assert ("temperature" not in body("https://api.openai.com/v1", model)) == fixed


@pytest.mark.parametrize(
    ("answer", "dropped"),
    [
        (
            '{"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options", '
            '"include_usage"], "msg": "Extra inputs are not permitted"}]}',
            {"stream_options"},
        ),
        (
            '{"detail": [{"loc": ["body", "temperature"]}, {"loc": ["body", "stream_options"]}]}',
            {"temperature", "stream_options"},
        ),
        (
            '{"error": {"param": "temperature", "message": "use max_tokens wisely"}}',
            {"temperature"},
        ),
        ('[{"error": {"code": 400, "message": "temperature must be 1"}}]', {"temperature"}),
        (
            "Reasoning level NONE is not supported for this model.",
            {"reasoning_effort", "chat_template_kwargs"},
        ),
    ],
)
def test_drops_what_a_refusal_names_and_nothing_else(answer: str, dropped: set[str]):
    parameters = RequestParameters(base_url="http://localhost/v1", model="m")
    before = parameters.body(MESSAGES, max_output_tokens=100)
    assert parameters.refused(answer, before)
    after = parameters.body(MESSAGES, max_output_tokens=100)
    assert set(before) - set(after) == dropped


@pytest.mark.parametrize("answer", ["", "no", "{}", '{"error": "messages too long"}', "[]", "null"])
def test_a_refusal_that_names_nothing_changes_nothing(answer: str):
    parameters = RequestParameters(base_url="http://localhost/v1", model="m")
    before = parameters.body(MESSAGES, max_output_tokens=100)
    assert not parameters.refused(answer, before)
    assert parameters.body(MESSAGES, max_output_tokens=100) == before


def test_a_model_that_reasons_all_the_same_gets_room_up_to_the_ceiling():
    parameters = RequestParameters(base_url="http://localhost/v1", model="m")
    parameters.reasons = True
    sent = parameters.body(MESSAGES, max_output_tokens=100)
    assert sent["max_tokens"] == 100 + 8192
    assert parameters.refused("max_tokens must be at most 4096", sent)
    assert parameters.body(MESSAGES, max_output_tokens=100)["max_tokens"] == 4096

"""Refusals as real servers word them."""

from __future__ import annotations

import json

import pytest

from backend.llm.dialects.server_words import Length, is_loading, length, meaning

LLAMA = {
    "error": {
        "code": 400,
        "message": "the request exceeds the available context size, try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 1530,
        "n_ctx": 1024,
    }
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (json.dumps(LLAMA), Length(1024, 1530)),
        (
            "This model's maximum context length is 2048 tokens. However, you requested 2400 tokens"
            " (400 in the messages, 2000 in the completion). Please reduce the length of the messages.",
            Length(2048, 400),
        ),
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context"
            " length is 4096 tokens and your request has 200 input tokens (5000 > 4096 - 200).",
            Length(4096, 200),
        ),
        (
            "The decoder prompt (length 5012) is longer than the maximum model length of 4096.",
            Length(4096, 5012),
        ),
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in"
            " 9001 tokens. Please reduce the length of the messages.",
            Length(8192, 9001),
        ),
        (
            "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 3000 `inputs` tokens and 2000"
            " `max_new_tokens`",
            Length(4096, 3000),
        ),
        (
            "Trying to keep the first 5010 tokens when context the overflows. However, the model is"
            " loaded with context length of only 4096 tokens, which is not enough.",
            Length(4096, 5010),
        ),
        ("litellm.ContextWindowExceededError: it is too long", Length()),
    ],
)
def test_a_question_that_is_too_long(body: str, said: Length):
    assert length(body) == said
    assert meaning(400, body) == 413


def test_the_room_is_what_the_prompt_leaves():
    assert Length(2048, 400).room == 1648
    assert Length(2048).room is None


@pytest.mark.parametrize(
    ("status", "body", "stands_for"),
    [
        (400, '{"error":{"message":"No connected db.","type":"no_db_connection"}}', 401),
        (400, "Invalid model name passed in model=x. Call `/v1/models` to view available", 404),
        (400, "No models loaded. Please load a model in the developer page", 404),
        (400, "The model `m` does not exist.", 404),
        (400, "temperature must be between 0 and 2", 400),
        (422, "extra fields not permitted: model_kwargs", 422),
        (500, "the model m does not exist", 500),
    ],
)
def test_a_gateways_refusal_stands_for(status: int, body: str, stands_for: int):
    assert meaning(status, body) == stands_for


@pytest.mark.parametrize(
    ("body", "loading"),
    [
        ('{"error":{"message":"Loading model","type":"unavailable_error","code":503}}', True),
        ('{"error":"Model org/name is currently loading","estimated_time":20.0}', True),
        ("llm server loading model", True),
        ("The model failed: out of memory", False),
        ("overloading", False),
    ],
)
def test_a_model_that_is_being_loaded(body: str, loading: bool):
    assert is_loading(body) is loading

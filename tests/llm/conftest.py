"""A fake model server and clients for it, with time-outs that suit a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backend.llm.attempt import Timeouts
from backend.llm.openai_model import OpenAIModel
from tests.fakes.llm import FakeLLM

QUICK = Timeouts(
    connect=2.0, first_token=0.5, between_tokens=0.5, total=20.0, backoff=0.02, after_silence=0.1
)


@pytest.fixture
def fake() -> Iterator[FakeLLM]:
    """A model server on a real socket."""
    with FakeLLM() as server:
        yield server


@pytest.fixture
def make_model(fake: FakeLLM) -> Iterator[Callable[..., OpenAIModel]]:
    """Makes clients of the fake server; keyword arguments are OpenAIModel's."""
    made: list[OpenAIModel] = []

    def make(**options: object) -> OpenAIModel:
        settings: dict[str, object] = {
            "model": "fake-model",
            "api_key": "sk-secret",
            "base_url": fake.base_url,
            "timeouts": QUICK,
        }
        made.append(OpenAIModel(**(settings | options)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for model in made:
        model.close()


@pytest.fixture
def model(make_model: Callable[..., OpenAIModel]) -> OpenAIModel:
    """A client of the fake server."""
    return make_model()

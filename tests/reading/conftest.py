"""The whole app over fake upstreams and a fake model, as its readers reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend import create_app, services
from backend.config import Config
from backend.services import Services
from tests.fakes.llm import FakeLLM
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace

Translate = Callable[[str, Sequence[str]], None]


@pytest.fixture
def make_reader(
    database_url: str, fake_llm: FakeLLM, huggingface: FakeHuggingFace, arxiv: FakeArxiv
) -> Iterator[Callable[..., FlaskClient]]:
    """Makes clients of apps; keyword arguments change settings."""
    built: list[Services] = []

    def make(**changes: Any) -> FlaskClient:
        settings: dict[str, Any] = {
            "database_url": database_url,
            "openai_base_url": fake_llm.base_url,
            "openai_model": "fake-model",
            "hf_endpoint": huggingface.url,
            "arxiv_api_url": arxiv.api_url,
            "rate_limit": "1000/second",
        }
        ours = services.build(Config(**(settings | changes)), arxiv_pause=0.0)
        built.append(ours)
        return create_app(services_=ours).test_client()

    yield make
    for ours in built:
        ours.close()


@pytest.fixture
def reader(make_reader: Callable[..., FlaskClient]) -> FlaskClient:
    """A client of an app with upstreams and a model."""
    return make_reader()


@pytest.fixture
def translate(reader: FlaskClient) -> Translate:
    """Has papers translated and kept."""

    def translate(lang: str, ids: Sequence[str]) -> None:
        answer = reader.post("/api/v1/papers/translations", json={"lang": lang, "ids": list(ids)})
        assert answer.status_code == 200

    return translate

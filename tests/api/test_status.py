"""/api/v1/status and /openapi.json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend import services
from tests.broken_database import broken
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.problem import assert_problem

MakeClient = Callable[..., FlaskClient]


def test_status_tells_what_works_and_no_secret(make_client: MakeClient):
    client = make_client(
        access_tokens=("s3cret",), openai_api_key="sk-secret", daily_token_budget=1000
    )
    response = client.get("/api/v1/status")
    status = response.get_json()
    assert status["name"] == "paperglot"
    assert status["translator"]["configured"]
    assert status["translator"]["model"] == "fake-model"
    assert not status["translator"]["allowed"]
    assert status["token"] == {"required": True, "valid": None}
    assert status["budget"]["left"] == 1000
    assert "secret" not in response.text.replace("s3cret", "secret")
    good = client.get("/api/v1/status", headers={"Authorization": "Bearer s3cret"}).get_json()
    assert good["token"]["valid"] is True
    assert good["translator"]["allowed"]
    wrong = client.get("/api/v1/status", headers={"Authorization": "Bearer x"}).get_json()
    assert wrong["token"]["valid"] is False


_DESCRIBED = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/opensearch.xml")


def test_openapi_describes_every_address(client: FlaskClient):
    described: dict[str, Any] = client.get("/openapi.json").get_json()["paths"]
    routes = {
        (rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith(_DESCRIBED)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in described.items() for method in methods}


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/status",
        "/api/v1/daily",
        "/api/v1/daily/latest?lang=de",
        "/api/v1/papers/2401.01234v2/terms?lang=de",
        "/api/v1/search?q=attention",
    ],
)
def test_a_lost_database_is_called_by_its_name(
    make_client: Callable[..., FlaskClient], address: str
):
    """It is no fault of the lists' source, and the reader can do nothing but wait."""
    client = make_client()
    engine = services.of(client.application).engine
    with broken(engine, ""):
        problem = assert_problem(client.get(address), 503, "database-unavailable")
    assert "database of this server" in problem["detail"]
    assert client.get("/readyz").status_code == 200


def test_a_lost_database_is_called_by_its_name_by_translations(
    make_client: Callable[..., FlaskClient],
):
    client = make_client()
    body = {"lang": "de", "segments": [{"id": "1", "text": "We study attention."}]}
    with broken(services.of(client.application).engine, "FROM translation_memory"):
        answer = client.post("/api/v1/translations", json=body)
        assert_problem(answer, 503, "database-unavailable")


@pytest.mark.parametrize(
    ("status", "code", "state", "refused"),
    [
        (401, "invalid_api_key", "key-refused", True),
        (403, None, "key-forbidden", True),
        (402, None, "no-credit", False),
        (404, "model_not_found", "model-unknown", False),
        (429, "insufficient_quota", "no-credit", False),
    ],
)
def test_status_tells_when_the_provider_refuses(
    make_client: MakeClient,
    fake_llm: FakeLLM,
    status: int,
    code: str | None,
    state: str,
    refused: bool,
):
    """And so does another process; until the provider answers again, or the key is another."""
    client, other = make_client(), make_client()
    fake_llm.scenario = Scenario(status=status, error_code=code)
    body = {"lang": "de", "segments": [{"id": "1", "text": "We study attention."}]}
    [segment] = client.post("/api/v1/translations", json=body).get_json()["translations"]
    assert segment["problem"]["type"].endswith("translator-unavailable")

    def provider(asked: FlaskClient) -> tuple[str, bool]:
        told = asked.get("/api/v1/status").get_json()["translator"]["provider"]
        return told["state"], told["key_refused"]

    assert provider(client) == (state, refused)
    services.of(client.application).monitor.write()
    assert provider(other) == (state, refused)
    assert provider(make_client(openai_api_key="another")) == ("unknown", False)
    fake_llm.scenario = Scenario()
    client.post("/api/v1/translations", json=body)
    assert provider(client) == ("ok", False)


def test_a_question_the_provider_cannot_take_says_nothing_of_the_provider(
    client: FlaskClient, fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(status=400, error_code="context_length_exceeded")
    body = {"lang": "de", "segments": [{"id": "1", "text": "We study attention."}]}
    client.post("/api/v1/translations", json=body)
    told = client.get("/api/v1/status").get_json()["translator"]["provider"]
    assert told["state"] == "unknown"

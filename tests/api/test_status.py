"""/healthz, /api/v1/status and /openapi.json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend import services
from backend.translation import lease_queue
from tests.broken_database import broken
from tests.problem import assert_problem

MakeClient = Callable[..., FlaskClient]


def test_healthz(client: FlaskClient):
    assert client.get("/healthz").get_json() == {"status": "ok"}


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


_DESCRIBED = ("/api/", "/healthz", "/openapi.json", "/opensearch.xml")


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
        "/healthz",
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
    assert client.get("/healthz").status_code == 200


def test_a_lost_database_is_called_by_its_name_by_translations(
    make_client: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
):
    """Texts wait for it a while: it may be back in a moment."""
    monkeypatch.setattr(lease_queue, "DATABASE_TIMEOUT_SECONDS", 0.3)
    client = make_client()
    body = {"lang": "de", "segments": [{"id": "1", "text": "We study attention."}]}
    with broken(services.of(client.application).engine, "FROM translation_memory"):
        answer = client.post("/api/v1/translations", json=body)
    [failed] = answer.json["translations"]
    assert failed["problem"]["type"].endswith("database-unavailable")


def test_the_status_is_told_without_the_database(make_client: Callable[..., FlaskClient]):
    client = make_client()
    with broken(services.of(client.application).engine, ""):
        answer = client.get("/api/v1/status")
    assert answer.status_code == 200
    assert answer.json["daily"]["latest"] is None

"""/api/v1/status and /openapi.json."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from backend import arxiv_categories, languages, services
from backend.errors import InvalidRequest
from backend.papers.identifiers import ArxivId, page_name
from backend.translation import lease_queue
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


_FOR_PEOPLE = {"owner_page", "reading", "site_files"}
"""Blueprints whose addresses the description leaves out, and says so."""


def test_openapi_describes_every_address_but_the_pages(client: FlaskClient):
    document = client.get("/openapi.json").get_json()
    assert "Pages for people (HTML)" in document["info"]["description"]
    described: dict[str, Any] = document["paths"]
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] not in _FOR_PEOPLE
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    formats = ("atom", "json")
    routes = {
        (rule.replace("<any(atom, json):form>", form), method)
        for rule, method in routes
        for form in formats
    }
    assert routes == {(path, method) for path, methods in described.items() for method in methods}


def test_what_the_description_lists_is_what_is_understood(client: FlaskClient):
    schemas = client.get("/openapi.json").get_json()["components"]["schemas"]
    assert {lang.tag for lang in languages.ALL} < set(schemas["LanguageTag"]["enum"])
    for tag in schemas["LanguageTag"]["enum"]:
        assert languages.find(tag)
    assert all(arxiv_categories.find(name) == name for name in schemas["Category"]["enum"])
    identifier = re.compile(schemas["ArxivId"]["pattern"])
    for text in ("2306.02707", "2306.02707v2", "hep-th/9901001", "math.AG/0601001v12"):
        assert identifier.search(text)
        assert page_name(text) == text
        assert ArxivId.parse(text)
    for text in ("2313.02707", "translations", "2306.02707.bib", "hep-xx/9901001", "2306.02707v0"):
        assert not identifier.search(text)
        with pytest.raises(InvalidRequest):
            ArxivId.parse(text)


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/api/v1/papers/translations", "GET", {"POST"}),
        ("/api/v1/papers/hep-th/9901001/translation", "GET", {"PUT"}),
        ("/api/v1/papers/2306.02707/translation", "POST", {"PUT"}),
        ("/api/v1/papers/2306.02707/terms", "PATCH", {"GET", "HEAD", "POST", "PUT", "DELETE"}),
        ("/api/v1/papers/2306.02707", "POST", {"GET", "HEAD"}),
    ],
)
def test_each_address_says_which_methods_it_has(
    client: FlaskClient, path: str, method: str, allowed: set[str]
):
    refused = client.open(path, method=method)
    assert_problem(refused, 405, "invalid-request")
    assert set(refused.headers["Allow"].split(", ")) == allowed
    asked = client.options(path)
    assert set(asked.headers["Allow"].split(", ")) == allowed | {"OPTIONS"}


def test_the_description_holds_under_a_path_of_a_proxy(client: FlaskClient):
    [base] = client.get("/openapi.json").get_json()["servers"]
    for document in ("https://a.example/openapi.json", "https://a.example/b/openapi.json"):
        root = document.removesuffix("/openapi.json")
        assert urljoin(urljoin(document, base["url"]), "api/v1/status") == root + "/api/v1/status"


@pytest.mark.parametrize(
    "address",
    [
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
    make_client: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
):
    """Texts wait for it a while: it may be back in a moment."""
    monkeypatch.setattr(lease_queue, "DATABASE_TIMEOUT_SECONDS", 0.3)
    client = make_client()
    body = {"lang": "de", "segments": [{"id": "1", "text": "We study attention."}]}
    with broken(services.of(client.application).engine, "FROM translation_memory"):
        answer = client.post("/api/v1/translations", json=body)
    [failed] = answer.get_json()["translations"]
    assert failed["problem"]["type"].endswith("database-unavailable")


def test_the_status_is_told_without_the_database(make_client: Callable[..., FlaskClient]):
    client = make_client()
    with broken(services.of(client.application).engine, ""):
        answer = client.get("/api/v1/status")
    assert answer.status_code == 200
    assert answer.get_json()["daily"]["latest"] is None


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

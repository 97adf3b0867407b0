"""/api/v1/papers/{id}/terms: drawn once, changed one by one, applied where they occur."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.problem import assert_problem

PAPER = "2401.01234v2"
URL = f"/api/v1/papers/{PAPER}/terms"
EXCERPT = {
    "lang": "de",
    "title": "Gated Frobnication for Attention Heads",
    "abstract": "We propose gated frobnication. Gated frobnication helps an attention head.",
    "text": "A widget lattice is a lattice of widgets. Every widget lattice is bounded.",
}
ANSWER = (
    "1. gated frobnication = gesteuerte Frobnikation\n"
    "- **widget lattice** = Widgetgitter (widget lattice)\n"
    "attention head = Achtungskopf\n"
    "quantum foam = Quantenschaum\n"
)


def draw(client: FlaskClient, url: str = URL, **changes: Any) -> dict[str, Any]:
    response = client.post(url, json=EXCERPT | changes)
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.get_json()
    return shown


def shown(client: FlaskClient, lang: str = "de", url: str = URL) -> dict[str, Any]:
    response = client.get(url, query_string={"lang": lang})
    assert response.status_code == 200, response.text
    listed: dict[str, Any] = response.get_json()
    return listed


def targets(listed: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {t["source"]: (t["target"], t["origin"]) for t in listed["terms"]}


@pytest.fixture
def answering(fake_llm: FakeLLM) -> FakeLLM:
    """A model that names the terms of the paper, whatever it is asked."""
    fake_llm.scenario = Scenario(content=ANSWER)
    return fake_llm


@pytest.mark.sql
def test_terms_are_drawn_once_and_seen_by_all(
    make_client: Callable[..., FlaskClient], answering: FakeLLM
):
    client = make_client(price_in=1.0, price_out=10.0)
    before = shown(client)
    assert (before["terms"], before["drawn"]) == ([], False)
    assert before["price"]["tokens"] > 3000
    assert 0.003 < before["price"]["money"] < 0.02
    assert answering.requests == [], "a GET asks no model"
    first = draw(client)
    assert first["usage"]["requests"] == 1
    assert targets(first) == {
        "attention head": ("Attention-Head", "termbase"),
        "gated frobnication": ("gesteuerte Frobnikation", "model"),
        "widget lattice": ("Widgetgitter", "model"),
    }
    uses = {term["source"]: term["uses"] for term in first["terms"]}
    assert (uses["gated frobnication"], uses["widget lattice"]) == (3, 2)
    assert first["terms"][0]["origin"] == "termbase"
    for other in (client, make_client()):
        again = draw(other, title="Another title", text="")
        assert again["terms"] == first["terms"]
        assert again["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "requests": 0}
        assert shown(other)["terms"] == first["terms"]
    assert shown(client)["price"] == {"tokens": 0, "money": 0.0}
    assert len(answering.requests) == 1


def test_what_the_model_is_asked(client: FlaskClient, answering: FakeLLM):
    draw(client, text="See <x1/> the widget lattice\u202e\u200b. " * 3)
    system, user = (message["content"] for message in answering.requests[0].body["messages"])
    assert "German (de)" in system
    assert "Gated Frobnication" not in system
    assert "<x1/>" not in user
    assert "\u202e" not in user
    assert "widget lattice" in user


@pytest.mark.parametrize(
    ("url", "changes"),
    [
        ("/api/v1/papers/2401.01234v3/terms", {}),
        ("/api/v1/papers/hep-th/9901001v1/terms", {}),
        (URL, {"lang": "fr"}),
    ],
)
def test_another_version_paper_or_language_has_its_own(
    client: FlaskClient, answering: FakeLLM, url: str, changes: dict[str, str]
):
    draw(client)
    draw(client, url, **changes)
    assert len(answering.requests) == 2
    draw(client)
    assert len(shown(client, changes.get("lang", "de"), url)["terms"]) == 3
    assert len(answering.requests) == 2


@pytest.mark.sql
def test_ten_readers_at_once_cost_one_call(
    make_client: Callable[..., FlaskClient], answering: FakeLLM
):
    answering.scenario = Scenario(content=ANSWER, first_token_delay=0.5)
    apps = [make_client().application for _ in range(2)]
    with ThreadPoolExecutor(10) as pool:
        drawn = list(pool.map(lambda n: draw(apps[n % 2].test_client()), range(10)))
    assert len(answering.requests) == 1
    assert all(each["terms"] == drawn[0]["terms"] for each in drawn)
    assert sum(each["usage"]["requests"] for each in drawn) == 1


def test_a_failure_is_told_and_not_repeated_by_the_crowd(client: FlaskClient, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(status=401)
    assert_problem(client.post(URL, json=EXCERPT), 503, "translator-unavailable")
    asked = len(fake_llm.requests)
    assert_problem(client.post(URL, json=EXCERPT), 503, "translator-unavailable")
    assert len(fake_llm.requests) == asked
    assert not shown(client)["drawn"]


@pytest.mark.parametrize(
    "content", ["I'm sorry, but I can't help with that.", "", "term = Begriff", "<think>\n" * 50]
)
def test_an_answer_without_terms_is_not_kept(client: FlaskClient, fake_llm: FakeLLM, content: str):
    fake_llm.scenario = Scenario(content=content)
    assert_problem(client.post(URL, json=EXCERPT), 503, "translator-unavailable")
    assert not shown(client)["drawn"]


def test_budget_and_settings_refuse(make_client: Callable[..., FlaskClient], answering: FakeLLM):
    poor = make_client(daily_token_budget=1)
    draw(poor)
    assert_problem(
        poor.post("/api/v1/papers/2401.00001v1/terms", json=EXCERPT), 429, "budget-exhausted"
    )
    without = make_client(openai_base_url=None, openai_api_key=None)
    assert_problem(without.post(URL, json=EXCERPT), 503, "translator-not-configured")
    assert shown(without)["terms"] == []
    limited = make_client(rate_limit="1/hour")
    assert_problem(
        [limited.post(f"/api/v1/papers/2401.0000{n}v1/terms", json=EXCERPT) for n in (2, 3)][1],
        429,
        "rate-limited",
    )
    assert len(answering.requests) == 2


@pytest.mark.sql
def test_a_readers_word_goes_before_and_can_be_taken_back(
    make_client: Callable[..., FlaskClient], answering: FakeLLM
):
    client = make_client()
    drawn = draw(client)
    said = {"lang": "de", "source": "Gated  Frobnication", "target": "Torfrobnikation"}
    changed = client.put(URL, json=said).get_json()
    assert targets(changed)["Gated Frobnication"] == ("Torfrobnikation", "reader")
    assert [t["uses"] for t in changed["terms"]] == [t["uses"] for t in drawn["terms"]]
    client.put(URL, json=said | {"target": "Gatterfrobnikation"})
    client.put(URL, json={"lang": "de", "source": "flux", "target": "Fluss"})
    listed = targets(shown(make_client()))
    assert listed["Gated Frobnication"] == ("Gatterfrobnikation", "reader")
    assert listed["flux"] == ("Fluss", "reader")
    assert "Gated Frobnication" not in targets(shown(client, "fr"))
    client.put(URL, json={"lang": "de", "source": "gated frobnication", "target": None})
    left = client.delete(URL, json={"lang": "de", "source": "FLUX"})
    assert "flux" in targets(left.get_json()), "an abbreviation is another word"
    left = client.delete(URL, json={"lang": "de", "source": "flux"})
    assert left.get_json()["terms"] == drawn["terms"]
    assert client.delete(URL, json={"lang": "de", "source": "flux"}).status_code == 200
    assert len(answering.requests) == 1


def test_terms_cost_money_so_they_are_guarded(make_client: Callable[..., FlaskClient]):
    client = make_client(access_tokens=("s3cret",))
    assert shown(client)["terms"] == []
    said = {"lang": "de", "source": "a", "target": "b"}
    for method in ("post", "put", "delete"):
        assert_problem(client.open(URL, method=method, json=said), 401, "unauthorized")
    good = {"Authorization": "Bearer s3cret"}
    assert client.put(URL, json=said, headers=good).status_code == 200
    plain = client.put(URL, data=json.dumps(said), headers=good, content_type="text/plain")
    assert_problem(plain, 400, "invalid-request")


MALFORMED: list[tuple[str, str, Any, int, str]] = [
    ("post", "/api/v1/papers/nonsense/terms", EXCERPT, 400, "invalid-request"),
    ("post", "/api/v1/papers/2401.01234v2000/terms", EXCERPT, 400, "invalid-request"),
    ("post", URL, {}, 400, "invalid-request"),
    ("post", URL, [], 400, "invalid-request"),
    ("post", URL, EXCERPT | {"lang": "tlh"}, 400, "unsupported-language"),
    ("post", URL, EXCERPT | {"text": 3}, 400, "invalid-request"),
    ("post", URL, EXCERPT | {"text": "a\u0000b"}, 400, "invalid-request"),
    ("post", URL, EXCERPT | {"text": "a" * 12_001}, 413, "payload-too-large"),
    ("post", URL, EXCERPT | {"title": "a" * 1_001}, 413, "payload-too-large"),
    ("post", URL, EXCERPT | {"abstract": "a" * 300_000}, 413, "payload-too-large"),
    ("post", URL, {"lang": "de", "text": "<x1/> 3 \u202e"}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "source": "a"} | {"target": 3}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "target": "b"}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "source": "", "target": "b"}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "source": "...", "target": "b"}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "source": "\u202e", "target": "b"}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "source": "a", "target": "</seg>"}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "source": "a", "target": " "}, 400, "invalid-request"),
    ("put", URL, {"lang": "de", "source": "a" * 201, "target": "b"}, 400, "invalid-request"),
    ("put", URL, {"lang": "xx", "source": "a", "target": "b"}, 400, "unsupported-language"),
    ("delete", URL, {"lang": "de"}, 400, "invalid-request"),
    ("delete", URL, {"lang": "de", "source": ["a"]}, 400, "invalid-request"),
    ("get", URL, None, 400, "unsupported-language"),
    ("get", "/api/v1/papers/nonsense/terms?lang=de", None, 400, "invalid-request"),
]


@pytest.mark.parametrize(("method", "url", "sent", "status", "kind"), MALFORMED)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    client: FlaskClient,
    fake_llm: FakeLLM,
    method: str,
    url: str,
    sent: Any,
    status: int,
    kind: str,
):
    problem = assert_problem(client.open(url, method=method, json=sent), status, kind)
    assert len(problem["detail"]) < 400
    assert fake_llm.requests == []


def test_so_many_changes_and_no_more(client: FlaskClient):
    for n in range(200):
        said = {"lang": "de", "source": f"term {n}", "target": "Begriff"}
        assert client.put(URL, json=said).status_code == 200
    more = {"lang": "de", "source": "one more", "target": "Begriff"}
    assert_problem(client.put(URL, json=more), 400, "invalid-request")
    assert client.put(URL, json=more | {"source": "term 7"}).status_code == 200


def test_browsers_may_change_terms(client: FlaskClient):
    asked = {
        "Origin": "chrome-extension://" + "a" * 32,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }
    allowed = client.options(URL, headers=asked).headers["Access-Control-Allow-Methods"]
    assert {"PUT", "DELETE"} <= set(allowed.split(", "))

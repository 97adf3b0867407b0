"""/healthz, /readyz and /metrics."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from backend import database, services
from tests.broken_database import broken
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.problem import assert_problem

MakeClient = Callable[..., FlaskClient]
TRANSLATIONS = "/api/v1/translations"


def body(*texts: str, lang: str = "de") -> dict[str, object]:
    return {"lang": lang, "segments": [{"id": str(n), "text": t} for n, t in enumerate(texts)]}


def metrics(text: str) -> dict[str, float]:
    """Every series of a page for Prometheus; fails where that is not in its text format."""
    return {
        sample.name + str(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: dict[str, float], name: str, **labels: str) -> float:
    return found.get(f"paperglot_{name}{sorted(labels.items())}", 0.0)


def test_healthz_is_of_the_process_alone(client: FlaskClient):
    asked: list[str] = []
    engine = services.of(client.application).engine
    sa.event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    with broken(engine, ""):
        assert client.get("/healthz").get_json() == {"status": "ok"}
    assert asked == []


@pytest.mark.sql
def test_readyz_tells_of_the_database(make_client: MakeClient):
    client = make_client()
    ready = client.get("/readyz")
    assert ready.status_code == 200
    model = {"state": "unknown", "key_refused": False, "answered_at": None}
    assert ready.get_json() == {
        "status": "ok",
        "database": "ok",
        "tables": "current",
        "model": model,
    }
    client = make_client()
    with broken(services.of(client.application).engine, ""):
        away = client.get("/readyz")
    assert away.status_code == 503
    assert away.get_json() == {
        "status": "unavailable",
        "database": "unavailable",
        "tables": "unknown",
        "model": model,
    }


@pytest.mark.sql
@pytest.mark.parametrize(
    ("revision", "tables", "status"),
    [("0009", "older", 503), ("", "older", 503), ("9999", "newer", 200)],
)
def test_readyz_tells_of_the_tables(
    make_client: MakeClient, engine: sa.Engine, revision: str, tables: str, status: int
):
    """A newer release's are good enough: while it is put in place, the old one goes on for a moment."""
    with database.writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
    answer = make_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["tables"]) == (status, tables)


@pytest.mark.sql
def test_readyz_on_an_empty_database(make_client: MakeClient, engine: sa.Engine):
    with database.writing(engine) as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    answer = make_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["tables"] == "older"


@pytest.mark.parametrize("path", ["/metrics", "/api/v1/owner"])
def test_strangers_are_told_nothing(make_client: MakeClient, path: str):
    guarded = make_client(access_tokens=("correct-horse-battery",))
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert_problem(guarded.get(path, headers=headers), 401, "unauthorized")
    good = {"Authorization": "Bearer correct-horse-battery"}
    assert guarded.get(path, headers=good).status_code == 200
    open_ = make_client()
    assert open_.get(path).status_code == 200
    through_a_proxy = open_.get(path, headers={"X-Forwarded-For": "203.0.113.9"})
    assert_problem(through_a_proxy, 401, "unauthorized")
    assert_problem(make_client(bind="0.0.0.0").get(path), 401, "unauthorized")


def test_metrics_count_what_was_asked_and_answered(make_client: MakeClient, fake_llm: FakeLLM):
    client = make_client(price_in=1.0, price_out=2.0, daily_token_budget=100_000)
    asked = body("We study attention.", "A proof that $x^2$ grows.")
    for _ in range(2):
        assert client.post(TRANSLATIONS, json=asked, buffered=True).status_code == 200
    found = metrics(client.get("/metrics").text)
    route = {"method": "POST", "route": TRANSLATIONS, "status": "200"}
    assert value(found, "http_requests_total", **route) == 2
    assert value(found, "http_request_seconds_count", route=TRANSLATIONS) == 2
    assert value(found, "texts_total", lang="de", answer="model") == 2
    assert value(found, "texts_total", lang="de", answer="memory") == 2
    verified = {"lang": "de", "model": "fake-model", "outcome": "verified"}
    assert value(found, "translations_total", **verified) == 2
    assert value(found, "model_questions_total", outcome="ok") == 1
    assert value(found, "model_answers_total", state="ok") == 1
    assert value(found, "first_word_seconds_count") == 1
    prompt = value(found, "model_tokens_total", kind="prompt")
    completion = value(found, "model_tokens_total", kind="completion")
    assert prompt > 0
    assert completion > 0
    assert value(found, "model_cost_total") == pytest.approx((prompt + 2 * completion) / 1e6)
    assert value(found, "budget_tokens_used") == prompt + completion
    assert value(found, "budget_tokens_limit") == 100_000
    assert value(found, "service_up", service="model") == 1
    assert value(found, "model_running") == 0
    assert value(found, "database_up") == 1


def test_metrics_name_what_checks_found(client: FlaskClient, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(damage=("digits",))
    client.post(TRANSLATIONS, json=body("We use 17 layers."))
    found = metrics(client.get("/metrics").text)
    assert value(found, "issues_total", lang="de", issue="number") >= 1
    unverified = {"lang": "de", "model": "fake-model", "outcome": "unverified"}
    assert value(found, "translations_total", **unverified) == 1
    assert value(found, "judged_answers_total", lang="de", verdict="refused") == 3


def test_what_clients_write_becomes_no_label(client: FlaskClient):
    words = [f"Zx{n}" for n in range(200)]
    for word in words:
        client.get(f"/{word}/latest?{word}", headers={"X-Request-ID": word}, buffered=True)
        client.open(f"/api/v1/papers/{word}", method=word.upper(), buffered=True)
    text = client.get("/metrics").text
    assert not [word for word in words if word.lower() in text.lower()]
    series = [line for line in text.splitlines() if line.startswith("paperglot_http_requests")]
    counted = [line for line in series if "_created" not in line]
    assert 2 <= len(counted) < 8


def test_metrics_without_a_database(make_client: MakeClient):
    client = make_client()
    with broken(services.of(client.application).engine, ""):
        found = metrics(client.get("/metrics").text)
    assert value(found, "database_up") == 0
    assert not [name for name in found if "budget" in name]

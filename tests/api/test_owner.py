"""GET /api/v1/owner: what happened, by name and number, from all processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend import services
from backend.api import request_log
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

MakeClient = Callable[..., FlaskClient]
TRANSLATIONS = "/api/v1/translations"
TOKEN = "correct-horse-battery"
GOOD = {"Authorization": f"Bearer {TOKEN}"}
SECRET = "Zx7-secret-words"

pytestmark = pytest.mark.sql


def translate(client: FlaskClient, *texts: str, lang: str = "de") -> None:
    body = {"lang": lang, "segments": [{"id": str(n), "text": t} for n, t in enumerate(texts)]}
    answer = client.post(TRANSLATIONS, json=body, headers=GOOD, buffered=True)
    assert answer.status_code == 200


def overview(client: FlaskClient) -> Any:
    answer = client.get("/api/v1/owner", headers=GOOD)
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text
    assert TOKEN not in answer.text
    return answer.get_json()


def test_an_owner_sees_what_was_translated_and_what_it_cost(
    make_client: MakeClient, fake_llm: FakeLLM
):
    one, other = (
        make_client(access_tokens=(TOKEN,), price_in=1.0, price_out=2.0, daily_token_budget=100_000)
        for _ in range(2)
    )
    translate(one, "We study attention.", f"We study {SECRET}.")
    translate(other, "We study attention.")
    fake_llm.scenario = Scenario(damage=("digits",))
    translate(one, "We use 17 layers.")
    translate(other, "We use 18 layers.", lang="ar")
    request_log.drain(other.application)
    services.of(other.application).monitor.write()
    seen = overview(one)
    today = seen["days"][-1]
    assert len(seen["days"]) == 14
    assert today["date"] == datetime.now(UTC).date().isoformat()
    assert today["tokens"] == seen["budget"]["used"] > 0
    assert seen["budget"]["left"] == 100_000 - today["tokens"]
    used = seen["budget"]
    money = (used["prompt_tokens"] + 2 * used["completion_tokens"]) / 1e6
    assert today["cost"] == pytest.approx(money)
    hours = seen["hours"]
    assert {len(values) for values in hours.values()} == {24}
    assert sum(hours["texts"]) == 5
    assert sum(hours["remembered"]) == 1
    assert sum(hours["requests"]) == 4
    assert [wait for wait in hours["first_word_seconds"] if wait]
    german, arabic = sorted(seen["languages"], key=lambda each: each["tag"], reverse=True)
    assert (german["name"], german["kept"], german["unverified"]) == ("Deutsch", 3, 1)
    assert german["verified_share"][-1] == pytest.approx(2 / 3)
    assert (arabic["dir"], arabic["kept"], arabic["unverified"]) == ("rtl", 1, 1)
    assert arabic["verified_share"] == [None] * 13 + [0.0]
    assert seen["issues"] == [{"name": "number", "count": 2}]
    assert seen["model"]["state"] == "ok"
    assert seen["errors"] == []


def test_without_prices_there_is_no_money(client: FlaskClient):
    assert {day["cost"] for day in overview(client)["days"]} == {None}


def test_an_owner_sees_errors_by_name(make_client: MakeClient, fake_llm: FakeLLM):
    client = make_client(access_tokens=(TOKEN,))

    @client.application.get("/broken/<word>")
    def broken(word: str) -> str:
        raise KeyError(word)

    fake_llm.scenario = Scenario(status=401)
    translate(client, f"We study {SECRET}.")
    client.get("/api/v1/daily/2026-03-02", headers=GOOD, buffered=True)
    client.get(f"/broken/{SECRET}", buffered=True)
    seen = overview(client)
    told = [(error["name"], error["place"]) for error in seen["errors"]]
    assert told == [
        ("KeyError", "/broken/{word}"),
        ("upstream-unavailable", "/api/v1/daily/{day}"),
        ("translator-unavailable", "translation into de"),
    ]
    assert seen["model"]["key_refused"]
    [upstream] = seen["upstreams"]
    assert (upstream["name"], upstream["state"]) == ("Hugging Face", "unavailable")
    assert sum(seen["hours"]["server_errors"]) == 2


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_wrong_tokens_are_shown_with_shortened_addresses(make_client: MakeClient, method: str):
    """On every method and address, also where the guard refuses; a good one is none of them."""
    client = make_client(access_tokens=(TOKEN,), rate_limit="2/minute", trusted_proxies=1)
    for number in range(5):
        client.open(
            "/api/v1/status" if number % 2 else TRANSLATIONS,
            method=method,
            headers={
                "Authorization": f"Bearer {SECRET}",
                "X-Forwarded-For": f"203.0.113.{number}",
            },
        )
    client.get("/api/v1/status", headers=GOOD)
    wrong = overview(client)["wrong_tokens"]
    assert wrong["today"] == 5
    assert [guess["place"] for guess in wrong["latest"]] == ["203.0.113.x"] * 5

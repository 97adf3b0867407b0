"""A paper's own terms in translations: applied where they occur, changed, and never paid for twice."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.test_paper_terms import ANSWER, PAPER, URL, draw
from tests.api.test_translations import SSE, events
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

TEXTS = (
    "Gated frobnication is used here.",
    "Nothing of the kind stands in this sentence.",
    "We apply an attention head to the widget lattice.",
)


def segments(*texts: str, **more: Any) -> dict[str, Any]:
    sent = [{"id": f"s{n}", "text": text} for n, text in enumerate(texts, 1)]
    return {"lang": "de", "segments": sent, "paper": {"id": PAPER}, **more}


def translate(client: FlaskClient, *texts: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/v1/translations", json=segments(*texts, **more))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


@pytest.fixture
def drawn(client: FlaskClient, fake_llm: FakeLLM) -> FlaskClient:
    """A client of an app that has the paper's terms."""
    fake_llm.next(Scenario(content=ANSWER))
    draw(client)
    return client


def test_terms_are_applied_and_named(drawn: FlaskClient, fake_llm: FakeLLM):
    answer = translate(drawn, *TEXTS)
    asked = fake_llm.requests[-1].body["messages"][0]["content"]
    assert "gated frobnication = gesteuerte Frobnikation" in asked
    assert "widget lattice = Widgetgitter" in asked
    named = {t["source"]: (t["target"], t["origin"]) for t in answer["terms"]}
    assert named == {
        "gated frobnication": ("gesteuerte Frobnikation", "model"),
        "attention head": ("Attention-Head", "termbase"),
        "widget lattice": ("Widgetgitter", "model"),
    }
    assert all(row["verified"] for row in answer["translations"]), "terms are advice"
    got = events(drawn.post("/api/v1/translations", json=segments(*TEXTS), headers=SSE))
    assert got[-1][0] == "done"
    assert got[-1][1]["terms"] == answer["terms"]
    assert got[-1][1]["cached"] == 3
    assert (
        "terms"
        not in drawn.post("/api/v1/translations", json={"lang": "de", "segments": []}).get_json()
    )


def test_a_changed_term_costs_only_the_segments_with_it(drawn: FlaskClient, fake_llm: FakeLLM):
    def cached() -> list[bool]:
        return [row["cached"] for row in translate(drawn, *TEXTS)["translations"]]

    assert cached() == [False, False, False]
    assert cached() == [True, True, True]
    said = {"lang": "de", "source": "widget lattice", "target": "Dingsgitter"}
    drawn.put(URL, json=said)
    assert cached() == [True, True, False]
    assert "widget lattice = Dingsgitter" in fake_llm.requests[-1].body["messages"][0]["content"]
    drawn.put(URL, json=said | {"source": "attention head", "target": "Kopfsache"})
    assert cached() == [True, True, False]
    for source in ("attention head", "widget lattice"):
        drawn.delete(URL, json={"lang": "de", "source": source})
    assert cached() == [True, True, True], "as it was, so is the translation"


def test_what_was_paid_for_before_the_terms_were_drawn_is_not_paid_again(
    client: FlaskClient, fake_llm: FakeLLM
):
    translate(client, *TEXTS)
    fake_llm.next(Scenario(content=ANSWER))
    draw(client)
    rows = translate(client, *TEXTS)["translations"]
    assert [row["cached"] for row in rows] == [True, True, True]
    assert len(fake_llm.requests) == 2
    new = translate(client, "The widget lattice is new.", *TEXTS)["translations"]
    assert [row["cached"] for row in new] == [False, True, True, True]
    assert "widget lattice = Widgetgitter" in fake_llm.requests[-1].body["messages"][0]["content"]
    client.put(URL, json={"lang": "de", "source": "gated frobnication", "target": "Tor"})
    rows = translate(client, *TEXTS)["translations"]
    assert [row["cached"] for row in rows] == [False, True, True], "a reader's word is no advice"
    rows = translate(client, TEXTS[2], retry=True)["translations"]
    assert [row["cached"] for row in rows] == [False]


def test_the_readers_own_glossary_goes_before(drawn: FlaskClient, fake_llm: FakeLLM):
    drawn.put(URL, json={"lang": "de", "source": "attention head", "target": "Kopfsache"})
    own = [{"source": "gated frobnication", "target": "MEINS"}]
    answer = translate(drawn, *TEXTS, glossary=own)
    asked = fake_llm.requests[-1].body["messages"][0]["content"]
    assert "gated frobnication = MEINS" in asked
    assert "gesteuerte" not in asked
    assert "attention head = Kopfsache" in asked
    assert "Attention-Head" not in asked
    named = {t["source"]: t["origin"] for t in answer["terms"]}
    assert named == {"attention head": "reader", "widget lattice": "model"}

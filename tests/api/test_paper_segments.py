"""POST /api/v1/translations for whole papers: texts that displays part."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.test_translations import SSE, URL, events
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.problem import assert_problem

CUT = "We minimise the loss <p1/> where <x1/> is the learning rate. <p2/> Hence it decreases."
WHOLE = "We minimise the loss where <x1/> is the learning rate. Hence it decreases."


def body(*segments: dict[str, Any] | str, lang: str = "de", **more: Any) -> dict[str, Any]:
    sent = [{"text": each} if isinstance(each, str) else each for each in segments]
    return {"lang": lang, "segments": [{"id": f"s{n}"} | s for n, s in enumerate(sent, 1)], **more}


def cut(text: str = CUT) -> dict[str, Any]:
    return {"text": text, "parts": True}


def one(client: FlaskClient, sent: dict[str, Any]) -> dict[str, Any]:
    response = client.post(URL, json=sent)
    assert response.status_code == 200, response.text
    row: dict[str, Any] = response.get_json()["translations"][0]
    return row


@pytest.mark.parametrize("lang", ["de", "zh-Hans", "ja", "ar"])
def test_each_part_comes_back_in_its_place(client: FlaskClient, fake_llm: FakeLLM, lang: str):
    row = one(client, body(cut(), lang=lang))
    assert row["verified"], row
    assert re.findall(r"<p\d/>", row["text"]) == ["<p1/>", "<p2/>"]
    parts = re.split(r"<p\d/>", row["text"])
    assert all(part.strip() for part in parts)
    assert "<x1/>" in parts[1]
    system, user = (message["content"] for message in fake_llm.requests[0].body["messages"])
    assert "move no text across" in system
    assert "loss <p1/> where" in user
    one(client, body("A text in one part."))
    assert "<p1/>" not in fake_llm.requests[1].body["messages"][0]["content"]


def test_the_same_text_without_parts_has_another_key(client: FlaskClient, fake_llm: FakeLLM):
    assert not one(client, body(cut()))["cached"]
    assert not one(client, body(WHOLE))["cached"]
    assert one(client, body(cut()))["cached"]
    assert not one(client, body(cut(WHOLE.replace("it dec", "it<p1/> dec"))))["cached"]
    assert len(fake_llm.requests) == 3


def answers(fake_llm: FakeLLM, *texts: str) -> None:
    fake_llm.next(*(Scenario(content=f'<seg id="1">{text}</seg>') for text in texts))


GOOD = "Wir minimieren den Verlust <p1/> wobei <x1/> die Lernrate ist. <p2/> Daher nimmt er ab."


@pytest.mark.parametrize(
    "bad",
    [
        GOOD.replace("<p1/>", ""),
        GOOD.replace("<p2/>", "<p2/> <p2/>"),
        GOOD.replace("1/> w", "9/> w").replace("<p2/>", "<p1/>").replace("<p9/>", "<p2/>"),
        GOOD.replace(" <p2/> Daher nimmt er ab.", " Daher nimmt er ab. <p2/>"),
        GOOD.replace("<p1/> wobei <x1/>", "wobei <x1/> <p1/>"),
    ],
)
def test_a_mark_out_of_place_is_asked_for_again(client: FlaskClient, fake_llm: FakeLLM, bad: str):
    answers(fake_llm, bad, GOOD)
    row = one(client, body(cut()))
    assert (row["text"], row["verified"]) == (GOOD, True)
    repair = fake_llm.requests[1].body["messages"][0]["content"]
    assert "<p1/> <x1/> <p2/>" in repair
    # In vain three times: delivered as it is, and it can be split.
    fake_llm.scenario = Scenario(content=f'<seg id="1">{bad}</seg>')
    row = one(client, body(cut(CUT.replace("minimise", "minimize"))))
    assert not row["verified"]
    assert "placeholder" in row["issues"]
    assert re.findall(r"<p\d/>", row["text"]) == ["<p1/>", "<p2/>"]
    assert row["text"].count("<x1/>") == 1


@pytest.mark.parametrize("chars", [1, 2, 3, 5])
def test_deltas_never_hold_half_a_mark(client: FlaskClient, fake_llm: FakeLLM, chars: int):
    fake_llm.scenario = Scenario(chunk_chars=chars, chunk_delay=0.004)
    got = events(client.post(URL, json=body(cut(f"{CUT} {CUT[:20]}")), headers=SSE))
    deltas = [data["text"] for name, data in got if name == "delta"]
    assert deltas
    for delta in deltas:
        assert not re.search(r"<", re.sub(r"<[px]\d/>", "", delta)), delta


def test_a_text_without_words_keeps_its_marks(client: FlaskClient, fake_llm: FakeLLM):
    assert one(client, body(cut("<x1/> <p1/> 3.5")))["text"] == "<x1/> <p1/> 3.5"
    assert fake_llm.requests == []


@pytest.mark.parametrize(
    "segment",
    [
        {"text": CUT},
        {"text": CUT, "parts": False},
        {"text": CUT, "parts": "yes"},
        {"text": "a <p2/> b", "parts": True},
        {"text": "a <p1/> b <p1/> c", "parts": True},
        {"text": "<g1>a <p1/> b</g1>", "parts": True},
    ],
)
def test_marks_that_cannot_be_kept_are_refused(
    client: FlaskClient, fake_llm: FakeLLM, segment: dict[str, Any]
):
    assert_problem(client.post(URL, json=body(segment)), 400, "invalid-request")
    assert fake_llm.requests == []


@pytest.mark.sql
def test_parts_come_from_memory(make_client: Callable[..., FlaskClient], fake_llm: FakeLLM):
    first = one(make_client(), body(cut()))
    assert one(make_client(), body(cut())) == first | {"cached": True}
    assert len(fake_llm.requests) == 1

"""POST /api/v1/translations with `"sentences": true`: which sentence is which."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend import services
from tests.api.test_paper_segments import CUT, body, cut, one
from tests.api.test_translations import SSE, URL, events
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.problem import assert_problem

TEXT = (
    "We study the 𝔽 field of <x1/> in large models. It has <g2>many</g2> uses and follows a rule. "
    "We show that it works in practice."
)


def units(text: str) -> bytes:
    return text.encode("utf-16-le")


def begins(text: str, offset: int) -> str:
    """What of a text stands at an offset, as JavaScript counts."""
    return units(text)[2 * offset :].decode("utf-16-le")


@pytest.mark.parametrize("lang", ["de", "zh-Hans", "ja", "ar", "hi"])
def test_marks_stand_before_each_sentence(client: FlaskClient, lang: str):
    row = one(client, body(TEXT, lang=lang, sentences=True))
    assert row["sentences"] is True, row
    assert re.findall(r"<s\d/>", row["text"]) == ["<s1/>", "<s2/>", "<s3/>"]
    assert row["text"].startswith("<s1/>")
    marked = re.split(r"<s\d/>", row["text"])[1:]
    assert "<x1/>" in marked[0]
    assert "<g2>" in marked[1]
    assert [begins(TEXT, at)[:6] for at in row["source_sentences"]] == [
        "We stu",
        "It has",
        "We sho",
    ]


def test_nothing_changes_for_who_does_not_ask(client: FlaskClient):
    with_marks = one(client, body(TEXT, sentences=True))
    without = one(client, body(TEXT))
    assert without["cached"]
    assert set(without) == {"id", "text", "verified", "cached", "issues"}
    assert without["text"] == re.sub(r"<s\d/>", "", with_marks["text"])


@pytest.mark.sql
def test_marks_come_from_memory_too(make_client: Callable[..., FlaskClient], fake_llm: FakeLLM):
    one(make_client(), body(TEXT))
    client = make_client()
    first = one(client, body(TEXT, sentences=True))
    assert (first["cached"], first["sentences"]) == (True, True)
    # What was kept before the marks were has none; of one sentence there is no doubt.
    one(client, body("Only one sentence is here."))
    with services.of(client.application).engine.begin() as connection:
        connection.execute(sa.text("UPDATE translation_memory SET sentence_starts = NULL"))
    old = make_client()
    row = one(old, body(TEXT, sentences=True))
    assert row["sentences"] is None
    assert "<s" not in row["text"]
    assert len(row["source_sentences"]) == 3
    assert one(old, body("Only one sentence is here.", sentences=True))["sentences"] is True
    assert len(fake_llm.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        "Wir untersuchen den 𝔽-Körper von <x1/> in großen Modellen. Er hat <g2>viele</g2> Anwendungen und "
        "folgt einer Regel. <s3/>Wir zeigen, dass es in der Praxis geht.",
        "<s1/>Wir untersuchen den 𝔽-Körper von <x1/> in großen Modellen. <s3/>Er hat <g2>viele</g2> "
        "Anwendungen und folgt einer Regel. <s2/>Wir zeigen, dass es in der Praxis geht.",
    ],
)
def test_lost_marks_are_said_to_be_lost(client: FlaskClient, fake_llm: FakeLLM, answer: str):
    fake_llm.scenario = Scenario(content=f'<seg id="1">{answer}</seg>')
    row = one(client, body(TEXT, sentences=True))
    assert row["verified"], row
    assert row["sentences"] is None
    assert "<s" not in row["text"]
    assert len(row["source_sentences"]) == 3


def test_a_sentence_spans_a_display(client: FlaskClient):
    row = one(client, body(cut(), sentences=True))
    assert row["sentences"] is True
    assert re.findall(r"<[sp]\d/>", row["text"]) == ["<s1/>", "<p1/>", "<p2/>", "<s2/>"]
    assert [begins(CUT, at)[:5] for at in row["source_sentences"]] == ["We mi", "Hence"]


def test_streams_say_it_in_the_whole_segment(client: FlaskClient, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_delay=0.01)
    got = events(client.post(URL, json=body(TEXT, sentences=True), headers=SSE))
    assert not [data for name, data in got if name == "delta" and "<s" in data["text"]]
    row = next(data for name, data in got if name == "segment")
    assert row["text"].startswith("<s1/>")
    assert row["sentences"] is True


def test_a_text_in_the_readers_language_is_marked_as_well(client: FlaskClient, fake_llm: FakeLLM):
    text = "Wir untersuchen das Feld und seine Folgen. Es hat viele Anwendungen, die wir zeigen."
    row = one(client, body(text, sentences=True))
    assert row["text"] == f"<s1/>{text[:43]}<s2/>{text[43:]}"
    assert row["source_sentences"] == [0, 43]
    assert fake_llm.requests == []


@pytest.mark.parametrize("asked", ["yes", 1, None, []])
def test_another_type_is_refused(client: FlaskClient, asked: Any):
    assert_problem(client.post(URL, json=body(TEXT, sentences=asked)), 400, "invalid-request")

"""What happens to a segment on its way: repaired, kept, or delivered as what it is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from backend.services import Services
from backend.translation.records import (
    SegmentDelta,
    SegmentTranslated,
)
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.fakes.pseudo_translation import translate
from tests.translation.conftest import MakeServices
from tests.translation.runs import ABSTRACT, TITLE, result, run


@pytest.mark.parametrize(
    "damage",
    [
        "drop",
        "double",
        "renumber",
        "nesting",
        "digits",
        "echo",
        "english",
        "refuse",
        "half",
        "broken",
    ],
)
def test_a_damaged_answer_is_repaired_alone(services: Services, fake_llm: FakeLLM, damage: str):
    fake_llm.scenario = Scenario(damage=(damage,), damage_attempts=1)
    got = result(services, ABSTRACT)
    assert isinstance(got, SegmentTranslated)
    assert got.verified
    assert got.text.count("<x1/>") == 1
    assert "$O(n \\log n)$" in got.text
    assert len(fake_llm.requests) == 2
    assert "Example:" in fake_llm.requests[1].body["messages"][0]["content"]


THREE = (
    "We study how sparse attention in large language models behaves when the documents are very long. "
    "Our method reduces the cost of training and improves the accuracy of nearly all models we know of. "
    "Finally, we show with several experiments that it works for pictures and recorded sounds as well."
)


def test_sentence_marks_are_sent_and_never_shown(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_chars=3, chunk_delay=0.02)
    events = run(services, THREE)
    sent = fake_llm.requests[0].segments[0][1]
    assert re.findall("<s[0-9]/>", sent) == ["<s2/>", "<s3/>"]
    shown = "".join(event.text for event in events if isinstance(event, SegmentDelta))
    [whole] = [event for event in events if isinstance(event, SegmentTranslated)]
    assert whole.verified
    assert whole.text.startswith(shown)
    assert shown
    assert "<s" not in whole.text + shown
    again = result(services, THREE)
    assert isinstance(again, SegmentTranslated)
    assert (again.text, again.cached) == (whole.text, True)


@pytest.mark.parametrize("place", ["omit_first", "omit_middle", "omit_last", "omit_under_mark"])
@pytest.mark.parametrize("lang", ["zh-Hans", "ja", "de", "pt-BR", "uk", "vi"])
def test_a_sentence_left_out_is_repaired(
    services: Services, fake_llm: FakeLLM, place: str, lang: str
):
    fake_llm.scenario = Scenario(damage=(place,), damage_attempts=1)
    got = result(services, THREE, lang=lang)
    assert isinstance(got, SegmentTranslated)
    assert got.verified
    assert len(fake_llm.requests) == 2


def test_an_answer_without_marks_is_as_good(services: Services, fake_llm: FakeLLM):
    answer = translate(THREE, "zh-Hans")
    fake_llm.scenario = Scenario(content=f'<seg id="1">{answer}</seg>')
    got = result(services, THREE)
    assert isinstance(got, SegmentTranslated)
    assert (got.text, got.verified) == (answer, True)
    assert len(fake_llm.requests) == 1


REMARKS = [
    ("de", "Die Text wurde nicht übersetzt; schreiben Sie es in Deutsch."),
    ("es", "El texto no fue traducido; escriba en español."),
    ("ko", "텍스트가 번역되지 않았습니다. 한국어로 쓰세요."),
]


@pytest.mark.parametrize(("lang", "remark"), REMARKS)
def test_a_remark_on_the_task_is_no_translation(
    services: Services, fake_llm: FakeLLM, lang: str, remark: str
):
    """Where the model says nothing else the original stands, as what it is."""
    title = "On complete subsets of the cyclic group"
    fake_llm.scenario = Scenario(content=f'<seg id="1">{remark}</seg>')
    got = result(services, title, lang=lang)
    assert isinstance(got, SegmentTranslated)
    assert (got.text, got.verified, got.issues[0]) == (title, False, "refusal")
    assert len(fake_llm.requests) == 3


def test_the_example_of_a_repair_is_no_translation(services: Services, fake_llm: FakeLLM):
    said = "Für 3 sinkt der Fehler um 3,5 %."
    fake_llm.scenario = Scenario(content=f'<seg id="1">{said}</seg>')
    got = result(services, "For 3, it is less than 3.5%.", lang="de")
    assert isinstance(got, SegmentTranslated)
    assert not got.verified
    assert got.text == "For 3, it is less than 3.5%."


@pytest.mark.parametrize(
    ("before", "after"),
    [("**", "**"), ("“", "”"), ("<b>", "</b>"), ("## ", ""), ("&ldquo;", "&rdquo;")],
)
def test_decoration_and_entities_are_read_and_cost_no_repair(
    services: Services, fake_llm: FakeLLM, before: str, after: str
):
    """A whole title in bold letters, or in quotation marks written as entities."""
    faithful = translate("On sparse attention", "zh-Hans")
    answer = f'<seg id="1">{before}{faithful}&hellip;{after}</seg>'
    fake_llm.scenario = Scenario(content=answer)
    got = result(services, "On sparse attention")
    assert isinstance(got, SegmentTranslated)
    assert (got.text, got.verified) == (f"{faithful}…", True)
    assert len(fake_llm.requests) == 1


@pytest.mark.parametrize("damage", ["drop", "double", "renumber", "digits", "refuse"])
def test_after_two_repairs_it_is_delivered_as_what_it_is(
    services: Services, fake_llm: FakeLLM, damage: str
):
    fake_llm.scenario = Scenario(damage=(damage,))
    got = result(services, ABSTRACT)
    assert isinstance(got, SegmentTranslated)
    assert not got.verified
    assert got.issues
    assert got.text.count("<x1/>") == 1, "every formula is there"
    assert got.text.count("$O(n \\log n)$") == 1
    assert len(fake_llm.requests) == 3

    again = result(services, ABSTRACT)
    assert isinstance(again, SegmentTranslated)
    assert again.cached
    assert again.issues == got.issues
    assert len(fake_llm.requests) == 3, "it is kept as what it is"

    fake_llm.scenario = Scenario()
    mended = result(services, ABSTRACT, retry=True)
    assert isinstance(mended, SegmentTranslated)
    assert mended.verified


def test_a_verified_text_is_asked_once_more_when_the_reader_wants_it(
    make_services: MakeServices, fake_llm: FakeLLM
):
    here, elsewhere = make_services(), make_services()
    first = result(here, TITLE)
    assert isinstance(first, SegmentTranslated)
    assert first.verified
    assert result(elsewhere, TITLE) == replace(first, cached=True)

    fake_llm.scenario = Scenario(damage=("refuse",))
    worse = result(here, TITLE, retry=True)
    assert worse == first, "what is kept is better than any of the answers"
    asked = len(fake_llm.requests)
    assert asked > 1

    fake_llm.scenario = Scenario(content='<seg id="1">我们研究注意力机制</seg>')
    other = result(here, TITLE, retry=True)
    assert isinstance(other, SegmentTranslated)
    assert (other.text, other.verified, other.cached) == ("我们研究注意力机制", True, False)
    assert len(fake_llm.requests) == asked + 1
    assert result(here, TITLE) == replace(other, cached=True)
    # Another process asks the model too, not its own or the first one's memory.
    fake_llm.scenario = Scenario()
    assert result(elsewhere, TITLE, retry=True) == first
    assert len(fake_llm.requests) == asked + 2

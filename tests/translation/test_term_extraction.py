"""Drawing terms: who waits, who is refused, and what becomes of an answer that does not end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from backend import languages
from backend.errors import TranslatorUnavailable
from backend.leases import Leases
from backend.llm.openai_model import OpenAIModel
from backend.spending.budget import TokenBudget
from backend.spending.deferred_writes import DeferredWrites
from backend.terminology.paper_terms import PaperTerms
from backend.translation.term_drawing.term_answer import Excerpt
from backend.translation.term_drawing.term_extraction import TermExtractor, lease_name
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

pytestmark = pytest.mark.sql

PAPER = "2401.01234v2"
GERMAN = languages.find("de")
EXCERPT = Excerpt("On widget lattices", "", "A widget lattice is a lattice of widgets.")
ANSWER = "widget lattice = Widgetgitter"


@pytest.fixture
def model(fake_llm: FakeLLM) -> Iterator[OpenAIModel]:
    model = OpenAIModel(api_key="k", base_url=fake_llm.base_url, model="fake-model")
    yield model
    model.close()


def extractor(engine: sa.Engine, model: OpenAIModel, **changes: Any) -> TermExtractor:
    return TermExtractor(
        model=model,
        terms=PaperTerms(engine),
        leases=changes.pop("leases", None) or Leases(engine),
        budget=TokenBudget(engine),
        deferred=DeferredWrites(engine),
        **changes,
    )


def test_who_waits_too_long_is_told_when_to_ask_again(
    engine: sa.Engine, model: OpenAIModel, fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(content=ANSWER, hang="first-token")
    first, second = extractor(engine, model), extractor(engine, model, wait=0.3)
    failed: list[BaseException] = []

    def draw() -> None:
        try:
            first.draw(PAPER, EXCERPT, language=GERMAN)
        except TranslatorUnavailable as problem:
            failed.append(problem)

    thread = threading.Thread(target=draw)
    thread.start()
    fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
    with pytest.raises(TranslatorUnavailable) as refused:
        second.draw(PAPER, EXCERPT, language=GERMAN)
    assert refused.value.retry_after
    first.shut_down()
    thread.join(10)
    assert not thread.is_alive()
    assert failed, "what was not whole is not kept"
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left")
    assert not second.is_drawn(PAPER, GERMAN)
    assert len(fake_llm.requests) == 1


def test_a_server_that_dies_leaves_its_turn_to_another(
    engine: sa.Engine, model: OpenAIModel, fake_llm: FakeLLM
):
    """Its lease ends by itself, and whoever waits takes over."""
    fake_llm.scenario = Scenario(content=ANSWER)
    dead = Leases(engine, seconds=0.5)
    dead.close()  # renews nothing any more
    assert dead.acquire([lease_name(PAPER, GERMAN, model.name)])
    drawer = extractor(engine, model)
    assert drawer.draw(PAPER, EXCERPT, language=GERMAN).requests == 1
    assert drawer.is_drawn(PAPER, GERMAN)


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(content=f"{ANSWER}\n" * 3, wire=("endless",)),
        Scenario(content=f"{ANSWER}\n" * 5_000),
        Scenario(content=f"{ANSWER}\nlattice = Git", finish_reason="length"),
        Scenario(content=f"{ANSWER}\n", dressing=("think",)),
    ],
)
def test_of_an_answer_that_does_not_end_what_is_whole_is_kept(
    engine: sa.Engine, model: OpenAIModel, fake_llm: FakeLLM, scenario: Scenario
):
    fake_llm.scenario = scenario
    drawer = extractor(engine, model)
    assert drawer.draw(PAPER, EXCERPT, language=GERMAN).requests == 1
    kept = PaperTerms(engine).current(PAPER, "de", model="fake-model")
    assert [(term.source, term.target) for term in kept] == [("widget lattice", "Widgetgitter")]
    spent = TokenBudget(engine).today()
    assert (spent.requests, spent.reserved) == (1, 0)


@pytest.mark.parametrize("wire", ["cut", "error", "garbage", "eof"])
def test_a_stream_that_breaks_is_told_and_nothing_kept(
    engine: sa.Engine, model: OpenAIModel, fake_llm: FakeLLM, wire: str
):
    fake_llm.scenario = Scenario(content=f"{ANSWER}\n" * 3, wire=(wire,), chunk_chars=8)
    drawer = extractor(engine, model)
    with pytest.raises(TranslatorUnavailable):
        drawer.draw(PAPER, EXCERPT, language=GERMAN)
    assert not drawer.is_drawn(PAPER, GERMAN)
    assert TokenBudget(engine).today().reserved == 0

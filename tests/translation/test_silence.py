"""A model that falls silent in the middle of an answer is asked for the rest once, after a pause."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from backend.leases import Leases
from backend.llm.attempt import Timeouts
from backend.llm.openai_model import OpenAIModel
from backend.spending.budget import TokenBudget
from backend.translation.memory import TranslationMemory
from backend.translation.records import SegmentFailed, SegmentTranslated
from backend.translation.translator import Translator
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.translation.runs import request

PAUSE = 0.4
TEXTS = [f"The number of this sentence about attention is {n}." for n in range(10)]


@pytest.fixture
def translator(engine: sa.Engine, fake_llm: FakeLLM) -> Iterator[Translator]:
    """A translator whose model is not waited for long."""
    model = OpenAIModel(
        model="fake-model",
        base_url=fake_llm.base_url,
        timeouts=Timeouts(first_token=2.0, between_tokens=0.5, after_silence=PAUSE),
    )
    leases = Leases(engine)
    built = Translator(
        model=model, memory=TranslationMemory(engine), leases=leases, budget=TokenBudget(engine)
    )
    yield built
    built.shut_down()
    model.close()
    built.close()
    leases.close()


def test_the_rest_is_asked_for_after_a_pause(translator: Translator, fake_llm: FakeLLM):
    fake_llm.next(Scenario(hang="tokens"))
    events = list(translator.start(request(*TEXTS)).events())
    assert sum(isinstance(event, SegmentTranslated) for event in events) == len(TEXTS)
    first, second = fake_llm.requests
    assert first.ended
    assert second.arrived - first.ended >= PAUSE * 0.9
    assert 0 < len(second.segments) < len(TEXTS)


def test_a_second_silence_ends_it(translator: Translator, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(hang="tokens")
    events = list(translator.start(request(*TEXTS)).events())
    failed = [event for event in events if isinstance(event, SegmentFailed)]
    assert 0 < len(failed) < len(TEXTS)
    assert "too long in the middle" in failed[0].problem.detail
    assert len(fake_llm.requests) == 2

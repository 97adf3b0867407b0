"""A request that fails on our side gives back the tokens it held, and counts those it used."""

from __future__ import annotations

import pytest

from backend.services import Services
from backend.translation.answer_parser import AnswerParser
from backend.translation.records import SegmentFailed, SegmentTranslated
from tests.conditions import wait_until
from tests.fakes.llm import FakeLLM

from . import runs
from .conftest import MakeServices


class Fault(Exception):
    """Something of ours that nobody foresaw."""


def fail(*_arguments: object, **_options: object) -> None:
    raise Fault


@pytest.fixture
def limited(make_services: MakeServices) -> Services:
    """Services with a budget, which is what holds tokens."""
    return make_services(daily_token_budget=1_000_000)


def test_what_a_request_held_that_was_never_sent_is_given_back(
    limited: Services, monkeypatch: pytest.MonkeyPatch, fake_llm: FakeLLM
):
    with monkeypatch.context() as patched:
        patched.setattr(limited.model, "stream", fail)
        assert isinstance(runs.result(limited, runs.TITLE), SegmentFailed)
    assert limited.budget.today().tokens == 0
    assert isinstance(runs.result(limited, runs.TITLE), SegmentTranslated)
    assert len(fake_llm.requests) == 1


def test_what_an_answer_took_counts_though_taking_it_in_failed(
    limited: Services, monkeypatch: pytest.MonkeyPatch, fake_llm: FakeLLM
):
    monkeypatch.setattr(AnswerParser, "close", fail)
    runs.run(limited, runs.TITLE)
    wait_until(lambda: limited.budget.today().requests == 1)
    usage = limited.budget.today()
    assert usage.reserved == 0
    assert usage.tokens > 0

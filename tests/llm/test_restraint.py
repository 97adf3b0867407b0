"""A provider that asks to wait is left alone, and so is one that is down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from backend.llm.attempt import Timeouts
from backend.llm.openai_model import OpenAIModel
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.llm.asking import TEXT, Heard, ask


@pytest.mark.parametrize(("retry_after", "wait"), [("1", 1.0), ("date:2", 1.0), ("0.4", 0.4)])
def test_nothing_leaves_until_retry_after_has_passed(
    model: OpenAIModel, fake: FakeLLM, retry_after: str, wait: float
):
    fake.next(Scenario(status=429, retry_after=retry_after))
    assert ask(model, retry_timeout=0).error
    heard: list[Heard] = []
    askers = [threading.Thread(target=lambda: heard.append(ask(model))) for _ in range(4)]
    for thread in askers:
        thread.start()
    for thread in askers:
        thread.join()
    assert [each.text for each in heard] == [TEXT] * 4
    assert min(asked.arrived for asked in fake.requests[1:]) - fake.requests[0].arrived >= wait


def test_who_was_asked_to_wait_asks_again_when_it_has_passed(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(status=429, retry_after="0.5"))
    assert ask(model).text == TEXT
    assert 0.5 <= fake.requests[1].arrived - fake.requests[0].arrived < 2


def test_a_wait_beyond_the_retry_timeout_is_told_at_once(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(status=429, retry_after="70"))
    begun = time.monotonic()
    heard = ask(model, retry_timeout=5)
    assert heard.error
    assert "asks to wait" in heard.error.detail
    assert heard.error.retry_after == 70
    again = ask(model, retry_timeout=5)
    assert again.error
    assert again.error.retry_after in (69, 70)
    assert time.monotonic() - begun < 3
    assert len(fake.requests) == 1


def test_a_very_long_wait_is_told_but_not_kept(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(status=429, retry_after="7200"))
    assert ask(model).error
    heard = ask(model)
    assert heard.error
    assert heard.error.retry_after in (119, 120)
    assert len(fake.requests) == 1


@pytest.mark.parametrize("retry_after", [None, "soon", "-1"])
def test_a_429_that_does_not_say_how_long_is_waited_for_all_the_same(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM, retry_after: str | None
):
    model = make_model(timeouts=Timeouts(backoff=0.1))
    fake.next(*[Scenario(status=429, retry_after=retry_after)] * 3)
    refused = ask(model, retry_timeout=0)
    assert refused.error
    assert refused.error.retry_after == 1
    fake.requests.clear()
    assert ask(model).text == TEXT
    arrived = [asked.arrived for asked in fake.requests]
    assert arrived[1] - arrived[0] >= 0.4
    assert arrived[2] - arrived[1] >= 0.8


def test_the_wait_in_a_503_is_kept_too(model: OpenAIModel, fake: FakeLLM):
    fake.next(Scenario(status=503, retry_after="1"))
    assert ask(model).text == TEXT
    assert fake.requests[1].arrived - fake.requests[0].arrived >= 1


def test_five_faults_in_a_row_stop_the_asking_until_a_probe_succeeds(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    model = make_model(breaker_rest=0.5)
    fake.scenario = Scenario(status=500)
    for _ in range(5):
        ask(model, retry_timeout=0)
    assert len(fake.requests) == 5
    withheld = ask(model)
    assert withheld.error
    assert "several times in a row" in withheld.error.detail
    assert withheld.error.retry_after == 1
    assert len(fake.requests) == 5

    fake.scenario = Scenario(first_token_delay=0.3)
    probe: list[Heard] = []

    def ask_until_let_through() -> None:
        heard = ask(model)
        while heard.error:
            heard = ask(model)
        probe.append(heard)

    prober = threading.Thread(target=ask_until_let_through)
    prober.start()
    fake.wait_until(lambda: len(fake.requests) == 6)
    while_probing = ask(model)
    assert while_probing.error
    assert len(fake.requests) == 6
    prober.join()
    assert probe[0].text == TEXT
    assert ask(model).text == TEXT


def test_a_probe_that_fails_means_another_rest(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    model = make_model(breaker_rest=0.3)
    fake.next(Scenario(hang="headers"), Scenario(hang="first-token"))
    fake.scenario = Scenario(status=502)
    for _ in range(5):
        ask(model, retry_timeout=0)
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        ask(model, retry_timeout=0)
    probes = fake.requests[5:]
    assert 1 <= len(probes) <= 4


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429])
def test_refusals_do_not_open_the_breaker(model: OpenAIModel, fake: FakeLLM, status: int):
    fake.next(*[Scenario(status=status, retry_after="0")] * 8)
    for _ in range(8):
        ask(model, retry_timeout=0)
    assert len(fake.requests) == 8
    assert ask(model).text == TEXT


def test_an_answer_between_faults_keeps_the_breaker_closed(model: OpenAIModel, fake: FakeLLM):
    failing = Scenario(status=500)
    fake.next(*[failing] * 4, Scenario(), *[failing] * 4)
    outcomes = [ask(model, retry_timeout=0).text == TEXT for _ in range(10)]
    assert outcomes == [False] * 4 + [True] + [False] * 4 + [True]


def test_one_question_asked_again_and_again_does_not_open_the_breaker(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    """A server that is started anew keeps one reader waiting, and is no reason to refuse the next."""
    model = make_model(breaker_rest=60)
    fake.next(*[Scenario(status=500)] * 6)
    assert ask(model).error
    assert len(fake.requests) == 6
    assert ask(model).text == TEXT


LOADING = Scenario(status=503, error_message="Loading model", retry_after="0.02")


def test_a_server_that_loads_its_model_is_waited_for(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM, caplog: pytest.LogCaptureFixture
):
    """Longer than a question may be repeated otherwise; neither a fault of the server nor a line each time."""
    states: list[str] = []
    model = make_model(on_answer=states.append)
    fake.next(*[LOADING] * 12, *[Scenario(status=500)] * 2)
    assert ask(model, retry_timeout=1.0).text == TEXT
    assert states[0] == "loading"
    assert states[-1] == "ok"
    said = [record.getMessage() for record in caplog.records if "loaded" in record.getMessage()]
    assert len(said) == 1


def test_a_model_that_is_never_loaded_is_said_to_be_loading(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    model = make_model(timeouts=Timeouts(loading=0.2))
    fake.scenario = LOADING
    heard = ask(model, retry_timeout=0)
    assert heard.error
    assert "loaded into memory" in heard.error.detail
    fake.scenario = Scenario()
    assert ask(model).text == TEXT


def test_a_reader_who_leaves_the_probe_lets_another_probe(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    model = make_model(breaker_rest=0.1)
    fake.scenario = Scenario(status=500)
    for _ in range(5):
        ask(model, retry_timeout=0)
    fake.scenario = Scenario(hang="headers")
    while len(fake.requests) == 5:
        stream = model.stream([{"role": "user", "content": "x"}], max_output_tokens=9)
        try:
            fake.wait_until(lambda: len(fake.requests) == 6, timeout=0.2)
        except TimeoutError:
            continue
    stream.cancel()
    fake.wait_until(lambda: fake.requests[5].outcome == "left")
    fake.scenario = Scenario()
    assert ask(model).text == TEXT

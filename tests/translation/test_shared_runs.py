"""Readers who share a translation, what goes into one request, and what is shown before it is whole."""

from __future__ import annotations

import threading
import time

import pytest

from backend.services import Services
from backend.texts import placeholders
from backend.translation.records import (
    Event,
    RunDone,
    SegmentDelta,
    SegmentFailed,
    SegmentTranslated,
)
from tests.conditions import wait_until
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.fakes.pseudo_translation import translate
from tests.translation.runs import ABSTRACT, request, result, rows, run


def test_a_cut_stream_keeps_what_was_finished(services: Services, fake_llm: FakeLLM):
    fake_llm.next(Scenario(wire=("cut",), wire_at=0.5))
    texts = [f"The number of this sentence about attention is {n}." for n in range(10)]
    events = run(services, *texts)
    assert sum(isinstance(e, SegmentTranslated) and e.verified for e in events) == 10
    assert len(fake_llm.requests) == 2
    assert 0 < len(fake_llm.requests[1].segments) < 10


def test_a_provider_that_fails_fails_every_segment_in_words(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(status=402)
    got = result(services, ABSTRACT)
    assert isinstance(got, SegmentFailed)
    assert got.problem.type == "translator-unavailable"
    assert len(fake_llm.requests) == 1, "no credit is not a thing to retry"
    assert rows(services) == 0


def test_followers_share_the_stream(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_delay=0.02)
    text = ABSTRACT * 3
    first = services.translator.start(request(text)).events()
    assert isinstance(next(e for e in first if isinstance(e, SegmentDelta)), SegmentDelta)
    other = run(services, text)
    assert any(isinstance(event, SegmentDelta) for event in other)
    rest = [event for event in first if event != "heartbeat"]
    wholes = [e.text for e in [*rest, *other] if isinstance(e, SegmentTranslated)]
    assert len(wholes) == 2
    assert len(set(wholes)) == 1
    assert len(fake_llm.requests) == 1


def test_one_reader_leaving_does_not_stop_another(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_delay=0.02)
    leaving = services.translator.start(request(ABSTRACT * 3)).events()
    next(e for e in leaving if isinstance(e, SegmentDelta))
    done: list[list[Event]] = []
    staying = threading.Thread(target=lambda: done.append(run(services, ABSTRACT * 3)))
    staying.start()
    wait_until(lambda: services.translator.in_flight.listeners() == 2)
    leaving.close()
    staying.join(30)
    assert any(isinstance(e, SegmentTranslated) and e.verified for e in done[0])
    assert len(fake_llm.requests) == 1


def test_when_all_leave_the_model_stops_and_nothing_is_kept(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_delay=0.05)
    events = services.translator.start(request(ABSTRACT * 3)).events()
    next(e for e in events if isinstance(e, SegmentDelta))
    events.close()
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left")
    assert rows(services) == 0
    fake_llm.scenario = Scenario()
    got = result(services, ABSTRACT * 3)
    assert isinstance(got, SegmentTranslated)
    assert got.verified


def test_many_titles_are_one_request(services: Services, fake_llm: FakeLLM):
    titles = [f"A Study of Sparse Attention in Large Language Models, Part {n}" for n in range(25)]
    events = run(services, *titles)
    assert sum(isinstance(e, SegmentTranslated) for e in events) == 25
    assert len(fake_llm.requests) == 1


def test_many_single_words_are_split_before_their_tags_cost_more(
    services: Services, fake_llm: FakeLLM
):
    words = [f"Term {chr(65 + n)}" for n in range(26)]
    assert sum(isinstance(e, SegmentTranslated) for e in run(services, *words)) == 26
    assert len(fake_llm.requests) == 2


def test_a_long_page_begins_with_a_small_request(services: Services, fake_llm: FakeLLM):
    events = run(services, *[f"Paragraph {n}. " + "We study attention. " * 60 for n in range(20)])
    assert sum(isinstance(e, SegmentTranslated) for e in events) == 20
    sizes = sorted(sum(len(text) for _, text in r.segments) for r in fake_llm.requests)
    assert 2 <= len(sizes) <= 6
    assert sizes[0] <= 4000
    assert sizes[-1] <= 8000


def test_the_whole_cost_is_told(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(damage=("drop",), damage_attempts=1)
    done = run(services, ABSTRACT)[-1]
    assert isinstance(done, RunDone)
    assert done.usage.requests == 2
    used = services.budget.today()
    assert used.prompt_tokens == done.usage.prompt_tokens > 0
    assert used.completion_tokens == done.usage.completion_tokens > 0
    assert (used.reserved, used.requests) == (0, 2)


def test_deltas_never_show_what_a_check_refused(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(damage=("double", "echo"), chunk_delay=0.01)
    for text in (ABSTRACT, ABSTRACT.replace("sparse", "dense")):
        shown = "".join(e.text for e in run(services, text) if isinstance(e, SegmentDelta))
        assert shown.count("<x1/>") <= 1
        assert not shown.startswith("We study")


def test_what_nobody_sees_reaches_no_reader_and_no_row(services: Services, fake_llm: FakeLLM):
    """A NUL, which PostgreSQL does not keep, and a mark that would turn the rest of the page round."""
    faithful = translate("We study attention.", "zh-Hans")
    fake_llm.scenario = Scenario(content=f'<seg id="1">\x00\u202e{faithful}\u200b</seg>')
    events = run(services, "We study attention.")
    [whole] = [event for event in events if isinstance(event, SegmentTranslated)]
    assert (whole.text, whole.verified) == (faithful, True)
    assert "".join(e.text for e in events if isinstance(e, SegmentDelta)) in faithful
    assert rows(services) == 1


@pytest.mark.parametrize("spelling", ["<x1 />", "＜x1／＞", "&lt;x1/&gt;", "<x1></x1>", "<X1/>"])
def test_deltas_show_no_tag_of_the_models_own_spelling(
    services: Services, fake_llm: FakeLLM, spelling: str
):
    protected = placeholders.protect(ABSTRACT)
    faithful = translate(protected.text, "zh-Hans").replace("<x1/>", spelling)
    fake_llm.scenario = Scenario(
        content=f'<seg id="1">{faithful}</seg>', chunk_delay=0.02, chunk_chars=1
    )
    events = run(services, ABSTRACT)
    shown = "".join(e.text for e in events if isinstance(e, SegmentDelta))
    [whole] = [event for event in events if isinstance(event, SegmentTranslated)]
    assert whole.verified
    assert len(shown) > 20
    assert whole.text.startswith(shown) or spelling == "<x1></x1>"
    assert "lt;" not in shown
    assert "＜" not in shown


def test_deltas_come_at_most_ten_times_a_second(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_delay=0.005)
    began = time.monotonic()
    deltas = [e for e in run(services, ABSTRACT * 4) if isinstance(e, SegmentDelta)]
    assert 1 <= len(deltas) <= 10 * (time.monotonic() - began) + 1


FRENCH = (
    "Nous étudions l'attention <x1/> dans les grands modèles de langue. Notre  méthode réduit le coût à"
    " $O(n)$, et elle est plus rapide que les autres sur tous les jeux de données."
)


def test_what_is_in_the_readers_language_costs_no_call(
    services: Services, fake_llm: FakeLLM
) -> None:
    outcome = result(services, FRENCH, lang="fr")
    assert isinstance(outcome, SegmentTranslated)
    assert (outcome.text, outcome.verified, outcome.issues) == (FRENCH, True, ())
    assert not fake_llm.requests
    assert rows(services) == 0
    assert isinstance(result(services, FRENCH, lang="de"), SegmentTranslated)
    assert len(fake_llm.requests) > 0

"""What happens to a segment on its way: shared, repaired, kept, or delivered as what it is."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from backend import languages
from backend.config import Config
from backend.services import Services, build
from backend.texts import placeholders
from backend.translation.records import (
    Event,
    RunDone,
    Segment,
    SegmentDelta,
    SegmentFailed,
    SegmentTranslated,
    TranslationRequest,
)
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.fakes.pseudo_translation import translate

TITLE = "A study of attention in language models"
ABSTRACT = (
    "We study sparse attention <x1/> in large language models with 13 billion parameters. "
    "Our method reduces the cost to $O(n \\log n)$ and improves accuracy by 3.2 points on "
    "<g2>four benchmarks</g2>, at 1.5 times the speed of the baseline."
)

MakeServices = Callable[[], Services]


@pytest.fixture
def make_services(settings: dict[str, Any]) -> Iterator[MakeServices]:
    built: list[Services] = []

    def make() -> Services:
        built.append(build(Config(**settings)))
        return built[-1]

    yield make
    for services in built:
        services.close()


@pytest.fixture
def services(make_services: MakeServices) -> Services:
    return make_services()


def request(*texts: str, lang: str = "zh-Hans", retry: bool = False) -> TranslationRequest:
    segments = tuple(Segment(str(n), text) for n, text in enumerate(texts, 1))
    return TranslationRequest(languages.find(lang), segments, retry=retry)


def run(services: Services, *texts: str, **options: Any) -> list[Event]:
    events = services.translator.start(request(*texts, **options)).events()
    return [event for event in events if event != "heartbeat"]


def result(services: Services, text: str, **options: Any) -> SegmentTranslated | SegmentFailed:
    [event] = [
        event
        for event in run(services, text, **options)
        if isinstance(event, SegmentTranslated | SegmentFailed)
    ]
    return event


def rows(services: Services) -> int:
    with services.engine.connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM translation_memory")).scalar_one()


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
    deadline = time.monotonic() + 5
    while services.translator.in_flight.listeners() < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    leaving.close()  # type: ignore[attr-defined] # a generator
    staying.join(30)
    assert any(isinstance(e, SegmentTranslated) and e.verified for e in done[0])
    assert len(fake_llm.requests) == 1


def test_when_all_leave_the_model_stops_and_nothing_is_kept(services: Services, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_delay=0.05)
    events = services.translator.start(request(ABSTRACT * 3)).events()
    next(e for e in events if isinstance(e, SegmentDelta))
    events.close()  # type: ignore[attr-defined] # a generator
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

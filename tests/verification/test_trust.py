"""The promise itself: with a model that spoils a third of its answers, nothing spoiled counts as verified.

Over the recorded abstracts where they are at hand, else over the sentences of the sample edition's.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from backend import database, languages
from backend.alignment.sentence_markers import remove
from backend.config import Config
from backend.papers.sample import SampleEdition
from backend.services import build
from backend.texts import placeholders
from backend.translation.records import Segment, SegmentTranslated, TranslationRequest
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_damage import DAMAGES
from tests.fakes.llm_scenario import Scenario
from tests.fakes.pseudo_translation import translate

LANG = "zh-Hans"
SPOILED = (
    "drop",
    "double",
    "renumber",
    "split",
    "digits",
    "echo",
    "english",
    "refuse",
    "preamble",
    "half",
    "broken",
    "omit_first",
    "omit_middle",
    "omit_last",
    "omit_under_mark",
)


def abstracts(shared: Path | None) -> list[str]:
    """Plain texts as upstreams give them."""
    if shared is None:
        papers = SampleEdition().edition().papers
        return [
            text for paper in papers for text in re.split(r"(?<=[.?!]) (?=[A-Z])", paper.abstract)
        ]
    lines = (shared / "upstream" / "abstracts.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["abstract"] for line in lines]


def formulas(text: str) -> Counter[str]:
    """What must survive: the source of every opaque placeholder."""
    protected = placeholders.protect(text)
    return Counter(opening for opening, closing in protected.originals.values() if not closing)


@pytest.mark.timeout(600)
def test_nothing_spoiled_is_delivered_as_verified(
    tmp_path: Path, shared: Path | None, fake_llm: FakeLLM, capsys: pytest.CaptureFixture[str]
):
    """0 spoiled translations verified, 0 formulas missing, at least 95 % verified at the end."""
    url = f"sqlite:///{tmp_path / 'trust.sqlite3'}"
    database.upgrade(url)
    fake_llm.scenario = Scenario(damage=SPOILED, damage_probability=0.3, chunk_chars=200)
    assert set(SPOILED) <= set(DAMAGES)
    services = build(
        Config(
            database_url=url,
            openai_base_url=fake_llm.base_url,
            openai_api_key="sk-test",
            openai_model="fake-model",
        )
    )
    texts = [placeholders.escape(text) for text in abstracts(shared)]
    try:
        delivered = translate_all(services, texts)
    finally:
        services.close()
    table = judge(texts, delivered)
    spoiled_answers = sum(len(request.damaged) for request in fake_llm.requests)
    asked = sum(len(request.segments) for request in fake_llm.requests)
    table["answers asked for"], table["answers spoiled"] = asked, spoiled_answers
    with capsys.disabled():
        width = max(map(len, table))
        print("", *(f"  {name:<{width}}  {count:>5}" for name, count in table.items()), sep="\n")  # noqa: T201 # the table
    for request in fake_llm.requests:
        prose = sum(len(remove(text)) for _, text in request.segments)
        assert len(json.dumps(request.body)) - prose <= max(1200, prose), "beside the prose"
    assert spoiled_answers > asked / 5, "the model did spoil its answers"
    assert table["abstracts"] == len(texts)
    assert table["verified but spoiled"] == 0
    assert table["formulas missing"] == 0
    assert table["verified"] >= 0.95 * len(texts)


def translate_all(services: Any, texts: Sequence[str]) -> dict[str, SegmentTranslated]:
    """Every text through the translator, as many at once as a reader may send."""
    delivered: dict[str, SegmentTranslated] = {}
    for start in range(0, len(texts), 64):
        part = texts[start : start + 64]
        segments = tuple(Segment(str(start + n), text) for n, text in enumerate(part))
        request = TranslationRequest(languages.find(LANG), segments)
        for event in services.translator.start(request).events():
            if isinstance(event, SegmentTranslated):
                delivered[event.id] = event
    return delivered


def judge(texts: Sequence[str], delivered: dict[str, SegmentTranslated]) -> dict[str, int]:
    """Count by a measure of the test's own: the fake's faithful translation is the only good one."""
    counts = Counter[str]()
    for number, text in enumerate(texts):
        event = delivered[str(number)]
        protected = placeholders.protect(text)
        faithful = placeholders.restore(protected, translate(protected.text, LANG))
        counts["verified" if event.verified else "unverified, and said so"] += 1
        if event.verified and squeezed(event.text) != squeezed(faithful):
            counts["verified but spoiled"] += 1
        missing = formulas(text) - Counter(
            {source: event.text.count(source) for source in formulas(text)}
        )
        counts["formulas missing"] += sum(missing.values())
        counts["formulas"] += sum(formulas(text).values())
    names = (
        "verified",
        "unverified, and said so",
        "verified but spoiled",
        "formulas",
        "formulas missing",
    )
    return {"abstracts": len(delivered)} | {name: counts[name] for name in names}


def squeezed(text: str) -> str:
    """A text without the white space that no reader minds."""
    return re.sub(r"\s+", "", text)

"""Runs of the translator, and what they gave."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backend import languages
from backend.services import Services
from backend.translation.records import (
    Event,
    Segment,
    SegmentFailed,
    SegmentTranslated,
    TranslationRequest,
)

TITLE = "A study of attention in language models"
ABSTRACT = (
    "We study sparse attention <x1/> in large language models with 13 billion parameters. "
    "Our method reduces the cost to $O(n \\log n)$ and improves accuracy by 3.2 points on "
    "<g2>four benchmarks</g2>, at 1.5 times the speed of the baseline."
)


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

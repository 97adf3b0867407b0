"""Another reader, of whom the model is full."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario


@contextmanager
def another_reader(backend: str, llm: FakeLLM) -> Iterator[None]:
    """Keeps the model busy while the block lasts, where it is asked one question at a time."""
    llm.next(Scenario(hang="tokens"))
    segments = [{"id": "1", "text": "We study what another reader reads."}]
    with httpx.stream(
        "POST",
        backend + "/api/v1/translations",
        json={"lang": "de", "segments": segments},
        headers={"Accept": "text/event-stream"},
        timeout=30,
    ):
        llm.wait_until(lambda: len(llm.requests) == 1)
        yield

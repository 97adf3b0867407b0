"""Fixtures of the papers' tests: fake upstreams on real sockets, clients, a clock to turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from backend.papers.upstream import open_client
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace

RECORDED = Path(__file__).parent / "recorded"
"""Answers in the upstreams' shape about invented papers."""


class TurnableClock:
    """Now, as a test sets it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Move on, as in timedelta's arguments."""
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> TurnableClock:
    """A clock that stands at noon of a Wednesday: 2026-03-04."""
    return TurnableClock(datetime(2026, 3, 4, 12, tzinfo=UTC))


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """The HTTP client as the product opens it."""
    with open_client(version="0.0.0", contact="mailto:someone@example.org") as client:
        yield client


@pytest.fixture
def huggingface() -> Iterator[FakeHuggingFace]:
    """Hugging Face's daily papers, with no lists yet."""
    with FakeHuggingFace() as server:
        yield server


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    """arXiv's API, knowing no papers yet."""
    with FakeArxiv() as server:
        yield server


@pytest.fixture
def recorded(shared: Path | None) -> Path:
    """A folder with `huggingface/*.json` and `arxiv/*.xml`: real ones where at hand, else our own."""
    return shared / "upstream" if shared else RECORDED

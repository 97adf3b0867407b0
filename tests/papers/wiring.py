"""The papers' side wired as the product wires it, against fake upstreams, with a clock to turn."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from backend import outages
from backend.leases import Leases
from backend.lists.arxiv_submissions import ArxivSubmissions
from backend.lists.edition_store import EditionStore
from backend.lists.editions import Editions
from backend.lists.list_editions import ListEditions
from backend.lists.list_poller import ListPoller
from backend.lists.list_upstreams import ListUpstreams
from backend.lists.past_days import PastDays
from backend.lists.refresher import Refresher
from backend.papers.arxiv import ArxivClient
from backend.papers.arxiv_backfill import ArxivBackfill
from backend.papers.arxiv_throttle import ArxivThrottle
from backend.papers.huggingface import HuggingFaceClient
from backend.papers.paper_lookup import PaperLookup
from backend.papers.records import Clock, Paper, PaperTranslation
from backend.papers.sample import SampleEdition
from backend.sources.source import HUGGINGFACE, parse_all
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace

SAMPLE = Path(__file__).parent / "recorded" / "sample_edition"


class TurnableClock:
    """Now, as a test sets it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Move on, as in timedelta's arguments."""
        self.now += timedelta(**span)


def utc(text: str) -> datetime:
    """A moment written like 2026-03-04 12:30."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class PapersSide:
    """Everything of one process, with the parts that tests look at.

    Args:
        pause: seconds between requests to arXiv; short, where a test is not about it.
        sources: as in SOURCES; Hugging Face is among them.
        page: papers a request to arXiv for a category.
        past_day_pause: seconds between past days, as with `pause`.
    """

    def __init__(
        self,
        engine: sa.Engine,
        client: httpx.Client,
        huggingface: FakeHuggingFace,
        arxiv: FakeArxiv,
        clock: Clock,
        *,
        interval: float = 900.0,
        pause: float = 0.0,
        wait: float = 5.0,
        timeout: float = 5.0,
        sources: str = "huggingface",
        page: int = 200,
        past_day_pause: float = 0.0,
    ) -> None:
        self.store = EditionStore(engine)
        self.leases = Leases(engine)
        self.sample = SampleEdition(SAMPLE)
        throttle = ArxivThrottle(self.leases, pause=pause)
        self.texts = ArxivBackfill(
            self.store,
            ArxivClient(client, api_url=arxiv.api_url),
            throttle,
            clock=clock,
            stretch=lambda: 1.0,
        )
        self.poller = ListPoller(
            self.store,
            HuggingFaceClient(client, endpoint=huggingface.url),
            self.leases,
            clock=clock,
            interval=timedelta(seconds=interval),
            stretch=lambda: 1.0,
        )
        past_days = PastDays(self.leases, "huggingface", pause=past_day_pause)
        self.refresher = Refresher(self.poller, self.texts, clock=clock, past_days=past_days)
        self.list_editions = ListEditions(
            self.store, self.poller, self.refresher, sample=self.sample, clock=clock, wait=wait
        )
        upstreams = ListUpstreams(
            engine=engine,
            revisions=self.store.revisions,
            leases=self.leases,
            texts=self.texts,
            huggingface=HuggingFaceClient(client, endpoint=huggingface.url),
            submissions=lambda category: ArxivSubmissions(
                client, throttle, api_url=arxiv.api_url, category=category, page=page
            ),
            sample=self.sample,
            clock=clock,
            interval=timedelta(seconds=interval),
            wait=wait,
            past_day_pause=past_day_pause,
        )
        self.by_name = {
            source.name: self.list_editions if source == HUGGINGFACE else upstreams.of(source)
            for source in parse_all(sources)
        }
        self.editions = Editions(list(self.by_name.values()), outages.of(engine))
        self.papers = PaperLookup(self.store, self.texts, sample=self.sample, timeout=timeout)


@dataclass
class RememberedTranslations:
    """Stands in for the translation memory: translations by language and exact title."""

    kept: dict[tuple[str, str], PaperTranslation] = field(default_factory=dict)
    asked: int = 0

    def language_tag(self, lang: str) -> str:
        return {"zh": "zh-Hans"}.get(lang, lang)

    def stored(self, papers: Sequence[Paper], lang: str) -> Mapping[str, PaperTranslation]:
        self.asked += 1
        return {
            paper.id: self.kept[lang, paper.title]
            for paper in papers
            if (lang, paper.title) in self.kept
        }

    def revision(self, lang: str) -> int:
        return len(self.kept)


def translated(title: str, lang: str = "de", **changes: Any) -> PaperTranslation:
    """A translation by a model of the paper with this title."""
    return dataclasses.replace(
        PaperTranslation(
            lang=lang,
            title=f"{title} auf Deutsch",
            title_html=f"{title} auf Deutsch",
            abstract="Kurz gesagt.",
            abstract_html="Kurz gesagt.",
            verified=True,
            origin="a-model",
        ),
        **changes,
    )

"""Everything a request needs, built once from the settings. Nothing is global."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import sqlalchemy as sa
from flask import Flask, current_app

from . import database, outages
from .config import OPENAI_URL, Config
from .errors import PaperglotError
from .event_loop import EventLoop
from .housekeeping import Housekeeper
from .leases import Leases
from .lists.arxiv_submissions import ArxivSubmissions
from .lists.editions import Editions
from .lists.list_upstreams import ListUpstreams
from .llm.openai_model import OpenAIModel
from .memory_keeping import note_uses
from .monitoring.monitor import Monitor
from .monitoring.readiness import ReadinessCheck
from .observer import Observer
from .papers.arxiv import ArxivClient
from .papers.arxiv_backfill import ArxivBackfill
from .papers.arxiv_throttle import ARXIV_PAUSE, ArxivThrottle
from .papers.huggingface import HuggingFaceClient
from .papers.paper_lookup import PaperLookup
from .papers.sample import SampleEdition
from .papers.store import PaperStore
from .papers.upstream import open_client
from .spending.budget import TokenBudget
from .spending.deferred_writes import DeferredWrites
from .terminology.paper_terms import PaperTerms
from .translated_papers.search import Search
from .translated_papers.search_indexing import SearchIndexer
from .translated_papers.translations import PaperTranslations
from .translation.memory import TranslationMemory
from .translation.term_drawing.term_extraction import TermExtractor
from .translation.translator import Translator
from .version import VERSION

log = logging.getLogger(__name__)

_KEY = "paperglot.services"

AT_HAND_SECONDS = 3.0
"""How long a process takes no readers while it reads what they get in an outage: mostly a moment."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """The parts that views and commands use."""

    config: Config
    engine: sa.Engine
    leases: Leases
    editions: Editions
    papers: PaperLookup
    sample: SampleEdition
    paper_translations: PaperTranslations
    search: Search
    search_indexer: SearchIndexer
    translator: Translator
    paper_terms: PaperTerms
    term_extractor: TermExtractor
    budget: TokenBudget
    housekeeper: Housekeeper
    model: OpenAIModel | None
    monitor: Monitor
    readiness: ReadinessCheck
    loop: EventLoop
    closers: tuple[Callable[[], None], ...] = ()

    def warm_up(self, then: Callable[[], None] = lambda: None) -> None:
        """Load in the background what the first reader would wait for, and now what an outage leaves of lists.

        Args:
            then: called once everything is loaded, on whatever thread that is.
        """
        self.budget.start()
        self.editions.start()
        self.search_indexer.start()
        reading = threading.Thread(target=self._have_at_hand, name="warm-up", daemon=True)
        reading.start()
        self.housekeeper.start()
        self.monitor.start()
        if self.model:
            self.model.warm_up(then)
        else:
            then()
        reading.join(AT_HAND_SECONDS)

    def _have_at_hand(self) -> None:
        """Read lists and what is translated of the newest: readers get that in an outage."""
        try:
            for edition in self.editions.have_at_hand():
                self.paper_translations.have_at_hand(edition.papers)
        except (sa.exc.SQLAlchemyError, PaperglotError) as error:
            if not outages.means_away(error):
                log.warning("the newest lists could not be read: %s", type(error).__name__)

    def shut_down(self) -> None:
        """Tell all readers that this process ends, and stop what the model was asked for them."""
        self.translator.shut_down()
        self.term_extractor.shut_down()

    def close(self) -> None:
        """End threads and connections."""
        for close in self.closers:
            close()


def current() -> Services:
    """The services of the app that handles this request."""
    return cast(Services, current_app.extensions[_KEY])


def of(app: Flask) -> Services:
    """The services of an app."""
    return cast(Services, app.extensions[_KEY])


def install(app: Flask, services: Services) -> None:
    """Put the services where `current` finds them."""
    app.extensions[_KEY] = services


def language_model(
    config: Config, observer: Observer | None = None, *, loop: EventLoop | None = None
) -> OpenAIModel | None:
    """The client for the configured model, or None.

    Args:
        loop: where it runs; one of its own when left out.
    """
    if not config.translator_configured:
        return None
    return OpenAIModel(
        api_key=config.openai_api_key,
        base_url=config.openai_base_url or OPENAI_URL,
        model=config.model,
        on_answer=(observer or Observer()).model_answered,
        slots=config.model_concurrency,
        loop=loop,
    )


def build(config: Config, *, arxiv_pause: float = ARXIV_PAUSE) -> Services:
    """Wire stores, clients and features. Opens no connection yet.

    Args:
        arxiv_pause: seconds between requests to arXiv; shorter only where a test's own server plays it.
    """
    engine = database.connect(config.database_url, connections=config.connections_of_a_process)
    deferred = DeferredWrites(engine)
    budget = TokenBudget(engine, limit=config.daily_token_budget, deferred=deferred)
    leases = Leases(engine)
    monitor = Monitor(config, engine)
    loop = EventLoop()
    model = language_model(config, monitor, loop=loop)
    translator = Translator(
        model=model,
        memory=TranslationMemory(engine, deferred=deferred),
        leases=leases,
        budget=budget,
        observer=monitor,
    )
    monitor.watch("texts_awaited", translator.in_flight.listeners)
    if model:
        monitor.watch("model_waiting", model.waiting)
    paper_terms = PaperTerms(engine)
    extractor = TermExtractor(
        model=model,
        terms=paper_terms,
        leases=leases,
        budget=budget,
        deferred=deferred,
        observer=monitor,
    )
    sample = SampleEdition()
    editions, papers = _papers(engine, leases, config, sample, arxiv_pause, monitor)
    translations = PaperTranslations(papers, translator)
    indexer = SearchIndexer(engine, leases, model=translator.model_name)
    memory = translator.memory
    housekeeper = Housekeeper(engine, leases, also=lambda: note_uses(engine, memory))
    return Services(
        config=config,
        engine=engine,
        leases=leases,
        editions=editions,
        papers=papers,
        sample=sample,
        paper_translations=translations,
        search=Search(engine, PaperStore(engine), translations, indexer, sample=sample),
        search_indexer=indexer,
        translator=translator,
        paper_terms=paper_terms,
        term_extractor=extractor,
        budget=budget,
        housekeeper=housekeeper,
        model=model,
        monitor=monitor,
        readiness=ReadinessCheck(engine),
        loop=loop,
        closers=(
            translator.shut_down,
            extractor.shut_down,
            budget.shut_down,
            editions.close,
            indexer.close,
            housekeeper.close,
            *([model.close] if model else []),
            translator.close,
            deferred.close,
            budget.close,
            loop.close,
            leases.close,
            monitor.close,
            engine.dispose,
        ),
    )


def _papers(
    engine: sa.Engine,
    leases: Leases,
    config: Config,
    sample: SampleEdition,
    arxiv_pause: float,
    observer: Observer,
) -> tuple[Editions, PaperLookup]:
    """The lists and papers, and the upstreams that they come from."""
    client = open_client(version=VERSION, contact=config.contact)
    arxiv = ArxivClient(client, api_url=config.arxiv_api_url, observer=observer)
    throttle = ArxivThrottle(leases, pause=arxiv_pause)
    store = PaperStore(engine)
    upstreams = ListUpstreams(
        engine=engine,
        revisions=store.revisions,
        recent=store.recent,
        leases=leases,
        texts=ArxivBackfill(store, arxiv, throttle, clock=_utc_now),
        huggingface=HuggingFaceClient(
            client, endpoint=config.hf_endpoint, token=config.hf_token, observer=observer
        ),
        submissions=lambda category: ArxivSubmissions(
            client,
            throttle,
            api_url=config.arxiv_api_url,
            category=category,
            observer=observer,
        ),
        sample=sample,
        clock=_utc_now,
        interval=timedelta(seconds=config.refresh_interval),
    )
    return upstreams.editions(config.sources), PaperLookup(store, upstreams.texts, sample=sample)


def _utc_now() -> datetime:
    return datetime.now(UTC)

"""Everything a request needs, built once from the settings. Nothing is global."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from flask import Flask, current_app

from . import database
from .config import OPENAI_URL, Config
from .errors import UpstreamUnavailable
from .paper_translations import PaperTranslations
from .papers.arxiv import ArxivClient
from .papers.editions import Editions
from .papers.huggingface import HuggingFaceClient
from .papers.service import Papers
from .papers.store import PaperStore
from .translation.leases import Leases
from .translation.llm import LanguageModel, OpenAIModel
from .translation.memory import TranslationMemory
from .translation.quota import Quota
from .translation.translator import Translator
from .version import VERSION

_KEY = "paperglot.services"


@dataclass(frozen=True, kw_only=True)
class Services:
    """The parts that views and commands use."""

    config: Config
    engine: sa.Engine
    editions: Editions
    papers: Papers
    paper_translations: PaperTranslations
    translator: Translator
    quota: Quota

    def check_database(self) -> None:
        """Raise UpstreamUnavailable when the database does not answer."""
        try:
            with self.engine.connect() as connection:
                connection.execute(sa.select(1))
        except sa.exc.SQLAlchemyError:
            raise UpstreamUnavailable("The database of this server does not answer.") from None


def current() -> Services:
    """The services of the app that handles this request."""
    return cast(Services, current_app.extensions[_KEY])


def install(app: Flask, services: Services) -> None:
    """Put the services where `current` finds them."""
    app.extensions[_KEY] = services


def language_model(config: Config) -> LanguageModel | None:
    """The client for the configured model, or None."""
    if not config.translator_configured:
        return None
    return OpenAIModel(
        api_key=config.openai_api_key,
        base_url=config.openai_base_url or OPENAI_URL,
        model=config.model,
    )


def build(config: Config) -> Services:
    """Wire stores, clients and features. Opens no connection yet."""
    engine = database.connect(config.database_url)
    agent = f"Paperglot/{VERSION}" + (f" ({config.contact})" if config.contact else "")
    quota = Quota(engine, budget=config.daily_token_budget)
    translator = Translator(
        model=language_model(config),
        memory=TranslationMemory(engine),
        leases=Leases(engine),
        quota=quota,
    )
    store = PaperStore(engine)
    arxiv = ArxivClient(config.arxiv_api_url, engine=engine, user_agent=agent)
    papers = Papers(store, arxiv)
    huggingface = HuggingFaceClient(config.hf_endpoint, token=config.hf_token, user_agent=agent)
    return Services(
        config=config,
        engine=engine,
        editions=Editions(store, huggingface, arxiv, refresh_interval=config.refresh_interval),
        papers=papers,
        paper_translations=PaperTranslations(papers, translator),
        translator=translator,
        quota=quota,
    )

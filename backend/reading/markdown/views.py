"""/{lang}/{date|latest}.md and /{lang}/papers/{id}.md, /llms.txt. No model is asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Blueprint, Response

from ... import languages, services
from ...api import papers as api_papers
from ...api import response_cache
from ...api.conditional_responses import respond
from ...api.response_cache import Body
from ...languages import Language
from ...papers.records import PaperTranslation
from ..negotiation import ORIGINALS
from . import documents

bp = Blueprint("markdown", __name__)

CONTENT_TYPE = "text/markdown; charset=utf-8"


@bp.get("/<lang>/<day>.md")
def edition_as_markdown(lang: str, day: str) -> Response:
    """A day's list, with what is translated of it already."""
    language = languages.find(lang)
    edition = api_papers.asked_edition(day)

    def render(known: Mapping[str, PaperTranslation]) -> bytes:
        return documents.day(edition, known, language)

    name = ("markdown", edition.date, edition.source, edition.stale)
    tag = _tag(language)
    body = response_cache.current().body(name, edition, edition.papers, tag, render)
    latest = day == api_papers.LATEST
    caching = api_papers.edition_caching(edition, body, tag, latest=latest)
    return respond(body, caching, CONTENT_TYPE)


@bp.get("/<lang>/papers/<path:id>.md")
def paper_as_markdown(lang: str, id: str) -> Response:
    """One paper, from arXiv when it is not stored."""
    language = languages.find(lang)
    paper = services.current().papers.get(id)

    def render(known: Mapping[str, PaperTranslation]) -> bytes:
        return documents.paper(paper, known.get(paper.id), language)

    tag = _tag(language)
    body = response_cache.current().body(("markdown", paper.id), paper, (paper,), tag, render)
    return respond(body, api_papers.paper_caching(body), CONTENT_TYPE)


@bp.get("/llms.txt")
def llms_txt() -> Response:
    """What this server offers to programs (https://llmstxt.org)."""
    return respond(_llms_txt(), "public, max-age=3600", CONTENT_TYPE)


@cache
def _llms_txt() -> Body:
    listed = ", ".join(f"{each.tag} ({each.name})" for each in languages.ALL)
    text = (Path(__file__).parent / "llms.txt").read_text("utf-8")
    return Body(text.replace("{languages}", listed).encode())


def _tag(language: Language) -> str | None:
    """The language whose translations are shown; None where the originals are."""
    return None if language == ORIGINALS else language.tag

"""/api/v1/papers/{id}/terms: a paper's own terms, to be seen, drawn once, changed and taken back."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, request

from .. import languages, services
from ..errors import InvalidRequest, PayloadTooLarge
from ..languages import Language
from ..papers.identifiers import page_name
from ..terminology.glossary import Term
from ..translation.term_drawing.term_answer import Excerpt
from ..translation.term_drawing.term_extraction import MAX_TEXT_CHARACTERS
from .guard import count_model_request, needs_token
from .request_body import Words, decode, documented
from .request_log import note_usage
from .streams.translation_responses import usage_members
from .terms import term_of

bp = Blueprint("paper_terms", __name__, url_prefix="/api/v1")

_MAX_TITLE_CHARACTERS = 1_000
_MAX_ABSTRACT_CHARACTERS = 8_000


@documented
class ExcerptBody(msgspec.Struct):
    """The body of POST: the beginning of a paper, for terms that are not drawn yet."""

    lang: str
    title: str = ""
    abstract: str = ""
    text: str = ""


@documented
class ChangeBody(msgspec.Struct):
    """The body of PUT; without a target it is a DELETE."""

    lang: str
    source: Words
    target: Words | None = None


@documented
class RemovalBody(msgspec.Struct):
    """The body of DELETE."""

    lang: str
    source: Words


@bp.before_request
def _guard() -> None:
    if request.method not in ("GET", "HEAD"):
        needs_token()


@bp.get("/papers/<path:id>/terms")
def show_terms(id: str) -> Response:
    """The terms that apply, and what drawing them would cost. Asks no model."""
    return _respond(page_name(id), languages.find(request.args.get("lang", "")))


@bp.post("/papers/<path:id>/terms")
def draw_terms(id: str) -> Response:
    """Draw the terms of a paper that has none yet; others are answered as they are."""
    paper, body = page_name(id), decode(ExcerptBody)
    language, extractor = languages.find(body.lang), services.current().term_extractor
    for name, text, most in (
        ("title", body.title, _MAX_TITLE_CHARACTERS),
        ("abstract", body.abstract, _MAX_ABSTRACT_CHARACTERS),
        ("text", body.text, MAX_TEXT_CHARACTERS),
    ):
        if len(text) > most:
            raise PayloadTooLarge(f"The {name} may hold {most:,} characters. Cut it there.")
    if extractor.is_drawn(paper, language):
        return _respond(paper, language, usage=usage_members())
    excerpt = Excerpt(body.title, body.abstract, body.text)
    if not any(map(str.isalpha, excerpt.whole)):
        raise InvalidRequest("Send the beginning of the paper: its title, abstract and text.")
    count_model_request()
    used = extractor.draw(paper, excerpt, language=language)
    note_usage(lambda: used)
    return _respond(paper, language, usage=usage_members(used))


@bp.put("/papers/<path:id>/terms")
def change_term(id: str) -> Response:
    """Have one term called as a reader says, for all readers of the paper."""
    paper, body = page_name(id), decode(ChangeBody)
    language, terms = languages.find(body.lang), services.current().paper_terms
    if body.target is None:
        terms.take_back(paper, language.tag, _term(body.source).source)
    else:
        terms.change(paper, language.tag, _term(body.source, body.target))
    return _respond(paper, language)


@bp.delete("/papers/<path:id>/terms")
def take_back_change(id: str) -> Response:
    """Have a term called again as it was drawn."""
    paper, body = page_name(id), decode(RemovalBody)
    language = languages.find(body.lang)
    services.current().paper_terms.take_back(paper, language.tag, _term(body.source).source)
    return _respond(paper, language)


def _term(source: str, target: str = "-") -> Term:
    term = term_of(source, target)
    if not any(map(str.isalnum, term.source)):
        raise InvalidRequest("A term has a letter or a digit.")
    return term


def _respond(paper: str, language: Language, **more: Any) -> Response:
    ours = services.current()
    extractor = ours.term_extractor
    estimate = extractor.estimate(paper, language)
    price: dict[str, float] = {"tokens": estimate.tokens_in + estimate.tokens_out}
    per_in, per_out = ours.config.price_in, ours.config.price_out
    if per_in is not None and per_out is not None:
        money = (estimate.tokens_in * per_in + estimate.tokens_out * per_out) / 1_000_000
        price["money"] = round(money, 6)
    terms = ours.paper_terms.current(paper, language.tag, model=extractor.model_name)
    document = {
        "terms": [
            {"source": t.source, "target": t.target, "origin": t.origin, "uses": t.uses}
            for t in terms
        ],
        "drawn": extractor.is_drawn(paper, language),
        "price": price,
        **more,
    }
    return Response(
        msgspec.json.encode(document),
        mimetype="application/json",
        headers={"Cache-Control": "no-store"},
    )

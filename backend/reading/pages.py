"""The web's addresses: `/`, `/{lang}/{date|latest}`, `/{lang}/papers/{id}`, days and saved papers.

None of them asks a model, sets a cookie or needs JavaScript. What is wrong is a page that says so.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as NoSuchAddress

from .. import languages, services
from ..api import problems, response_cache, search
from ..api.conditional_responses import respond
from ..api.dates import read_date
from ..api.papers import asked_edition
from ..api.response_cache import Body
from ..errors import NotFound, UnsupportedLanguage
from ..languages import Language
from . import assets, negotiation, rendering
from .rendering import Site
from .search_view import search_view

bp = Blueprint("reading", __name__)

HTML = "text/html; charset=utf-8"
_CACHING = (
    "no-cache"  # kept, and asked about each time: that costs a 304, and nothing is shown for newer
)
_DAYS = 60


@cache
def _headers() -> dict[str, str]:
    """What keeps strangers' code, styles and frames out of a page."""
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src {assets.load().style_source}; "
        "script-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


@bp.get("/")
def home() -> Response:
    """To the newest list, in the first of the browser's languages that is ours."""
    accepted = request.headers.get("Accept-Language", "")
    response = _redirect(
        f"/{negotiation.preferred(accepted).tag}/latest", code=HTTPStatus.SEE_OTHER
    )
    response.headers["Cache-Control"] = _CACHING
    response.headers.add("Vary", "Accept-Language")
    return response


@bp.get("/<lang>/<day>")
def show_list(lang: str, day: str) -> Response:
    """A day's list, with what is translated of it already."""
    language = languages.find(lang)
    if elsewhere := _canonical(lang, language):
        return elsewhere
    edition, latest = asked_edition(day), day == "latest"
    site, lists = current_site(), services.current().editions.lists()
    body = response_cache.current().body(
        ("list page", edition.list, edition.date, edition.source, edition.stale, latest, site),
        edition,
        edition.papers,
        language.tag,
        lambda known: rendering.list_page(edition, known, language, site, lists, latest=latest),
    )
    return page(body)


@bp.get("/<lang>/papers/<path:id>")
def show_paper(lang: str, id: str) -> Response:
    """One paper, from arXiv when it is not stored."""
    language = languages.find(lang)
    if elsewhere := _canonical(lang, language):
        return elsewhere
    paper = services.current().papers.get(id)
    if paper.id != id:
        return _redirect(f"/{language.tag}/papers/{paper.id}", code=HTTPStatus.PERMANENT_REDIRECT)
    site = current_site()
    body = response_cache.current().body(
        ("paper page", paper.id, site),
        paper,
        (paper,),
        language.tag,
        lambda known: rendering.paper_page(paper, known.get(paper.id), language, site),
    )
    return page(body)


@bp.get("/<lang>/days")
def show_days(lang: str) -> Response:
    """The days whose lists are stored, newest first."""
    language = languages.find(lang)
    if elsewhere := _canonical(lang, language):
        return elsewhere
    before = request.args.get("before")
    days, older = services.current().editions.archive(
        before=read_date(before) if before is not None else None, limit=_DAYS
    )
    site = current_site()
    body = response_cache.current().body(
        ("days page", before, language.tag, site),
        (days, older),
        (),
        None,
        lambda _known: rendering.days_page(days, older, language, site),
    )
    return page(body)


@bp.get("/<lang>/search")
def show_search(lang: str) -> Response:
    """What is found of all that is stored; without words and filters the field alone."""
    language = languages.find(lang)
    if elsewhere := _canonical(lang, language):
        return elsewhere
    wanted = dataclasses.replace(search.read_request(), lang=language.tag)
    asked = any(request.args.get(name) for name in ("q", *search.FILTERS))
    results = search.find(wanted) if asked else None
    view = search_view(wanted, results, services.current().search.translations_of, language)
    return page(Body(rendering.search_page(view, language, current_site())))


@bp.get("/<lang>/saved")
def show_saved(lang: str) -> Response:
    """The papers that this browser keeps."""
    language = languages.find(lang)
    if elsewhere := _canonical(lang, language):
        return elsewhere
    site = current_site()
    body = response_cache.current().body(
        ("saved page", language.tag, site),
        None,
        (),
        None,
        lambda _known: rendering.saved_page(language, site),
    )
    return page(body)


@bp.app_errorhandler(NoSuchAddress)
def answer_unknown_address(error: NoSuchAddress) -> Response:
    """No such address: a page for people, a problem for programs; `/ja` leads to its newest list."""
    if _is_of_programs() or "text/html" not in request.headers.get("Accept", ""):
        return problems.respond_to_http(error)
    if language := _only_a_language():
        return _redirect(f"/{language.tag}/latest", code=HTTPStatus.PERMANENT_REDIRECT)
    return answer_error(NotFound("There is nothing at this address."))


@bp.errorhandler(HTTPException)
def answer_http(error: HTTPException) -> Response:
    """Redirects and the like as they are everywhere."""
    return problems.respond_to_http(error)


@bp.errorhandler(Exception)
def answer_error(exception: Exception) -> Response:
    """A page that says what happened and what to change."""
    error = problems.named(exception)
    if _is_of_programs():
        return problems.respond(error)
    status = HTTPStatus.NOT_FOUND if isinstance(error, UnsupportedLanguage) else error.status
    response = Response(
        rendering.error_page(
            error,
            _language_of_error(),
            current_site(),
            status=status,
            is_of_paper=request.path.split("/")[2:3] == ["papers"],
        ),
        status=status,
        content_type=HTML,
    )
    if (seconds := problems.retry_seconds(error)) is not None:
        response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    response.headers.add("Vary", "Accept-Language")
    return _guarded(response)


def _is_of_programs() -> bool:
    """Whether the address is one of the API's, whose first word could be a language's tag."""
    return request.path.split("/")[1] == "api"


def page(body: Body) -> Response:
    """A page from ready bytes, with what keeps strangers' code and frames out of it."""
    return _guarded(respond(body, _CACHING, HTML))


def current_site() -> Site:
    """How readers of this request reach the server."""
    config = services.current().config
    priced = config.price_in is not None and config.price_out is not None
    return Site(
        origin=f"{request.scheme}://{request.host}",
        indexing=config.indexing,
        prices=(config.price_in or 0.0, config.price_out or 0.0) if priced else None,
    )


def _guarded(response: Response) -> Response:
    for name, value in _headers().items():
        response.headers.add(name, value)
    if not services.current().config.indexing:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _canonical(lang: str, language: Language) -> Response | None:
    """The way to the address with the language's tag as we write it, if this is another."""
    if lang == language.tag:
        return None
    rest = quote(request.path.removeprefix(f"/{lang}"))
    query = quote(request.query_string, safe="=&%+:,.-_~")
    address = f"/{language.tag}{rest}" + (f"?{query}" if query else "")
    return _redirect(address, code=HTTPStatus.PERMANENT_REDIRECT)


def _redirect(address: str, *, code: int) -> Response:
    response = redirect(address, code=code, Response=Response)
    assert isinstance(response, Response)
    return _guarded(response)


def _only_a_language() -> Language | None:
    """The language, where the address names one and nothing else."""
    try:
        return languages.find(request.path.strip("/"))
    except UnsupportedLanguage:
        return None


def _language_of_error() -> Language:
    """The address's language if it is ours, else the browser's."""
    try:
        return languages.find(request.path.split("/")[1])
    except UnsupportedLanguage:
        return negotiation.preferred(request.headers.get("Accept-Language", ""))

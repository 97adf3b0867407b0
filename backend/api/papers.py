"""GET /api/v1/lists, /api/v1/daily, /api/v1/daily/{date|latest}, /api/v1/papers/{id}: none costs money."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from .. import services
from ..errors import InvalidRequest
from ..papers.records import Edition
from . import response_cache, serializing
from .conditional_responses import respond
from .dates import read_date
from .response_cache import Body

bp = Blueprint("papers", __name__, url_prefix="/api/v1")

LATEST = "latest"
MAX_EDITIONS = 100
_EDITIONS = 30
_DAY = 24 * 60 * 60


@bp.get("/lists")
def list_lists() -> Response:
    """The lists of this server; the first is the one that readers get who name none."""
    lists = services.current().editions.lists()
    document = {"lists": [serializing.description(each) for each in lists]}
    return respond(Body.of(document), "public, max-age=30")


@bp.get("/daily")
def list_editions() -> Response:
    """The editions of a list that are stored here, newest first."""
    before = request.args.get("before")
    editions = services.current().editions
    name = editions.name_of(request.args.get("list"))
    lines, following = editions.archive(
        list=name,
        before=read_date(before) if before is not None else None,
        limit=_limit(request.args.get("limit", str(_EDITIONS))),
    )
    document = {
        "list": name,
        "editions": [serializing.summary(line) for line in lines],
        "next": following.isoformat() if following else None,
    }
    return respond(Body.of(document), "public, max-age=30")


@bp.get("/daily/<day>")
def show_edition(day: str) -> Response:
    """One day's list, with what is translated of it already."""
    bodies = response_cache.current()
    lang = bodies.language_tag(request.args.get("lang"))
    edition = asked_edition(day)
    body = bodies.edition(edition, lang)
    return respond(body, edition_caching(edition, body, lang, latest=day == LATEST))


@bp.get("/papers/<path:id>")
def show_paper(id: str) -> Response:
    """One paper, from arXiv when it is not stored."""
    ours, bodies = services.current(), response_cache.current()
    lang = bodies.language_tag(request.args.get("lang"))
    body = bodies.paper(ours.papers.get(id), lang)
    return respond(body, paper_caching(body))


def asked_edition(day: str) -> Edition:
    """The edition that an address names by its last part, a date or `latest`, and by `?list=`.

    Raises:
        InvalidRequest: it is neither.
        NotFound: the day has not begun, or this server does not keep that list.
        UpstreamUnavailable: it is not stored and cannot be had.
    """
    editions, name = services.current().editions, request.args.get("list")
    return editions.latest(name) if day == LATEST else editions.on(read_date(day), name)


def paper_caching(body: Body) -> str:
    """For how long one paper may be shown without asking."""
    return "public, max-age=300" if body.complete else "no-cache"


def edition_caching(edition: Edition, body: Body, lang: str | None, *, latest: bool) -> str:
    """For how long a list may be shown without asking: long when it can only stay as it is."""
    if lang is not None and not body.complete:
        return "no-cache"  # a translation may come at any moment; asking again costs a 304
    if edition.source == "file":
        return "public, max-age=30"  # its owner may change any day of it at any time
    if edition.state == "final" and body.complete and not latest and not edition.stale:
        return f"public, max-age={_DAY}"
    return "public, max-age=30"


def _limit(text: str) -> int:
    if re.fullmatch(r"\d{1,3}", text, re.ASCII) and 1 <= int(text) <= MAX_EDITIONS:
        return int(text)
    raise InvalidRequest(f"`limit` is a whole number from 1 to {MAX_EDITIONS}.")

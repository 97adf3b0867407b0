"""/{lang}/feed.atom, /{lang}/feed.json and /feeds.opml. None of them asks a model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, redirect, request
from flask.blueprints import BlueprintSetupState

from ... import languages, services
from ...api import response_cache, search
from ...api.conditional_responses import respond
from ...api.response_cache import Body, Known
from ...languages import Language
from ...translated_papers.search import MAX_LIMIT, SearchRequest
from . import atom, feed_entries, json_feed, opml
from .entry_names import HostName
from .feed_entries import Feed, Site
from .feed_query import FeedQuery
from .selection import EDITIONS, Selections, select

bp = Blueprint("feeds", __name__)

_CACHING = "public, max-age=300"
_OPML_CACHING = "public, max-age=3600"
_KEY = "paperglot.feeds"
_FORMATS: dict[str, tuple[Callable[[Feed, str], bytes], str]] = {
    "atom": (atom.write, atom.CONTENT_TYPE),
    "json": (json_feed.write, json_feed.CONTENT_TYPE),
}


@dataclass(frozen=True)
class _Feeds:
    """What the feeds of one app keep between requests."""

    host_name: HostName
    selections: Selections = field(default_factory=Selections)


@bp.record_once
def _install(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    ours = services.of(app)
    app.extensions[_KEY] = _Feeds(HostName(ours.engine, public=ours.config.allowed_hosts))


def warm_up(app: Flask) -> None:
    """Read what every feed needs, so that an outage of the database finds it here."""
    with suppress(sa.exc.SQLAlchemyError):  # else the first feed reads it
        cast(_Feeds, app.extensions[_KEY]).host_name.look()


@bp.get("/<lang>/feed.<any(atom, json):form>")
def feed(lang: str, form: str) -> Response:
    """The newest papers, or digests of the newest final days, in a language."""
    language = languages.find(lang)
    query = FeedQuery.parse(request.query_string.decode("latin-1"))
    address = f"{request.url_root}{language.tag}/feed.{form}{query.query_string}"
    if lang != language.tag:
        return cast(Response, redirect(address, 301))
    ours = cast(_Feeds, current_app.extensions[_KEY])
    newest = services.current().editions.newest(EDITIONS, query.list)
    if query.q is None:
        selected = ours.selections.get(newest, query)
    else:
        selected = select(newest, query, only=_found(query.q, language))
    site = Site(request.url_root, ours.host_name.get(request.host))
    write, content_type = _FORMATS[form]

    def render(known: Known) -> bytes:
        made = feed_entries.build(selected, known, query=query, language=language, site=site)
        return write(made, address)

    body = response_cache.current().body(
        ("feed", address, site),
        selected.fingerprint,
        selected.papers,
        None if language.tag == feed_entries.ORIGINALS else language.tag,
        render,
    )
    return respond(body, _CACHING, content_type)


def _found(words: str, language: Language) -> frozenset[str]:
    """The newest papers in which words stand, in whatever language."""
    wanted = SearchRequest(text=words, lang=language.tag, order="date", limit=MAX_LIMIT)
    return frozenset(hit.paper.id for hit in search.find(wanted).hits)


@bp.get("/feeds.opml")
def outline() -> Response:
    """The feeds of all languages; those that something is translated into come first."""
    stored = {*services.current().translator.memory.languages(), feed_entries.ORIGINALS}
    ordered = sorted(languages.ALL, key=lambda language: language.tag not in stored)
    return respond(_outline(tuple(ordered), request.url_root), _OPML_CACHING, opml.CONTENT_TYPE)


@lru_cache(maxsize=32)
def _outline(ordered: tuple[Language, ...], base: str) -> Body:
    return Body(opml.write(ordered, base))

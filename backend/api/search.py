"""GET /api/v1/search, and /opensearch.xml, by which a browser offers it. Neither asks a model."""

from __future__ import annotations

import difflib
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, cast

from cachetools import LRUCache
from flask import Blueprint, Response, current_app, request

from .. import arxiv_categories, clients, languages, services
from ..errors import InvalidRequest, RateLimited, UnsupportedLanguage
from ..translated_papers.search import MAX_LIMIT, Order, Results, SearchRequest
from . import search_results
from .conditional_responses import respond
from .dates import read_date
from .response_cache import Body

bp = Blueprint("search", __name__)

FILTERS = ("lang", "category", "from", "to", "has_code", "verified")
_PARAMETERS = ("q", *FILTERS, "order", "before", "limit")
_WAITING = 2
_WAIT_SECONDS = 0.5
_LIMIT = 10
_TRUTH = {"1": True, "true": True, "0": False, "false": False}


@bp.get("/api/v1/search")
def search() -> Response:
    """What is found of all that is stored."""
    return respond(_bodies().body(find(read_request())), "no-cache")


def read_request() -> SearchRequest:
    """The search that the address of this request asks for.

    Raises:
        InvalidRequest: a parameter is unknown, given twice, or has a value that says nothing.
        UnsupportedLanguage: `lang` is no language of ours.
    """
    for name, values in request.args.lists():
        if name not in _PARAMETERS:
            close = difflib.get_close_matches(name, _PARAMETERS, n=1)
            meant = f" Did you mean `{close[0]}`?" if close else ""
            raise InvalidRequest(
                f"There is no parameter `{name[:40]}`.{meant} There are {', '.join(_PARAMETERS)}."
            )
        if len(values) > 1:
            raise InvalidRequest(f"`{name}` is given {len(values)} times. Give it once.")
    given = {name: value for name, value in request.args.items() if value}
    lang = given.get("lang")
    return SearchRequest(
        text=given.get("q", ""),
        lang=languages.find(lang).tag if lang else None,
        category=_category(given.get("category")),
        since=_date("from", given.get("from")),
        until=_date("to", given.get("to")),
        has_code=_truth("has_code", given.get("has_code")),
        verified=_truth("verified", given.get("verified")),
        order=_order(given.get("order", "relevance")),
        before=given.get("before"),
        limit=_limit(given.get("limit", str(_LIMIT))),
    )


def find(wanted: SearchRequest) -> Results:
    """Search for the client of this request, one search of each address at a time.

    Raises:
        RateLimited: this address has others running, and they take their time.
        SearchTooSlow: the database took too long.
    """
    with _in_flight().of(clients.of_address(request.remote_addr)):
        return services.current().search.find(wanted)


@bp.get("/opensearch.xml")
def describe() -> Response:
    """The OpenSearch 1.1 description of this server's search; of its pages in `lang`, else the browser's."""
    root = request.host_url.rstrip("/")
    body = Body(search_results.description(root, _page_language()))
    response = respond(body, "public, max-age=86400", _OPENSEARCH)
    response.headers.add("Vary", "Accept-Language")
    return response


def _page_language() -> str:
    for tag in (request.args.get("lang", ""), *request.accept_languages.values()):
        with suppress(UnsupportedLanguage):
            return languages.find(tag).tag
    return search_results.ORIGINAL


_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"


def _category(text: str | None) -> str | None:
    return None if text is None else arxiv_categories.check(text)


def _date(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    return read_date(text, f"`{name}` is a date that exists, written like 2023-06-06.")


def _truth(name: str, text: str | None) -> bool | None:
    if text is None:
        return None
    if text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    raise InvalidRequest(f"`{name}` is 1 or 0. Leave it out for both.")


def _order(text: str) -> Order:
    if text in ("relevance", "date"):
        return cast(Order, text)
    raise InvalidRequest("`order` is `relevance` or `date`.")


def _limit(text: str) -> int:
    if re.fullmatch(r"\d{1,3}", text, re.ASCII) and 1 <= int(text) <= MAX_LIMIT:
        return int(text)
    raise InvalidRequest(f"`limit` is a whole number from 1 to {MAX_LIMIT}.")


class _Bodies:
    """Answers kept while what they show stays the same."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[Results, int], Body] = LRUCache(64)
        self._lock = threading.Lock()

    def body(self, results: Results) -> Body:
        """The body that tells of these results."""
        ours = services.current()
        key = (results, ours.search.revision())  # which other languages' texts may be shown from
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            document = search_results.document(results, ours.search.translations_of, ours.config)
            kept = Body.of(document)
            with self._lock:
                self._kept[key] = kept
        return kept


class _InFlight:
    """Who searches now, by address. A flood from one waits for itself, not for the database."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: set[str] = set()
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def of(self, address: str) -> Iterator[None]:
        """Search alone of this address; waits a moment for its turn. Raises RateLimited."""
        with self._changed:
            if address in self._running:
                if self._waiting[address] >= _WAITING:
                    raise self._refusal()
                self._waiting[address] += 1
                free = self._changed.wait_for(lambda: address not in self._running, _WAIT_SECONDS)
                self._waiting[address] -= 1
                if not self._waiting[address]:
                    del self._waiting[address]
                if not free:
                    raise self._refusal()
            self._running.add(address)
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(address)
                self._changed.notify_all()

    def _refusal(self) -> RateLimited:
        return RateLimited(
            "Another search from this address is still running. Try again in a second.",
            retry_after=1,
        )


@bp.record_once
def _install(state: Any) -> None:
    state.app.extensions[_KEY] = (_InFlight(), _Bodies())


_KEY = "paperglot.search"


def _in_flight() -> _InFlight:
    return cast(_InFlight, current_app.extensions[_KEY][0])


def _bodies() -> _Bodies:
    return cast(_Bodies, current_app.extensions[_KEY][1])

"""One line for each request, with its number, and what it cost; never a text, a token or an address's words.

Around the whole app, so that a stream counts until its last byte. A request only leaves word that it has ended;
counting and writing is done for many at once, by a thread of its own: that costs a third of doing it each time.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, has_request_context, request

from ..config import LogFormat
from ..llm.usage import Usage
from ..monitoring.log_format import RequestLine, request_id, write_line
from ..monitoring.monitor import Monitor
from . import guard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
UNKNOWN_ROUTE = "-"
"""Of addresses that are none of ours: their words are the client's."""

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_KEY = "paperglot.request"
_GATHER_SECONDS = 0.25
_MOST_GATHERED = 500
"""Requests that have ended and are not counted yet; the next one counts them all."""
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds: a line only when they fail."""


@cache
def _named(rule: str) -> str:
    """An address as the API's description writes it: `/api/v1/papers/{id}`."""
    return re.sub(r"<(?:[^:<>]*:)?([^<>]*)>", r"{\1}", rule)


class RequestRecord:
    """What is known of one request by its end."""

    __slots__ = (
        "asked",
        "began",
        "ended",
        "id",
        "kept_open",
        "method",
        "problem",
        "route",
        "seconds",
        "status",
        "usage",
    )

    def __init__(self, id: str, method: str) -> None:
        self.id = id
        self.method = method
        self.began = time.perf_counter()
        self.route = UNKNOWN_ROUTE
        self.status = 0
        self.seconds = 0.0
        self.ended = 0.0
        self.problem: str | None = None
        self.usage: Usage | None = None
        self.asked: Callable[[], Usage] | None = None
        self.kept_open = False


class RequestLog:
    """A WSGI application around ours.

    Args:
        secrets: what must not come back in a header, even if a client puts it there.

    Attributes:
        lines: how a line is written for each request; None: none is.
    """

    def __init__(
        self, app: WSGIApplication, monitor: Monitor, *, secrets: Collection[str] = ()
    ) -> None:
        self._app = app
        self._monitor = monitor
        self.lines: LogFormat | None = None
        self._ended: deque[RequestRecord] = deque()
        self._news = threading.Event()
        self._starting = threading.Lock()
        self._thread_of = 0
        self._secrets = secrets

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        record = RequestRecord(self._id(environ), environ["REQUEST_METHOD"])
        environ[_KEY] = record
        request_id.set(record.id)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            record.status = int(status[:3])
            ours = environ.get("werkzeug.request")
            if ours is not None and ours.url_rule is not None:
                record.route = _named(ours.url_rule.rule)
            headers.append((HEADER, record.id))
            return start_response(status, headers, *rest)

        return _Answer(self._app(environ, start), self.end, record)

    def _id(self, environ: WSGIEnvironment) -> str:
        given = environ.get("HTTP_X_REQUEST_ID")
        if given and _SANE.fullmatch(given) and not any(s in given for s in self._secrets):
            return cast(str, given)
        return f"{random.getrandbits(96):024x}"

    def drain(self) -> None:
        """Count and tell of all requests that have ended."""
        while True:
            try:
                record = self._ended.popleft()
            except IndexError:
                return
            self._note(record)

    def end(self, record: RequestRecord) -> None:
        """A request has been answered, or its client has left."""
        record.seconds = time.perf_counter() - record.began
        record.ended = time.time()
        if record.asked is not None:
            record.usage, record.asked = record.asked(), None
        self._ended.append(record)
        if not self._news.is_set():
            self._news.set()
            if self._thread_of != os.getpid():
                self._start()
        if len(self._ended) > _MOST_GATHERED:
            self.drain()

    def _start(self) -> None:
        with self._starting:
            if self._thread_of != os.getpid():
                self._thread_of = os.getpid()
                threading.Thread(target=self._gather, name="request-log", daemon=True).start()

    def _gather(self) -> None:
        while True:
            self._news.wait()
            time.sleep(_GATHER_SECONDS)  # others come meanwhile: one wake-up writes them all
            self._news.clear()
            self.drain()

    def _note(self, record: RequestRecord) -> None:
        self._monitor.request_served(record.route, record.method, record.status, record.seconds)
        if record.status >= 500:
            self._monitor.failed(record.problem or f"status-{record.status}", record.route)
        if self.lines and not (record.status < 400 and record.route in _PROBES):
            usage = record.usage
            write_line(
                RequestLine(
                    record.ended,
                    record.id,
                    record.method,
                    record.route,
                    record.status,
                    record.seconds * 1000,
                    calls=usage.requests if usage else 0,
                    tokens=usage.prompt_tokens + usage.completion_tokens if usage else 0,
                    problem=record.problem,
                ),
                self.lines,
            )


class _Answer:
    """The answer's pieces, and who wants to know when they are through."""

    __slots__ = ("_end", "_pieces", "_record")

    def __init__(
        self, pieces: Iterable[bytes], end: Callable[[RequestRecord], None], record: RequestRecord
    ) -> None:
        self._pieces = pieces
        self._end = end
        self._record: RequestRecord | None = record

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """The server has sent it, or the client has left."""
        try:
            if hasattr(self._pieces, "close"):
                self._pieces.close()
        finally:
            record, self._record = self._record, None
            if record is not None and not record.kept_open:
                self._end(record)


def install(app: Flask, monitor: Monitor, *, secrets: Collection[str]) -> None:
    """Have all requests of an app noted; the last to be installed, as it stands around everything."""
    noting = RequestLog(app.wsgi_app, monitor, secrets=secrets)
    app.extensions[_KEY] = noting
    app.wsgi_app = noting  # type: ignore[method-assign] # Flask documents this assignment


def drain(app: Flask) -> None:
    """Count all requests of an app that have ended by now."""
    cast(RequestLog, app.extensions[_KEY]).drain()


def write_lines(app: Flask, chosen: LogFormat) -> None:
    """Have a line written for each request from now on."""
    cast(RequestLog, app.extensions[_KEY]).lines = chosen


def note_wrong_tokens(app: Flask, monitor: Monitor, tokens: Collection[str]) -> None:
    """Have wrong access tokens counted, whatever is asked with them; before the guard, who may refuse."""
    if not tokens:
        return  # then there is nothing to guess

    @app.before_request
    def _note() -> None:
        if "Authorization" in request.headers and not guard.token_state():
            monitor.wrong_token(request.remote_addr or "")


def note_usage(usage: Callable[[], Usage]) -> None:
    """This request asks the model; what that has cost is read at its end."""
    if record := _current():
        record.asked = usage


def keep_open() -> Callable[[], None]:
    """This request's answer goes on after its thread; it has ended when the returned function is called."""
    record = _current()
    if record is None:
        return lambda: None
    record.kept_open = True
    log = cast(RequestLog, current_app.extensions[_KEY])
    return lambda: log.end(record)


def note_problem(name: str) -> None:
    """This request is answered with an error of this type; the first that is noted counts."""
    if (record := _current()) and record.problem is None:
        record.problem = name


def _current() -> RequestRecord | None:
    return (
        cast("RequestRecord | None", request.environ.get(_KEY)) if has_request_context() else None
    )

"""A translation run as an answer: one JSON document, or Server-Sent Events as they happen."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from flask import Response, request

from ... import services
from ...errors import TranslatorUnavailable
from ...llm.usage import Usage
from ...translation.records import (
    Event,
    Queued,
    RunDone,
    SegmentDelta,
    SegmentFailed,
    SegmentTranslated,
    SentenceAlignment,
)
from ...translation.run import TranslationRun
from ..guard import count_model_request
from ..problems import problem_of
from ..request_log import keep_open, note_usage
from .socket_writer import Form, RunWriter

SPACE_SECONDS = 5.0
"""How long a thread waits for all of a document before it sends the white space that stands before it."""


def respond(run: TranslationRun, segment_ids: Sequence[str]) -> Response:
    """Answer in the form the client accepts; after this the status is 200 whatever the model does.

    Raises:
        RateLimited: the model would have to be asked, too often for this client.
        TranslatorUnavailable: so many readers are being served that others would be locked out.
    """
    if run.wants_model:
        count_model_request()
    if not run.take_place():
        raise TranslatorUnavailable(
            "Too many translations are under way on this server. Try again in a moment.",
            retry_after=3,
        )
    note_usage(lambda: run.usage)
    accepted = request.accept_mimetypes.best_match(["application/json", "text/event-stream"])
    form: Form = EventStream() if accepted == "text/event-stream" else Document(segment_ids)
    # Our own worker takes the connection over once a thread has begun the answer.
    hand_over = getattr(request.environ.get("gunicorn.socket"), "hand_over", None)
    if run.wants_model and hand_over:
        return _handed_over(run, form, hand_over)
    return _on_this_thread(run, form)


def _handed_over(
    run: TranslationRun, form: Form, hand_over: Callable[[RunWriter], None]
) -> Response:
    """An answer that this thread begins, and the event loop goes on with."""
    end = keep_open()

    def over() -> None:
        run.leave_place()
        end()

    # To a client of HTTP/1.0, as many a proxy is, gunicorn sends no chunks.
    chunked = request.environ["SERVER_PROTOCOL"] != "HTTP/1.0"
    writer = RunWriter(run, form, services.current().loop, chunked=chunked, over=over)
    response = _response(_begun(run, writer, form, hand_over), form)
    response.call_on_close(writer.abandon)
    return response


def _on_this_thread(run: TranslationRun, form: Form) -> Response:
    """An answer that this thread writes to its end."""
    body = _whole(run, form)
    content: bytes | Iterator[bytes] = body
    try:
        if isinstance(form, Document):
            content = _soon(body)
    except BaseException:
        run.leave_place()
        raise
    response = _response(content, form)
    response.call_on_close(body.close)
    response.call_on_close(run.leave_place)
    return response


def _response(body: bytes | Iterator[bytes], form: Form) -> Response:
    return Response(body, mimetype=form.mimetype, headers=form.headers)


def _soon(body: Iterator[bytes]) -> bytes | Iterator[bytes]:
    """All of a body, or what it begins with and the rest: proxies give up on an answer that has not begun."""
    until = time.monotonic() + SPACE_SECONDS
    begun = b""
    for piece in body:
        begun += piece
        if time.monotonic() > until:
            return itertools.chain([begun], body)
    return begun


def _begun(
    run: TranslationRun, writer: RunWriter, form: Form, hand_over: Callable[[RunWriter], None]
) -> Generator[bytes]:
    """An answer's beginning; the writer has the rest."""
    yield form.beginning + b"".join(map(form.event, run.at_once()))
    run.begin()
    writer.accept()
    hand_over(writer)


def _whole(run: TranslationRun, form: Form) -> Generator[bytes]:
    """An answer from beginning to end, on the thread that asks for it."""
    events = run.events()
    try:
        yield form.beginning
        for event in events:
            yield form.heartbeat if event == "heartbeat" else form.event(event)
        yield form.end()
    finally:
        events.close()  # stops what only this reader wanted


class EventStream:
    """Server-Sent Events (HTML Standard, section 9.2); a comment first, so that headers leave at once."""

    mimetype = "text/event-stream"
    # Proxies that gather an answer before they pass it on would undo the streaming.
    headers = MappingProxyType({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    beginning = b": paperglot\n\n"
    heartbeat = b":\n\n"

    def event(self, event: Event) -> bytes:
        """The event by its name."""
        return _NAMES[type(event)] + msgspec.json.encode(_members(event)) + b"\n\n"

    def end(self) -> bytes:
        """Nothing: `done` was the last event."""
        return b""


class Document:
    """One JSON document, after white space for as long as it takes: so no proxy thinks that nothing comes.

    Args:
        segment_ids: the order of the translations.
    """

    mimetype = "application/json"
    headers = MappingProxyType({"Cache-Control": "no-store"})
    beginning = b""
    heartbeat = b" "

    def __init__(self, segment_ids: Sequence[str]) -> None:
        self._segment_ids = segment_ids
        self._results: dict[str, dict[str, Any]] = {}
        self._done = RunDone(Usage(), 0, 0, 0)

    def event(self, event: Event) -> bytes:
        """Nothing yet."""
        if isinstance(event, SegmentTranslated | SegmentFailed):
            self._results[event.id] = _members(event)
        elif isinstance(event, RunDone):
            self._done = event
        return b""

    def end(self) -> bytes:
        """The document."""
        document = {
            "translations": [self._results[id] for id in self._segment_ids],
            "usage": usage_members(self._done.usage),
        }
        return msgspec.json.encode(document | _terms(self._done))


_NAMES = {
    Queued: b"event: queue\ndata: ",
    SegmentDelta: b"event: delta\ndata: ",
    SegmentTranslated: b"event: segment\ndata: ",
    SegmentFailed: b"event: failed\ndata: ",
    RunDone: b"event: done\ndata: ",
}


def _members(event: Event) -> dict[str, Any]:
    match event:
        case Queued():
            return {"place": event.place}
        case SegmentDelta():
            return {"id": event.id, "text": event.text}
        case SegmentTranslated():
            return {
                "id": event.id,
                "text": event.text,
                "verified": event.verified,
                "cached": event.cached,
                "issues": event.issues,
                **_sentences(event.sentences),
            }
        case SegmentFailed():
            return {"id": event.id, "problem": problem_of(event.problem)}
        case RunDone():
            return {
                "usage": usage_members(event.usage),
                "translated": event.translated,
                "cached": event.cached,
                "failed": event.failed,
                **_terms(event),
            }


def _sentences(alignment: SentenceAlignment | None) -> dict[str, Any]:
    """What is said of a translation's sentences; nothing where it was not asked."""
    if alignment is None:
        return {}
    return {
        "sentences": True if alignment.aligned else None,
        "source_sentences": alignment.source,
    }


def _terms(done: RunDone) -> dict[str, Any]:
    """The paper's terms that were applied; nothing where no paper was named."""
    if done.terms is None:
        return {}
    return {
        "terms": [
            {"source": term.source, "target": term.target, "origin": term.origin}
            for term in done.terms
        ]
    }


def usage_members(usage: Usage | None = None) -> dict[str, int]:
    """What was spent; nothing when it is left out."""
    usage = usage or Usage()
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "requests": usage.requests,
    }

"""A translation run as an answer: one JSON document, or Server-Sent Events as they happen."""

from __future__ import annotations

import itertools
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import msgspec
from flask import Response, request

from ..errors import TranslatorUnavailable
from ..llm.usage import Usage
from ..translation.records import (
    Event,
    Queued,
    RunDone,
    SegmentDelta,
    SegmentFailed,
    SegmentTranslated,
    SentenceAlignment,
)
from ..translation.run import TranslationRun
from .guard import count_model_request
from .problems import problem_of
from .request_log import note_usage

SPACE_SECONDS = 5.0
"""After so long a JSON document begins with white space: proxies give up on an answer that has not begun."""

_SPACE = b" "


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
    try:
        response = _answer(run, segment_ids)
    except BaseException:
        run.leave_place()
        raise
    response.call_on_close(run.leave_place)
    return response


def _answer(run: TranslationRun, segment_ids: Sequence[str]) -> Response:
    if request.accept_mimetypes.best_match(["application/json", "text/event-stream"]) == (
        "text/event-stream"
    ):
        return Response(
            _stream(run),
            mimetype="text/event-stream",
            # Proxies that gather an answer before they pass it on would undo the streaming.
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
    document = _document(run, segment_ids)
    until = time.monotonic() + SPACE_SECONDS
    body: bytes | Iterator[bytes] = b""
    for body in document:
        if body == _SPACE and time.monotonic() > until:
            body = itertools.chain([body], document)
            break
    response = Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})
    response.call_on_close(document.close)
    return response


def _document(run: TranslationRun, segment_ids: Sequence[str]) -> Generator[bytes]:
    """One JSON document, after white space for each second that it takes."""
    results: dict[str, dict[str, Any]] = {}
    done = RunDone(Usage(), 0, 0, 0)
    events = run.events()
    try:
        for event in events:
            if event == "heartbeat":
                yield _SPACE
            elif isinstance(event, SegmentTranslated | SegmentFailed):
                results[event.id] = _members(event)
            elif isinstance(event, RunDone):
                done = event
    finally:
        events.close()
    document = {
        "translations": [results[id] for id in segment_ids],
        "usage": usage_members(done.usage),
    }
    yield msgspec.json.encode(document | _terms(done))


def _stream(run: TranslationRun) -> Iterator[bytes]:
    """Server-Sent Events (HTML Standard, section 9.2); a comment first, so that headers leave at once."""
    yield b": paperglot\n\n"
    events = run.events()
    try:
        for event in events:
            if event == "heartbeat":
                yield b":\n\n"
            else:
                yield _NAMES[type(event)] + msgspec.json.encode(_members(event)) + b"\n\n"
    finally:
        events.close()


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

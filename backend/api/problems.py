"""Every error as `application/problem+json` (RFC 9457), in a response or inside a stream."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import msgspec
import sqlalchemy as sa
from flask import Flask, Response
from werkzeug.exceptions import ClientDisconnected, HTTPException

from ..errors import (
    DatabaseUnavailable,
    InvalidRequest,
    NotFound,
    PaperglotError,
    PayloadTooLarge,
    ServiceError,
)
from ..outages import means_away
from .request_log import note_problem

log = logging.getLogger(__name__)

TYPE_PREFIX = "urn:paperglot:problem:"
_SERVICE_RETRY_SECONDS = 30
_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


def problem_of(error: PaperglotError) -> dict[str, Any]:
    """The members of a problem: type, title, status, detail and, where it helps, retry_after (seconds)."""
    problem: dict[str, Any] = {
        "type": TYPE_PREFIX + error.type,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if (seconds := retry_seconds(error)) is not None:
        problem["retry_after"] = seconds
    return problem


def retry_seconds(error: PaperglotError) -> int | None:
    """Seconds for Retry-After: what the error knows, else half a minute for a service's fault."""
    if error.retry_after is not None:
        return max(1, error.retry_after)
    return _SERVICE_RETRY_SECONDS if isinstance(error, ServiceError) else None


def respond(error: PaperglotError, *, status: int | None = None) -> Response:
    """The response for an error."""
    note_problem(error.type)
    problem = problem_of(error) | ({"status": status} if status else {})
    response = Response(
        msgspec.json.encode(problem),
        status=status or error.status,
        mimetype="application/problem+json",
    )
    if (seconds := retry_seconds(error)) is not None:
        response.headers["Retry-After"] = str(seconds)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="paperglot"'
    response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask) -> None:
    """Answer every exception as a problem."""
    app.register_error_handler(PaperglotError, respond)
    app.register_error_handler(HTTPException, respond_to_http)
    app.register_error_handler(Exception, _respond_to_fault)


def named(error: Exception) -> PaperglotError:
    """The error of ours that any exception amounts to; logged where it is a fault of this server.

    The exception's text may hold what a client or a model wrote; the log gets its kind and place.
    """
    if isinstance(error, PaperglotError):
        return error
    if isinstance(error, _AWAY):
        if not means_away(error) or isinstance(error, sa.exc.TimeoutError):
            log.error("the database does not answer: %s", type(error).__name__)
        return DatabaseUnavailable()
    trace, place = error.__traceback__, ""
    while trace:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    log.error("unexpected %s at %s", type(error).__name__, place)
    note_problem(type(error).__name__)
    return PaperglotError("This is a fault of the server. It has been logged.")


def respond_to_http(error: HTTPException) -> Response:
    """The problem for an error of HTTP itself: no such address, another method, a redirect as it is."""
    status = error.code or 500
    if status == HTTPStatus.NOT_FOUND:
        return respond(
            NotFound("There is nothing at this address. /openapi.json lists what there is.")
        )
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return respond(PayloadTooLarge("A request may hold 256 KiB. Send the segments in several."))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(set(getattr(error, "valid_methods", None) or ()) - {"OPTIONS"}))
        response = respond(
            InvalidRequest(f"This address answers to {allowed} only."), status=status
        )
        response.headers["Allow"] = allowed
        return response
    if isinstance(error, ClientDisconnected):
        return respond(InvalidRequest("The body ended before the length that was announced."))
    if 300 <= status < 400:
        return Response(status=status, headers=error.get_headers())
    if 400 <= status < 500:
        return respond(InvalidRequest(HTTPStatus(status).phrase + "."), status=status)
    return _respond_to_fault(error)


def _respond_to_fault(error: Exception) -> Response:
    return respond(named(error))

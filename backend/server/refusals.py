"""What the server itself answers to requests that never reach the app: problems, as the app's own."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors as http_errors

from ..api import problems
from ..errors import InvalidRequest, PaperglotError, PayloadTooLarge


class BodyTooLarge(Exception):
    """More of a body than anybody sends who means well."""


class TooSlow(Exception):
    """A request of which too little came in too long a time."""


_REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (TooSlow, 408, "The request did not come in time. Send it again."),
    (http_errors.LimitRequestLine, 414, "The address is too long."),
    (http_errors.LimitRequestHeaders, 431, "The headers are too many or too long."),
    (http_errors.ExpectationFailed, 417, "Of Expect, only 100-continue is understood."),
    (
        http_errors.UnsupportedTransferCoding,
        400,
        "Of Transfer-Encoding, only chunked is understood.",
    ),
)


def status_of(exc: Exception) -> int:
    """The status of the answer."""
    return _problem(exc)[0]


def answer(exc: Exception) -> bytes:
    """The whole answer; neither it nor the log repeats a client's words."""
    status, error = _problem(exc)
    response = problems.respond(error, status=status)
    response.headers["Connection"] = "close"
    return b"".join(_message(response.status, response.headers, response.data))


def _problem(exc: Exception) -> tuple[int, PaperglotError]:
    if isinstance(exc, BodyTooLarge):
        error = PayloadTooLarge("The body is too large, or in too many pieces.")
        return error.status, error
    for kind, status, detail in _REFUSALS:
        if isinstance(exc, kind):
            return status, InvalidRequest(detail)
    if isinstance(exc, http_errors.ParseException):
        return HTTPStatus.BAD_REQUEST, InvalidRequest("This is not a proper HTTP/1.1 request.")
    fault = PaperglotError("This is a fault of the server. It has been logged.")
    return HTTPStatus.INTERNAL_SERVER_ERROR, fault


def _message(status: str, headers: Any, body: bytes) -> Iterator[bytes]:
    """An HTTP/1.1 response."""
    yield f"HTTP/1.1 {status}\r\n".encode("latin-1")
    for name, value in headers:
        yield f"{name}: {value}\r\n".encode("latin-1")
    yield b"\r\n" + body

"""What a model's provider says or does instead of answering, in one plain sentence for the reader.

Nothing the provider wrote is repeated: it may hold a part of the key, of the text, or mark-up.
"""

from __future__ import annotations

import math
import re
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from ..errors import TranslatorUnavailable
from .dialects import server_words
from .model import TextTooLong

MAX_WAIT = 120.0
"""Seconds of Retry-After that are honoured."""

_RETRIED = frozenset({408, 409, 425, 429})
_NO_CREDIT = re.compile(
    r"insufficient_quota|exceeded your current quota|credit balance|insufficient[ _](?:balance|credit)",
    re.IGNORECASE,
)
_RETRY_DELAY = re.compile(r'"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"')
# Codes in words, as errors inside a 200 stream have them.
_NAMED = (
    (re.compile("rate.?limit|resource.?exhausted", re.IGNORECASE), 429),
    (re.compile("api.?key|authenticat|unauthorized", re.IGNORECASE), 401),
    (re.compile("payment|billing", re.IGNORECASE), 402),
    (re.compile("permission|forbidden|access.?denied", re.IGNORECASE), 403),
    (re.compile("model.?not.?found", re.IGNORECASE), 404),
)
_SENTENCES = {
    401: "The language model's provider refused the key (OPENAI_API_KEY).",
    402: "The account with the language model's provider has no credit left.",
    403: "The language model's provider does not let this key use this model "
    "(OPENAI_API_KEY, OPENAI_MODEL).",
    404: "The language model's provider knows no such model or address "
    "(OPENAI_MODEL; OPENAI_BASE_URL usually ends in /v1).",
    405: "What answers is no OpenAI-compatible server (OPENAI_BASE_URL usually ends in /v1).",
    408: "The language model's provider took too long.",
    413: "The text is too long for the language model's context.",
    429: "The language model's provider has too many requests and asks to wait.",
    529: "The language model's provider is overloaded.",
}


_LOADING = "The language model is still being loaded into memory."
_LOADING_SECONDS = 2.0
"""Between two questions to a server that loads its model."""

_NAMES = {
    401: "key-refused",
    402: "no-credit",
    403: "key-forbidden",
    404: "model-unknown",
    405: "model-unknown",
    429: "rate-limited",
    529: "overloaded",
}
_ABOUT_THE_QUESTION = frozenset({400, 413, 422})


class Fault(Exception):
    """Why one attempt gave no whole answer.

    Args:
        detail: the sentence for the reader.
        retried: another attempt may go better.
        trips_breaker: it counts for the circuit breaker: a connection error, a time-out, a 5xx.
        wait: seconds the provider wants nothing to be sent for; None when it did not say.
        rate_limited: the provider has too many requests: nobody may ask until `wait`, or a while, has passed.
        body: what the provider said, only to find a parameter's name in it.
        status: the HTTP status, or None.
        only_reasoning: the model reasoned until its room was used up.
        unreachable: no connection stood.
        silent: nothing came for as long as is waited: asking again is worth it once.
        foreign: what came is no answer of a model.
        loading: the server is there, its model not yet.
        length: what the provider said of a question that is too long.
    """

    def __init__(
        self,
        detail: str,
        *,
        retried: bool = False,
        trips_breaker: bool = False,
        wait: float | None = None,
        rate_limited: bool = False,
        body: str = "",
        status: int | None = None,
        only_reasoning: bool = False,
        unreachable: bool = False,
        silent: bool = False,
        foreign: bool = False,
        loading: bool = False,
        length: server_words.Length | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retried = retried
        self.trips_breaker = trips_breaker
        self.wait = wait
        self.rate_limited = rate_limited
        self.body = body
        self.status = status
        self.only_reasoning = only_reasoning
        self.unreachable = unreachable
        self.silent = silent
        self.foreign = foreign
        self.loading = loading
        self.length = length

    @property
    def name(self) -> str | None:
        """The provider's state that it shows; None where the fault is the question's."""
        if self.status in _ABOUT_THE_QUESTION or self.only_reasoning:
            return None
        if self.loading:
            return "loading"
        if self.detail == _SENTENCES[402]:
            return _NAMES[402]
        if self.status in _NAMES:
            return _NAMES[self.status]
        return "failing" if self.status or not self.unreachable else "unreachable"

    def for_reader(self, *, wait: float | None = None) -> TranslatorUnavailable:
        """The error that the API can answer.

        Args:
            wait: seconds after which asking again makes sense, if that is known better by now.
        """
        wait = self.wait if wait is None else wait
        kind = (
            TextTooLong
            if self.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            else TranslatorUnavailable
        )
        return kind(self.detail, retry_after=None if wait is None else max(1, math.ceil(wait)))


def from_status(status: int, headers: Mapping[str, str], body: str) -> Fault:
    """The fault that an HTTP error, or an error's code inside a stream, stands for.

    Args:
        headers: with lower-case or case-insensitive names.
        body: the beginning of the answer's text.
    """
    wait = retry_after(headers, body)
    if status == 429 and _NO_CREDIT.search(body):
        return Fault(_SENTENCES[402], status=status, body=body)
    if status >= 500 and server_words.is_loading(body):
        return Fault(
            _LOADING, status=status, retried=True, wait=wait or _LOADING_SECONDS, loading=True
        )
    if (meant := server_words.meaning(status, body)) != status:
        return Fault(_SENTENCES[meant], status=meant, body=body, length=server_words.length(body))
    if status in (400, 422):
        detail = "The language model's provider did not accept the request."
        return Fault(detail, status=status, body=body)
    detail = _SENTENCES.get(status) or (
        f"The language model's provider has a fault of its own (HTTP {status})."
        if status >= 500
        else f"The language model's provider refused the request (HTTP {status})."
    )
    return Fault(
        detail,
        status=status,
        body=body,
        retried=status in _RETRIED or status >= 500,
        trips_breaker=status >= 500 or status == 408,
        wait=wait,
        rate_limited=status == 429 or (status in (503, 529) and wait is not None),
        length=server_words.Length() if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else None,
    )


def from_error_event(error: object) -> Fault:
    """The fault that an error object inside a 200 stream stands for."""
    text = str(error)[:4000]
    code: object = None
    if isinstance(error, dict):
        code = error.get("code") or error.get("status") or error.get("type")
    if isinstance(code, str) and code.isdecimal():
        code = int(code)
    if isinstance(code, int) and 400 <= code <= 599:
        return from_status(code, {}, text)
    for named, status in _NAMED:
        if named.search(str(code)):
            return from_status(status, {}, text)
    if _NO_CREDIT.search(text):
        return from_status(402, {}, "")
    if (length := server_words.length(text)) is not None:
        return Fault(_SENTENCES[413], status=413, length=length)
    return from_status(500, {}, text) if code is None else _broken()


def _broken() -> Fault:
    return Fault(
        "The language model's provider reported an error in the middle of its answer.",
        retried=True,
        trips_breaker=True,
    )


def unreachable(error: BaseException) -> Fault:
    """No connection, or one that broke off before the answer began."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Fault(
                "The certificate of the language model's provider is not valid (OPENAI_BASE_URL).",
                trips_breaker=True,
                unreachable=True,
            )
        cause = cause.__cause__ or cause.__context__
    return Fault(
        "The language model's provider cannot be reached (OPENAI_BASE_URL).",
        retried=True,
        trips_breaker=True,
        unreachable=True,
    )


def retry_after(headers: Mapping[str, str], body: str = "") -> float | None:
    """Seconds until the provider wants to be asked again, from its headers, or None.

    Known forms: Retry-After in seconds or as a date (RFC 9110, section 10.2.3), `retry-after-ms`
    (OpenAI), and `retryDelay` in the body (Google).
    """
    milliseconds = headers.get("retry-after-ms")
    if milliseconds is not None and (seconds := _seconds(milliseconds)) is not None:
        return seconds / 1000
    value = headers.get("retry-after")
    if value is None:
        delay = _RETRY_DELAY.search(body)
        return float(delay[1]) if delay else None
    if (seconds := _seconds(value)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = headers.get("date")
    try:
        now = parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        now = None
    return max(0.0, moment.timestamp() - (_now() if now is None else now))


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _now() -> float:
    return time.time()

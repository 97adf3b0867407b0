"""One polite GET: bounded in time and size, retried with patience, silent when told to wait."""

from __future__ import annotations

import logging
import math
import re
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx

from .. import jitter
from ..errors import UpstreamUnavailable
from ..observer import OK, Observer

log = logging.getLogger(__name__)

MAX_BYTES = 8 * 1024 * 1024
"""Ten times the largest real answer: 100 papers of a day with everything about them."""
MAX_WAIT = 3600.0
"""Seconds; an upstream that asks for more is asked again after these."""
_RETRIED = frozenset({429, 500, 502, 503, 504})
_WAIT_WITHOUT_WORD = 60.0
_RATE_LIMIT = re.compile(r"\b([rt])=(\d{1,9})\b", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole answer of an accepted status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def open_client(*, version: str, contact: str | None) -> httpx.Client:
    """The one HTTP client of a process for all upstreams; it says who asks and whom to write to."""
    # It would log every address at INFO, with identifiers as clients wrote them.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return httpx.Client(
        headers={
            "User-Agent": f"Paperglot/{version}" + (f" (+{contact})" if contact else ""),
            "Accept-Encoding": "gzip",
        },
        timeout=httpx.Timeout(10.0, connect=5.0),
        limits=httpx.Limits(max_connections=16, max_keepalive_connections=0),
        follow_redirects=True,
        max_redirects=3,
    )


class Upstream:
    """Asks one service. Safe to use from many threads.

    Args:
        client: shared by all upstreams of the process.
        name: as readers know the service; stands in error sentences.
        observer: told how it answers.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        client: httpx.Client,
        *,
        name: str,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        observer: Observer | None = None,
    ) -> None:
        self._client = client
        self._name = name
        self._sleep = sleep
        self._clock = clock
        self._silent_until = 0.0
        self._observer = observer or Observer()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int],
        headers: Mapping[str, str],
        accepted: Collection[int] = (200,),
        attempts: int = 1,
        seconds: float = 20.0,
    ) -> Answer:
        """Ask, and ask again after a fault that may pass.

        Args:
            accepted: statuses whose answer is returned.
            attempts: requests at most.
            seconds: for everything, waits included.

        Raises:
            UpstreamUnavailable: with the seconds the service asked us to wait, if it did.
        """
        deadline = self._clock() + seconds
        for attempt in range(1, attempts + 1):
            self._refuse_while_silent()
            try:
                answer = self._ask(url, params, headers, accepted, deadline)
                self._observer.upstream_answered(self._name, OK)
                return answer
            except UpstreamUnavailable as fault:
                self._observer.upstream_answered(self._name, _state(fault))
                pause = fault.retry_after or jitter.between(0.5, 1.0) * 2 ** (attempt - 1) / 2
                may_pass = not isinstance(fault, _Refused)
                if not may_pass or attempt == attempts or self._clock() + pause >= deadline:
                    raise
                self._sleep(pause)
        raise AssertionError("attempts is at least 1")

    def unavailable(self, what: str) -> UpstreamUnavailable:
        """The error for an answer that came but says nothing usable."""
        return UpstreamUnavailable(f"{self._name} {what}.")

    def _refuse_while_silent(self) -> None:
        left = self._silent_until - self._clock()
        if left > 0:
            raise UpstreamUnavailable(
                f"{self._name} has asked this server to wait.", retry_after=math.ceil(left)
            )

    def _ask(
        self,
        url: str,
        params: Mapping[str, str | int],
        headers: Mapping[str, str],
        accepted: Collection[int],
        deadline: float,
    ) -> Answer:
        left = max(deadline - self._clock(), 0.1)
        timeout = httpx.Timeout(min(left, 10.0), connect=min(left, 5.0))
        ends = _Deadline(left)
        try:
            with (
                ends,
                self._client.stream(
                    "GET",
                    url,
                    params=params,
                    headers=headers,
                    timeout=timeout,
                    extensions={"trace": ends.trace},
                ) as response,
            ):
                self._heed(response)
                if response.status_code not in accepted:
                    raise self._fault(response)
                if response.headers.get("Content-Encoding", "gzip").lower() != "gzip":
                    # Kilobytes of others can become gigabytes before anybody could count them.
                    raise _Refused(f"{self._name} sent an encoding nobody asked for.")
                body = self._read(response, deadline)
                return Answer(status=response.status_code, headers=response.headers, body=body)
        except httpx.TimeoutException:
            raise self.unavailable("did not answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            if ends.passed:
                raise self.unavailable("did not answer in time") from None
            log.info("%s: %s", self._name, type(fault).__name__)
            raise self.unavailable("cannot be reached") from None

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_BYTES:
                raise _Refused(f"{self._name} sent more than it should.")
            if self._clock() > deadline:
                raise self.unavailable("did not answer in time")
        return bytes(body)

    def _heed(self, response: httpx.Response) -> None:
        """Stay silent for as long as the answer asks in RateLimit or Retry-After."""
        limit = dict(_RATE_LIMIT.findall(response.headers.get("RateLimit", "")))
        wait = _retry_after(response)
        if response.status_code == 429 or (limit.get("r") == "0" and "t" in limit):
            known = [seconds for seconds in (wait, _number(limit.get("t"))) if seconds is not None]
            wait = max(known, default=_WAIT_WITHOUT_WORD)
        elif response.status_code != 503:
            return
        if wait:
            self._silent_until = self._clock() + min(wait, MAX_WAIT)

    def _fault(self, response: httpx.Response) -> UpstreamUnavailable:
        status, left = response.status_code, self._silent_until - self._clock()
        wait = math.ceil(left) if left > 0 else None
        kind = UpstreamUnavailable if status in _RETRIED else _Refused
        return kind(f"{self._name} answered with HTTP status {status}.", retry_after=wait)


class _Deadline:
    """Ends the connections of one request when its time is over.

    Timeouts count from byte to byte: an answer whose head drips in would never meet one.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._streams: list[Any] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn of a connection; httpcore's `trace` extension."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._streams.append(info["return_value"])

    def _end(self) -> None:
        self.passed = True
        for stream in self._streams:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


class _Refused(UpstreamUnavailable):
    """An answer that asking again at once cannot change."""


def _state(fault: UpstreamUnavailable) -> str:
    if isinstance(fault, _Refused):
        return "refused"
    return "asks-to-wait" if fault.retry_after else "unavailable"


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _retry_after(response: httpx.Response) -> float | None:
    """Retry-After in seconds, from either of its forms (RFC 9110, section 10.2.3)."""
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return float(text)
    try:
        when = parsedate_to_datetime(text)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max((when - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, OverflowError):
        return None

"""A GET that is polite, bounded and never a surprise to its caller."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli  # type: ignore[import-untyped] # ships no types
import pytest

from backend.errors import UpstreamUnavailable
from backend.papers import upstream as upstream_module
from backend.papers.upstream import Upstream, open_client
from tests.fakes.upstreams import (
    HANG_UP,
    SERVER_ERROR,
    FakeHuggingFace,
    Reply,
    too_many,
)


class Pauses:
    """A clock that only `sleep` moves, and the pauses that were slept."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def upstream(http_client, pauses):
    return Upstream(http_client, name="Somewhere", sleep=pauses.sleep, clock=lambda: pauses.now)


def ask(upstream: Upstream, server: FakeHuggingFace, **options):
    return upstream.get(
        f"{server.url}/api/daily_papers", params={"date": "2026-03-04"}, headers={}, **options
    )


def test_says_who_asks_and_whom_to_write_to(upstream, huggingface):
    ask(upstream, huggingface)
    assert huggingface.requests[0].headers["User-Agent"] == (
        "Paperglot/0.0.0 (+mailto:someone@example.org)"
    )


def test_says_who_asks_without_a_contact_too(huggingface):
    with open_client(version="1.2.3", contact=None) as client:
        ask(Upstream(client, name="Somewhere"), huggingface)
    assert huggingface.requests[0].headers["User-Agent"] == "Paperglot/1.2.3"


@pytest.mark.parametrize("fault", [SERVER_ERROR, HANG_UP, Reply(502), Reply(body=b"1234", cut=2)])
def test_asks_again_after_a_fault_that_may_pass(upstream, huggingface, pauses, fault):
    huggingface.faults.extend([fault, fault])
    assert ask(upstream, huggingface, attempts=3).body == b"[]"
    assert len(huggingface.requests) == 3
    first, second = pauses.slept
    assert 0.25 <= first <= 0.5
    assert 0.5 <= second <= 1.0


@pytest.mark.parametrize("fault", [SERVER_ERROR, HANG_UP])
def test_asks_only_as_often_as_it_may(upstream, huggingface, fault):
    huggingface.fault = fault
    with pytest.raises(UpstreamUnavailable, match=r"^Somewhere "):
        ask(upstream, huggingface, attempts=2)
    assert len(huggingface.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418])
def test_does_not_ask_again_what_is_refused(upstream, huggingface, status):
    huggingface.fault = Reply(status)
    with pytest.raises(UpstreamUnavailable, match=f"HTTP status {status}"):
        ask(upstream, huggingface, attempts=3)
    assert len(huggingface.requests) == 1


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (too_many(Retry_After="7"), 7),
        (too_many(RateLimit='"api";r=0;t=42'), 42),
        (too_many(RateLimit='"api";r=0;t=42', Retry_After="50"), 50),
        (too_many(), 60),
        (too_many(Retry_After="999999"), 3600),
        (too_many(Retry_After="soon"), 60),
        (Reply(503, b"", {"Retry-After": "9"}), 9),
        (Reply(200, b"[]", {"RateLimit": '"api";r=0;t=11'}), 11),
    ],
)
def test_is_silent_for_as_long_as_it_is_told(upstream, huggingface, pauses, reply, seconds):
    """No request leaves before the time is over, whoever asks; then one does."""
    huggingface.faults.append(reply)
    if reply.status == 200:
        ask(upstream, huggingface)
    else:
        with pytest.raises(UpstreamUnavailable) as fault:
            ask(upstream, huggingface)
        assert fault.value.retry_after == seconds
    pauses.now += seconds - 0.5
    with pytest.raises(UpstreamUnavailable) as fault:
        ask(upstream, huggingface)
    assert fault.value.retry_after == 1
    assert len(huggingface.requests) == 1
    pauses.now += 1
    ask(upstream, huggingface)
    assert len(huggingface.requests) == 2


def test_understands_a_date_in_retry_after(upstream, huggingface):
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    huggingface.faults.append(too_many(Retry_After=when))
    with pytest.raises(UpstreamUnavailable) as fault:
        ask(upstream, huggingface)
    assert 95 <= (fault.value.retry_after or 0) <= 101


def test_waits_and_asks_again_when_it_is_told_to_wait_a_little(upstream, huggingface, pauses):
    huggingface.faults.append(too_many(Retry_After="2"))
    assert ask(upstream, huggingface, attempts=2, seconds=5).body == b"[]"
    assert sum(pauses.slept) >= 2


def test_requests_left_are_no_reason_to_wait(upstream, huggingface):
    huggingface.faults.append(Reply(200, b"[]", {"RateLimit": '"api";r=499;t=300'}))
    ask(upstream, huggingface)
    ask(upstream, huggingface)
    assert len(huggingface.requests) == 2


def test_gives_up_on_an_answer_that_is_too_large(upstream, huggingface, monkeypatch):
    monkeypatch.setattr(upstream_module, "MAX_BYTES", 10_000)
    huggingface.fault = Reply(200, b"x" * 20_000)
    with pytest.raises(UpstreamUnavailable, match="more than it should"):
        ask(upstream, huggingface, attempts=3)
    assert len(huggingface.requests) == 1


def test_gives_up_on_an_answer_that_unpacks_to_too_much(upstream, huggingface):
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    huggingface.fault = Reply(200, bomb, {"Content-Encoding": "gzip"})
    with pytest.raises(UpstreamUnavailable, match="more than it should"):
        ask(upstream, huggingface)


def test_gives_up_on_what_is_not_packed_as_it_says(upstream, huggingface):
    huggingface.fault = Reply(200, b"not gzip at all", {"Content-Encoding": "gzip"})
    with pytest.raises(UpstreamUnavailable, match="cannot be reached"):
        ask(upstream, huggingface)


@pytest.mark.parametrize("fault", [Reply(delay=5), Reply(200, b"x" * 500, drip=0.05)])
def test_gives_up_on_an_answer_that_takes_too_long(http_client, huggingface, fault):
    huggingface.fault = fault
    began = time.monotonic()
    with pytest.raises(UpstreamUnavailable, match="did not answer in time"):
        ask(Upstream(http_client, name="Somewhere"), huggingface, seconds=0.4)
    assert time.monotonic() - began < 2


def test_says_when_nobody_is_there(http_client):
    upstream = Upstream(http_client, name="Somewhere")
    with pytest.raises(UpstreamUnavailable, match=r"^Somewhere cannot be reached\.$"):
        upstream.get("http://127.0.0.1:9/", params={}, headers={})


def test_keeps_the_token_from_where_it_is_redirected(http_client, huggingface, arxiv):
    huggingface.fault = Reply(307, b"", {"Location": f"{arxiv.url}/api/query"})
    Upstream(http_client, name="Somewhere").get(
        f"{huggingface.url}/api/daily_papers", params={}, headers={"Authorization": "Bearer secret"}
    )
    assert huggingface.requests[0].headers["Authorization"] == "Bearer secret"
    assert "Authorization" not in arxiv.requests[0].headers


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 302 Found\r\nLocation: /\r\nX-Long: "]
)
def test_a_head_that_drips_in_is_given_up_in_time(http_client, head):
    """Byte by byte no timeout is ever met."""
    left = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(head)
            while not left.wait(0.05):
                try:
                    connection.sendall(b"a")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=drip, args=(listening,))
        server.start()
        try:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            with pytest.raises(UpstreamUnavailable, match="did not answer in time"):
                Upstream(http_client, name="Somewhere").get(url, params={}, headers={}, seconds=0.5)
        finally:
            left.set()
            server.join()


def test_an_encoding_nobody_asked_for_is_refused_unread(upstream, huggingface):
    """Of these few bytes a decoder would make gigabytes."""
    bomb = brotli.compress(b"[" * 20_000_000)
    huggingface.fault = Reply(200, bomb, {"Content-Encoding": "br"})
    with pytest.raises(UpstreamUnavailable, match="an encoding nobody asked for"):
        ask(upstream, huggingface)
    assert huggingface.requests[0].headers["Accept-Encoding"] == "gzip"

"""Clients that are slow on purpose hold connections, never threads: others are served as if there were none."""

from __future__ import annotations

import re
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.serving import ServerProcess, server

from .crowd import PARTS, crowd, of_each

STRANGERS = 600
PATIENCE = 5.0
"""Seconds for an answer that takes milliseconds; with a stranger at each thread it would take at least ten."""
CLOSED = re.compile(
    r"Connections were closed: (\d+) sent a request or took an answer too slowly, (\d+) made room"
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    file: Path = tmp_path_factory.mktemp("strangers") / "x.sqlite3"
    with server(f"sqlite:///{file}") as process:
        yield process
        assert "Traceback" not in process.log
        assert "Unexpected" not in process.log


def check_that_others_are_served(running: ServerProcess) -> None:
    """Twelve probes and a list, each on a connection of its own."""
    for address in ["/healthz"] * 12 + ["/api/v1/daily/latest?lang=ja"]:
        connection = HTTPConnection(urlsplit(running.address).netloc, timeout=PATIENCE)
        with closing(connection):
            connection.request("GET", address)
            assert connection.getresponse().status == 200


@pytest.mark.parametrize("parts", [*((part,) for part in PARTS), tuple(PARTS)], ids=" ".join)
def test_who_sends_slowly_shuts_nobody_out(running: ServerProcess, parts: tuple[str, ...]):
    with crowd(running.address, of_each(STRANGERS, *parts)) as strangers:
        check_that_others_are_served(running)
        strangers.drip()
        check_that_others_are_served(running)


def test_who_takes_nothing_of_an_answer_shuts_nobody_out(tmp_path: Path):
    """Each asks for more than the system keeps for it, 2 MB here, and reads none of it."""
    asked = b"GET /api/v1/daily/latest?lang=ja HTTP/1.1\r\nHost: localhost\r\n\r\n" * 60
    settings = {"GUNICORN_CMD_ARGS": "--threads 4"}
    with (
        server(f"sqlite:///{tmp_path / 'x.sqlite3'}", settings) as running,
        crowd(running.address, [asked] * 8, take_little=True) as strangers,
    ):
        check_that_others_are_served(running)
        # Those who do read get it all, each answer whole and in its place.
        slow = strangers.connections[0]
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
        slow.settimeout(PATIENCE)
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < 60 or not received.endswith(b"}"):
            received += slow.recv(65536)
        answers = received.split(b"HTTP/1.1 200 OK")[1:]
        assert len({answer.partition(b"\r\n\r\n")[2] for answer in answers}) == 1


def test_who_never_closes_shuts_nobody_out(running: ServerProcess):
    with crowd(running.address, [b"GET /healthz HTTP/1.0\r\n\r\n"] * STRANGERS):
        check_that_others_are_served(running)


def test_who_is_too_slow_is_told_and_closed_and_the_log_says_so_once(running: ServerProcess):
    """Ten seconds for a head, and for a body beyond a least rate; however the bytes are dealt out."""
    parts = ("part of a head", "part of a header", "part of a body", "part of a chunk")
    with (
        crowd(running.address, of_each(40, *parts)) as slow,
        crowd(running.address, of_each(10, "nothing")) as silent,
    ):
        began = time.monotonic()
        while time.monotonic() - began < 8:
            slow.drip()
            time.sleep(0.5)  # this is how slow they are
        answers = slow.answers(12)
        assert silent.answers(5) == [b""] * 10
        assert 9 < time.monotonic() - began < 19
    assert {answer[:13] for answer in answers} == {b"HTTP/1.1 408 "}
    assert all(b"application/problem+json" in answer for answer in answers)
    assert len(CLOSED.findall(running.log)) == 1


def test_a_body_that_comes_steadily_is_waited_for(running: ServerProcess):
    """Longer than a head may take: what counts is the rate."""
    body = b" " * 40_000 + b"{}"
    head = (
        f"POST /api/v1/translations HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    )
    beginning = head.encode() + b"Content-Type: application/json\r\nConnection: close\r\n\r\n"
    with crowd(running.address, [beginning]) as steady:
        for start in range(0, len(body), 1700):
            steady.connections[0].sendall(body[start : start + 1700])
            time.sleep(0.5)  # the rate
        assert steady.answers(5)[0].startswith(b"HTTP/1.1 400 ")


def test_where_there_is_no_more_room_who_waits_longest_makes_it(tmp_path: Path):
    settings = {"GUNICORN_CMD_ARGS": "--worker-connections 300"}
    with server(f"sqlite:///{tmp_path / 'x.sqlite3'}", settings) as running:
        with crowd(running.address, of_each(STRANGERS, "part of a head")) as strangers:
            check_that_others_are_served(running)
            for connection in strangers.connections[:250]:
                assert connection.recv(9) == b""
        assert CLOSED.search(running.log)


def test_where_there_are_no_more_files_who_waits_longest_makes_room(tmp_path: Path):
    with server(f"sqlite:///{tmp_path / 'x.sqlite3'}") as running:
        check_that_others_are_served(running)
        pid = running.process.pid
        [worker] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        files = len(list(Path(f"/proc/{worker}/fd").iterdir())) + 60
        resource.prlimit(int(worker), resource.RLIMIT_NOFILE, (files, files))
        with crowd(running.address, of_each(200, "part of a header")):
            check_that_others_are_served(running)
        assert "Traceback" not in running.log


def test_what_all_hold_together_is_bounded(running: ServerProcess):
    """A body may be almost as long as it says, and thousands of them would not fit into a small machine."""
    length = 250_000
    beginning = PARTS["part of a header"] + f"Content-Length: {length}\r\n\r\n".encode()
    pid = running.process.pid
    [worker] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    with crowd(running.address, [beginning + b" " * (length - 1)] * STRANGERS):
        check_that_others_are_served(running)
        kib = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{worker}/status").read_text())
        assert kib
        assert int(kib[1]) < 400_000

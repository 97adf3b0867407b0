"""What is no proper HTTP, and clients that stall: the answer is a problem, and nobody's words are repeated."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backend.server import connection
from backend.server.connection import ClientSocket
from tests.fakes.llm import FakeLLM
from tests.serving import ServerProcess, server

SECRET = "Zx7-secret-words"
HEAD = "POST /api/v1/translations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    file: Path = tmp_path_factory.mktemp("http") / "x.sqlite3"
    with (
        FakeLLM() as fake,
        server(
            f"sqlite:///{file}", {"OPENAI_BASE_URL": fake.base_url, "OPENAI_MODEL": "fake-model"}
        ) as process,
    ):
        yield process
        assert fake.requests == []


def answer(running: ServerProcess, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to these bytes."""
    url = httpx.URL(running.address)
    with socket.create_connection((url.host, url.port or 0), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _, content = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, content


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"GET /{SECRET}\r\n\r\n", 400),
        (f"get /{SECRET} HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (f"GET /é{SECRET} HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (f"GET /{SECRET} HTTP/3.1\r\nHost: localhost\r\n\r\n", 400),
        (f"GET / HTTP/1.1\nHost: localhost\nX: {SECRET}\n\n", 400),
        (f"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer {SECRET}\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\nHost: localhost\r\nHost: {SECRET}\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: {SECRET}\r\n\r\n", 417),
        (f"GET / HTTP/1.1\r\nHost: localhost\r\nX: {SECRET * 1000}\r\n\r\n", 431),
        (f"GET /?{SECRET * 500} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (f"{HEAD}Transfer-Encoding: {SECRET}\r\n\r\n", 400),
        (f"{HEAD}Content-Length: {SECRET}\r\n\r\n", 400),
        (f"{HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{SECRET}\r\n", 400),
        (f"{HEAD}Connection: close\r\nContent-Length: 900\r\n\r\n{SECRET}", 400),
    ],
)
def test_what_is_no_proper_http_is_answered_with_a_problem(
    running: ServerProcess, sent: str, status: int
):
    got, headers, content = answer(running, sent.encode("latin-1"))
    assert got == status
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    problem = json.loads(content)
    assert problem["status"] == status
    assert problem["type"].endswith("invalid-request")
    assert SECRET not in content.decode()
    assert SECRET not in running.log
    assert "Traceback" not in running.log


def test_a_body_in_chunks_over_the_limit_is_refused_as_too_large(running: ServerProcess):
    body = b"%x\r\n" % 1_000_000 + b" " * 1_000_000 + b"\r\n0\r\n\r\n"
    head = f"{HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    status, _, content = answer(running, head + body)
    assert status == 413
    assert json.loads(content)["type"].endswith("payload-too-large")


def test_requests_on_one_connection_are_answered_in_turn_however_they_are_cut(
    running: ServerProcess,
):
    """Kept alive and pipelined; a body in chunks, one announced by its length, and one asked for."""
    get = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    chunked = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n".encode()
    counted = f"{HEAD}Content-Length: 2\r\n\r\n{{}}".encode()
    sent = (get + chunked + get + counted) * 3
    for size in (7, 100, len(sent)):
        url = httpx.URL(running.address)
        with socket.create_connection((url.host, url.port or 0), timeout=10) as connection:
            for start in range(0, len(sent), size):
                connection.sendall(sent[start : start + size])
            connection.sendall(f"{HEAD}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n".encode())
            received = b""
            while b" 100 Continue" not in received:
                received += connection.recv(65536)
            connection.sendall(b"{}")
            connection.sendall(get.replace(b"Host", b"Connection: close\r\nHost"))
            while piece := connection.recv(65536):
                received += piece
        statuses = re.findall(rb"HTTP/1.1 (\d+) ", received)
        assert statuses == [b"200", b"400", b"200", b"400"] * 3 + [b"100", b"400", b"200"]


def test_no_header_moves_the_addresses(running: ServerProcess):
    """gunicorn lets neighbours set SCRIPT_NAME by default, and answers a wrong one with 500."""
    asked = (
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nSCRIPT-NAME: /x\r\nConnection: close\r\n\r\n"
    )
    assert answer(running, asked.encode())[0] == 200
    assert answer(running, asked.replace("-", "_").encode())[0] == 200


def test_clients_that_stall_leave_room_for_others(running: ServerProcess):
    """More of them than a worker's threads once were."""
    url = httpx.URL(running.address)
    stalled = [socket.create_connection((url.host, url.port or 0), timeout=10) for _ in range(100)]
    try:
        for number, connection in enumerate(stalled):
            connection.sendall(
                [b"", b"GET /hea", HEAD.encode(), HEAD.encode() + b"Content-Length: 9\r\n\r\n{"][
                    number % 4
                ]
            )
        assert httpx.get(running.address + "/healthz", timeout=15).status_code == 200
    finally:
        for connection in stalled:
            connection.close()


def test_clients_that_do_not_close_hold_up_nobody(running: ServerProcess):
    url = httpx.URL(running.address)
    lingering = [socket.create_connection((url.host, url.port or 0)) for _ in range(10)]
    try:
        for connection in lingering:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert all(connection.recv(9) for connection in lingering)
        assert httpx.get(running.address + "/healthz", timeout=15).status_code == 200
    finally:
        for connection in lingering:
            connection.close()


def test_a_connection_that_stalls_ends_as_if_the_client_had_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "READ_SECONDS", 0.05)
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.05)
    ours, theirs = socket.socketpair()
    with theirs, ClientSocket.of(ours) as served:
        assert ClientSocket.of(served) is served
        with pytest.raises(BlockingIOError):
            served.recv(10)
        served.setblocking(True)
        with pytest.raises(ConnectionResetError):
            served.recv(10)
        served.sendall(b"x" * 5_000_000)  # one answer may be as long as it likes
        with pytest.raises(ConnectionResetError):
            served.sendall(b"x")


def test_a_stream_that_nobody_takes_ends_though_little_of_it_waits(
    monkeypatch: pytest.MonkeyPatch,
):
    ours, theirs = socket.socketpair()
    with theirs, ClientSocket.of(ours) as served:
        while not served.unsent:
            served.sendall(b"x" * 1000)
        served.sendall(b"x")
        monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.0)
        with pytest.raises(ConnectionResetError):
            served.sendall(b"x")


def test_what_a_client_takes_later_arrives_whole_and_in_order():
    ours, theirs = socket.socketpair()
    sent = b"".join(b"%9d" % n for n in range(100_000))
    with theirs, ClientSocket.of(ours) as served:
        served.sendall(sent[:400_000])
        assert served.bytes_unsent
        received = theirs.recv(1000)
        served.sendall(sent[400_000:450_000])
        theirs.setblocking(False)
        while served.unsent:
            with contextlib.suppress(BlockingIOError):
                while piece := theirs.recv(65536):
                    received += piece
            served.flush()
        with contextlib.suppress(BlockingIOError):
            while piece := theirs.recv(65536):
                received += piece
    assert received == sent[:450_000]

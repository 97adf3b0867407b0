"""SIGTERM: newcomers are refused at once, and readers hear the end of their streams before the kill."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.serving import ROOT, ServerProcess, server

DOCKER_SECONDS = 10.0
"""Between SIGTERM and SIGKILL when one says `docker stop`."""
STREAMS = 20
STREAM = {"Accept": "text/event-stream", "Content-Type": "application/json"}


def settings(fake_llm: FakeLLM, **more: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": fake_llm.base_url, "OPENAI_MODEL": "fake-model", **more}


def asked(reader: int) -> str:
    """A text nobody else asks for."""
    text = f"We study reader {reader} of large language models. " * 9
    return json.dumps({"lang": "de", "segments": [{"id": "1", "text": text}]})


def begin_stream(stack: ExitStack, running: ServerProcess, reader: int) -> HTTPConnection:
    connection = HTTPConnection(urlsplit(running.address).netloc, timeout=30)
    stack.enter_context(closing(connection))
    connection.request("POST", "/api/v1/translations", asked(reader), STREAM)
    return connection


def kill_all(pid: int) -> None:
    """SIGKILL, for a server that is still there and its workers."""
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for process in [pid, *map(int, children)]:
            os.kill(process, signal.SIGKILL)


def wait_until_refused(address: str) -> None:
    url = urlsplit(address)
    while True:
        with socket.socket() as newcomer:
            newcomer.settimeout(5)
            if newcomer.connect_ex((url.hostname or "", url.port or 0)) != 0:
                return


@pytest.mark.sql
def test_docker_stop_leaves_every_stream_its_end(database_url: str, fake_llm: FakeLLM):
    """The model never ends; the server has to."""
    fake_llm.scenario = Scenario(hang="tokens")
    with (
        server(database_url, settings(fake_llm, WEB_CONCURRENCY="2")) as running,
        ExitStack() as stack,
    ):
        streams = [begin_stream(stack, running, reader) for reader in range(STREAMS)]
        fake_llm.wait_until(lambda: len(fake_llm.requests) == STREAMS, timeout=60)
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        wait_until_refused(running.address)
        assert time.monotonic() - began < 2, "newcomers wait"
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.process.wait(DOCKER_SECONDS - (time.monotonic() - began))
        kill_all(running.process.pid)
        answers = [stream.getresponse().read().decode() for stream in streams]
    assert sum("event: failed\n" in answer for answer in answers) == STREAMS
    assert (
        sum(answer.rstrip().rpartition("event: ")[2].startswith("done") for answer in answers)
        == STREAMS
    )
    assert all("is being restarted" in answer for answer in answers)


def test_what_ends_in_time_ends_as_if_nothing_had_happened(tmp_path: Path, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(first_token_delay=2)
    with (
        server(f"sqlite:///{tmp_path / 'x.sqlite3'}", settings(fake_llm)) as running,
        ExitStack() as stack,
    ):
        stream = begin_stream(stack, running, 1)
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1, timeout=60)
        running.process.send_signal(signal.SIGTERM)
        answer = stream.getresponse().read().decode()
        assert '"translated":1' in answer
        assert running.process.wait(10) == 0


def test_the_setting_says_how_long_readers_may_go_on(tmp_path: Path, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(hang="tokens")
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    with server(url, settings(fake_llm, STOP_SECONDS="2")) as running, ExitStack() as stack:
        stream = begin_stream(stack, running, 1)
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1, timeout=60)
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert "is being restarted" in stream.getresponse().read().decode()
        assert running.process.wait(10) == 0
        assert 0.9 < time.monotonic() - began < 6


def test_a_kept_connection_may_ask_once_more_and_is_told_to_close(tmp_path: Path):
    with server(f"sqlite:///{tmp_path / 'x.sqlite3'}") as running:
        with closing(HTTPConnection(urlsplit(running.address).netloc, timeout=10)) as kept:
            kept.request("GET", "/healthz")
            kept.getresponse().read()
            running.process.send_signal(signal.SIGTERM)
            told = ""
            while told != "close":
                kept.request("GET", "/healthz")
                answer = kept.getresponse()
                told = answer.headers["Connection"]
                assert answer.status == 200
                answer.read()
        assert running.process.wait(10) == 0


def test_strangers_do_not_hold_up_the_end(tmp_path: Path):
    with server(f"sqlite:///{tmp_path / 'x.sqlite3'}") as running:
        url = urlsplit(running.address)
        with socket.create_connection((url.hostname or "", url.port or 0)) as slow:
            slow.sendall(b"GET /hea")
            assert httpx.get(running.address + "/healthz").status_code == 200
            assert running.stop() == 0
        running.join()
        assert "SIGKILL" not in running.log


def healthcheck(tmp_path: Path, port: str, **more: str) -> int:
    """The exit code of what the Dockerfile calls HEALTHCHECK."""
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    [line] = [line for line in dockerfile.splitlines() if line.startswith("HEALTHCHECK ")]
    _, *command = json.loads("[" + line.partition(" CMD [")[2])
    environment = {"PATH": os.environ["PATH"], "PORT": port, **more}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode


def test_docker_asks_whether_the_server_is_well(tmp_path: Path):
    hosts = {"ALLOWED_HOSTS": "papers.example"}
    with server(f"sqlite:///{tmp_path / 'x.sqlite3'}", hosts) as running:
        port = str(urlsplit(running.address).port)
        assert healthcheck(tmp_path, port, **hosts) == 0
        assert healthcheck(tmp_path, port) == 1, "another host is refused"
    assert healthcheck(tmp_path, port, **hosts) == 1


def test_a_server_that_hangs_is_not_well(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert healthcheck(tmp_path, str(silent.getsockname()[1])) == 1

"""The real server, started as the Procfile starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.serving import ROOT, server

TRANSLATIONS = "/api/v1/translations"
PATIENCE = 30.0
"""Seconds for an answer that takes milliseconds on a quiet machine."""


def body(text: str, lang: str = "zh-Hans") -> dict[str, object]:
    return {"lang": lang, "segments": [{"id": "1", "text": text}]}


@pytest.fixture
def model_settings(fake_llm: FakeLLM) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "RATE_LIMIT": "10000/minute",
    }


@pytest.mark.sql
def test_two_workers_start_on_an_empty_database(empty_database_url: str):
    with server(empty_database_url, {"WEB_CONCURRENCY": "2"}) as running:
        with httpx.Client(base_url=running.address) as client:
            for _ in range(10):
                assert client.get("/healthz").status_code == 200
        assert "Traceback" not in running.log
        assert running.stop() == 0


@pytest.mark.sql
def test_two_servers_start_on_one_empty_database_at_once(empty_database_url: str):
    def start(_: int) -> int:
        with server(empty_database_url) as running:
            return httpx.get(running.address + "/healthz", timeout=PATIENCE).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(start, range(2))) == [200, 200]


def test_with_nothing_configured_it_shows_the_sample(tmp_path: Path):
    with server(f"sqlite:///{tmp_path / 'new' / 'folder' / 'x.sqlite3'}") as running:
        for lang in ("zh-Hans", "ja", "ko", "es", "fr", "de"):
            address = f"{running.address}/api/v1/daily/latest?lang={lang}"
            edition = httpx.get(address, timeout=20).json()
            assert edition["state"] == "sample"
            assert len(edition["papers"]) == 14
            assert all(paper["translation"]["origin"] == "sample" for paper in edition["papers"])
            assert all(paper["translation"]["abstract"] for paper in edition["papers"])
        refused = httpx.post(
            running.address + TRANSLATIONS, json=body("A text.", "de"), timeout=PATIENCE
        )
        assert refused.status_code == 503
        assert refused.json()["type"].endswith("translator-not-configured")
        assert "none: lists are shown" in running.log


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:9/x"),
        ("DATABASE_URL", "sqlite:////proc/paperglot.sqlite3"),
        ("DAILY_TOKEN_BUDGET", "many"),
        ("PORT", "http"),
        ("WEB_CONCURRENCY", "two"),
        ("OPENAI_BASE_URL", "localhost:11434"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path, variable: str, value: str):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PORT": "0",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}",
        variable: value,
    }
    command = [sys.executable, "-m", "backend"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert variable in lines[0]
    assert "secret" not in lines[0]


@pytest.mark.sql
def test_translates_and_remembers_over_a_restart(
    database_url: str, model_settings: dict[str, str], fake_llm: FakeLLM
):
    for cached in (False, True):
        with server(database_url, model_settings) as running:
            answer = httpx.post(
                running.address + TRANSLATIONS, json=body("We study $x^2$."), timeout=PATIENCE
            )
            [translation] = answer.json()["translations"]
            assert translation["verified"]
            assert translation["cached"] is cached
            assert "$x^2$" in translation["text"]
    assert len(fake_llm.requests) == 1


def test_a_reader_who_leaves_stops_the_model(
    database_url: str, model_settings: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(chunk_delay=0.1)
    with server(database_url, model_settings) as running:
        headers = {"Accept": "text/event-stream"}
        text = "We study attention in large language models. " * 40
        with httpx.stream(
            "POST",
            running.address + TRANSLATIONS,
            json=body(text),
            headers=headers,
            timeout=PATIENCE,
        ) as response:
            for line in response.iter_lines():
                if line.startswith("event: delta"):
                    break
        fake_llm.wait_until(lambda: fake_llm.requests[0].outcome == "left")
        fake_llm.scenario = Scenario()
        again = httpx.post(running.address + TRANSLATIONS, json=body(text), timeout=PATIENCE).json()
        assert not again["translations"][0]["cached"], "nothing half is stored"
        assert again["translations"][0]["verified"]


def test_a_silent_model_keeps_the_reader_informed(
    database_url: str, model_settings: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(first_token_delay=2.5)
    with server(database_url, model_settings) as running:
        headers = {"Accept": "text/event-stream"}
        with httpx.stream(
            "POST",
            running.address + TRANSLATIONS,
            json=body("We study attention."),
            headers=headers,
            timeout=PATIENCE,
        ) as response:
            lines = list(response.iter_lines())
    assert sum(line.startswith(":") for line in lines) >= 3
    assert json.loads(lines[-2].removeprefix("data: "))["translated"] == 1


@pytest.mark.parametrize("askers", [200])
@pytest.mark.sql
def test_many_askers_in_many_processes_cost_one_call(
    database_url: str, model_settings: dict[str, str], fake_llm: FakeLLM, askers: int
):
    fake_llm.scenario = Scenario(chunk_delay=0.02)
    text = "We study attention in large language models. " * 5
    settings = model_settings | {"WEB_CONCURRENCY": "4"}
    asked = json.dumps(body(text))
    with server(database_url, settings) as running, ExitStack() as stack:
        # All are sent before the first is read, by one thread: two hundred would starve each other.
        connections = [
            stack.enter_context(
                closing(HTTPConnection(urlsplit(running.address).netloc, timeout=60))
            )
            for _ in range(askers)
        ]
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        for connection in connections:
            connection.request("POST", TRANSLATIONS, asked, headers)

        def answer(connection: HTTPConnection) -> Any:
            """A busy server may close a connection on which it has not read anything yet: once more, then."""
            try:
                return json.loads(connection.getresponse().read())
            except RemoteDisconnected:
                connection.request("POST", TRANSLATIONS, asked, headers)
                return json.loads(connection.getresponse().read())

        answers = [answer(connection) for connection in connections]
    assert all(answer["translations"][0]["verified"] for answer in answers)
    assert len(fake_llm.requests) == 1


@pytest.mark.sql
def test_when_the_holder_is_killed_the_others_finish(
    database_url: str, model_settings: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.scenario = Scenario(hang="tokens")
    text = "We study attention in large language models. " * 5
    with (
        server(database_url, model_settings) as holder,
        server(database_url, model_settings) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        lost = pool.submit(httpx.post, holder.address + TRANSLATIONS, json=body(text), timeout=60)
        fake_llm.wait_until(lambda: len(fake_llm.requests) == 1)
        fake_llm.scenario = Scenario()
        won = pool.submit(httpx.post, other.address + TRANSLATIONS, json=body(text), timeout=15)
        kill_workers(holder.process.pid)
        assert won.result().json()["translations"][0]["verified"]
        with pytest.raises(httpx.TransportError):
            lost.result()
    assert len(fake_llm.requests) == 2


def kill_workers(pid: int) -> None:
    """Kill a server and its workers without any farewell."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for process in [pid, *map(int, children)]:
        os.kill(process, 9)


def test_a_settled_worker_is_spared_by_the_garbage_collector():
    """What the libraries keep for good is looked at once, and never again."""
    script = (
        "import gc; from backend import create_app; from backend.server import startup;"
        "create_app(); startup.settle();"
        "before = gc.get_freeze_count(); gc.collect();"
        "print(before, gc.get_freeze_count())"
    )
    asked = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    before, after = map(int, asked.stdout.split())
    assert before == after > 30_000

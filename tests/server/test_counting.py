"""gunicorn's processes count together, whatever becomes of one; the log tells of requests and of no text."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.monitoring.metrics_folder import PREFIX
from tests.api.test_probes import metrics, value
from tests.conditions import wait_until
from tests.fakes.llm import FakeLLM
from tests.serving import ServerProcess, server

TRANSLATIONS = "/api/v1/translations"
TOKEN = "correct-horse-battery"
SECRET = "Zx7-secret-words"
GOOD = {"Authorization": f"Bearer {TOKEN}"}
PATIENCE = 30.0


def workers(running: ServerProcess) -> list[int]:
    pid = running.process.pid
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def metrics_folder(running: ServerProcess) -> Path:
    """That of this server: it holds a file in it open."""
    files = [file.resolve() for file in Path(f"/proc/{running.process.pid}/fd").iterdir()]
    [folder] = {file.parent for file in files if file.parent.name.startswith(PREFIX)}
    return folder


def served(running: ServerProcess) -> float:
    """Languages asked for, as any process tells."""
    with httpx.Client(timeout=PATIENCE) as client:
        found = metrics(client.get(running.address + "/metrics").text)
    return value(
        found, "http_requests_total", method="GET", route="/api/v1/languages", status="200"
    )


def ask(running: ServerProcess, times: int) -> None:
    for _ in range(times):  # each over a connection of its own, so that both processes get some
        httpx.get(running.address + "/api/v1/languages", timeout=PATIENCE).raise_for_status()


def test_two_processes_count_together_and_a_dead_one_is_not_forgotten(database_url: str):
    with server(database_url, {"WEB_CONCURRENCY": "2"}) as running:
        folder = metrics_folder(running)
        ask(running, 30)
        wait_until(lambda: {served(running) for _ in range(6)} == {30.0})  # whichever process tells
        killed = workers(running)[0]
        os.kill(killed, 9)
        wait_until(lambda: len({*workers(running)} - {killed}) == 2)
        wait_until(lambda: not list(folder.glob(f"*_{killed}.db")))
        assert served(running) == 30
        ask(running, 5)
        wait_until(lambda: {served(running) for _ in range(6)} == {35.0})
        assert running.stop() == 0
    assert not folder.exists()


def lines(running: ServerProcess) -> list[dict[str, Any]]:
    """The log's lines in JSON, without the greeting."""
    return [json.loads(line) for line in running.log.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_the_log_tells_of_each_request_and_of_no_text(
    database_url: str, fake_llm: FakeLLM, log_format: str
):
    settings = {
        "LOG_FORMAT": log_format,
        "ACCESS_TOKEN": TOKEN,
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
    }
    asked = {"lang": "de", "segments": [{"id": SECRET, "text": f"We study {SECRET}."}]}
    with (
        server(database_url, settings) as running,
        httpx.Client(base_url=running.address, timeout=PATIENCE) as client,
    ):
        stream = client.post(
            TRANSLATIONS,
            json=asked,
            headers=GOOD | {"X-Request-ID": "from-a-proxy-1", "Accept": "text/event-stream"},
        )
        assert stream.headers["X-Request-ID"] == "from-a-proxy-1"
        for given in (f"a {SECRET}", "short", "x" * 65, f"sent-{TOKEN}", "abc(12345678"):
            answer = client.get(f"/{SECRET}?q={SECRET}", headers={"X-Request-ID": given})
            assert re.fullmatch("[0-9a-f]{24}", answer.headers["X-Request-ID"])
        client.put(TRANSLATIONS, content=SECRET, headers={"Authorization": f"Bearer {SECRET}"})
        client.get("/api/v1/daily/latest", params={"lang": SECRET})
        assert client.get("/readyz").status_code == 200
        running.stop()
    running.join()
    for secret in (SECRET, TOKEN, fake_llm.base_url.rpartition("/")[0] + "/v1/chat"):
        assert secret not in running.log
    if log_format == "text":
        told = [line for line in running.log.splitlines() if "POST /api/v1/translations" in line]
        form = r"\S+Z 200 POST /api/v1/translations [\d.]+ ms calls=1 tokens=\d+ \[from-a-proxy-1\]"
        assert re.fullmatch(form, told[0])
        return
    requests = [line for line in lines(running) if "route" in line]
    first = requests[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.pop("time"))
    assert first.pop("ms") > 0
    assert first.pop("tokens") > 20
    assert first == {
        "level": "info",
        "request_id": "from-a-proxy-1",
        "method": "POST",
        "route": TRANSLATIONS,
        "status": 200,
        "model_calls": 1,
    }
    others = [(line["route"], line["status"], line["problem"]) for line in requests[1:]]
    assert others == [
        *[("-", 404, "not-found")] * 5,
        (TRANSLATIONS, 401, "unauthorized"),
        ("/api/v1/daily/{day}", 400, "unsupported-language"),
    ]


def test_where_there_is_no_room_each_process_counts_alone(database_url: str, tmp_path: Path):
    """A full disk under the counters must not stop the server. /proc takes no folders."""
    script = (
        "import sys; from pathlib import Path; from backend.server import counting;"
        "counting.parent_folder = lambda: Path('/proc');"
        "from backend.server.startup import serve; serve()"
    )
    with server(database_url, command=("-c", script)) as running:
        ask(running, 3)
        assert served(running) == 3
        assert "each process counts alone" in running.log

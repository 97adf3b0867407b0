"""How fast a stored list is served, beside a bare Flask view, both under gunicorn with our settings.

    .venv/bin/python -m benchmarks.list_bytes

Needs `wrk` (Debian: apt install wrk). 50 connections kept alive, one worker, gzip; loopback only.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed
from tests.serving import server

HELLO = """
from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "Hello, World!"
"""


def rate(url: str, seconds: int = 5) -> float:
    """Requests a second that wrk counts."""
    command = ["wrk", "-t1", "-c50", f"-d{seconds}s", "-H", "Accept-Encoding: gzip", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    assert "Non-2xx" not in done.stdout, done.stdout
    return float(found[1])


@contextmanager
def upstreams() -> Iterator[dict[str, str]]:
    """A list of 31 papers three days ago, and what arXiv says about them."""
    ids = [f"2603.{n:05}" for n in range(1, 32)]
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    with (
        FakeHuggingFace({str(day): [listed(id) for id in ids]}) as huggingface,
        FakeArxiv({id: entry(id) for id in ids}) as arxiv,
    ):
        yield {"HF_ENDPOINT": huggingface.url, "ARXIV_API_URL": arxiv.api_url}


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed (Debian: apt install wrk)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hello.py").write_text(HELLO)
        options = [
            "-b",
            "127.0.0.1:18473",
            "-k",
            "gthread",
            "--threads",
            "64",
            "--keep-alive",
            "20",
        ]
        gunicorn = Path(sys.executable).with_name("gunicorn")
        bare = subprocess.Popen(
            [gunicorn, *options, "hello:app"], cwd=folder, stderr=subprocess.DEVNULL
        )
        try:
            with upstreams() as settings, server(f"sqlite:///{folder}/x.sqlite3", settings) as ours:
                url = f"{ours.address}/api/v1/daily/latest?lang=zh-Hans"
                edition = httpx.get(url, timeout=20).json()
                assert edition["source"] == "huggingface", "the list is stored"
                deadline = time.monotonic() + 10
                while time.monotonic() < deadline:
                    try:
                        httpx.get("http://127.0.0.1:18473/")
                        break
                    except httpx.ConnectError:
                        time.sleep(0.1)
                rounds = [(rate("http://127.0.0.1:18473/"), rate(url)) for _ in range(3)]
        finally:
            bare.terminate()
            bare.wait()
    for hello, ours_rate in rounds:
        sys.stdout.write(
            f"hello {hello:7.0f}/s   list {ours_rate:7.0f}/s   share {ours_rate / hello:.2f}\n"
        )


if __name__ == "__main__":
    main()

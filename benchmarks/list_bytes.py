"""How fast a stored list is served, beside a bare Flask view, both under gunicorn with our settings.

    .venv/bin/python -m benchmarks.list_bytes

Needs `wrk` (Debian: apt install wrk). 50 connections kept alive, one worker, gzip; loopback only.
"""

from __future__ import annotations

import os
import random
import re
import runpy
import shutil
import statistics
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
from tests.serving import ROOT, server

ROUNDS = 7

HELLO = """
from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "Hello, World!"
"""


def rate(url: str, seconds: int = 3) -> float:
    """Requests a second that wrk counts."""
    command = ["wrk", "-t1", "-c50", f"-d{seconds}s", "-H", "Accept-Encoding: gzip", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    assert "Non-2xx" not in done.stdout, done.stdout
    return float(found[1])


def abstract(paper: int) -> str:
    """As long as abstracts are, and as hard to compress: a day's list takes some 40 kB of gzip."""
    chance = random.Random(paper)
    words = ("".join(chance.choices("aeiounrstlmd", k=chance.randint(2, 9))) for _ in range(190))
    return " ".join(words)


@contextmanager
def upstreams() -> Iterator[dict[str, str]]:
    """A list of 31 papers on the last working day but today, and what arXiv says about them."""
    ids = [f"2603.{n:05}" for n in range(1, 32)]
    today = datetime.now(UTC).date()
    day = next(d for n in range(1, 4) if (d := today - timedelta(days=n)).weekday() < 5)
    with (
        FakeHuggingFace({str(day): [listed(id) for id in ids]}) as huggingface,
        FakeArxiv({id: entry(id, abstract=abstract(n)) for n, id in enumerate(ids)}) as arxiv,
    ):
        yield {"HF_ENDPOINT": huggingface.url, "ARXIV_API_URL": arxiv.api_url}


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The bare view under gunicorn as ours runs: worker, threads, patience."""
    (folder / "hello.py").write_text(HELLO)
    ours = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    same = ("worker_class", "threads", "keepalive", "loglevel", "worker_tmp_dir")
    lines = [f"{name} = {ours[name]!r}" for name in same]
    (folder / "gunicorn.conf.py").write_text("\n".join(lines))
    gunicorn = Path(sys.executable).with_name("gunicorn")
    address = "127.0.0.1:18473"
    process = subprocess.Popen(
        [gunicorn, "-b", address, "hello:app"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                httpx.get(f"http://{address}/")
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline, "the bare server does not start"
                time.sleep(0.1)
        yield f"http://{address}/"
    finally:
        process.kill()
        process.wait()


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed (Debian: apt install wrk)")
    with (
        tempfile.TemporaryDirectory() as name,
        upstreams() as settings,
        server(f"sqlite:///{name}/x.sqlite3", settings) as ours,
        bare(Path(name)) as hello,
    ):
        url = f"{ours.address}/api/v1/daily/latest?lang=zh-Hans"
        edition = httpx.get(url, timeout=20).json()
        assert edition["source"] == "huggingface", "the list is stored"
        for each in (hello, url):
            rate(each, seconds=2)
        rounds = [(rate(hello), rate(url)) for _ in range(ROUNDS)]
    for bare_rate, list_rate in rounds:
        sys.stdout.write(
            f"hello {bare_rate:7.0f}/s   list {list_rate:7.0f}/s   share {list_rate / bare_rate:.2f}\n"
        )
    middle = statistics.median(list_rate / bare_rate for bare_rate, list_rate in rounds)
    sys.stdout.write(f"median share {middle:.2f}\n")


if __name__ == "__main__":
    main()

"""What the backend adds to a stream: time to the first word and CPU a token, beside the model called directly.

    .venv/bin/python -m benchmarks.translation_stream [--readers 50]

Each reader asks for a text of their own, first the fake model itself, then the real server in front of it
(one process, SQLite). Loopback only; a run takes about half a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx

from tests.serving import ROOT, server

SENTENCES = 12
SCENARIO = {"first_token_delay": 0.3, "chunk_delay": 0.02, "chunk_chars": 4}


def text(reader: int) -> str:
    """An abstract nobody else asks for."""
    word = "".join(chr(97 + int(digit)) for digit in str(reader))
    return f"We study the {word} attention of language models and what it costs. " * SENTENCES


def direct(client: httpx.Client, base_url: str, reader: int) -> float:
    """Seconds until the model's first word, without us."""
    messages = [
        {"role": "system", "content": "Translate into Chinese (Simplified) (zh-Hans)."},
        {"role": "user", "content": f'<seg id="1">{text(reader)}</seg>'},
    ]
    body = {"model": "fake-model", "messages": messages, "stream": True}
    answer = ""

    def found(line: str) -> bool:
        nonlocal answer
        if line.startswith("data: {"):
            choices = json.loads(line[6:])["choices"]
            answer += (choices[0]["delta"].get("content") or "") if choices else ""
        return bool(answer.partition(">")[2])

    return first(client, base_url + "/chat/completions", body, found)


def through(client: httpx.Client, address: str, reader: int) -> float:
    """Seconds until the reader's first word."""
    body = {"lang": "zh-Hans", "segments": [{"id": "1", "text": text(reader)}]}
    return first(
        client, address + "/api/v1/translations", body, lambda line: line == "event: delta"
    )


def first(client: httpx.Client, url: str, body: object, found: Callable[[str], bool]) -> float:
    """Ask, read to the end; seconds until the first line that counts."""
    began, seen = time.perf_counter(), 0.0
    headers = {"Accept": "text/event-stream"}
    with client.stream("POST", url, json=body, headers=headers) as response:
        for line in response.iter_lines():
            if not seen and found(line):
                seen = time.perf_counter() - began
    return seen


def together(
    readers: int, ask: Callable[[httpx.Client, int], float], *, apart: float = 0.0
) -> list[float]:
    """Readers who come so many seconds after one another; 0 is all at the same moment."""
    ready = threading.Barrier(readers)

    def one(reader: int) -> float:
        with httpx.Client(timeout=60) as client:
            ready.wait()
            time.sleep(apart * reader)
            return ask(client, reader)

    with ThreadPoolExecutor(readers) as pool:
        return list(pool.map(one, range(readers)))


def cpu_seconds(pid: int) -> float:
    """CPU used by a process and its children so far (proc(5))."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for each in [pid, *map(int, children)]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def asking(
    ask: Callable[[httpx.Client, str, int], float], address: str, number: int
) -> Callable[[httpx.Client, int], float]:
    """Asks an address for texts that begin at a number."""
    return lambda client, reader: ask(client, address, number + reader)


def tokens_of(address: str) -> int:
    """Tokens that the server has had written so far."""
    budget = httpx.get(address + "/api/v1/status").json()["budget"]
    return int(budget["completion_tokens"])


def report(name: str, alone: list[float], ours: list[float], cpu: float) -> None:
    """Print one case: medians, and the CPU of all server processes."""
    added = statistics.median(ours) - statistics.median(alone)
    sys.stdout.write(
        f"{name}\n"
        f"  first word, the model itself  {1000 * statistics.median(alone):7.1f} ms\n"
        f"  first word, through us        {1000 * statistics.median(ours):7.1f} ms\n"
        f"  added                         {1000 * added:7.1f} ms\n"
        f"  CPU a token                   {1e6 * cpu:7.1f} µs\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    readers = parser.parse_args().readers
    command = [sys.executable, "-m", "tests.fakes.llm", "--scenario", json.dumps(SCENARIO)]
    fake = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert fake.stdout
    try:
        base_url = fake.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder:
            settings = {
                "OPENAI_BASE_URL": base_url,
                "OPENAI_MODEL": "fake-model",
                "OPENAI_API_KEY": "sk-test",
                "RATE_LIMIT": "100000/minute",
            }
            with server(f"sqlite:///{folder}/bench.sqlite3", settings) as running:
                ask_us = partial(asking, through, running.address)
                ask_model = partial(asking, direct, base_url)
                together(2, ask_us(9_000))
                for name, apart in (("one after another", 2 / readers), ("at one moment", 0.0)):
                    number = 0 if apart else 1_000
                    alone = together(readers, ask_model(number), apart=apart)
                    before = cpu_seconds(running.process.pid), tokens_of(running.address)
                    ours = together(readers, ask_us(number), apart=apart)
                    used = cpu_seconds(running.process.pid) - before[0]
                    tokens = tokens_of(running.address) - before[1]
                    report(f"{readers} streams, begun {name}", alone, ours, used / tokens)
    finally:
        fake.terminate()
        fake.wait()


if __name__ == "__main__":
    main()

"""Two checkouts of the backend beside each other: streams to many readers, memory, start.

    .venv/bin/python -m benchmarks.side_by_side --old ../paperglot-before [--rounds 5] [--cases 200-moment,…]

Each round runs every case with the old build, then with the new one: the real server (one process, SQLite) on
one core; the fake model and, in a process of its own, the readers on the other. "Added" is what a reader waits
for the first word beyond those who ask the model itself, in the same minute. Loopback only; a round takes two
minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.translation_stream import SCENARIO, cpu_seconds, text, tokens_of
from tests.serving import ROOT, server

CASES = {
    "50-spread": (50, 2.0),
    "50-moment": (50, 0.0),
    "200-spread": (200, 2.0),
    "200-moment": (200, 0.0),
    "400-second": (400, 1.0),
}
_CORES = sorted(os.sched_getaffinity(0))


@dataclass
class Figures:
    """What one build needed for one case in all rounds; seconds and bytes."""

    added: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    failed: int = 0


def pinned(core: int) -> dict[str, Any]:
    """Arguments of a subprocess that keep it on a core, where there are several."""
    if len(_CORES) < 2:
        return {}
    return {"preexec_fn": lambda: os.sched_setaffinity(0, {_CORES[core]})}


def read(url: str, bodies: Sequence[object], *, over: float, sign: str) -> list[dict[str, Any]]:
    """Have readers read, in a process of their own."""
    headers = {"Accept": "text/event-stream", "Content-Type": "application/json"}
    order = {"url": url, "bodies": bodies, "headers": headers, "over": over, "sign": sign}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading_load"],
        input=json.dumps(order),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        **pinned(-1),
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def resident(pid: int) -> float:
    """Bytes that the largest worker has had in memory at most."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    peaks = []
    for each in children:
        for line in Path(f"/proc/{each}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peaks.append(int(line.split()[1]) * 1024)
    return float(max(peaks))


@contextmanager
def model() -> Iterator[str]:
    """The fake model's address."""
    command = [sys.executable, "-m", "tests.fakes.llm", "--scenario", json.dumps(SCENARIO)]
    fake = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **pinned(-1))
    assert fake.stdout
    try:
        yield fake.stdout.readline().strip()
    finally:
        fake.terminate()
        fake.wait()


def measure(build: Path, base_url: str, case: str, figures: Figures) -> None:
    """One case with one build, on a new server."""
    readers, over = CASES[case]
    settings = {
        "OPENAI_BASE_URL": base_url,
        "OPENAI_MODEL": "fake-model",
        "OPENAI_API_KEY": "sk-test",
        "RATE_LIMIT": "100000/minute",
    }
    instructions = {"role": "system", "content": "Translate into Chinese (Simplified) (zh-Hans)."}
    asked = [
        {
            "model": "fake-model",
            "stream": True,
            "messages": [
                instructions,
                {"role": "user", "content": f'<seg id="1">{text(reader)}</seg>'},
            ],
        }
        for reader in range(readers)
    ]
    alone = read(base_url + "/chat/completions", asked, over=over, sign="model")
    bodies = [
        {"lang": "zh-Hans", "segments": [{"id": "1", "text": text(reader)}]}
        for reader in range(readers)
    ]
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.sqlite3"
        with server(database, settings, cwd=build) as running:
            if len(_CORES) > 1:
                _pin(running.process.pid, _CORES[0])
            url = running.address + "/api/v1/translations"
            warm = [
                {"lang": "zh-Hans", "segments": [{"id": "1", "text": text(9_000 + n)}]}
                for n in (1, 2)
            ]
            read(url, warm, over=0, sign="event")
            before = cpu_seconds(running.process.pid), tokens_of(running.address)
            ours = read(url, bodies, over=over, sign="event")
            used = cpu_seconds(running.process.pid) - before[0]
            tokens = tokens_of(running.address) - before[1]
            figures.memory.append(resident(running.process.pid))
    first = sorted(each["first"] for each in ours if each["first"] is not None)
    bare = statistics.median(each["first"] for each in alone)
    figures.failed += sum(not (each["whole"] and each["first"]) for each in ours)
    figures.added.append(statistics.median(first) - bare)
    figures.p99.append(first[int(len(first) * 0.99) - 1] - bare)
    figures.last.append(first[-1])
    figures.cpu.append(used / max(1, tokens))


def _pin(pid: int, core: int) -> None:
    """Keep a server, its workers and all their threads on a core."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in [pid, *map(int, children)]:
        for thread in Path(f"/proc/{each}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})


def start_seconds(build: Path) -> float:
    """From the command until the first list is there."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with server(f"sqlite:///{folder}/bench.sqlite3", cwd=build) as running:
            httpx.get(f"{running.address}/api/v1/daily/latest?lang=zh-Hans").raise_for_status()
            return time.perf_counter() - began


def spread(values: Sequence[float], unit: float) -> str:
    """The median, with the least and the largest."""
    return f"{statistics.median(values) * unit:8.0f} ({min(values) * unit:.0f} to {max(values) * unit:.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--old", type=Path, required=True, help="another checkout, with its .venv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cases", default=",".join(CASES))
    options = parser.parse_args()
    builds = {"old": options.old.resolve(), "new": ROOT}
    figures = {(case, build): Figures() for case in options.cases.split(",") for build in builds}
    starts: dict[str, list[float]] = {build: [] for build in builds}
    with model() as base_url:
        for _ in range(options.rounds):
            for build, folder in builds.items():
                starts[build].append(start_seconds(folder))
            for case in options.cases.split(","):
                for build, folder in builds.items():
                    measure(folder, base_url, case, figures[case, build])
                    _say(case, build, figures[case, build])
    for case in options.cases.split(","):
        old, new = figures[case, "old"], figures[case, "new"]
        for name in ("added", "cpu", "memory"):
            ratio = statistics.median(getattr(new, name)) / statistics.median(getattr(old, name))
            sys.stdout.write(f"{case:<11} {name:<7} new/old {ratio:.2f}\n")
    for build in builds:
        sys.stdout.write(f"{build}: start to the first list {spread(starts[build], 1000)} ms\n")


def _say(case: str, build: str, known: Figures) -> None:
    sys.stdout.write(
        f"{case:<11} {build}  added {spread(known.added, 1000)} ms  p99 {spread(known.p99, 1000)} ms  "
        f"last {spread(known.last, 1000)} ms  CPU {spread(known.cpu, 1e6)} µs  "
        f"memory {spread(known.memory, 1e-6)} MB  failed {known.failed}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()

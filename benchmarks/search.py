"""Search over many papers with two translations each, on SQLite, beside readers of lists.

    python -m benchmarks.search [--papers 100000] [--queries 400] [--readers 50] [--database FILE]

Stores invented papers (`tests/invented_library.py`) as the release before search would have, upgrades, has the
index filled, and asks the real server, never the same twice, while readers fetch the day's list once a second
each. Prints: the index's size as a share of the texts' bytes in UTF-8, how long filling took, and the times of
searches in milliseconds, with those of the lists beside them, which tell how busy the machine is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import sqlalchemy as sa

from backend import database
from backend.leases import Leases
from backend.translated_papers.search_indexing import SearchIndexer
from benchmarks.readers import Tally, read_lists
from tests.invented_library import MODEL, InventedLibrary, store
from tests.serving import server

_BEFORE_SEARCH = "0008"


def used_bytes(engine: sa.Engine) -> int:
    """How much of a SQLite file is in use."""
    with engine.connect() as connection:
        pages, free, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


def queries(library: InventedLibrary, count: int) -> list[dict[str, str]]:
    """Different searches: common and rare words, phrases, names, filters."""
    chance = random.Random(7)
    fixed = [
        "模型",
        "推理",
        "語言模型",
        "GPT-4",
        "C++",
        "3.5x",
        '"language model"',
        "Kaiming He",
        "理",
    ]
    made = []
    for number in range(count):
        words = chance.sample(library.words[:3_000], k=chance.randint(1, 3))
        text = " ".join(words)
        if number % 5 == 0:
            text = chance.choice(fixed) + " " + chance.choice(library.words[:300])
        elif number % 5 == 1:
            text = f'"{chance.choice(library.words[:30])} {chance.choice(library.words[:30])}"'
        elif number % 5 == 2:
            text = chance.choice(library.chinese[:2_000])
        made.append({"q": text, "lang": chance.choice(("zh-Hans", "de"))})
        if number % 3 == 0:
            made[-1] |= {"category": "cs.CL", "from": "2020-03-05", "to": "2024-11-20"}
        if number % 7 == 0:
            made[-1] |= {"order": "date"}
    return [{"q": text, "lang": "zh-Hans"} for text in fixed] + made[: count - len(fixed)]


def measure(
    url: str, asked: Sequence[dict[str, str]], readers: int
) -> tuple[list[tuple[float, str]], list[float]]:
    """Milliseconds of each search, with its query, and of the lists that readers fetch meanwhile.

    The readers are a process of their own: in this one they would hold up the clock.
    """
    settings = {"OPENAI_BASE_URL": "http://127.0.0.1:9", "OPENAI_MODEL": MODEL}
    times = []
    with server(url, settings) as running, httpx.Client(base_url=running.address) as client:
        for _ in range(5):
            client.get("/api/v1/search", params={"q": "warm"}, timeout=30).raise_for_status()
        with _readers(running.address, readers) as lists:
            for parameters in asked:
                began = time.perf_counter()
                answer = client.get("/api/v1/search", params=parameters, timeout=30)
                taken = (time.perf_counter() - began) * 1000
                answer.raise_for_status()
                times.append((taken, f"{answer.json()['total']} {parameters}"))
    return times, lists


@contextmanager
def _readers(address: str, count: int) -> Iterator[list[float]]:
    """Readers who look at the list once a second; the list they leave holds the milliseconds of each look."""
    lists: list[float] = []
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_read, args=(address, count, theirs))
    process.start()
    ours.recv()  # every one of them has begun
    yield lists
    ours.send(None)
    tally = ours.recv()
    process.join()
    if tally.wrong or tally.server_errors:
        raise RuntimeError(f"Readers were not served: {dict(tally.reasons)}")
    lists += [1000 * seconds for seconds in tally.list_seconds]


def _read(address: str, count: int, ends: Connection) -> None:
    async def run() -> None:
        tally = Tally()
        forever = time.monotonic() + 3_600
        tasks = [
            asyncio.create_task(
                read_lists(address, tally, forever, 1.0, number / count, number=number)
            )
            for number in range(count)
        ]
        while tally.lists < count:
            await asyncio.sleep(0.1)
        ends.send(None)
        await asyncio.to_thread(ends.recv)
        for task in tasks:
            task.cancel()
        ends.send(tally)

    asyncio.run(run())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--database", type=Path)
    options = parser.parse_args()
    library = InventedLibrary()
    with tempfile.TemporaryDirectory() as folder:
        file = options.database or Path(folder) / "search.sqlite3"
        url, is_new = f"sqlite:///{file}", not file.exists()
        if is_new:
            database.upgrade(url, revision=_BEFORE_SEARCH)
            engine = database.connect(url)
            texts = store(engine, library.papers(options.papers))
            before = used_bytes(engine)
            database.upgrade(url)
            leases = Leases(engine)
            began = time.perf_counter()
            SearchIndexer(engine, leases, model=MODEL).catch_up()
            leases.close()
            taken = time.perf_counter() - began
            index = used_bytes(engine) - before
            engine.dispose()
            result = {
                "papers": options.papers,
                "texts_mb": round(texts / 1e6, 1),
                "index_mb": round(index / 1e6, 1),
                "index_to_texts": round(index / texts, 3),
                "filled_in_seconds": round(taken),
            }
            sys.stdout.write(f"{json.dumps(result)}\n")
            sys.stdout.flush()
        times, lists = measure(url, queries(library, options.queries), options.readers)
        taken_ms = [taken for taken, _ in times]
        cuts = statistics.quantiles(taken_ms, n=100)
        result = {
            "searches": len(times),
            "readers": options.readers,
            "p50_ms": round(cuts[49], 1),
            "p95_ms": round(cuts[94], 1),
            "p99_ms": round(cuts[98], 1),
            "lists_p50_ms": round(statistics.median(lists), 1) if lists else None,
            "slowest": [f"{taken:.0f} ms: {what}" for taken, what in sorted(times)[-5:]],
        }
        sys.stdout.write(f"{json.dumps(result, ensure_ascii=False, indent=1)}\n")


if __name__ == "__main__":
    main()

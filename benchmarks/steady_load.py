"""Two servers of two processes: list readers and streams for minutes, and whether anything is wrong or grows.

    .venv/bin/python -m benchmarks.steady_load [--minutes 5] [--readers 500] [--streams 200]

Each reader looks at the list every five seconds, five behind one address; so many streams a minute are begun.
Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time

from benchmarks.machines import Machines, machines, resident
from benchmarks.readers import Tally, read_lists, read_stream

PAUSE = 5.0


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of them is, in milliseconds."""
    return 1000 * sorted(values)[int(share * (len(values) - 1))] if values else float("nan")


async def load(running: Machines, tally: Tally, minutes: float, readers: int, streams: int) -> None:
    until = time.monotonic() + 60 * minutes
    tasks = [
        asyncio.create_task(
            read_lists(
                running.address, tally, until, PAUSE, PAUSE * number / readers, number=number
            )
        )
        for number in range(readers)
    ]
    number, began = 0, time.monotonic()
    told = began
    while time.monotonic() < until:
        while number < (time.monotonic() - began) * streams / 60:
            tasks.append(asyncio.create_task(read_stream(running.address, tally, 100_000 + number)))
            number += 1
        if time.monotonic() > told:
            told += 30
            memory = " ".join(str(resident(pid)) for pid in running.workers())
            sys.stdout.write(
                f"{time.monotonic() - began:4.0f} s  lists {tally.lists}  streams {tally.streams}  "
                f"wrong {tally.wrong}  5xx {tally.server_errors}  MiB {memory}\n"
            )
            sys.stdout.flush()
        await asyncio.sleep(0.05)
    await asyncio.gather(*tasks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--streams", type=int, default=200)
    asked = parser.parse_args()
    tally = Tally()
    with machines(2, processes=2) as running:
        asyncio.run(load(running, tally, asked.minutes, asked.readers, asked.streams))
        memory = " ".join(str(resident(pid)) for pid in running.workers())
    sys.stdout.write(
        f"lists {tally.lists}, median {1000 * statistics.median(tally.list_seconds):.0f} ms, "
        f"95 % within {percentile(tally.list_seconds, 0.95):.0f} ms\n"
        f"streams {tally.streams}, first word: median {percentile(tally.first_word_seconds, 0.5):.0f} ms, "
        f"95 % within {percentile(tally.first_word_seconds, 0.95):.0f} ms\n"
        f"wrong {tally.wrong} {dict(tally.reasons)}, 5xx {tally.server_errors}, MiB at the end {memory}\n"
    )
    sys.exit(1 if tally.wrong or tally.server_errors else 0)


if __name__ == "__main__":
    main()

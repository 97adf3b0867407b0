"""How many readers 1, 2 and 4 servers serve with one database, and what bends first.

    .venv/bin/python -m benchmarks.scale_out [--share 0.1] [--seconds 15]

Each server is one process, pinned to one processor; with --share it gets a share of it (cgroup v1, as root), so
that four small machines fit beside the database, the proxy and the readers. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
import time

from benchmarks.machines import Machines, machines
from benchmarks.readers import Tally, read_lists, read_stream

LIST_READERS = 40
STREAM_READERS = 24
_numbers = itertools.count(100_000)


async def lists(running: Machines, tally: Tally, seconds: float) -> None:
    """Readers who ask for the list again as soon as they have it."""
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(
            read_lists(running.address, tally, until, 0.0, 0.0, number=number)
            for number in range(LIST_READERS)
        )
    )


async def streams(running: Machines, tally: Tally, seconds: float) -> None:
    """Readers who ask for a new text as soon as they have one."""
    until = time.monotonic() + seconds

    async def one() -> None:
        while time.monotonic() < until:
            await read_stream(running.address, tally, next(_numbers))

    await asyncio.gather(*(one() for _ in range(STREAM_READERS)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, help="of a processor, for each server")
    parser.add_argument("--seconds", type=float, default=15)
    asked = parser.parse_args()
    for count in (1, 2, 4):
        with machines(count, share=asked.share) as running:
            for name, readers in (("lists", lists), ("streams", streams)):
                asyncio.run(readers(running, Tally(), 3))
                tally, before, began = Tally(), running.used(), time.monotonic()
                asyncio.run(readers(running, tally, asked.seconds))
                took, after = time.monotonic() - began, running.used()
                served = tally.lists if name == "lists" else tally.streams
                waited = tally.list_seconds if name == "lists" else tally.first_word_seconds
                parts = ", ".join(
                    f"{part} {(after[part] - before[part]) / took:.2f}" for part in after
                )
                sys.stdout.write(
                    f"{count} servers  {served / took:6.1f} {name}/s  median wait "
                    f"{1000 * statistics.median(waited or [float('nan')]):6.0f} ms  "
                    f"wrong {tally.wrong}  5xx {tally.server_errors}  processors: {parts}\n"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Packs texts into requests to the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .prompt import OVERHEAD_CHARACTERS, overhead
from .single_flight import Flight

FIRST_BATCH_CHARACTERS = 4_000
BATCH_CHARACTERS = 8_000
BATCH_SEGMENTS = 32


def batches(flights: Sequence[Flight]) -> Iterator[list[Flight]]:
    """Pack flights into requests: a small first one for an early first word, larger later ones.

    A passage of a paper's section stays together: whoever reads it streams several at a time already, and
    over a whole paper each request more costs its instructions again.
    """
    batch: list[Flight] = []
    is_passage = bool(flights) and bool(flights[0].assignment.context.section)
    size, limit = 0, BATCH_CHARACTERS if is_passage else FIRST_BATCH_CHARACTERS
    for flight in flights:
        length = len(flight.assignment.text)
        if batch and (size + length > limit or len(batch) >= BATCH_SEGMENTS):
            yield from _within_overhead(batch)
            batch, size, limit = [], 0, BATCH_CHARACTERS
        batch.append(flight)
        size += length
    yield from _within_overhead(batch)


def _within_overhead(batch: list[Flight]) -> Iterator[list[Flight]]:
    """Split a batch of very short segments, whose tags would cost more than the limit for overhead."""
    while batch:
        texts = [flight.assignment.text for flight in batch]
        count = len(texts)
        while count > 1 and overhead(texts[:count]) > max(
            OVERHEAD_CHARACTERS, sum(map(len, texts[:count]))
        ):
            count -= 1
        yield batch[:count]
        batch = batch[count:]

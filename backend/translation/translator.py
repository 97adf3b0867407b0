"""Translates segments: memory, then one flight per text, then the model; yields events as they come."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from ..errors import TranslatorNotConfigured, TranslatorUnavailable
from ..languages import Language
from ..llm.openai_model import LanguageModel
from ..terminology.glossary import Term, digest, occurring
from ..texts.placeholders import Protected
from .budget import Quota
from .dispatcher import PATIENCE_SECONDS, Asker
from .lease_queue import LeaseQueue
from .leases import Leases
from .memory import TranslationMemory, memory_key
from .prompt import OVERHEAD_CHARACTERS, overhead
from .records import TranslationRequest
from .run import TranslationRun
from .single_flight import Assignment, Flight, FlightBoard

FIRST_BATCH_CHARACTERS = 4_000
BATCH_CHARACTERS = 8_000
BATCH_SEGMENTS = 32

MOST_READERS = 256
"""Readers that this process serves at once; the server's threads beyond them are for lists and probes."""


class Translator:
    """Everything between a request and its events. One for a process.

    Args:
        model: None when no model is configured; then every request is refused.
    """

    def __init__(
        self,
        *,
        model: LanguageModel | None,
        memory: TranslationMemory,
        leases: Leases,
        quota: Quota,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.memory = memory
        self.quota = quota
        self.model_name = model.name if model else ""
        self.board = FlightBoard()
        self.places = threading.BoundedSemaphore(MOST_READERS)
        self._ending = False
        self._leases = leases
        self._asker: Asker | None = None
        self._lease_queue: LeaseQueue | None = None
        if model:
            self._asker = Asker(
                model=model,
                memory=memory,
                board=self.board,
                leases=leases,
                quota=quota,
                patience=patience,
            )
            self._lease_queue = LeaseQueue(
                memory=memory, leases=leases, board=self.board, start=self.start_flights
            )

    def farewell(self) -> None:
        """Tell all readers that this process ends, and stop their work; later requests are refused."""
        self._ending = True
        self.board.dismiss(_ending())

    def close(self) -> None:
        """End the threads; call after `farewell`."""
        if self._asker and self._lease_queue:
            self._lease_queue.close()
            self._asker.close()
        self._leases.close()

    def key(self, protected: Protected, language: Language, glossary: Sequence[Term] = ()) -> str:
        """The memory's key of a protected text.

        Of the client's terms only those that occur count: changing another one costs nothing.
        """
        if glossary:
            found = occurring(protected.text, language=language.tag, client_terms=glossary)
            glossary = [term for term in glossary if term in found]
        return memory_key(
            protected.text,
            lang=language.tag,
            model=self.model_name,
            glossary=digest(glossary, language=language.tag),
        )

    def start(self, request: TranslationRequest) -> TranslationRun:
        """Look everything up and refuse now what cannot be done; the work begins with `run.events()`.

        Raises:
            InvalidRequest: a segment's placeholders are malformed.
            TranslatorNotConfigured: there is no model to ask.
            BudgetExhausted: nothing is known and no tokens are left today.
        """
        if self._asker is None:
            raise TranslatorNotConfigured(
                "No language model is configured on this server. Set OPENAI_API_KEY, "
                "or OPENAI_BASE_URL and OPENAI_MODEL for another server such as Ollama, and restart it."
            )
        if self._ending:
            raise _ending()
        run = TranslationRun(self, request)
        if run.wants_model and not run.knows_some:
            self.quota.refuse_if_used_up()
        return run

    def fly(self, assignments: Sequence[Assignment], run: TranslationRun) -> list[Flight]:
        """Join or start the flights of these texts for one reader."""
        assert self._lease_queue is not None
        joined = [self.board.join(assignment, run) for assignment in assignments]
        self._lease_queue.enter([flight for flight, new in joined if new], run)
        return [flight for flight, _ in joined]

    def start_flights(self, flights: Sequence[Flight], run: TranslationRun) -> None:
        """Ask the model for flights whose leases this process holds, in batches."""
        assert self._asker is not None
        for batch in batches(flights):
            self._asker.ask(batch, run)


def _ending() -> TranslatorUnavailable:
    return TranslatorUnavailable("This server is being restarted. Try again.", retry_after=5)


def batches(flights: Sequence[Flight]) -> Iterator[list[Flight]]:
    """Pack flights into requests: a small first one for an early first word, larger later ones."""
    batch: list[Flight] = []
    size, limit = 0, FIRST_BATCH_CHARACTERS
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
        prose = sum(len(flight.assignment.text) for flight in batch)
        count = len(batch)
        while count > 1 and overhead(count) > max(OVERHEAD_CHARACTERS, prose):
            count -= 1
            prose -= len(batch[count].assignment.text)
        yield batch[:count]
        batch = batch[count:]

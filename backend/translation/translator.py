"""Translates segments: memory, then one flight per text, then the model; yields events as they come."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ..errors import TranslatorNotConfigured, TranslatorUnavailable
from ..leases import Leases
from ..llm.model import LanguageModel
from ..observer import Observer
from ..spending.budget import TokenBudget
from .batching import batches
from .dispatcher import RETRY_SECONDS, Dispatcher
from .lease_queue import LeaseQueue
from .lookup import look_up
from .memory import TranslationMemory
from .records import TranslationRequest
from .run import TranslationRun
from .single_flight import Assignment, Flight, InFlight, UsageListener

MAX_READERS = 512
"""Readers that this process serves at once: each takes a socket, and in their turn another at the model."""


class Translator:
    """Everything between a request and its events. One for a process.

    Args:
        model: None when no model is configured; then every request is refused.
        retry_timeout: seconds within which a request may be begun again at a provider that fails.
    """

    def __init__(
        self,
        *,
        model: LanguageModel | None,
        memory: TranslationMemory,
        leases: Leases,
        budget: TokenBudget,
        retry_timeout: float = RETRY_SECONDS,
        observer: Observer | None = None,
    ) -> None:
        self.memory = memory
        self.model_name = model.name if model else ""
        self._observer = observer or Observer()
        self.in_flight = InFlight(self._observer)
        self._budget = budget
        self._places = threading.BoundedSemaphore(MAX_READERS)
        self._ending = False
        self._dispatcher: Dispatcher | None = None
        self._lease_queue: LeaseQueue | None = None
        if model:
            self._dispatcher = Dispatcher(
                model=model,
                memory=memory,
                in_flight=self.in_flight,
                leases=leases,
                budget=budget,
                retry_timeout=retry_timeout,
                observer=self._observer,
            )
            self._lease_queue = LeaseQueue(
                memory=memory, leases=leases, in_flight=self.in_flight, start=self._dispatch
            )

    def shut_down(self) -> None:
        """Tell all readers that this process ends, and stop their work; later requests are refused."""
        self._ending = True
        self.in_flight.shut_down(_ending())

    def close(self) -> None:
        """End the threads; call after `shut_down`."""
        if self._dispatcher and self._lease_queue:
            self._lease_queue.close()
            self._dispatcher.close()

    def start(self, request: TranslationRequest) -> TranslationRun:
        """Look everything up and refuse now what cannot be done; the work begins with `run.events()`.

        Raises:
            InvalidRequest: a segment's placeholders are malformed.
            TranslatorNotConfigured: there is no model to ask.
            BudgetExhausted: nothing is known and no tokens are left today.
        """
        if self._dispatcher is None:
            raise TranslatorNotConfigured(
                "No language model is configured on this server. Set OPENAI_API_KEY, "
                "or OPENAI_BASE_URL and OPENAI_MODEL for another server such as Ollama, and restart it."
            )
        if self._ending:
            raise _ending()
        lookup = look_up(request, self.memory, model=self.model_name)
        known = sum(entry.key in lookup.known for entry in lookup.entries)
        missing = sum(map(len, lookup.missing.values()))
        self._observer.texts_looked_up(request.language.tag, remembered=known, missing=missing)
        run = TranslationRun(
            lookup,
            in_flight=self.in_flight,
            begin=self._begin,
            places=self._places,
            on_first_word=self._observer.first_word,
        )
        if run.wants_model and not run.knows_some:
            self._budget.refuse_if_used_up()
        return run

    def _begin(self, assignments: Sequence[Assignment], run: TranslationRun) -> list[Flight]:
        """Join or start the flights of these texts for one reader."""
        assert self._lease_queue is not None
        joined = [self.in_flight.join(assignment, run) for assignment in assignments]
        self._lease_queue.enter([flight for flight, new in joined if new], run)
        return [flight for flight, _ in joined]

    def _dispatch(self, flights: Sequence[Flight], listener: UsageListener) -> None:
        """Ask the model for flights whose leases this process holds, in batches."""
        assert self._dispatcher is not None
        for order, batch in enumerate(batches(flights)):
            self._dispatcher.dispatch(batch, listener, order=order)


def _ending() -> TranslatorUnavailable:
    return TranslatorUnavailable("This server is being restarted. Try again.", retry_after=5)

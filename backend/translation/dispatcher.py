"""Flights go to the model in batches; each answer is judged: kept, asked anew, or delivered as it is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import sqlalchemy as sa

from ..errors import PaperglotError, TranslatorUnavailable
from ..llm.openai_model import LanguageModel
from .budget import Quota
from .judging import best_of
from .leases import Leases
from .memory import TranslationMemory
from .model_request import Ending, Exchange
from .records import Translation
from .single_flight import Flight, FlightBoard

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
"""One request and at most two repairs."""

PATIENCE_SECONDS = 20.0
"""How long a request may wait for a busy provider before its readers are told."""

_WORKERS = 64


class Ledger(Protocol):
    """Whoever started the work: hears when requests begin, what they cost and when they are over."""

    def on_asking(self) -> None:
        """A request to the model will follow, and an `on_asked` after it."""

    def on_asked(self, *, prompt_tokens: int, completion_tokens: int, requests: int) -> None:
        """That request is over."""


class Asker:
    """Asks the model for flights, on threads of its own.

    Every flight handed over lands, whatever happens; its lease is released when it does.
    """

    def __init__(
        self,
        *,
        model: LanguageModel,
        memory: TranslationMemory,
        board: FlightBoard,
        leases: Leases,
        quota: Quota,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._model = model
        self._memory = memory
        self._board = board
        self._leases = leases
        self._quota = quota
        self._patience = patience
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="asking")

    def ask(self, flights: Sequence[Flight], ledger: Ledger) -> None:
        """Translate these flights, all of one language and context, in one request."""
        ledger.on_asking()
        try:
            self._pool.submit(self._run, list(flights), ledger)
        except RuntimeError:  # closed
            self._drop(flights, _no_answer())
            ledger.on_asked(prompt_tokens=0, completion_tokens=0, requests=0)

    def close(self) -> None:
        """End the threads; requests that have not begun are forgotten."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, flights: list[Flight], ledger: Ledger) -> None:
        exchange = Exchange(
            flights,
            model=self._model,
            quota=self._quota,
            progress=self._board.progress,
            accept=self._settle,
            patience=self._patience,
        )
        try:
            self._follow_up(flights, exchange.run(), ledger)
        except Exception as error:
            # A fault of ours must not leave readers waiting; its text may hold their words, so only its kind.
            log.error("asking the model failed: %s", type(error).__name__)
            self._drop(
                flights, TranslatorUnavailable("Something failed on this server. Try again.")
            )
        finally:
            ledger.on_asked(
                prompt_tokens=exchange.usage.prompt_tokens,
                completion_tokens=exchange.usage.completion_tokens,
                requests=exchange.usage.requests,
            )

    def _follow_up(self, flights: list[Flight], ending: Ending, ledger: Ledger) -> None:
        """Decide for each flight that has not landed: once more, what there is, or a problem."""
        again: list[Flight] = []
        for flight in flights:
            if flight.outcome is not None:
                continue
            may_ask = flight.attempts < MAX_ATTEMPTS and flight.wanted and not ending.hopeless
            if may_ask and flight.candidates:
                self.ask([flight], ledger)
            elif may_ask:
                again.append(flight)
            elif flight.candidates and flight.wanted:
                self._settle(flight, best_of(flight.candidates, flight.assignment.text))
            else:
                self._drop([flight], ending.problem or _no_answer())
        if again:
            self.ask(again, ledger)

    def _settle(self, flight: Flight, outcome: Translation) -> None:
        # Kept first: who asks next finds it in the memory, and only then the lease is free.
        assignment = flight.assignment
        try:
            self._memory.store(assignment.key, assignment.language.tag, outcome)
        except sa.exc.SQLAlchemyError as error:
            # The reader has waited for it and it is paid for: delivered all the same.
            log.warning("a translation could not be kept: %s", type(error).__name__)
        self._leases.release([assignment.key])
        self._board.land(flight, outcome)

    def _drop(self, flights: Sequence[Flight], problem: PaperglotError) -> None:
        self._leases.release([flight.assignment.key for flight in flights])
        for flight in flights:
            self._board.land(flight, problem)


def _no_answer() -> TranslatorUnavailable:
    return TranslatorUnavailable("The language model gave no answer for this text. Try again.")

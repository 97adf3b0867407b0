"""Flights go to the model in batches; each answer is judged: kept, asked anew, or delivered as it is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from .. import outages
from ..errors import DatabaseUnavailable, PaperglotError, TranslatorUnavailable
from ..leases import Leases
from ..llm.model import LanguageModel
from ..llm.usage import Usage
from ..observer import Observer
from ..spending.budget import TokenBudget
from .jobs_in_order import JobsInOrder
from .judging import best_of
from .memory import TranslationMemory
from .model_request import Ending, ModelRequest
from .records import Translation
from .single_flight import Flight, InFlight, UsageListener

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
"""One request and at most two repairs."""

MAX_SILENCES = 1
"""Silences of the model after which a text is asked for once more."""

RETRY_SECONDS = 20.0
"""How long a request may be begun again at a provider that fails before its readers are told."""

_NEXT = -1
"""The turn of a repair: its reader has waited already."""

_BEGINNING = 32
"""Threads that begin requests; each may have to wait for a database that is away to reserve the tokens."""
_JUDGING = 4
"""Threads for judging answers and keeping them: more would only take time from each other."""


class Dispatcher:
    """Asks the model for flights; no thread waits for its answers.

    Every flight handed over ends, whatever happens; its lease is released when it does.
    """

    def __init__(
        self,
        *,
        model: LanguageModel,
        memory: TranslationMemory,
        in_flight: InFlight,
        leases: Leases,
        budget: TokenBudget,
        retry_timeout: float = RETRY_SECONDS,
        observer: Observer | None = None,
    ) -> None:
        self._model = model
        self._memory = memory
        self._in_flight = in_flight
        self._leases = leases
        self._budget = budget
        self._retry_timeout = retry_timeout
        self._observer = observer or Observer()
        self._beginning = ThreadPoolExecutor(_BEGINNING, thread_name_prefix="model-requests")
        self._judging = ThreadPoolExecutor(_JUDGING, thread_name_prefix="answers")

    def dispatch(
        self,
        flights: Sequence[Flight],
        listener: UsageListener,
        *,
        order: int,
        after_silence: bool = False,
    ) -> None:
        """Translate these flights, all of one language and context, in one request.

        Args:
            order: which of its reader's requests it is; all first ones go before all second ones.
            after_silence: the request before was ended by a silence.
        """
        listener.on_asking()
        flights = list(flights)
        request = ModelRequest(
            flights,
            model=self._model,
            budget=self._budget,
            progress=self._in_flight.progress,
            accept=self._keep,
            placed=self._in_flight.tell_place,
            ended=lambda ending: self._ended(request, flights, ending, listener),
            jobs=JobsInOrder(self._judging),
            order=order,
            retry_timeout=self._retry_timeout,
            observer=self._observer,
            after_silence=after_silence,
        )
        try:
            self._beginning.submit(self._begin, request, flights, listener)
        except RuntimeError:  # closed
            self._drop(flights, _no_answer())
            listener.on_asked(Usage())

    def close(self) -> None:
        """End the threads, once what is under way there is done; requests that have not begun are forgotten.

        The model must have been closed before, which ends its answers.
        """
        self._beginning.shutdown(wait=True, cancel_futures=True)
        self._judging.shutdown(wait=True)

    def _begin(self, request: ModelRequest, flights: list[Flight], listener: UsageListener) -> None:
        try:
            request.begin()
        except Exception as error:
            self._drop(flights, _problem(error))
            listener.on_asked(Usage())

    def _ended(
        self,
        request: ModelRequest,
        flights: list[Flight],
        ending: Ending,
        listener: UsageListener,
    ) -> None:
        try:
            self._follow_up(flights, ending, listener)
        except Exception as error:
            self._drop(flights, _problem(error))
        finally:
            listener.on_asked(request.usage)

    def _follow_up(self, flights: list[Flight], ending: Ending, listener: UsageListener) -> None:
        """Decide for each flight that has not ended: once more, what there is, or a problem."""
        again: list[Flight] = []
        for flight in flights:
            if flight.outcome is not None:
                continue
            flight.silences += ending.silent
            may_ask = flight.attempts < MAX_ATTEMPTS and flight.wanted and not ending.final
            may_ask = may_ask and flight.silences <= MAX_SILENCES
            if may_ask and flight.candidates:
                self.dispatch([flight], listener, order=_NEXT)
            elif may_ask:
                again.append(flight)
            elif flight.candidates and flight.wanted:
                self._keep(flight, best_of(flight.candidates, flight.assignment.text))
            else:
                self._drop([flight], ending.problem or _no_answer())
        if again:
            self.dispatch(again, listener, order=_NEXT, after_silence=ending.silent)

    def _keep(self, flight: Flight, outcome: Translation) -> None:
        # Kept first: who asks next finds it in the memory, and only then the lease is free.
        assignment = flight.assignment
        key, tag = assignment.key, assignment.language.tag
        try:
            outcome = self._memory.store(key, tag, outcome, source=assignment.text)
        except sa.exc.SQLAlchemyError as error:
            if outages.means_away(error):
                self._memory.store_later(
                    key,
                    tag,
                    outcome,
                    source=assignment.text,
                    attempts=assignment.attempts + 1,
                    over=lambda: self._leases.release([key]),
                )
                self._in_flight.finish(flight, outcome)
                return
            # The reader has waited for it and it is paid for: delivered all the same.
            log.warning("a translation could not be kept: %s", type(error).__name__)
        self._leases.release([key])
        self._in_flight.finish(flight, outcome)

    def _drop(self, flights: Sequence[Flight], problem: PaperglotError) -> None:
        self._leases.release([flight.assignment.key for flight in flights])
        for flight in flights:
            self._in_flight.finish(flight, problem)


def _problem(error: Exception) -> PaperglotError:
    """What the readers hear of a fault; its text may hold their words, so the log gets its kind only."""
    if not outages.means_away(error):
        log.error("asking the model failed: %s", type(error).__name__)
    if isinstance(error, sa.exc.SQLAlchemyError):
        return DatabaseUnavailable()
    return TranslatorUnavailable("Something failed on this server. Try again.")


def _no_answer() -> TranslatorUnavailable:
    return TranslatorUnavailable("The language model gave no answer for this text. Try again.")

"""One call for many askers in this process: a flight per text, everyone else listens to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import PaperglotError
from ..languages import Language
from ..llm.usage import Usage
from ..observer import Observer
from ..terminology.glossary import Term
from ..verification.verify import Kind
from .records import Context, Translation


@dataclass(frozen=True)
class Assignment:
    """One text to translate, in its protected form, and all that shapes its translation."""

    key: str
    text: str
    kind: Kind
    language: Language
    context: Context
    terms: Sequence[Term]
    attempts: int = 0
    """How often it had been tried when the reader asked."""
    retry: bool = False
    """The reader saw what is kept and wants the model asked once more."""


class Listener(Protocol):
    """Someone who waits for a flight. Called from the thread that asks the model; must not block."""

    def on_progress(self, flight: Flight, piece: str) -> None:
        """The next piece of the translation, in its protected form."""

    def on_place(self, flight: Flight) -> None:
        """The flight's `place` is another now."""

    def on_finished(self, flight: Flight) -> None:
        """The flight's `outcome` is there; nothing more will come."""


class UsageListener(Protocol):
    """Whoever began the work: hears when requests to the model begin, and what each cost."""

    def on_asking(self) -> None:
        """A request to the model will follow, and an `on_asked` after it."""

    def on_asked(self, usage: Usage) -> None:
        """That request is over."""


class Flight:
    """A text on its way to the model and back."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.shown = ""
        self.outcome: Translation | PaperglotError | None = None
        self.remembered = False
        """Whether the outcome came from the memory, where another process had put it."""
        self.candidates: list[Translation] = []
        """Answers that did not pass the checks, in the order they came."""
        self.needed: tuple[str, ...] = ()
        """Placeholders and numbers that the last of them did not have right, for the model."""
        self.attempts = 0
        self.silences = 0
        """How often the model fell silent over it."""
        self.place: int | None = None
        """Its place among the questions that wait for the model, 1 being the next; 0: it has been asked for."""
        self.listeners: list[Listener] = []
        self.on_abandoned: Callable[[], None] | None = None

    @property
    def wanted(self) -> bool:
        """Whether anybody still listens."""
        return bool(self.listeners)


class InFlight:
    """The flights of this process, by memory key."""

    def __init__(self, observer: Observer | None = None) -> None:
        self._observer = observer or Observer()
        self._flights: dict[str, Flight] = {}
        self._lock = threading.RLock()

    def join(self, assignment: Assignment, listener: Listener) -> tuple[Flight, bool]:
        """Listen to the flight of this text; True when it is new, so that the caller starts it.

        A listener that comes later hears at once what was already shown.
        """
        with self._lock:
            flight = self._flights.get(assignment.key)
            if flight is not None:
                flight.listeners.append(listener)
                if flight.place is not None:
                    listener.on_place(flight)
                if flight.shown:
                    listener.on_progress(flight, flight.shown)
                return flight, False
            flight = self._flights[assignment.key] = Flight(assignment)
            flight.listeners.append(listener)
            return flight, True

    def leave(self, flight: Flight, listener: Listener) -> None:
        """Stop listening. A flight nobody wants is forgotten, and its work told to stop."""
        with self._lock:
            if listener not in flight.listeners:
                return
            flight.listeners.remove(listener)
            if flight.listeners or flight.outcome is not None:
                return
            if self._flights.get(flight.assignment.key) is flight:
                del self._flights[flight.assignment.key]
            abandoned = flight.on_abandoned
        if abandoned:
            abandoned()

    def progress(self, flight: Flight, piece: str) -> None:
        """Show the next piece to everyone who listens."""
        with self._lock:
            flight.shown += piece
            for listener in flight.listeners:
                listener.on_progress(flight, piece)

    def tell_place(self, flight: Flight, place: int) -> None:
        """Tell everyone who listens how many questions go before this one."""
        with self._lock:
            flight.place = place
            for listener in flight.listeners:
                listener.on_place(flight)

    def finish(
        self, flight: Flight, outcome: Translation | PaperglotError, *, remembered: bool = False
    ) -> None:
        """End a flight: everyone who listens hears its outcome. Later calls change nothing."""
        with self._lock:
            if flight.outcome is not None:
                return
            flight.outcome, flight.remembered = outcome, remembered
            if self._flights.get(flight.assignment.key) is flight:
                del self._flights[flight.assignment.key]
            for listener in flight.listeners:
                listener.on_finished(flight)
        if not remembered:
            self._tell(flight.assignment.language.tag, outcome)

    def shut_down(self, problem: PaperglotError) -> None:
        """End all flights: everyone who listens hears the problem, and their work is told to stop."""
        with self._lock:
            flights = list(self._flights.values())
            for flight in flights:
                self.finish(flight, problem)
                flight.listeners.clear()
        for flight in flights:
            if flight.on_abandoned:
                flight.on_abandoned()

    def _tell(self, language: str, outcome: Translation | PaperglotError) -> None:
        if isinstance(outcome, PaperglotError):
            self._observer.text_failed(language, outcome.type)
        else:
            self._observer.text_translated(language, outcome.model, verified=outcome.verified)

    def listeners(self) -> int:
        """How many readers wait, counted once for each text."""
        with self._lock:
            return sum(len(flight.listeners) for flight in self._flights.values())

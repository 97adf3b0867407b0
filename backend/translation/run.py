"""One reader's request on its way through the translator: what is known, what is asked, events out."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from ..errors import PaperglotError
from ..llm.usage import Usage
from ..texts import placeholders
from . import sentence_alignment
from .lookup import Entry, Lookup
from .records import (
    Event,
    Heartbeat,
    Queued,
    RunDone,
    SegmentDelta,
    SegmentFailed,
    SegmentTranslated,
    Translation,
)
from .single_flight import Assignment, Flight, InFlight

HEARTBEAT_SECONDS = 1.0


class TranslationRun:
    """One reader's request on its way; it listens to its flights, and counts what those it began cost.

    Args:
        lookup: the request, as the memory answers it.
        in_flight: where its flights are left again.
        begin: joins or starts the flights of texts that are missing.
        places: readers that may be served at once.
        on_first_word: told after how many seconds the reader saw the first word that was not known.
    """

    def __init__(
        self,
        lookup: Lookup,
        *,
        in_flight: InFlight,
        begin: Callable[[Sequence[Assignment], TranslationRun], list[Flight]],
        places: threading.Semaphore,
        on_first_word: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self._lookup = lookup
        self._missing = dict(lookup.missing)
        self._in_flight = in_flight
        self._begin = begin
        self._places = places
        self._on_first_word: Callable[[float], None] | None = on_first_word
        self._began = time.monotonic()
        self._news: queue.SimpleQueue[Callable[[], Iterator[Event]]] = queue.SimpleQueue()
        self._tell: Callable[[], None] | None = None
        self._asking = 0
        self._queue_places: dict[str, int] = {}
        self._told_place = 0
        self._flights: list[Flight] = []
        self._done = RunDone(Usage(), 0, 0, 0)

    def take_place(self) -> bool:
        """Whether this process can serve one more reader; `leave_place` follows when it can."""
        return self._places.acquire(blocking=False)

    def leave_place(self) -> None:
        """The reader was served, or has left."""
        self._places.release()

    @property
    def wants_model(self) -> bool:
        """Whether the model must be asked."""
        return bool(self._missing)

    @property
    def knows_some(self) -> bool:
        """Whether some segments can be answered at once."""
        return bool(self._lookup.known or self._lookup.plain)

    @property
    def missing_texts(self) -> list[str]:
        """The protected texts that the model must be asked for."""
        return self._lookup.missing_texts

    @property
    def assignments(self) -> list[Assignment]:
        """The same, each with all that shapes its translation."""
        return list(self._lookup.assignments())

    @property
    def usage(self) -> Usage:
        """What was spent so far."""
        return self._done.usage

    def events(self) -> Generator[Event | Heartbeat]:
        """The events in the order they happen, known segments first, `RunDone` last.

        Yields "heartbeat" after each silent second, so that a caller notices a reader who has left.
        Closing the generator stops the work that only this reader wanted.
        """
        try:
            yield from self.at_once()
            self.begin()
            while not self.is_over:
                try:
                    news = self._news.get(timeout=HEARTBEAT_SECONDS)
                except queue.Empty:
                    yield "heartbeat"
                else:
                    yield from news()
            yield self.done
        finally:
            self.close()

    # The same in parts, for who must not wait: `at_once`, `begin`, `news` each time it is told of some, until
    # it `is_over`; then `done`. `close` in any case.

    def at_once(self) -> Iterator[Event]:
        """What needs no model."""
        for segment_id, problem in self._lookup.request.problems.items():
            yield self._failed(segment_id, problem)
        for entry in self._lookup.plain:
            yield self._as_it_is(entry)
        for entry in self._lookup.entries:
            if remembered := self._lookup.known.get(entry.key):
                yield self._whole(entry, remembered.translation, cached=True)

    def begin(self) -> None:
        """Have the rest translated."""
        if self._missing:
            self._flights = self._begin(list(self._lookup.assignments()), self)

    def tell(self, tell: Callable[[], None]) -> None:
        """Have a function called whenever there are news, now too; from any thread, and it must not block."""
        self._tell = tell
        tell()

    def news(self) -> Iterator[Event]:
        """What has happened since the last time."""
        while True:
            try:
                news = self._news.get_nowait()
            except queue.Empty:
                return
            yield from news()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen. Requests may outlast the last segment to report what they cost."""
        return not (self._missing or self._asking)

    @property
    def done(self) -> RunDone:
        """The last event."""
        return replace(self._done, terms=self._lookup.paper_terms())

    def close(self) -> None:
        """Leave all flights; those nobody else wants are stopped."""
        for flight in self._flights:
            self._in_flight.leave(flight, self)

    def _heard_word(self) -> None:
        if self._on_first_word is not None:
            self._on_first_word(time.monotonic() - self._began)
            self._on_first_word = None

    def _placed(self, key: str, place: int) -> Iterator[Event]:
        """What the reader hears of waiting: nothing while any text of theirs is being written."""
        if key in self._missing:
            self._queue_places[key] = place
        yield from self._place()

    def _place(self) -> Iterator[Event]:
        place = min(self._queue_places.values(), default=0)
        if place != self._told_place:
            self._told_place = place
            yield Queued(place)

    def _progressed(self, flight: Flight, piece: str) -> Iterator[Event]:
        self._heard_word()
        for entry in self._missing.get(flight.assignment.key, ()):
            yield SegmentDelta(entry.segment.id, placeholders.restore(entry.protected, piece))

    def _finished(self, flight: Flight) -> Iterator[Event]:
        for entry in self._missing.pop(flight.assignment.key, ()):
            if isinstance(flight.outcome, PaperglotError):
                yield self._failed(entry.segment.id, flight.outcome)
            elif flight.outcome is not None:
                self._heard_word()
                yield self._whole(entry, flight.outcome, cached=flight.remembered)
        if self._queue_places.pop(flight.assignment.key, None) is not None:
            yield from self._place()

    def _began_asking(self) -> Iterator[Event]:
        self._asking += 1
        return iter(())

    def _asked(self, usage: Usage) -> Iterator[Event]:
        self._asking -= 1
        self._done = replace(self._done, usage=self._done.usage + usage)
        return iter(())

    def _as_it_is(self, entry: Entry) -> Event:
        text, sentences = entry.segment.text, None
        if self._lookup.request.sentences:
            text, sentences = sentence_alignment.align_with_itself(text, entry.protected)
        return self._translated(
            SegmentTranslated(entry.segment.id, text, True, True, (), sentences)
        )

    def _whole(self, entry: Entry, translation: Translation, *, cached: bool) -> Event:
        if self._lookup.request.sentences:
            text, sentences = sentence_alignment.align(
                entry.segment.text, entry.protected, translation
            )
        else:
            text, sentences = placeholders.restore(entry.protected, translation.text), None
        verified, issues = translation.verified, translation.issues
        return self._translated(
            SegmentTranslated(entry.segment.id, text, verified, cached, issues, sentences)
        )

    def _translated(self, event: SegmentTranslated) -> SegmentTranslated:
        done = self._done
        self._done = replace(
            done, translated=done.translated + 1, cached=done.cached + event.cached
        )
        return event

    def _failed(self, segment_id: str, problem: PaperglotError) -> SegmentFailed:
        self._done = replace(self._done, failed=self._done.failed + 1)
        return SegmentFailed(segment_id, problem)

    # Called from the threads that ask the model: they only leave news here.

    def _add(self, news: Callable[[], Iterator[Event]]) -> None:
        self._news.put(news)
        if self._tell:
            self._tell()

    def on_progress(self, flight: Flight, piece: str) -> None:
        self._add(lambda: self._progressed(flight, piece))

    def on_place(self, flight: Flight) -> None:
        key, place = flight.assignment.key, flight.place or 0
        self._add(lambda: self._placed(key, place))

    def on_finished(self, flight: Flight) -> None:
        self._add(lambda: self._finished(flight))

    def on_asking(self) -> None:
        self._add(self._began_asking)

    def on_asked(self, usage: Usage) -> None:
        self._add(lambda: self._asked(usage))

"""One reader's request on its way through the translator: what is known, what is asked, events out."""

from __future__ import annotations

import queue
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InvalidRequest, PaperglotError
from ..terminology.glossary import occurring
from ..texts import placeholders
from ..texts.placeholders import Protected
from ..verification.verify import Kind
from .memory import Remembered
from .records import (
    Event,
    Heartbeat,
    RunDone,
    Segment,
    SegmentDelta,
    SegmentFailed,
    SegmentTranslated,
    Translation,
    TranslationRequest,
    Usage,
)
from .single_flight import Assignment, Flight

if TYPE_CHECKING:
    from .translator import Translator

HEARTBEAT_SECONDS = 1.0

_TITLE_CHARACTERS = 300
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]*$")


@dataclass(frozen=True)
class _Entry:
    """A segment of the request with its protected text and the memory's key."""

    segment: Segment
    protected: Protected
    key: str


class TranslationRun:
    """One reader's request on its way; also the listener of its flights and the ledger of its cost."""

    def __init__(self, translator: Translator, request: TranslationRequest) -> None:
        self._translator = translator
        self._request = request
        self._news: queue.SimpleQueue[tuple[str, Flight | None, str]] = queue.SimpleQueue()
        self._asking = 0
        self._flights: dict[str, Flight] = {}
        self._done = RunDone(Usage(), 0, 0, 0)
        self._entries = [self._entry(s) for s in request.segments if s.id not in request.problems]
        self._plain = [e for e in self._entries if not has_prose(e.protected.text)]
        asked = [e for e in self._entries if has_prose(e.protected.text)]
        known = translator.memory.look_up(e.key for e in asked)
        self._attempts = {key: entry.attempts for key, entry in known.items()}
        self._known: dict[str, Remembered] = {
            key: entry for key, entry in known.items() if entry.serves(retry=request.retry)
        }
        self._missing: dict[str, list[_Entry]] = {}
        for entry in asked:
            if entry.key not in self._known:
                self._missing.setdefault(entry.key, []).append(entry)

    def _entry(self, segment: Segment) -> _Entry:
        try:
            protected = placeholders.protect(segment.text)
        except InvalidRequest as problem:
            raise InvalidRequest(f"Segment {segment.id[:80]!r}: {problem.detail}") from None
        key = self._translator.key(protected, self._request.language, self._request.glossary)
        return _Entry(segment, protected, key)

    def take_place(self) -> bool:
        """Whether this process can serve one more reader; `leave_place` follows when it can."""
        return self._translator.places.acquire(blocking=False)

    def leave_place(self) -> None:
        """The reader was served, or has left."""
        self._translator.places.release()

    @property
    def wants_model(self) -> bool:
        """Whether the model must be asked."""
        return bool(self._missing)

    @property
    def knows_some(self) -> bool:
        """Whether some segments can be answered at once."""
        return bool(self._known or self._plain)

    @property
    def missing_texts(self) -> list[str]:
        """The protected texts that the model must be asked for."""
        return [entries[0].protected.text for entries in self._missing.values()]

    @property
    def usage(self) -> Usage:
        """What was spent so far; it grows while the run goes on."""
        return self._done.usage

    def attempts_known(self, key: str) -> int:
        """How often this text had been tried when the reader asked."""
        return self._attempts.get(key, 0)

    def events(self) -> Iterator[Event | Heartbeat]:
        """The events in the order they happen, known segments first, `RunDone` last.

        Yields "heartbeat" after each silent second, so that a caller notices a reader who has left.
        Closing the generator stops the work that only this reader wanted.
        """
        try:
            yield from self._at_once()
            self._fly()
            # Requests of ours may outlast our last segment only to report what they cost.
            while self._waiting() or self._asking:
                yield from self._next_news()
            yield self._done
        finally:
            self.close()

    def close(self) -> None:
        """Leave all flights; those nobody else wants are stopped."""
        for flight in self._flights.values():
            self._translator.board.leave(flight, self)

    def _at_once(self) -> Iterator[Event]:
        for segment_id, problem in self._request.problems.items():
            yield self._failed(segment_id, problem)
        for entry in self._plain:
            text = placeholders.restore(entry.protected, entry.protected.text)
            yield self._translated(SegmentTranslated(entry.segment.id, text, True, True, ()))
        for entry in self._entries:
            if remembered := self._known.get(entry.key):
                yield self._whole(entry, remembered.translation, cached=True)

    def _fly(self) -> None:
        request = self._request
        assignments = [
            Assignment(
                key=key,
                text=entries[0].protected.text,
                kind=kind_of(entries[0].protected.text),
                language=request.language,
                context=request.context,
                terms=occurring(
                    entries[0].protected.text,
                    language=request.language.tag,
                    client_terms=request.glossary,
                    context=f"{request.context.title}\n{request.context.abstract}",
                ),
            )
            for key, entries in self._missing.items()
        ]
        if assignments:
            for flight in self._translator.fly(assignments, self):
                self._flights[flight.assignment.key] = flight

    def _waiting(self) -> bool:
        return bool(self._missing)

    def _next_news(self) -> Iterator[Event | Heartbeat]:
        try:
            what, flight, piece = self._news.get(timeout=HEARTBEAT_SECONDS)
        except queue.Empty:
            yield "heartbeat"
            return
        if flight is None:
            self._asking += 1 if what == "asking" else -1
            return
        key = flight.assignment.key
        if what == "progress":
            for entry in self._missing.get(key, ()):
                yield SegmentDelta(entry.segment.id, placeholders.restore(entry.protected, piece))
            return
        for entry in self._missing.pop(key, ()):
            if isinstance(flight.outcome, PaperglotError):
                yield self._failed(entry.segment.id, flight.outcome)
            elif flight.outcome is not None:
                yield self._whole(entry, flight.outcome, cached=flight.remembered)

    def _whole(self, entry: _Entry, translation: Translation, *, cached: bool) -> Event:
        text = placeholders.restore(entry.protected, translation.text)
        return self._translated(
            SegmentTranslated(
                entry.segment.id, text, translation.verified, cached, translation.issues
            )
        )

    def _translated(self, event: SegmentTranslated) -> SegmentTranslated:
        done = self._done
        cached = done.cached + event.cached
        self._done = RunDone(done.usage, done.translated + 1, cached, done.failed)
        return event

    def _failed(self, segment_id: str, problem: PaperglotError) -> SegmentFailed:
        done = self._done
        self._done = RunDone(done.usage, done.translated, done.cached, done.failed + 1)
        return SegmentFailed(segment_id, problem)

    # Called from the threads that ask the model: they only leave news here.

    def on_progress(self, flight: Flight, piece: str) -> None:
        self._news.put(("progress", flight, piece))

    def on_landed(self, flight: Flight) -> None:
        self._news.put(("landed", flight, ""))

    def on_asking(self) -> None:
        self._news.put(("asking", None, ""))

    def on_asked(self, *, prompt_tokens: int, completion_tokens: int, requests: int) -> None:
        usage = self._done.usage
        usage.prompt_tokens += prompt_tokens
        usage.completion_tokens += completion_tokens
        usage.requests += requests
        self._news.put(("asked", None, ""))


_TAGS = re.compile(r"<[^<>]*>|&\w+;")


def has_prose(protected_text: str) -> bool:
    """Whether there are words to translate, or only formulas, numbers and signs."""
    return any(character.isalpha() for character in _TAGS.sub("", protected_text))


def kind_of(protected_text: str) -> Kind:
    """A short text that does not end as a sentence is a title."""
    short = len(protected_text) <= _TITLE_CHARACTERS
    return "title" if short and not _SENTENCE_END.search(protected_text) else "prose"

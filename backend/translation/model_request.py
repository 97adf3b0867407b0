"""One request to the model: tokens reserved, sent, its stream read, each segment judged as it ends."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..errors import PaperglotError
from ..llm.openai_model import LanguageModel, ModelStream
from ..texts.invisible_characters import without_unseen
from .budget import Quota, Reservation
from .judging import Showing, judge
from .prompt import AnswerParser, AnswerPiece, Message, build_messages
from .records import Translation, Usage
from .single_flight import Flight

log = logging.getLogger(__name__)

_CHARACTERS_PER_TOKEN = 3
_CUT = ("length", "content_filter")
"""Why a model stops before its end, in the words of OpenAI's API."""


@dataclass(frozen=True)
class Ending:
    """How a request ended: the provider's problem, if any, and whether asking again is of no use."""

    problem: PaperglotError | None = None
    hopeless: bool = False


class Exchange:
    """Asks for some flights in one request.

    Args:
        progress: shows a piece of a flight's translation to its readers.
        accept: keeps and lands a flight whose translation passed the checks.
        patience: seconds to wait for a provider that is busy.
    """

    def __init__(
        self,
        flights: Sequence[Flight],
        *,
        model: LanguageModel,
        quota: Quota,
        progress: Callable[[Flight, str], None],
        accept: Callable[[Flight, Translation], None],
        patience: float,
    ) -> None:
        self._flights = [flight for flight in flights if flight.wanted]
        self._model = model
        self._quota = quota
        self._progress = progress
        self._accept = accept
        self._patience = patience
        self._stream: ModelStream | None = None
        self._answers: dict[int, str] = {}
        self._showings: dict[int, Showing] = {}
        self.usage = Usage()

    def run(self) -> Ending:
        """Ask, read to the end, judge. Flights that pass the checks land; others keep their candidates."""
        if not self._flights:
            return Ending()
        for flight in self._flights:
            flight.attempts += 1
            flight.on_abandoned = self._stop_if_unwanted
        messages = self._messages()
        prose = sum(len(flight.assignment.text) for flight in self._flights)
        asked = sum(len(message["content"]) for message in messages)
        try:
            held = self._quota.reserve((asked + prose) // _CHARACTERS_PER_TOKEN)
        except PaperglotError as problem:
            return Ending(problem, hopeless=True)
        try:
            # No language needs more than a token for each character of its English source.
            self._stream = stream = self._model.stream(
                messages, max_output_tokens=prose + 400, patience=self._patience
            )
            self._stop_if_unwanted()
            return self._read(stream)
        finally:
            if self._stream is not None:
                self._stream.cancel()
                spent = self._stream.usage
                self.usage.prompt_tokens = spent.prompt_tokens
                self.usage.completion_tokens = spent.completion_tokens
                self.usage.requests = self._stream.requests
            self._settle(held)

    def _settle(self, held: Reservation) -> None:
        try:
            self._quota.settle(
                held,
                prompt_tokens=self.usage.prompt_tokens,
                completion_tokens=self.usage.completion_tokens,
                requests=self.usage.requests,
            )
        except sa.exc.SQLAlchemyError as error:
            # What was held stays held: the budget errs on the owner's side.
            log.warning("the tokens used could not be noted: %s", type(error).__name__)

    def _messages(self) -> list[Message]:
        first = self._flights[0].assignment
        terms = {term.source: term for f in self._flights for term in f.assignment.terms}
        faults = self._flights[0].faults if len(self._flights) == 1 else ()
        return build_messages(
            [flight.assignment.text for flight in self._flights],
            language=first.language,
            context=first.context,
            terms=list(terms.values()),
            faults=faults,
        )

    def _stop_if_unwanted(self) -> None:
        if self._stream is not None and not any(flight.wanted for flight in self._flights):
            self._stream.cancel()

    def _read(self, stream: ModelStream) -> Ending:
        parser = AnswerParser(len(self._flights))
        received = False
        try:
            for text in stream:
                received = True
                for piece in parser.feed(without_unseen(text)):
                    self._take(piece)
        except PaperglotError as problem:
            return Ending(problem, hopeless=not received)
        if stream.finish_reason == "cancelled":
            return Ending(hopeless=True)  # its readers left; what was unfinished stays unfinished
        for piece in parser.close(whole=True):
            self._take(piece, cut=stream.finish_reason in _CUT)
        return Ending()

    def _take(self, piece: AnswerPiece, *, cut: bool = False) -> None:
        flight = self._flights[piece.number - 1]
        answer = self._answers[piece.number] = self._answers.get(piece.number, "") + piece.text
        if not piece.ended:
            showing = self._showings.get(piece.number)
            if showing is None:
                showing = self._showings[piece.number] = Showing(flight)
            if ready := showing.next_piece(answer, now=time.monotonic()):
                self._progress(flight, ready)
            return
        translation, faults = judge(flight.assignment, answer, model=self._model.name, cut=cut)
        if not translation.text:
            return  # no answer, and nothing to deliver
        if translation.verified:
            self._accept(flight, translation)
        else:
            flight.candidates.append(translation)
            flight.faults = faults

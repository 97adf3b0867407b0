"""One request to the model: tokens reserved, sent, its stream read, each segment judged as it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import PaperglotError
from ..llm.model import LanguageModel, ModelStream, Turn
from ..llm.usage import Usage
from ..observer import OK, Observer
from ..spending.budget import TokenBudget
from ..texts.invisible_characters import without_marks
from .answer_parser import AnswerParser, AnswerPiece
from .judging import judge
from .preview import Preview
from .prompt import Message, build_messages
from .records import Translation
from .single_flight import Flight

DATABASE_TIMEOUT_SECONDS = 20.0
"""How long a database that does not answer is asked again for the tokens; a text may be half done by now."""

_CHARACTERS_PER_TOKEN = 3
_CUT = ("length", "content_filter")
"""Why a model stops before its end, in the words of OpenAI's API."""


@dataclass(frozen=True)
class Ending:
    """How a request ended: the provider's problem, if any, and whether asking again is of no use.

    `silent`: the server said nothing more; asking again is worth it once.
    """

    problem: PaperglotError | None = None
    final: bool = False
    silent: bool = False


class ModelRequest:
    """Asks for some flights in one request.

    Args:
        progress: shows a piece of a flight's translation to its readers.
        accept: keeps and finishes a flight whose translation passed the checks.
        placed: tells a flight's readers its place among the questions that wait.
        order: its turn; the lower goes first.
        retry_timeout: seconds within which it may be begun again.
        after_silence: it repeats one that a silence ended.
    """

    def __init__(
        self,
        flights: Sequence[Flight],
        *,
        model: LanguageModel,
        budget: TokenBudget,
        progress: Callable[[Flight, str], None],
        accept: Callable[[Flight, Translation], None],
        placed: Callable[[Flight, int], None],
        order: int,
        retry_timeout: float,
        observer: Observer,
        after_silence: bool = False,
    ) -> None:
        self._flights = [flight for flight in flights if flight.wanted]
        self._model = model
        self._budget = budget
        self._progress = progress
        self._accept = accept
        self._placed = placed
        self._order = order
        self._retry_timeout = retry_timeout
        self._observer, self._outcome = observer, "cancelled"
        self._after_silence = after_silence
        self._stream: ModelStream | None = None
        self._answers: dict[int, str] = {}
        self._previews: dict[int, Preview] = {}
        self.usage = Usage()

    def run(self) -> Ending:
        """Ask, read to the end, judge. Flights that pass the checks end; others gather their candidates."""
        if not self._flights:
            return Ending()
        for flight in self._flights:
            flight.attempts += 1
            flight.on_abandoned = self._stop_if_unwanted
        messages = self._messages()
        prose = sum(len(flight.assignment.text) for flight in self._flights)
        asked = sum(len(message["content"]) for message in messages)
        try:
            held = self._budget.reserve(
                asked // _CHARACTERS_PER_TOKEN,
                prose // _CHARACTERS_PER_TOKEN,
                wait=DATABASE_TIMEOUT_SECONDS,
            )
        except PaperglotError as problem:
            return Ending(problem, final=True)
        self._observer.model_asking()
        try:
            # No language needs more than a token for each character of its English source.
            self._stream = stream = self._model.stream(
                messages,
                max_output_tokens=prose + 400,
                retry_timeout=self._retry_timeout,
                after_silence=self._after_silence,
                turn=Turn(self._order, on_place=self._on_place),
            )
            self._stop_if_unwanted()
            return self._read(stream)
        finally:
            if self._stream is not None:
                self._stream.cancel()
                self.usage = self._stream.usage
            self._budget.settle(
                held,
                prompt_tokens=self.usage.prompt_tokens,
                completion_tokens=self.usage.completion_tokens,
                requests=self.usage.requests,
            )
            used = self.usage
            self._observer.model_asked(
                self._outcome, used.prompt_tokens, used.completion_tokens, used.requests
            )

    def _messages(self) -> list[Message]:
        first = self._flights[0].assignment
        terms = {term.source: term for f in self._flights for term in f.assignment.terms}
        alone = self._flights[0] if len(self._flights) == 1 else None
        return build_messages(
            [flight.assignment.text for flight in self._flights],
            language=first.language,
            context=first.context,
            terms=list(terms.values()),
            needed=alone.needed if alone and alone.candidates else None,
        )

    def _on_place(self, place: int) -> None:
        for flight in self._flights:
            self._placed(flight, place)

    def _stop_if_unwanted(self) -> None:
        if self._stream is not None and not any(flight.wanted for flight in self._flights):
            self._stream.cancel()

    def _read(self, stream: ModelStream) -> Ending:
        parser = AnswerParser(len(self._flights))
        received = False
        try:
            for text in stream:
                received = True
                for piece in parser.feed(without_marks(text)):
                    self._take(piece)
        except PaperglotError as problem:
            self._outcome = problem.type
            return Ending(problem, final=not received, silent=stream.silent)
        if stream.finish_reason == "cancelled":
            return Ending(final=True)  # its readers left; what was unfinished stays unfinished
        self._outcome = "cut" if stream.finish_reason in _CUT else OK
        for piece in parser.close(whole=True):
            self._take(piece, cut=stream.finish_reason in _CUT)
        return Ending()

    def _take(self, piece: AnswerPiece, *, cut: bool = False) -> None:
        flight = self._flights[piece.number - 1]
        answer = self._answers[piece.number] = self._answers.get(piece.number, "") + piece.text
        if not piece.ended:
            preview = self._previews.get(piece.number)
            if preview is None:
                preview = self._previews[piece.number] = Preview(flight)
            if ready := preview.next_piece(answer, now=time.monotonic()):
                self._progress(flight, ready)
            return
        translation, needed = judge(flight.assignment, answer, model=self._model.name, cut=cut)
        if not translation.text:
            return  # no answer, and nothing to deliver
        tag = flight.assignment.language.tag
        self._observer.answer_judged(tag, translation.verified, translation.issues)
        if translation.verified:
            self._accept(flight, translation)
        else:
            flight.candidates.append(translation)
            flight.needed = needed

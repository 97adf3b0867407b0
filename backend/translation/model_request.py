"""One request to the model: tokens reserved, sent, its stream read, each segment judged as it ends.

Nothing waits for the answer: the event loop brings its words, and what takes longer becomes a job.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import PaperglotError, TranslatorUnavailable
from ..llm.model import LanguageModel, ModelStream, Turn
from ..llm.usage import Usage
from ..observer import OK, Observer
from ..spending.budget import TokenBudget
from ..spending.reservations import Reservation
from ..texts.invisible_characters import without_marks
from .answer_parser import AnswerParser, AnswerPiece
from .jobs_in_order import JobsInOrder
from .judging import judge
from .preview import Preview
from .prompt import Message, build_messages
from .records import Translation
from .single_flight import Flight

DATABASE_TIMEOUT_SECONDS = 20.0
"""How long a database that does not answer is asked again for the tokens; a text may be half done by now."""

log = logging.getLogger(__name__)

_CHARACTERS_PER_TOKEN = 3
_MORE_TOKENS = 400
"""That an answer may have beyond a token for each character of its English source: no language needs more."""
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
        ended: called once, after all else, when nothing more will come; as a job.
        jobs: where what may wait for the database is done.
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
        ended: Callable[[Ending], None],
        jobs: JobsInOrder,
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
        self._jobs = jobs
        self._ended = ended
        self._stream: ModelStream | None = None
        self._begun = threading.Event()
        self._held: Reservation | None = None
        self._received = False
        self._fault: TranslatorUnavailable | None = None
        self._parser = AnswerParser(len(self._flights))
        self._answers: dict[int, str] = {}
        self._previews: dict[int, Preview] = {}
        self.usage = Usage()

    def begin(self) -> None:
        """Ask; flights that pass the checks end as they come, others gather their candidates.

        Raises:
            SQLAlchemyError: the tokens could not be counted; nothing was asked.
        """
        if not self._flights:
            self._jobs.put(lambda: self._ended(Ending()))
            return
        for flight in self._flights:
            flight.attempts += 1
            flight.on_abandoned = self._stop_if_unwanted
        messages = self._messages()
        prose = sum(len(flight.assignment.text) for flight in self._flights)
        asked = sum(len(message["content"]) for message in messages)
        try:
            self._held = self._budget.reserve(
                asked // _CHARACTERS_PER_TOKEN,
                prose // _CHARACTERS_PER_TOKEN,
                wait=DATABASE_TIMEOUT_SECONDS,
            )
        except PaperglotError as problem:
            refused = Ending(problem, final=True)
            self._jobs.put(lambda: self._ended(refused))
            return
        try:
            self._ask(messages, max_output_tokens=prose + _MORE_TOKENS)
        except Exception:
            self._settle(self._held)  # nothing was sent
            raise

    def _ask(self, messages: list[Message], *, max_output_tokens: int) -> None:
        self._observer.model_asking()
        self._stream = self._model.stream(
            messages,
            max_output_tokens=max_output_tokens,
            retry_timeout=self._retry_timeout,
            after_silence=self._after_silence,
            turn=Turn(self._order, on_place=self._on_place),
            listener=self,
        )
        self._begun.set()
        self._stop_if_unwanted()

    # Called from the event loop's thread.

    def on_text(self, text: str) -> None:
        self._received = True
        for piece in self._parser.feed(without_marks(text)):
            self._take(piece)

    def on_end(self, error: TranslatorUnavailable | None) -> None:
        self._jobs.put(lambda: self._finish(error))

    # Jobs: one after another, on threads that may wait for the database.

    def _finish(self, error: TranslatorUnavailable | None) -> None:
        self._begun.wait()
        stream, held = self._stream, self._held
        assert stream is not None
        assert held is not None
        self.usage = stream.usage
        try:
            ending = self._read_to_end(stream, error)
        except Exception as fault:
            ending = self._failed(fault)
        try:
            self._settle(held)  # whatever became of the answer, it has its price
        except Exception as fault:
            ending = self._failed(fault)
        self._ended(Ending(self._fault, final=True) if self._fault else ending)

    def _read_to_end(self, stream: ModelStream, error: TranslatorUnavailable | None) -> Ending:
        if error is not None:
            self._outcome = error.type
            return Ending(error, final=not self._received, silent=stream.silent)
        if stream.finish_reason == "cancelled":
            return Ending(final=True)  # its readers left; what was unfinished stays unfinished
        cut = stream.finish_reason in _CUT
        self._outcome = "cut" if cut else OK
        for piece in self._parser.close(whole=True):
            self._judge(piece.number, self._answers.get(piece.number, "") + piece.text, cut=cut)
        return Ending()

    def _judge(self, number: int, answer: str, *, cut: bool = False) -> None:
        flight = self._flights[number - 1]
        try:
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
        except Exception as fault:
            self._failed(fault)

    def _failed(self, fault: Exception) -> Ending:
        # A fault of ours must not leave readers waiting; its text may hold their words, so only its kind.
        log.error("taking in an answer failed: %s", type(fault).__name__)
        self._fault = TranslatorUnavailable("Something failed on this server. Try again.")
        return Ending(self._fault, final=True)

    def _settle(self, held: Reservation) -> None:
        used = self.usage
        self._budget.settle(
            held,
            prompt_tokens=used.prompt_tokens,
            completion_tokens=used.completion_tokens,
            requests=used.requests,
        )
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

    def _take(self, piece: AnswerPiece) -> None:
        number, flight = piece.number, self._flights[piece.number - 1]
        answer = self._answers[number] = self._answers.get(number, "") + piece.text
        if piece.ended:
            self._jobs.put(lambda: self._judge(number, answer))
            return
        preview = self._previews.get(number)
        if preview is None:
            preview = self._previews[number] = Preview(flight)
        if ready := preview.next_piece(answer, now=time.monotonic()):
            self._progress(flight, ready)

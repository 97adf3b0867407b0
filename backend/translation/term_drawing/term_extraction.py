"""Draws a paper's terms: one question to the model for all its readers, whoever of them asks first."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ... import outages
from ...errors import PaperglotError, TranslatorNotConfigured, TranslatorUnavailable
from ...languages import Language
from ...leases import Leases
from ...llm.model import LanguageModel, ModelStream, Turn
from ...llm.usage import Usage
from ...observer import OK, Observer
from ...spending.budget import TokenBudget
from ...spending.deferred_writes import DeferredWrite, DeferredWrites
from ...terminology.paper_terms import PaperTerm, PaperTerms
from ...texts.invisible_characters import without_marks
from .term_answer import MAX_TERMS, Excerpt, messages, read_terms, termbase_terms

MAX_TEXT_CHARACTERS = 12_000
MAX_WAITING = 32
"""Readers of this process who wait for terms at once."""

WAIT_SECONDS = 25.0
"""How long a reader waits for a question that another one asked; a proxy gives up after 30."""

_POLL_SECONDS = 0.2
_POLLS_A_TRY = 5
"""How often a waiting reader looks for the terms before they try to take the question over: that writes."""

_PAUSE_SECONDS = 10.0
"""How long nobody asks for a paper's terms after it failed."""

_RETRY_SECONDS = 10.0
_MAX_OUTPUT_TOKENS = 30 * MAX_TERMS
_MAX_ANSWER = 20_000  # characters, from a server that knows no limit of tokens
_CHARACTERS_PER_TOKEN = 4.0
_TOKENS_A_TERM = 12


@dataclass(frozen=True)
class Estimate:
    """Tokens that drawing a paper's terms takes."""

    tokens_in: int = 0
    tokens_out: int = 0


class TermExtractor:
    """Asks the model for papers' terms and keeps them. One for a process.

    Args:
        model: None when no model is configured; then what is kept is all there is.
        wait: seconds that a reader waits for another one's question.
    """

    def __init__(
        self,
        *,
        model: LanguageModel | None,
        terms: PaperTerms,
        leases: Leases,
        budget: TokenBudget,
        deferred: DeferredWrites,
        wait: float = WAIT_SECONDS,
        observer: Observer | None = None,
    ) -> None:
        self._model = model
        self._terms = terms
        self._leases = leases
        self._budget = budget
        self._deferred = deferred
        self._wait = wait
        self._observer = observer or Observer()
        self._places = threading.BoundedSemaphore(MAX_WAITING)
        self._streams: set[ModelStream] = set()
        self._ending = threading.Event()

    @property
    def model_name(self) -> str:
        """Under which the terms are kept."""
        return self._model.name if self._model else ""

    def is_drawn(self, paper: str, language: Language) -> bool:
        """Whether the terms of a paper are kept, so that asking for them costs nothing."""
        return self._terms.drawn(paper, language.tag, model=self.model_name) is not None

    def estimate(self, paper: str, language: Language) -> Estimate:
        """What drawing would take now, with as much text as is taken; nothing where it is done."""
        if self.is_drawn(paper, language):
            return Estimate()
        asked = sum(len(m["content"]) for m in messages(Excerpt("", "", ""), language))
        tokens = (asked + MAX_TEXT_CHARACTERS) / _CHARACTERS_PER_TOKEN
        return Estimate(math.ceil(tokens), MAX_TERMS * _TOKENS_A_TERM)

    def draw(self, paper: str, excerpt: Excerpt, *, language: Language) -> Usage:
        """Have the terms of a paper kept: at once when they are, else by asking, once for all who wait.

        Args:
            paper: its identifier, with its version.

        Raises:
            TranslatorNotConfigured: there is no model to ask.
            BudgetExhausted: no tokens are left today.
            TranslatorUnavailable: the model does not answer, or somebody's question takes too long.
        """
        if self._model is None:
            raise TranslatorNotConfigured(
                "No language model is configured on this server, so that no terms can be drawn."
            )
        if not self._places.acquire(blocking=False):
            raise _busy()
        try:
            return self._draw(self._model, paper, excerpt, language)
        finally:
            self._places.release()

    def shut_down(self) -> None:
        """Stop what is under way; later calls are refused."""
        self._ending.set()
        for stream in list(self._streams):
            stream.cancel()

    def _draw(
        self, model: LanguageModel, paper: str, excerpt: Excerpt, language: Language
    ) -> Usage:
        lease = lease_name(paper, language, model.name)
        deadline = time.monotonic() + self._wait
        for attempt in itertools.count():
            if self.is_drawn(paper, language):
                break
            if attempt % _POLLS_A_TRY == 0 and self._leases.acquire([lease]):
                return self._as_holder(lease, model, paper, excerpt, language)
            pause = self._leases.pause(lease)
            if pause:
                raise _busy(math.ceil(pause))
            if time.monotonic() > deadline or self._ending.wait(_POLL_SECONDS):
                raise _busy()
        return Usage()

    def _as_holder(
        self, lease: str, model: LanguageModel, paper: str, excerpt: Excerpt, language: Language
    ) -> Usage:
        pause: float | None = None
        waits = False
        try:
            if self.is_drawn(paper, language):  # by whoever had the lease a moment ago
                return Usage()
            terms, usage = self._ask(model, excerpt, language)
            waits = not self._keep(lease, paper, language, terms, model=model.name)
            return usage
        except TranslatorUnavailable as problem:
            pause = problem.retry_after or _PAUSE_SECONDS
            raise
        finally:
            if not waits:
                self._leases.release([lease], pause=pause)

    def _keep(
        self, lease: str, paper: str, language: Language, terms: list[PaperTerm], *, model: str
    ) -> bool:
        """Whether the terms are kept; else they wait for the database, and this process has them."""

        def write() -> None:
            self._terms.keep(paper, language.tag, terms, model=model)

        try:
            write()
        except sa.exc.SQLAlchemyError as error:
            if not outages.means_away(error):
                raise
        else:
            return True
        over = self._terms.have(paper, language.tag, terms, model=model)

        def written() -> None:
            over()
            self._leases.release([lease])

        self._deferred.add(DeferredWrite(write, size=200 * len(terms), over=written))
        return False

    def _ask(
        self, model: LanguageModel, excerpt: Excerpt, language: Language
    ) -> tuple[list[PaperTerm], Usage]:
        question = messages(excerpt, language)
        size = sum(len(message["content"]) for message in question)
        held = self._budget.reserve(int(size / _CHARACTERS_PER_TOKEN), _MAX_OUTPUT_TOKENS)
        usage, outcome = Usage(), TranslatorUnavailable.type
        self._observer.model_asking()
        try:
            stream = model.stream(
                question,
                max_output_tokens=_MAX_OUTPUT_TOKENS,
                retry_timeout=_RETRY_SECONDS,
                turn=Turn(patience=_RETRY_SECONDS),
            )
            with self._running(stream):
                try:
                    answer, whole = _read(stream)
                    outcome = OK if whole else "cut"
                finally:
                    stream.cancel()
                    usage = stream.usage
        finally:
            self._budget.settle(
                held,
                prompt_tokens=usage.prompt_tokens,
                completion_tokens=usage.completion_tokens,
                requests=usage.requests,
            )
            self._observer.model_asked(
                outcome, usage.prompt_tokens, usage.completion_tokens, usage.requests
            )
        drawn = read_terms(answer, excerpt, language, cut=not whole)
        if not drawn:
            raise TranslatorUnavailable("The language model named no terms of this paper.")
        return [*termbase_terms(excerpt, language), *drawn], usage

    @contextlib.contextmanager
    def _running(self, stream: ModelStream) -> Iterator[None]:
        self._streams.add(stream)
        try:
            if self._ending.is_set():
                raise _busy()
            yield
        finally:
            self._streams.discard(stream)


def _read(stream: ModelStream) -> tuple[str, bool]:
    """The answer, and whether it ended by itself."""
    answer = ""
    for piece in stream:
        answer += without_marks(piece)
        if len(answer) > _MAX_ANSWER:
            return answer, False
    if stream.finish_reason == "cancelled":
        raise _busy()
    return answer, stream.finish_reason == "stop"


def lease_name(paper: str, language: Language, model: str) -> str:
    """Under which one process at a time asks for a paper's terms."""
    digest = hashlib.sha256(f"{paper}\x00{language.tag}\x00{model}".encode()).hexdigest()
    return f"terms {digest[:40]}"


def _busy(seconds: int = 3) -> PaperglotError:
    return TranslatorUnavailable(
        "The terms of this paper cannot be drawn at this moment. Try again.", retry_after=seconds
    )

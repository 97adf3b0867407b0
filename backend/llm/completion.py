"""Asks a model server one question, again if need be, and writes its answer into a stream.

Everything here runs in one event loop: a question is a task, and cancelling the task closes its
connection, whatever it is waiting for.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..observer import OK
from .answer_stream import AnswerStream
from .attempt import Attempt, Timeouts
from .chat_answer import ChatAnswer, estimated_tokens
from .circuit_breaker import BackOff, CircuitBreaker
from .dialects.request_parameters import RequestParameters
from .model import ANY_TURN, Turn
from .provider_faults import MAX_WAIT, Fault, from_status
from .turns import Turns

if TYPE_CHECKING:
    from .http_client import HttpClient

_log = logging.getLogger(__name__)

_ATTEMPTS = 6
_MAX_BACKOFF = 8.0
_SILENCES = 2
_AT_ONCE = -1


class Server:
    """What all questions to one model server share: its client, its limits, its health.

    Args:
        slots: questions that may be under way at once.
        rest: seconds that an open circuit breaker waits.
        on_answer: told the state that each answer shows: `ok`, or the name of a fault.
    """

    def __init__(
        self,
        client: HttpClient,
        *,
        parameters: RequestParameters,
        timeouts: Timeouts,
        slots: int,
        rest: float,
        on_answer: Callable[[str], None] = lambda state: None,
    ) -> None:
        clock = asyncio.get_running_loop().time
        self.client = client
        self.parameters = parameters
        self.timeouts = timeouts
        self.turns = Turns(slots)
        self.breaker = CircuitBreaker(rest=rest, clock=clock)
        self.pause = BackOff(first=2 * timeouts.backoff, longest=MAX_WAIT, clock=clock)
        self.begins_inside = False
        self.is_loading = False
        self.on_answer = on_answer


class Withheld(Fault):
    """The question was not sent, to spare the provider."""


class Completion:
    """One question.

    Args:
        retry_timeout: seconds from its turn on within which an attempt may begin; one under way has its own
            time-outs.
        after_silence: an earlier question of the reader was left without an end by a silence: this one waits a
            while, and is not repeated after another.
    """

    def __init__(
        self,
        server: Server,
        stream: AnswerStream,
        *,
        messages: Sequence[Mapping[str, object]],
        max_output_tokens: int,
        retry_timeout: float,
        after_silence: bool = False,
        turn: Turn = ANY_TURN,
    ) -> None:
        self._server = server
        self._stream = stream
        self._messages = messages
        self._max_output_tokens = max_output_tokens
        self._loop = asyncio.get_running_loop()
        self._after_silence = after_silence
        self._turn = turn
        self._retry_timeout = retry_timeout
        self._retry_deadline = math.inf
        self._loaded_by: float | None = None
        self._failed = False

    async def run(self) -> None:
        """Ask until there is an answer, or a fault that asking again does not mend."""
        attempt, silences = 0, int(self._after_silence)
        if self._after_silence:
            await asyncio.sleep(self._server.timeouts.after_silence)
        while (fault := await self._try()) is not None:
            if fault.loading and await self._wait_while_loading(fault):
                continue
            silences += fault.silent
            backoff = min(_MAX_BACKOFF, self._server.timeouts.backoff * 2**attempt)
            delay = backoff * random.uniform(0.5, 1.0)
            if not fault.rate_limited and fault.wait is not None:
                delay = max(delay, fault.wait)
            attempt += 1
            if fault.silent and silences < _SILENCES and not self._stream.written:
                # Whoever waited for so long is served by one more try, whatever time it is by now.
                delay = max(delay, self._server.timeouts.after_silence)
                self._retry_deadline = max(self._retry_deadline, self._loop.time() + 2 * delay)
            elif (
                self._stream.written
                or not fault.retried
                or fault.silent
                or attempt == _ATTEMPTS
                or self._loop.time() + delay > self._retry_deadline
            ):
                self._stream.silent = fault.silent
                wait = (
                    self._server.pause.remaining
                    if fault.rate_limited and fault.wait is None
                    else None
                )
                self._stream.end(fault.for_reader(wait=wait))
                return
            await asyncio.sleep(delay)

    async def _wait_while_loading(self, fault: Fault) -> bool:
        """Wait a little for a server that loads its model; tells whether it has time left for that.

        The reader's own time begins when the model is there.
        """
        now, wait = self._loop.time(), fault.wait or 0.0
        if self._loaded_by is None:
            self._loaded_by = now + self._server.timeouts.loading
        if now + wait > self._loaded_by:
            return False
        await asyncio.sleep(wait)
        self._retry_deadline = self._loop.time() + self._retry_timeout
        return True

    async def _try(self) -> Fault | None:
        """One attempt, from waiting for leave to its end; what it tells of the server is kept."""
        try:
            await self._server.turns.take(self._turn)
        except TimeoutError:
            return Fault("Too many translations are under way on this server.", wait=5.0)
        if self._retry_deadline == math.inf:
            self._retry_deadline = self._loop.time() + self._retry_timeout
            # Who has waited once need not do so behind all the others.
            self._turn = replace(self._turn, order=_AT_ONCE)
        try:
            await self._wait_for_leave()
            await self._ask()
        except Withheld as fault:
            return fault
        except Fault as fault:
            self._learn(fault)
            return fault
        except BaseException:
            self._server.breaker.abandoned()
            raise
        finally:
            self._server.turns.give_back()
        self._works()
        self._server.on_answer(OK)
        return None

    async def _wait_for_leave(self) -> None:
        """Wait while the provider wants nothing to be sent.

        Raises:
            Withheld: that would take longer than the reader's time; or the breaker is open.
        """
        while (remaining := self._server.pause.remaining) > 0:
            if self._loop.time() + remaining > self._retry_deadline:
                raise Withheld(from_status(429, {}, "").detail, wait=remaining)
            await asyncio.sleep(remaining + random.uniform(0, min(1.0, remaining / 10)))
        closed_for = self._server.breaker.admit()
        if closed_for > 0:
            raise Withheld(
                "The language model's provider has failed several times in a row; "
                "it will be asked again in a few seconds.",
                wait=closed_for,
            )

    async def _ask(self) -> None:
        """Ask, leaving out one after another the parameters that the server refuses."""
        parameters = self._server.parameters
        while True:
            body = parameters.body(self._messages, max_output_tokens=self._max_output_tokens)
            answer = ChatAnswer(
                prompt_tokens=self._prompt_tokens(),
                max_output_tokens=self._max_output_tokens,
                opened=self._server.begins_inside,
            )
            attempt = Attempt(
                self._server.client,
                self._stream,
                answer,
                timeouts=self._server.timeouts,
                on_sign=self._works,
            )
            had_room = parameters.reasons
            try:
                return await attempt.run(body)
            except Fault as fault:
                if fault.status in (400, 422) and parameters.refused(fault.body, body):
                    continue
                if fault.only_reasoning and had_room:
                    fault.retried = False
                raise
            finally:
                parameters.reasons |= answer.reasoned
                if answer.begins_inside is not None:
                    self._server.begins_inside = answer.begins_inside

    def _prompt_tokens(self) -> int:
        return sum(4 + estimated_tokens(str(message["content"])) for message in self._messages)

    def _works(self) -> None:
        """The server answers."""
        self._server.is_loading = False
        self._server.breaker.succeeded()
        self._server.pause.succeeded()

    def _learn(self, fault: Fault) -> None:
        """What a fault tells of the server."""
        breaker = self._server.breaker
        if not (fault.loading and self._server.is_loading):  # said once
            _log.warning("the model server gave no whole answer: %s", fault.detail)
        self._server.is_loading = fault.loading
        if fault.trips_breaker and (breaker.is_open or not self._failed):
            self._failed = True
            breaker.failed()
        elif fault.trips_breaker or fault.status is None:
            breaker.abandoned()
        else:
            breaker.succeeded()
        if fault.rate_limited:
            self._server.pause.begin(fault.wait)
        if fault.name:
            self._server.on_answer(fault.name)

"""Prefetching at half price: sends what is missing in batches, waits for them, says what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .config import OPENAI_URL, Config
from .errors import PaperglotError
from .languages import Language
from .llm.model_batches import BatchState, ModelBatches, NoBatches
from .llm.provider_faults import Fault
from .papers.records import Edition
from .provider_batches.batch_store import Batch, BatchStore
from .provider_batches.collecting import NEVER_MADE, Collected, Collector
from .provider_batches.sending import Sender
from .services import Services
from .translated_papers.prefetching import Prefetching, cost

HALF = 0.5
"""What providers ask for an answer in a batch, as a share of its price."""

_REFUSED = (400, 413, 422)
_ROUNDS = 3
"""How often texts are sent whose request the provider refused for a parameter."""
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 60.0
_PATIENCE = 900.0
"""Seconds for which a provider that cannot be asked is waited for."""


@dataclass(frozen=True)
class Part:
    """One edition in one language."""

    label: str
    edition: Edition
    language: Language


class BatchPrefetch:
    """One run of `prefetch --batch`, up to where the plain way takes over.

    Args:
        say: tells the owner a line.
        miss: tells them what went wrong.
    """

    def __init__(
        self,
        ours: Services,
        work: Prefetching,
        *,
        say: Callable[[str], None],
        miss: Callable[[str], None],
    ) -> None:
        config = ours.config
        self._config: Config = config
        self._work = work
        self._say = say
        self._miss = miss
        self._batches = ModelBatches(
            model=config.model,
            base_url=config.openai_base_url or OPENAI_URL,
            api_key=config.openai_api_key,
        )
        self._store = BatchStore(ours.engine, model=config.model, server=self._batches.server)
        memory, leases, budget = ours.translator.memory, ours.leases, ours.budget
        self._sender = Sender(
            self._batches, self._store, memory=memory, leases=leases, budget=budget
        )
        self._collector = Collector(
            self._batches,
            self._store,
            self._sender,
            translator=ours.translator,
            leases=leases,
        )
        self._told: dict[str, str] = {}
        self._failing_since: float | None = None

    def close(self) -> None:
        """End connections to the provider."""
        self._batches.close()

    def run(self, parts: Sequence[Part], *, wait: bool) -> list[Part]:
        """Take in what has ended, send what is missing, wait; gives the parts that are left to the plain way.

        Those are all of them, but for what is still on its way and what could not be sent.
        """
        if elsewhere := self._store.elsewhere():
            self._say(
                f"{elsewhere} batches are under way at another provider or for another model: left alone"
            )
        try:
            self._collect()
            for _ in range(_ROUNDS):
                self._send(parts)
                if not (wait and self._wait()):
                    break
        except NoBatches:
            self._say("The provider has no batches: translated the plain way, at the full price.")
            return list(parts)
        except Fault as fault:
            if fault.status in _REFUSED:
                self._say(
                    "The provider refused the batch: translated the plain way, at the full price."
                )
                return list(parts)
            self._miss(f"{fault.detail} What is in a batch stays there; run the command again.")
        return [part for part in parts if not self._on_its_way(part)]

    def _on_its_way(self, part: Part) -> bool:
        """Whether texts of a part are in a batch, or could not be sent."""
        missing = self._missing(part)
        batched = self._store.batched(missing)
        if batched:
            self._say(f"{part.label}  {len(batched)} texts on their way in a batch")
        return bool(batched) or bool(missing and self._failing_since)

    def _missing(self, part: Part) -> list[str]:
        try:
            return [each.key for each in self._work.missing(part.edition, part.language)]
        except PaperglotError:
            return []  # the plain way says why

    def _send(self, parts: Sequence[Part]) -> None:
        assignments = []
        for part in parts:
            try:
                assignments += self._work.missing(part.edition, part.language)
            except PaperglotError as error:
                self._miss(f"{part.label}  {error.detail}")
        try:
            for sent in self._sender.send(assignments):
                if sent.name:
                    about = cost(
                        self._config, sent.prompt_tokens, sent.completion_tokens, share=HALF
                    )
                    self._say(f"{sent.name}  {sent.texts} texts sent, about {about} at half price")
                if sent.postponed:
                    self._miss(
                        f"{sent.postponed} texts were not sent:"
                        " today's token budget (DAILY_TOKEN_BUDGET) is used up."
                    )
        except Fault as fault:
            if fault.status not in _REFUSED:
                self._failing_since = time.monotonic()
            raise

    def _wait(self) -> bool:
        """Wait until no batch is open; whether something is to be sent again."""
        pause, again = _FIRST_PAUSE, False
        while True:
            again |= self._collect()
            if not self._store.open():
                return again
            time.sleep(pause)  # a provider tells of a batch only when asked
            pause = min(_LONGEST_PAUSE, pause * 1.5)

    def _collect(self) -> bool:
        """Look at every open batch once; whether something is to be sent again."""
        again = False
        for batch in self._store.open():
            try:
                outcome = self._collector.collect(batch)
            except Fault as fault:
                now = time.monotonic()
                self._failing_since = self._failing_since or now
                if not fault.retried or now - self._failing_since > _PATIENCE:
                    raise
                continue
            self._failing_since = None
            if isinstance(outcome, BatchState):
                self._say_state(batch, outcome)
            elif outcome is not None:
                self._say_outcome(batch, outcome)
                again |= bool(outcome.sent_again) or outcome.status == NEVER_MADE
        return again

    def _say_state(self, batch: Batch, state: BatchState) -> None:
        status = state.status.replace("_", " ")
        if self._told.get(batch.id) != status:
            self._told[batch.id] = status
            self._say(
                f"{batch.batch or batch.id}  {status}, {state.done} of {state.total} requests"
            )

    def _say_outcome(self, batch: Batch, done: Collected) -> None:
        usage, mended = done.usage, done.mended_usage
        half = cost(self._config, usage.prompt_tokens, usage.completion_tokens, share=HALF)
        words = [f"{done.verified} texts verified, {half} at half price"]
        if done.problem:
            words.append(done.problem)
        if done.mended:
            full = cost(self._config, mended.prompt_tokens, mended.completion_tokens)
            words.append(f"{done.mended} more the plain way, {full}")
        if done.failed:
            words.append(f"{done.failed} failed")
        if done.sent_again:
            words.append(f"{done.sent_again} are to be sent again, without what was refused")
        self._say(f"{batch.batch or batch.id}  {done.status}: " + "; ".join(words))

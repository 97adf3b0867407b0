"""Takes a batch's answers in, each judged as any translation; what failed is translated the plain way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .. import languages
from ..errors import PaperglotError
from ..leases import Leases
from ..llm.batch_answers import BatchAnswer
from ..llm.model_batches import BatchState, ModelBatches, UnknownBatch
from ..llm.usage import Usage
from ..texts import placeholders
from ..translation.budget import TokenBudget
from ..translation.judging import best_of, judge
from ..translation.lookup import key_of
from ..translation.memory import TranslationMemory
from ..translation.records import Segment, SegmentFailed, SegmentTranslated, TranslationRequest
from ..translation.translator import Translator
from .batch_store import Batch, BatchedText, BatchStore
from .questions import answers, assignment
from .sending import Sender

NEVER_MADE = "never made"
_REFUSED = (400, 422)


@dataclass
class Collected:
    """What became of a batch's texts.

    Args:
        status: the provider's word for how it ended; "lost" when it knows it no more; NEVER_MADE.
        verified: kept, with every check passed.
        mended: of the others, those that the plain way could translate, and `mended_usage` its price.
        failed: those that it could not.
        sent_again: those that were refused for a parameter, which the next batch leaves out.
    """

    status: str
    problem: str | None = None
    usage: Usage = field(default_factory=Usage)
    verified: int = 0
    mended: int = 0
    mended_usage: Usage = field(default_factory=Usage)
    failed: int = 0
    sent_again: int = 0


class Collector:
    """Looks at batches, and takes in those that have ended."""

    def __init__(
        self,
        batches: ModelBatches,
        store: BatchStore,
        sender: Sender,
        *,
        translator: Translator,
        leases: Leases,
        budget: TokenBudget,
    ) -> None:
        self._batches = batches
        self._store = store
        self._sender = sender
        self._translator = translator
        self._memory: TranslationMemory = translator.memory
        self._leases = leases
        self._budget = budget

    def collect(self, batch: Batch) -> Collected | BatchState | None:
        """What became of a batch, or how far it is; None when another machine is at work on it, or was.

        Raises:
            Fault: the provider cannot be asked now. The batch stays.
        """
        with self._leases.held(batch.lease) as ours:
            current = self._store.get(batch.id) if ours else None
            if current is None:
                return None
            if current.batch is None and not current.answered:
                if not self._sender.recover(current):
                    return Collected(NEVER_MADE)
                current = self._store.get(batch.id)
                assert current is not None
            if current.answered:  # by a machine that could not do the rest
                done = Collected("completed")
            else:
                assert current.batch is not None
                try:
                    state = self._batches.look(current.batch)
                except UnknownBatch:
                    state = BatchState("lost")
                if not state.ended and state.status != "lost":
                    return state
                done = self._take(current, state)
            self._mend(current, done)
            return done

    def _take(self, batch: Batch, state: BatchState) -> Collected:
        """Keep the answers, and note once what they cost."""
        done = Collected(state.status, state.problem)
        requests: dict[str, list[BatchedText]] = {}
        for text in self._store.texts(batch.id):
            requests.setdefault(str(text.request), []).append(text)
        refused: list[tuple[str, list[BatchedText]]] = []
        finished: set[str] = set()

        def take(answer: BatchAnswer) -> None:
            texts = requests.pop(answer.id, None)
            if texts is None:
                return  # said twice, or by another
            done.usage += _told(answer.usage, texts)
            if answer.fault is not None:
                if answer.fault.status in _REFUSED:
                    refused.append((answer.fault.body, texts))
                return
            finished.update(self._keep(texts, answer))

        self._batches.read(state, take)
        if state.status == "lost":
            done.usage = Usage(batch.prompt_tokens, batch.completion_tokens, estimated=True)
        done.verified = len(finished)
        learned = [self._batches.learn(said) for said, _ in refused]
        if any(learned):
            again = {text.key for _, texts in refused for text in texts}
            done.sent_again = len(again)
            finished |= again
        self._store.answer(
            batch,
            finished,
            budget=self._budget,
            prompt_tokens=done.usage.prompt_tokens,
            completion_tokens=done.usage.completion_tokens,
        )
        self._batches.delete_files(state)
        return done

    def _keep(self, texts: Sequence[BatchedText], answer: BatchAnswer) -> set[str]:
        """Keep the answers to one request; gives the keys of those that passed every check."""
        found, last = answers(answer.text, len(texts))
        verified = set()
        for place, text in enumerate(texts, 1):
            if place not in found:
                continue
            asked = assignment(text.key, text.source, languages.find(text.lang))
            cut = place in last and answer.finish_reason in ("length", "content_filter")
            translation, _ = judge(asked, found[place], model=self._translator.model_name, cut=cut)
            if not translation.text:
                continue
            if translation.verified:
                verified.add(text.key)
            else:  # shown marked, until the plain way has a better one
                translation = best_of([translation], text.source)
            self._memory.store(
                text.key, text.lang, translation, source=text.source, only_if_better=True
            )
        return verified

    def _mend(self, batch: Batch, done: Collected) -> None:
        """Translate what is left of a batch the plain way, as whoever would have asked for it."""
        left = self._store.texts(batch.id)
        known = self._memory.look_up((text.key for text in left), fresh=True)
        for lang in sorted({text.lang for text in left}):
            texts = [text for text in left if text.lang == lang]
            unverified = [
                t for t in texts if t.key in known and not known[t.key].translation.verified
            ]
            missing = [t for t in texts if t.key not in known]
            done.verified += len(texts) - len(unverified) - len(missing)
            for some, retry in ((missing, False), (unverified, True)):
                self._translate(lang, some, done, retry=retry)
        self._store.end(batch.id)

    def _translate(
        self, lang: str, texts: Iterable[BatchedText], done: Collected, *, retry: bool
    ) -> None:
        language, model = languages.find(lang), self._translator.model_name
        segments = []
        for text in texts:
            again = placeholders.protect(text.source)
            if key_of(again, language, model=model) == text.key:
                segments.append(Segment(text.key, text.source))
            else:
                done.failed += 1
        if not segments:
            return
        try:
            run = self._translator.start(TranslationRequest(language, tuple(segments), retry=retry))
        except PaperglotError:
            done.failed += len(segments)
            return
        for event in run.events():
            if isinstance(event, SegmentTranslated):
                done.mended += 1
            elif isinstance(event, SegmentFailed):
                done.failed += 1
        done.mended_usage += run.usage


def _told(usage: Usage, texts: Sequence[BatchedText]) -> Usage:
    """What a request cost; where its answer does not say, about that."""
    if not usage.estimated or not usage.completion_tokens:
        return usage
    prompt = sum(len(text.source) for text in texts) // 3
    return Usage(prompt, usage.completion_tokens, usage.requests, estimated=True)

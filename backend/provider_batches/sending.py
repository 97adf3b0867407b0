"""Sends texts in batches: each once, whatever else is sent by whomever, and no more than the budget allows."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..errors import BudgetExhausted
from ..leases import Leases
from ..llm.model_batches import ModelBatches, NoBatches
from ..llm.provider_faults import Fault
from ..spending.budget import TokenBudget
from ..spending.reservations import Reservation
from ..translation.memory import TranslationMemory
from ..translation.single_flight import Assignment
from .batch_store import Batch, BatchStore, lease_of, new_id
from .questions import expected_tokens, packed, question

_IN_MEMORY = 8_000_000


@dataclass(frozen=True)
class Sent:
    """A batch on its way.

    Args:
        texts: in it.
        postponed: texts that were not sent: no tokens are left today.
        name: the provider's of the batch; "" where none was sent.
    """

    name: str
    texts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    postponed: int = 0


@dataclass(frozen=True)
class _Request:
    texts: list[Assignment]
    line: bytes
    prompt_tokens: int
    completion_tokens: int


class Sender:
    """Makes batches."""

    def __init__(
        self,
        batches: ModelBatches,
        store: BatchStore,
        *,
        memory: TranslationMemory,
        leases: Leases,
        budget: TokenBudget,
    ) -> None:
        self._batches = batches
        self._store = store
        self._memory = memory
        self._leases = leases
        self._budget = budget

    def send(self, assignments: Iterable[Assignment]) -> Iterator[Sent]:
        """Send texts in as few batches as the provider's limits allow, but for those in a batch already.

        Raises:
            NoBatches: the provider has none.
            Fault: it refused, or cannot be asked. What was sent before is on its way.
        """
        texts = {each.key: each for each in assignments}
        batched = self._store.batched(texts)
        requests = list(packed([each for key, each in texts.items() if key not in batched]))
        while requests:
            fitting = self._fitting(requests)
            requests = requests[len(fitting) :]
            if sent := self._send_one(fitting):
                yield sent

    def recover(self, batch: Batch) -> bool:
        """Whether a batch is at the provider although whoever made it could not note so; forgotten if not.

        Its lease must be held.

        Raises:
            Fault: it cannot be known now.
        """
        name = self._batches.find(batch.id) if batch.file else None
        if name is None:
            self._store.answer(batch, (), prompt_tokens=0, completion_tokens=0)
            self._store.end(batch.id)
            return False
        self._store.note(batch.id, batch=name)
        return True

    def _fitting(self, requests: Sequence[list[Assignment]]) -> list[list[Assignment]]:
        """As many requests from the beginning as one batch may have, at least one."""
        size, fitting = 0, list[list[Assignment]]()
        for number, request in enumerate(requests, 1):
            size += len(self._batches.line(question(number, request)))
            full = size > self._batches.max_bytes or number > self._batches.max_requests
            if full and fitting:
                break
            fitting.append(request)
        return fitting

    def _send_one(self, texts: Sequence[list[Assignment]]) -> Sent | None:
        batch_id = new_id()
        lease = lease_of(batch_id)
        self._leases.acquire([lease])
        try:
            self._store.begin(datetime.now(UTC).date(), batch_id=batch_id)
            requests = self._ours(batch_id, texts)
            if not requests:
                self._store.end(batch_id)
                return None
            return self._with_tokens(batch_id, requests)
        finally:
            self._leases.release([lease])

    def _ours(self, batch_id: str, texts: Sequence[list[Assignment]]) -> list[_Request]:
        """The requests with the texts that are this batch's and nobody has translated meanwhile."""
        mine = self._store.put_down(batch_id, texts)
        # Looked up after they were put down: whoever had one in a batch before has kept its translation.
        found = self._memory.look_up(mine, fresh=True)
        known = {key for key, kept in found.items() if kept.serves(retry=False)}
        self._store.take_out(known)
        requests = []
        for number, request in enumerate(texts, 1):
            if left := [each for each in request if each.key in mine and each.key not in known]:
                asked = question(number, left)
                line = self._batches.line(asked)
                requests.append(_Request(left, line, *expected_tokens(asked, left)))
        return requests

    def _with_tokens(self, batch_id: str, requests: list[_Request]) -> Sent:
        """Reserve tokens, request by request while there are any, and send those that have some."""
        held: list[Reservation] = []
        sent: list[_Request] = []
        try:
            with contextlib.suppress(BudgetExhausted):
                for request in requests:
                    tokens = request.prompt_tokens + request.completion_tokens
                    held.append(self._budget.reserve(tokens))
            sent, late = requests[: len(held)], requests[len(held) :]
            self._store.take_out(each.key for request in late for each in request.texts)
            postponed = sum(len(request.texts) for request in late)
            if not sent:
                self._store.end(batch_id)
                return Sent("", postponed=postponed)
            name = self._upload(batch_id, held[0], sent)
        except BaseException:
            left = self._store.get(batch_id)
            self._settle(held, sent if left and left.file else [])  # else it was never made
            raise
        self._settle(held, sent)
        return Sent(
            name,
            sum(len(request.texts) for request in sent),
            sum(request.prompt_tokens for request in sent),
            sum(request.completion_tokens for request in sent),
            postponed,
        )

    def _upload(self, batch_id: str, held: Reservation, requests: Sequence[_Request]) -> str:
        """Send the requests; noted before and after each step, so that another machine can go on.

        Tokens count as used from here on; what they really were is known when the batch has ended.
        """
        file = None
        try:
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as lines:
                for request in requests:
                    lines.write(request.line)
                file = self._batches.upload(lines)
            self._store.note(
                batch_id,
                file=file,
                day=held.day,
                prompt_tokens=sum(request.prompt_tokens for request in requests),
                completion_tokens=sum(request.completion_tokens for request in requests),
            )
            name = self._batches.create(file, tag=batch_id)
        except (NoBatches, Fault) as fault:
            # Where the provider may have made it all the same, it is looked for when it is next worked on.
            if file is None or isinstance(fault, NoBatches) or not fault.retried:
                self._store.end(batch_id)
                if file is not None:
                    self._batches.delete_file(file)
            raise
        self._store.note(batch_id, batch=name)
        return name

    def _settle(self, held: Sequence[Reservation], sent: Sequence[_Request]) -> None:
        """Count what was sent as used; give back what was held for nothing."""
        for number, reservation in enumerate(held):
            request = sent[number] if number < len(sent) else None
            self._budget.settle(
                reservation,
                prompt_tokens=request.prompt_tokens if request else 0,
                completion_tokens=request.completion_tokens if request else 0,
                requests=1 if request else 0,
            )

"""A provider's Batch API: questions in a file, answered within a day at half the price.

The protocol is OpenAI's: a file of requests is uploaded, a batch made of it, and looked at until it has ended;
then its answers are in one file and its errors in another, in any order, and either may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Literal

from .batch_answers import BatchAnswer, read_line
from .chat_answer import MAX_DOCUMENT, unreadable
from .dialects.request_parameters import RequestParameters
from .provider_calls import ATTEMPTS, ProviderCalls
from .provider_faults import Fault

if TYPE_CHECKING:
    import openai

MAX_REQUESTS = 50_000
MAX_BYTES = 200_000_000
"""What OpenAI takes in one batch."""

_ENDPOINT: Literal["/v1/chat/completions"] = "/v1/chat/completions"
_TAG = "paperglot"
_JSON = {"Accept": "application/json"}
_SECONDS = 60.0
_MAX_LISTED = 1_000
_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
_WHY_FAILED = {
    "token_limit_exceeded": "the provider's limit of tokens that wait in batches is reached",
    "billing_hard_limit_reached": "the provider's limit of what may be spent is reached",
    "model_not_found": "the provider has no batches for this model",
}


class NoBatches(Exception):
    """The provider has no Batch API, or not for this."""


class UnknownBatch(Exception):
    """The provider does not know this batch any more."""


@dataclass(frozen=True)
class Question:
    """One request of a batch; `id` is its own within the batch."""

    id: str
    messages: Sequence[Mapping[str, object]]
    max_output_tokens: int


@dataclass(frozen=True)
class BatchState:
    """How far a batch is.

    Args:
        status: the provider's word: validating, in_progress, finalizing, completed, failed, expired, …
        done: requests that have ended, well or not, of `total`.
        problem: why it failed as a whole, where that is known.
        answers, errors, requests: the provider's names of its files; None where there is none.
    """

    status: str
    done: int = 0
    total: int = 0
    problem: str | None = None
    answers: str | None = None
    errors: str | None = None
    requests: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in _ENDED


class ModelBatches:
    """Batches of one model. For one thread, which waits for each answer.

    Args:
        model, base_url, api_key: as of `OpenAIModel`.
        max_requests, max_bytes: what the provider takes in one batch.
        pause: seconds before a request is repeated for the first time.
    """

    def __init__(
        self,
        *,
        model: str,
        base_url: str,
        api_key: str | None = None,
        max_requests: int = MAX_REQUESTS,
        max_bytes: int = MAX_BYTES,
        pause: float = 1.0,
    ) -> None:
        self.server = base_url.rstrip("/")
        self.max_requests = max_requests
        self.max_bytes = max_bytes
        self._parameters = RequestParameters(base_url=self.server, model=model)
        self._calls = ProviderCalls(base_url=self.server, api_key=api_key, first_pause=pause)

    def close(self) -> None:
        """End connections."""
        self._calls.close()

    def line(self, question: Question) -> bytes:
        """A question as a line of the file of requests."""
        body = self._parameters.body(
            question.messages, max_output_tokens=question.max_output_tokens
        )
        whole = {k: v for k, v in body.items() if k not in ("stream", "stream_options")}
        request = {"custom_id": question.id, "method": "POST", "url": _ENDPOINT, "body": whole}
        return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def learn(self, refusal: str) -> bool:
        """Learn from a refused request's error which parameter to leave out; whether there was one."""
        return self._parameters.refused(
            refusal, self._parameters.body([], max_output_tokens=1 << 20)
        )

    def upload(self, lines: IO[bytes]) -> str:
        """Upload a file of requests; returns the provider's name of it.

        Raises:
            NoBatches: there is nowhere to upload it.
            Fault: it was refused, or did not get there.
        """

        async def ask(client: openai.AsyncOpenAI) -> object:
            lines.seek(0)
            return await client.files.create(
                file=("paperglot.jsonl", lines),
                purpose="batch",
                extra_headers=_JSON,
                timeout=_SECONDS,
            )

        return _name(self._calls.call(ask, missing=NoBatches))

    def create(self, file: str, *, tag: str) -> str:
        """Make a batch of an uploaded file; returns the provider's name of it.

        It is made once, although the answer may get lost: before it is asked for again, it is looked for.

        Args:
            tag: by which the batch can be found.

        Raises:
            NoBatches: there are no batches.
            Fault: it was refused, or cannot be known.
        """

        async def ask(client: openai.AsyncOpenAI) -> object:
            return await client.batches.create(
                completion_window="24h",
                endpoint=_ENDPOINT,
                input_file_id=file,
                metadata={_TAG: tag},
                extra_headers=_JSON,
                timeout=_SECONDS,
            )

        for attempt in range(ATTEMPTS):
            try:
                return _name(self._calls.call(ask, missing=NoBatches, attempts=1))
            except Fault as fault:
                if not fault.retried or attempt == ATTEMPTS - 1:
                    raise
                self._calls.pause(attempt, fault)
            if found := self.find(tag):
                return found
        raise AssertionError("unreachable")

    def find(self, tag: str) -> str | None:
        """The provider's name of the batch with this tag, if there is one.

        Raises:
            Fault: it cannot be known now.
        """

        async def ask(client: openai.AsyncOpenAI) -> object:
            seen = 0
            async for batch in client.batches.list(
                limit=100, extra_headers=_JSON, timeout=_SECONDS
            ):
                seen += 1
                metadata = getattr(batch, "metadata", None)
                if isinstance(metadata, dict) and metadata.get(_TAG) == tag:
                    return batch
                if seen == _MAX_LISTED:
                    break
            return None

        try:
            found = self._calls.call(ask, missing=NoBatches)
        except NoBatches:  # it lists none: what it said when the batch was made is all there is
            return None
        return None if found is None else _name(found)

    def look(self, batch: str) -> BatchState:
        """How far a batch is.

        Raises:
            UnknownBatch: the provider does not know it.
            Fault: it cannot be known now.
        """

        async def ask(client: openai.AsyncOpenAI) -> object:
            return await client.batches.retrieve(batch, extra_headers=_JSON, timeout=_SECONDS)

        found = self._calls.call(ask, missing=UnknownBatch)
        if not isinstance(status := getattr(found, "status", None), str):
            raise unreadable()
        counts = getattr(found, "request_counts", None)
        done = _number(counts, "completed") + _number(counts, "failed")
        return BatchState(
            status,
            done,
            _number(counts, "total"),
            _why(found) if status == "failed" else None,
            _file(found, "output_file_id"),
            _file(found, "error_file_id"),
            _file(found, "input_file_id"),
        )

    def read(self, state: BatchState, take: Callable[[BatchAnswer], None]) -> None:
        """Hand over a batch's answers and errors, in whatever order they stand.

        A file that is named and not there has none.

        Raises:
            Fault: a file cannot be read now; some answers may have been handed over.
        """
        for file in (state.answers, state.errors):
            if file is not None:
                self._calls.call(partial(_read, file=file, take=take), missing=None)

    def delete_files(self, state: BatchState) -> None:
        """Have the provider forget what it was sent and what it answered; it does so in time anyway."""
        for file in (state.answers, state.errors, state.requests):
            if file is not None:
                self.delete_file(file)

    def delete_file(self, file: str) -> None:
        """Have the provider forget a file."""
        try:
            self._calls.call(
                lambda client: client.files.delete(file, extra_headers=_JSON, timeout=_SECONDS),
                missing=None,
                attempts=1,
            )
        except Fault:
            return


async def _read(client: openai.AsyncOpenAI, file: str, take: Callable[[BatchAnswer], None]) -> None:
    """Hand over a file's lines as they come; one that is longer than any answer is passed over."""
    async with client.files.with_streaming_response.content(file, timeout=_SECONDS) as response:
        rest = bytearray()
        too_long = False
        async for piece in response.iter_bytes():
            rest += piece
            *lines, last = rest.split(b"\n")
            for line in lines:
                if not too_long and (answer := read_line(bytes(line))):
                    take(answer)
                too_long = False
            rest = last
            if len(rest) > MAX_DOCUMENT:
                rest, too_long = bytearray(), True
        if not too_long and (answer := read_line(bytes(rest))):
            take(answer)


def _name(thing: object) -> str:
    """The provider's name of a file or batch; what has none is no such thing, whatever its status was."""
    name = getattr(thing, "id", None)
    if not isinstance(name, str) or not name:
        raise NoBatches
    return name


def _file(batch: object, field: str) -> str | None:
    """Some providers write "" for none."""
    name = getattr(batch, field, None)
    return name if isinstance(name, str) and name else None


def _number(counts: object, field: str) -> int:
    number: Any = getattr(counts, field, None)
    return number if isinstance(number, int) else 0


def _why(batch: object) -> str | None:
    """Why a batch failed as a whole, in our words: the provider's own may hold anything."""
    data = getattr(getattr(batch, "errors", None), "data", None)
    codes = [getattr(error, "code", None) for error in data] if isinstance(data, list) else []
    return next((_WHY_FAILED[code] for code in codes if code in _WHY_FAILED), None)

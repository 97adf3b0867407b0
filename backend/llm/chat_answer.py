"""Reads one answer of a chat completion as its bytes arrive, and keeps account of it."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from .dialects.reasoning import Reasoning
from .event_stream import EventStream, NotAnEventStream
from .provider_faults import Fault, from_error_event
from .usage import Usage

_CHARACTERS_PER_TOKEN = 8
_MOST_TOKENS = 10**9
_SURROGATE = re.compile("[\ud800-\udfff]")
MAX_DOCUMENT = 1 << 22
"""Bytes that an answer in one JSON document may have."""


class _Usage(msgspec.Struct):
    prompt_tokens: Any = None
    completion_tokens: Any = None


class _Delta(msgspec.Struct):
    content: Any = None
    reasoning_content: Any = None
    reasoning: Any = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    message: _Delta | None = None
    finish_reason: Any = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None
    object: Any = None
    message: Any = None
    code: Any = None


_decode_strictly = msgspec.json.Decoder(_Chunk).decode


def _decode(data: bytes) -> _Chunk:
    """A chunk, also of a server that is careless about JSON.

    NaN stands for a number, half a surrogate pair where a server cut its text in the middle of a character,
    and a character's bytes may be cut likewise; one such chunk would make the whole answer unreadable.
    """
    try:
        return _decode_strictly(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        try:
            return msgspec.convert(json.loads(data.decode("utf-8", "replace")), _Chunk)
        except (ValueError, RecursionError, msgspec.MsgspecError):
            raise unreadable() from error


class ChatAnswer:
    """One answer.

    Args:
        prompt_tokens: what the question is estimated to cost.
        max_output_tokens: the limit that was asked for; an answer far beyond it is cut off.
        opened: the answer begins inside a thought (see `Reasoning`).

    Attributes:
        finish_reason: why the model stopped, once it said so ("length" when the answer was cut off).
        signs: pieces of text or reasoning so far: it grows while the model is at work.
        complete: nothing that matters can follow.
        reasoned: the model thought before it answered.
        fault: what went wrong behind the text that was returned last; nothing more is to be read.
    """

    def __init__(self, *, prompt_tokens: int, max_output_tokens: int, opened: bool = False) -> None:
        self._events = EventStream()
        self._reasoning = Reasoning(opened=opened)
        self._prompt_tokens = prompt_tokens
        self._room = max_output_tokens * _CHARACTERS_PER_TOKEN + 1000
        self._unseen_room = self._room * 4 + 200_000
        self._half = ""
        self._letters = self._others = 0
        self._reported: Usage | None = None
        self.finish_reason: str | None = None
        self.signs = 0
        self.complete = False
        self.reasoned = False
        self.fault: Fault | None = None

    @property
    def begins_inside(self) -> bool | None:
        """Whether answers like this one begin inside a thought; None when it does not tell."""
        if self._reasoning.mistaken:
            return False
        return True if self._reasoning.stray else None

    @property
    def usage(self) -> Usage:
        """What the answer has cost so far: the server's count once it came, else an estimate."""
        return self._reported or Usage(
            self._prompt_tokens, -(-self._letters // 4) + self._others, estimated=True
        )

    def feed(self, received: bytes) -> str:
        """The text that these bytes of an event stream bring, with `fault` where one came behind it.

        Raises:
            Fault: the server reports an error, or sends what cannot be read, before any text.
        """
        try:
            events = self._events.feed(received)
        except NotAnEventStream as error:
            return self._texts(error.before, unreadable())
        return self._texts(events)

    def end(self) -> str:
        """The rest of the text, now that the connection has ended.

        Raises:
            Fault: as `feed` does; or the answer was not finished.
        """
        try:
            events = self._events.end()
        except NotAnEventStream as error:
            raise unreadable() from error
        text = self._texts(events)
        if not self.complete and self.finish_reason is None:
            return self._texts([], broken_off(), text)
        return text + self.rest()

    def rest(self) -> str:
        """What was held back in case it was a thought, or half a character."""
        return self._reasoning.end() + ("\ufffd" if self._half else "")

    def document(self, whole: bytes) -> str:
        """The text of an answer that came as one JSON document, though a stream was asked for.

        Raises:
            Fault: as `feed` does.
        """
        text = self._chunk(b"", whole)
        if not self.signs and self.finish_reason is None:
            raise unreadable()
        self.complete = True
        return text + self.rest()

    def _texts(
        self, events: list[tuple[bytes, bytes]], fault: Fault | None = None, text: str = ""
    ) -> str:
        """The events' text; a fault among or behind them waits until the words before it are out."""
        try:
            for name, data in events:
                text += self._event(name, data)
        except Fault as error:
            fault = error
        if fault is not None and not self.complete:
            if not text:
                raise fault
            self.fault = fault
        return text

    def _event(self, name: bytes, data: bytes) -> str:
        if self.complete:
            return ""
        if data == b"[DONE]":
            self.complete = True
            return ""
        return self._chunk(name, data)

    def _chunk(self, name: bytes, data: bytes) -> str:
        chunk = _decode(data)
        if chunk.error or name == b"error" or chunk.object == "error":
            raise from_error_event(chunk.error or {"code": chunk.code, "message": chunk.message})
        if chunk.usage is not None:
            self._count(chunk.usage)
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        delta = choice.delta or choice.message
        text = ""
        if delta is not None:
            if delta.reasoning_content or delta.reasoning:
                self.reasoned = True
                self._saw(str(delta.reasoning_content or delta.reasoning))
                self._unseen_room -= len(str(delta.reasoning_content or delta.reasoning))
            if delta.content:
                text = self._visible(_words(delta.content))
        if choice.finish_reason and self.finish_reason is None:
            self.finish_reason = str(choice.finish_reason)
        if self._room < 0 or self._unseen_room < 0:
            self.finish_reason = "length"
            self.complete = True
        return text

    def _visible(self, content: str) -> str:
        """What of the content belongs to the answer."""
        content = self._whole_characters(content)
        self._saw(content)
        text = self._reasoning.feed(content)
        self.reasoned = self.reasoned or self._reasoning.seen
        self._room -= len(text)
        self._unseen_room -= len(content)
        return text

    def _whole_characters(self, content: str) -> str:
        """The content with halves of surrogate pairs put together; a half without its other is U+FFFD."""
        content, self._half = self._half + content, ""
        if not _SURROGATE.search(content):
            return content
        if "\ud800" <= content[-1] <= "\udbff":
            content, self._half = content[:-1], content[-1]
        return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _saw(self, text: str) -> None:
        self.signs += 1
        if text.isascii():
            self._letters += len(text)
        else:
            others = sum(character > "\u02ff" for character in text)
            self._others += others
            self._letters += len(text) - others

    def _count(self, usage: _Usage) -> None:
        prompt, completion = usage.prompt_tokens, usage.completion_tokens
        if isinstance(prompt, int) and isinstance(completion, int) and prompt + completion > 0:
            self._reported = Usage(_count_of(prompt), _count_of(completion))


def _count_of(tokens: int) -> int:
    """As many as an answer may have cost; a number that no column holds is none."""
    return min(max(0, tokens), _MOST_TOKENS)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is, rather too many than too few."""
    others = sum(character > "\u02ff" for character in text)
    return -(-(len(text) - others) // 3) + others


def _words(content: object) -> str:
    """A delta's text: a string, or the text parts of a list (Mistral)."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def unreadable() -> Fault:
    """What arrived is no chat completion."""
    return Fault(
        "The language model's provider sent something that is no answer "
        "(OPENAI_BASE_URL usually ends in /v1).",
        retried=True,
        foreign=True,
    )


def broken_off() -> Fault:
    """The connection ended before the answer did."""
    return Fault(
        "The connection to the language model's provider broke off in the middle of an answer.",
        retried=True,
        trips_breaker=True,
    )

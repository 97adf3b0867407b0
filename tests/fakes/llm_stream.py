"""Puts the fake language model's answers and refusals on the wire, as the scenario says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.fakes.llm_answer import Answer
from tests.fakes.llm_http import Connection
from tests.fakes.llm_scenario import Scenario

STREAM_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "transfer-encoding": "chunked",
}
_HTML = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><h1>502</h1></html>"


async def refuse(connection: Connection, scenario: Scenario) -> None:
    """Answers with the scenario's HTTP error."""
    error: dict[str, Any] = {
        "message": scenario.error_message,
        "type": "invalid_request_error",
        "param": None,
        "code": scenario.error_code,
    }
    formats: dict[str, tuple[str, bytes]] = {
        "openai": ("application/json", _json({"error": error})),
        "bare": ("application/json", _json({"error": scenario.error_message})),
        "pydantic": ("application/json", _json({"detail": [{"msg": scenario.error_message}]})),
        "text": ("text/plain", scenario.error_message.encode()),
        "html": ("text/html; charset=utf-8", _HTML),
        "empty": ("text/plain", b""),
    }
    content_type, body = formats[scenario.error_format]
    headers = {}
    if scenario.retry_after is not None:
        headers["retry-after"] = _retry_after(scenario.retry_after)
    await connection.whole(scenario.status, body, content_type=content_type, headers=headers)


async def refuse_parameter(connection: Connection, scenario: Scenario, name: str) -> None:
    """Answers 400 and names the parameter, in the wording of the scenario's format."""
    message = f"Unsupported parameter: '{name}' is not supported with this model."
    if scenario.error_format == "pydantic":
        body = _json({"detail": [{"loc": ["body", name], "msg": "Extra inputs are not permitted"}]})
    elif scenario.error_format == "text":
        body = f"unknown field `{name}`, expected one of `model`, `messages`".encode()
    elif scenario.error_format == "bare":
        body = _json({"error": f"unrecognized request argument supplied: {name}"})
    else:
        error = {"message": message, "param": name, "code": "unsupported_parameter"}
        body = _json({"error": error})
    content_type = "text/plain" if scenario.error_format == "text" else "application/json"
    await connection.whole(400, body, content_type=content_type)


async def whole_answer(
    connection: Connection, scenario: Scenario, answer: Answer, model: str
) -> None:
    """Answers with one JSON object, as when no stream was asked for."""
    message = {"role": "assistant", "content": answer.content}
    if answer.reasoning:
        message["reasoning_content"] = answer.reasoning
    choice = {"index": 0, "message": message, "finish_reason": answer.finish_reason}
    body = _envelope(model, "chat.completion", [choice])
    if "no-usage" not in scenario.wire:
        body["usage"] = answer.usage
    await connection.whole(200, _json(body))


async def stream(
    connection: Connection,
    scenario: Scenario,
    answer: Answer,
    *,
    model: str,
    include_usage: bool,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Answers with Server-Sent Events."""
    wire = scenario.wire
    send = _Sender(connection, scenario)
    if "page" in wire:
        await connection.whole(200, _HTML, content_type="text/html")
        return
    await connection.head(200, STREAM_HEADERS)
    if scenario.hang == "first-token":
        await send.role(model)
        await asyncio.Event().wait()
    while "alive" in wire:
        await send.raw(b": still working\n\n")
        await asyncio.sleep(0.05)
    if scenario.first_token_delay:
        await sleep(scenario.first_token_delay)
    if "bom" in wire:
        await send.raw("\ufeff".encode())
    await send.role(model)
    pieces = [
        ("reasoning_content", piece) for piece in _pieces(answer.reasoning, scenario.chunk_chars)
    ]
    texts = [("content", piece) for piece in _pieces(answer.content, scenario.chunk_chars)]
    fault_at = len(pieces) + int(len(texts) * scenario.wire_at)
    usage = answer.usage if "usage-everywhere" in wire else None
    for position, (field, piece) in enumerate([*pieces, *texts, ("", "")]):
        if position == fault_at and await _fault(connection, scenario, send, model):
            return
        if not field:
            break
        await send.event(
            _chunk(model, {field: piece}, None, usage=usage, nulls="null-fields" in wire)
        )
        if scenario.chunk_delay:
            await sleep(scenario.chunk_delay)
        elif position % 32 == 31:
            await asyncio.sleep(0)
    await send.event(_chunk(model, {}, answer.finish_reason, usage=usage))
    if "hold" in wire:
        await send.flush()
        await asyncio.Event().wait()
    if include_usage and "no-usage" not in wire:
        await send.event(_envelope(model, "chat.completion.chunk", []) | {"usage": answer.usage})
    if "no-done" not in wire:
        await send.data(b"[DONE]")
    await send.end()


async def _fault(connection: Connection, scenario: Scenario, send: _Sender, model: str) -> bool:
    """Does the scenario's damage to the stream at this place; True when nothing can follow."""
    wire = scenario.wire
    if scenario.hang == "tokens":
        await send.flush()
        await asyncio.Event().wait()
    if "garbage" in wire:
        await send.data(b'{"choices": [{"delta": {"content": "half of')
    if "error" in wire or "error-event" in wire:
        error = {"error": {"message": scenario.error_message, "code": scenario.error_code or 502}}
        await send.event(error, name="error" if "error-event" in wire else None)
        await send.end()
        return True
    if "cut" in wire or "eof" in wire:
        await send.flush()
        connection.reset() if "cut" in wire else connection.close()
        return True
    if "huge-line" in wire:
        await send.raw(b'data: {"choices":[{"delta":{"content":"')
        for _ in range(128):
            await send.raw(b"x" * 65536)
        await asyncio.Event().wait()
    while "endless" in wire:
        await send.event(_chunk(model, {"content": "and so on "}, None))
        await asyncio.sleep(scenario.chunk_delay)
    return False


class _Sender:
    """Frames events, and cuts them into network pieces when the scenario wants that."""

    def __init__(self, connection: Connection, scenario: Scenario) -> None:
        self._connection = connection
        self._wire = scenario.wire
        self._size = scenario.network_bytes
        self._waiting = bytearray()
        self._newline = b"\r\n" if "crlf" in scenario.wire else b"\n"
        self._prefix = b"data:" if "no-space" in scenario.wire else b"data: "
        self._no_role = "no-role" in scenario.wire

    async def role(self, model: str) -> None:
        if not self._no_role:
            self._no_role = True
            await self.event(_chunk(model, {"role": "assistant", "content": ""}, None))

    async def event(self, data: dict[str, Any], *, name: str | None = None) -> None:
        if "comments" in self._wire:
            await self.raw(b": OPENROUTER PROCESSING" + self._newline * 2)
        if "blank-lines" in self._wire:
            await self.raw(self._newline * 3)
        if name:
            await self.raw(b"event: " + name.encode() + self._newline)
        if "multi-line" in self._wire:
            text = json.dumps(data, ensure_ascii=False, indent=1)
            await self.data(*(line.encode() for line in text.split("\n")))
        else:
            await self.data(_json(data))

    async def data(self, *lines: bytes) -> None:
        await self.raw(
            b"".join(self._prefix + line + self._newline for line in lines) + self._newline
        )

    async def raw(self, data: bytes) -> None:
        if self._size is None:
            await self._connection.chunk(data)
            return
        self._waiting += data
        while len(self._waiting) >= self._size:
            await self._connection.chunk(bytes(self._waiting[: self._size]))
            del self._waiting[: self._size]
            await asyncio.sleep(0)

    async def flush(self) -> None:
        if self._waiting:
            await self._connection.chunk(bytes(self._waiting))
            self._waiting.clear()

    async def end(self) -> None:
        await self.flush()
        await self._connection.chunk(b"")


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def _envelope(model: str, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "chatcmpl-fake", "object": kind, "created": 1, "model": model, "choices": choices}


def _chunk(
    model: str,
    delta: Mapping[str, str | None],
    finish: str | None,
    *,
    usage: dict[str, int] | None = None,
    nulls: bool = False,
) -> dict[str, Any]:
    if nulls:
        delta = {"role": None, "content": None, "refusal": None, "tool_calls": None, **delta}
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    chunk = _envelope(model, "chat.completion.chunk", [choice])
    return chunk | ({"usage": usage} if usage else {})


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _retry_after(value: str) -> str:
    if value.startswith("date:"):
        moment = datetime.now(UTC) + timedelta(seconds=float(value.removeprefix("date:")))
        return format_datetime(moment, usegmt=True)
    return value

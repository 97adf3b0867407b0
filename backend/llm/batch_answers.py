"""Reads the files in which a provider answers a batch: one JSON document a line, from beyond this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from .chat_answer import ChatAnswer
from .provider_faults import Fault, from_error_event, from_status
from .usage import Usage

_ROOM = 200_000
_NOTHING = Usage()


@dataclass(frozen=True)
class BatchAnswer:
    """What became of one request.

    Args:
        id: the request's own id.
        usage: what it cost; nothing where it was refused or never begun, or where nobody said.
        fault: why there is no answer.
    """

    id: str
    text: str = ""
    finish_reason: str | None = None
    usage: Usage = _NOTHING
    fault: Fault | None = None


class _Response(msgspec.Struct):
    status_code: Any = None
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Line(msgspec.Struct):
    custom_id: Any = None
    response: _Response | None = None
    error: Any = None


_decode = msgspec.json.Decoder(_Line).decode


def read_line(line: bytes) -> BatchAnswer | None:
    """One line; None when it is empty or no such document."""
    try:
        found = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    name = found.custom_id
    if not isinstance(name, str):
        return None
    response = found.response
    if found.error or response is None:
        # batch_expired, batch_cancelled: never begun, and not paid.
        return BatchAnswer(name, fault=from_error_event(found.error or {"code": 500}))
    status, body = response.status_code, bytes(response.body)
    if status != 200:
        code = status if isinstance(status, int) and 400 <= status <= 599 else 500
        said = body[:4000].decode("utf-8", "replace")
        return BatchAnswer(name, fault=from_status(code, {}, said))
    answer = ChatAnswer(prompt_tokens=0, max_output_tokens=_ROOM)
    try:
        text = answer.document(body)
    except Fault as fault:
        return BatchAnswer(name, usage=answer.usage, fault=fault)
    return BatchAnswer(name, text, answer.finish_reason, answer.usage)

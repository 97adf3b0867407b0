"""What model servers say in words, where their status says too little or something else.

Read in the servers' sources and seen with llama-server b10434 and LiteLLM 1.108.7; of others the public texts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|contextwindow|maximum model length|too many tokens"
    r"|prompt is too long|context the overflows|max_new_tokens` must be",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"(?:context (?:length|size|window)|model length)(?: of)?(?: only)?(?: is| was)?\D{0,3}(\d{3,8})\b"
    r"|max_new_tokens` must be <= (\d{3,8})",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(\d{1,8}) (?:in the messages|input tokens|`inputs` tokens)"
    r"|(?:resulted in|prompt \(length|prompt contains(?: at least)?|the first) (\d{1,8})\b",
    re.IGNORECASE,
)
_LOADING = re.compile(
    r"\bloading model\b|\bmodel is (?:still )?loading\b|is currently loading|\bmodel loading\b",
    re.IGNORECASE,
)
# A gateway without a database tells a wrong key by what it cannot look up.
_KEY = re.compile(r"no_db_connection|no connected db|invalid proxy server token", re.IGNORECASE)
_MODEL = re.compile(
    r"invalid model name passed|no models? (?:is )?loaded|model .{1,200} (?:does not exist|not found)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Length:
    """How long the server says a question is, in tokens; None where it gives no number.

    Args:
        context: what prompt and answer may have together.
        prompt: what this prompt has.
    """

    context: int | None = None
    prompt: int | None = None

    @property
    def room(self) -> int | None:
        """What is left for the answer."""
        if self.context is None or self.prompt is None:
            return None
        return self.context - self.prompt


def is_loading(body: str) -> bool:
    """Whether the model is not in memory yet: it will answer soon, and nothing is broken."""
    return bool(_LOADING.search(body))


def meaning(status: int, body: str) -> int:
    """The status that a refusal stands for; the one it has where the words say no more."""
    if status in (400, 422):
        if _KEY.search(body):
            return 401
        if length(body) is not None:
            return 413
        if _MODEL.search(body):
            return 404
    return status


def length(body: str) -> Length | None:
    """What a refusal says of a question that is too long; None where it is about something else."""
    if not _TOO_LONG.search(body):
        return None
    numbers = _members(body)
    return Length(
        _whole(numbers.get("n_ctx")) or _first(_CONTEXT, body),
        _whole(numbers.get("n_prompt_tokens")) or _first(_PROMPT, body),
    )


def _members(body: str) -> dict[str, Any]:
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    error = decoded.get("error", decoded) if isinstance(decoded, dict) else None
    return error if isinstance(error, dict) else {}


def _first(pattern: re.Pattern[str], body: str) -> int | None:
    match = pattern.search(body)
    return int(next(group for group in match.groups() if group)) if match else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None

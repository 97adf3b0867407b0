"""How the fake language model behaves: one record, whose fields go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What the fake does with a request. The default is a fast and faithful translator.

    Pace:
        headers_delay: seconds before the response's headers.
        first_token_delay: seconds between the headers and the first piece of text.
        chunk_delay: seconds after each piece.
        chunk_chars: characters in a piece.

    Each segment:
        known: translations of whole segments, by their source in protected form; what is not in it
            gets an invented one.
        uses_terms: calls things as "Use these terms: a = b; c = d" in the instructions says.
        damage: names from `llm_damage.DAMAGES`; a damaged segment gets one of them.
        damage_probability: the share of segments damaged, decided by a hash of (seed, segment,
            attempt), so that a repair of the same segment falls differently.
        damage_attempts: damages only the first so many attempts at a segment; None means any.
        wrong_ids: answers the segments under numbers nobody asked for.
        seed: makes the decisions of two runs differ.

    The whole answer:
        dressing: any of "preamble", "epilogue", "fence", "think", "unclosed-think", "reasoning"
            (in a field of its own, as DeepSeek and vLLM do), "reasoning-only" (no content at all).
        stop_at: the share of the answer after which the model stops, or None.
        finish_reason: what is said at the end.
        content: answers with exactly this.

    The wire:
        wire: any of "comments", "blank-lines", "crlf", "no-space", "no-usage", "no-done",
            "no-role", "bom", "multi-line" (one event over several data lines),
            "usage-everywhere", "null-fields", "document" (one JSON document though a stream was
            asked for), "page" (a web page), "alive" (comments and nothing else), "hold" (stays
            open after the last word); and, at `wire_at` of the answer: "error" (an error object
            inside the 200 stream), "error-event" (the same with an event name), "cut"
            (connection reset), "eof" (closed in order, unfinished), "garbage" (a line that is no
            JSON), "huge-line" (8 MB and no end), "endless" (text for ever).
        wire_at: where in the answer, as a share.
        network_bytes: sends the stream in network pieces of so many bytes, wherever they fall.
        hang: "headers", "first-token" or "tokens" (at `wire_at`): silent until the client leaves.

    Refusals:
        status: an HTTP status other than 200.
        error_code, error_message: what its JSON body says.
        error_format: "openai", "text", "html", "pydantic" (FastAPI's list), "bare"
            ({"error": "text"}) or "empty".
        retry_after: the header's value, or "date:N" for the HTTP date N seconds from now.
        refused_parameters: 400 when the request carries one of these.
        known_parameters: when not None, 400 for any other parameter.

    probability: the share of requests that all this applies to; others get the default.
    """

    headers_delay: float = 0.0
    first_token_delay: float = 0.0
    chunk_delay: float = 0.0
    chunk_chars: int = 4

    known: Mapping[str, str] = field(default_factory=dict)
    uses_terms: bool = False
    damage: tuple[str, ...] = ()
    damage_probability: float = 1.0
    damage_attempts: int | None = None
    wrong_ids: bool = False
    seed: int = 0

    dressing: tuple[str, ...] = ()
    stop_at: float | None = None
    finish_reason: str = "stop"
    content: str | None = None

    wire: tuple[str, ...] = ()
    wire_at: float = 0.5
    network_bytes: int | None = None
    hang: str | None = None

    status: int = 200
    error_code: str | None = None
    error_message: str = "The fake was told to fail."
    error_format: str = "openai"
    retry_after: str | None = None
    refused_parameters: tuple[str, ...] = ()
    known_parameters: tuple[str, ...] | None = None

    probability: float = 1.0

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Scenario:
        """A scenario from what was posted to /_scenario.

        Raises:
            ValueError: a name that is no field.
        """
        unknown = set(data) - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"no such fields: {', '.join(sorted(unknown))}")
        tuples = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
        return cls(**(data | tuples))

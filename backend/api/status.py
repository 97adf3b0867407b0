"""/api/v1/status for people and the extension, /openapi.json for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from flask import Blueprint, Response

from .. import services
from ..version import VERSION
from . import guard, serializing

bp = Blueprint("status", __name__)

KEY_REFUSED = frozenset({"key-refused", "key-forbidden"})
"""States in which no question is answered until the owner changes a setting."""

_OPENAPI = Path(__file__).parent / "openapi.json"


@bp.get("/openapi.json")
def openapi() -> Response:
    """The description of this interface (OpenAPI 3.1)."""
    response = Response(_description(), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@cache
def _description() -> bytes:
    document = msgspec.json.decode(_OPENAPI.read_bytes())
    document["info"]["version"] = VERSION
    return msgspec.json.encode(document)


@bp.get("/api/v1/status")
def status() -> Response:
    """What works here and what does not. Nothing in it is secret."""
    ours = services.current()
    config = ours.config
    refused = guard.refusal()
    return as_json(
        {
            "name": "paperglot",
            "version": VERSION,
            "translator": {
                "configured": config.translator_configured,
                "model": config.model if config.translator_configured else None,
                "allowed": refused is None,
                "reason": refused.detail if refused else None,
                "provider": provider(ours),
            },
            "token": {"required": bool(config.access_tokens), "valid": guard.token_state()},
            "daily": serializing.freshness(ours.editions.freshness()),
            "lists": [serializing.description(each) for each in ours.editions.lists()],
            "budget": budget(ours),
        }
    )


def provider(ours: services.Services) -> dict[str, Any]:
    """How the model's provider answered the last time; `key_refused` is what its owner has to mend."""
    state = ours.monitor.state(ours.monitor.model_service)
    return {
        "state": state.name if state else "unknown",
        "key_refused": state is not None and state.name in KEY_REFUSED,
        "answered_at": timestamp(state.answered_at) if state else None,
    }


def timestamp(seconds: float) -> str:
    """Seconds since 1970 as the API writes a time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def budget(ours: services.Services) -> dict[str, Any]:
    """What was used of today's tokens, and what is left."""
    used, limit, now = ours.budget.today(), ours.budget.limit, datetime.now(UTC)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    return {
        "limit": limit or None,
        "used": used.tokens,
        "left": max(0, limit - used.tokens) if limit else None,
        "prompt_tokens": used.prompt_tokens,
        "completion_tokens": used.completion_tokens,
        "requests": used.requests,
        "resets_at": midnight.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def as_json(body: dict[str, Any]) -> Response:
    """A document that nobody may keep."""
    response = Response(msgspec.json.encode(body), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response

"""GET /api/v1/owner: how the server does, for its owner's page; names and numbers, never a text."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from .. import languages, services
from ..errors import UnsupportedLanguage
from ..monitoring.history import Event, State
from ..monitoring.overview import LanguageShare, Overview, overview
from ..version import VERSION
from .probes import refuse_strangers
from .status import as_json, budget, provider, timestamp

bp = Blueprint("owner", __name__, url_prefix="/api/v1")


@bp.get("/owner")
def show_overview() -> Response:
    """Today's cost, budget, translations by language, errors, wrong tokens, and the services behind."""
    refuse_strangers()
    ours = services.current()
    config, monitor = ours.config, ours.monitor
    priced = config.price_in is not None and config.price_out is not None
    monitor.write()  # so that what this process has just seen is in it
    found = overview(
        ours.engine,
        monitor.history,
        prices=(config.price_in or 0.0, config.price_out or 0.0) if priced else None,
    )
    states = monitor.states()
    return as_json(
        {
            "version": VERSION,
            "now": timestamp(monitor.history.now),
            "budget": budget(ours),
            "model": {
                "name": config.model if config.translator_configured else None,
                **provider(ours),
            },
            "upstreams": [
                _service(name, state)
                for name, state in sorted(states.items())
                if not name.startswith("model ")
            ],
            **_members(found),
        }
    )


def _members(found: Overview) -> dict[str, Any]:
    return {
        "days": [
            {"date": cost.day.isoformat(), "tokens": cost.tokens, "cost": cost.money}
            for cost in found.costs
        ],
        "hours": {
            "requests": found.requests,
            "server_errors": found.server_errors,
            "texts": found.texts,
            "remembered": found.remembered,
            "first_word_seconds": found.first_words,
        },
        "languages": [_language(share) for share in found.languages],
        "issues": [{"name": name, "count": count} for name, count in found.issues],
        "errors": [_event(event) | {"name": event.name} for event in found.errors],
        "wrong_tokens": {
            "today": found.wrong_tokens_today,
            "latest": [_event(event) for event in found.wrong_tokens],
        },
    }


def _language(share: LanguageShare) -> dict[str, Any]:
    try:
        known = languages.find(share.language)
    except UnsupportedLanguage:  # kept by a release that had it
        name, direction = share.language, "ltr"
    else:
        name, direction = known.endonym, known.dir
    return {
        "tag": share.language,
        "name": name,
        "dir": direction,
        "kept": share.kept,
        "unverified": share.unverified,
        "verified_share": share.days,
    }


def _service(name: str, state: State) -> dict[str, Any]:
    return {
        "name": name,
        "state": state.name,
        "since": timestamp(state.since),
        "answered_at": timestamp(state.answered_at),
    }


def _event(event: Event) -> dict[str, Any]:
    return {"at": timestamp(event.at), "place": event.place}

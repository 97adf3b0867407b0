"""/healthz and /readyz for those who start and stop servers, /metrics for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Response, current_app
from prometheus_client.core import GaugeMetricFamily

from .. import services
from ..errors import Unauthorized
from ..monitoring.metrics import CONTENT_TYPE, gauge, state_value
from . import guard, request_log
from .status import as_json, provider

bp = Blueprint("probes", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Whether this process answers. Asks nobody, so that a lost database restarts no process."""
    return as_json({"status": "ok"})


@bp.get("/readyz")
def readyz() -> Response:
    """Whether readers can be served: the database answers, and has this release's tables."""
    ours = services.current()
    found = ours.readiness.now()
    response = as_json(
        {
            "status": "ok" if found.ready else "unavailable",
            "database": "ok" if found.database else "unavailable",
            "tables": found.tables,
            "model": provider(ours) if ours.config.translator_configured else None,
        }
    )
    if not found.ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return response


@bp.get("/metrics")
def metrics() -> Response:
    """What all processes of this server counted, in Prometheus's text format."""
    refuse_strangers()
    request_log.drain(current_app)
    ours = services.current()
    text = ours.monitor.metrics().exposition(_known_now(ours))
    return Response(text, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def refuse_strangers() -> None:
    """Let those pass who may spend the owner's money: they see what became of it.

    Raises:
        Unauthorized: who asks is not one of them.
    """
    if guard.refusal() is None:
        return
    if services.current().config.access_tokens:
        raise Unauthorized(
            "This is shown to those who send this server's access token. "
            "Enter the token that its owner set as ACCESS_TOKEN."
        )
    raise Unauthorized(
        "This server can be reached from other machines and has no access token, so this is shown to nobody "
        "but its own machine. Its owner has to set ACCESS_TOKEN."
    )


def _known_now(ours: services.Services) -> Iterator[GaugeMetricFamily]:
    """What the database knows for all processes; nothing while it is away."""
    states = ours.monitor.states()
    names = {ours.monitor.model_service: "model"}
    shown = [
        ({"service": names.get(service, service)}, state)
        for service, state in sorted(states.items())
        if service in names or not service.startswith("model ")
    ]
    yield gauge(
        "service_up",
        "Whether a service behind this server answered as it should the last time",
        [(labels, state_value(state.name)) for labels, state in shown],
    )
    yield gauge(
        "service_answered_timestamp_seconds",
        "When it answered the last time",
        [(labels, state.answered_at) for labels, state in shown],
    )
    ready = ours.readiness.now().ready
    yield gauge("database_up", "Whether the database answers", [({}, ready)])
    if not ready:
        return  # the budget would tell what it last saw, as if it were of now
    used = ours.budget.today()
    yield gauge("budget_tokens_used", "Tokens of this UTC day", [({}, used.tokens)])
    yield gauge("budget_tokens_reserved", "Of them held for questions", [({}, used.reserved)])
    yield gauge("budget_tokens_limit", "DAILY_TOKEN_BUDGET; 0: none", [({}, ours.budget.limit)])

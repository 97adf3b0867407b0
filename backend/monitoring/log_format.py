"""How this server logs: one line an event, as text or as JSON (`LOG_FORMAT`).

Exceptions are told by class and place: their words may be a client's, a model's or a provider's.
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
import os
import time
import traceback
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from ..config import LogFormat

request_id: contextvars.ContextVar[str | None] = contextvars.ContextVar("request_id", default=None)
"""The number of the request that this thread serves."""

_STDERR = 2
_ROOT = str(Path(__file__).parents[2]) + os.sep
_MOST_FRAMES = 12


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What is told of a request.

    Args:
        route: the rule of its address.
        calls, tokens: what was asked of the model for it.
        problem: the type of the error it was answered with.
    """

    id: str
    method: str
    route: str
    status: int
    milliseconds: float
    calls: int = 0
    tokens: int = 0
    problem: str | None = None


def write_line(line: RequestLine, chosen: LogFormat) -> None:
    """Tell of a request, in one write, so that lines of many threads do not mix."""
    with contextlib.suppress(OSError):  # nobody listens
        os.write(_STDERR, _json(line) if chosen == "json" else _text(line))


def _json(line: RequestLine) -> bytes:
    document: dict[str, Any] = {
        "time": moment(time.time()),
        "level": "info",
        "request_id": line.id,
        "method": line.method,
        "route": line.route,
        "status": line.status,
        "ms": round(line.milliseconds, 1),
        "model_calls": line.calls,
        "tokens": line.tokens,
    }
    if line.problem:
        document["problem"] = line.problem
    return msgspec.json.encode(document) + b"\n"


def _text(line: RequestLine) -> bytes:
    model = f" calls={line.calls} tokens={line.tokens}" if line.calls else ""
    problem = f" {line.problem}" if line.problem else ""
    return (
        f"{moment(time.time())} {line.status} {line.method} {line.route} "
        f"{line.milliseconds:.1f} ms{model}{problem} [{line.id}]\n"
    ).encode()


def moment(seconds: float) -> str:
    """Seconds since 1970 as RFC 3339 writes a time, in UTC, to the millisecond."""
    whole = int(seconds)
    return f"{_second(whole)}.{int((seconds - whole) * 1000):03}Z"


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


class Formatter(logging.Formatter):
    """A record as a line of `LOG_FORMAT`."""

    def __init__(self, chosen: LogFormat) -> None:
        super().__init__()
        self._chosen = chosen

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        message, fault = record.getMessage(), _fault(record)
        number = request_id.get()
        if self._chosen == "json":
            document: dict[str, Any] = {
                "time": moment(record.created),
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": message,
            }
            if number:
                document["request_id"] = number
            if fault:
                document |= fault
            return msgspec.json.encode(document).decode()
        line = " ".join(
            f"{moment(record.created)} {record.levelname} {record.name}: {message}".splitlines()
        )
        if fault:
            line += f" ({fault['exception']} at {', '.join(fault['frames'])})"
        return line + (f" [{number}]" if number else "")


def _fault(record: logging.LogRecord) -> dict[str, Any] | None:
    if not record.exc_info or record.exc_info[0] is None:
        return None
    frames = traceback.extract_tb(record.exc_info[2])[-_MOST_FRAMES:]
    told: dict[str, Any] = {
        "exception": record.exc_info[0].__name__,
        "frames": [f"{f.filename.removeprefix(_ROOT)}:{f.lineno}" for f in frames],
    }
    if request_id.get() is None and record.name.startswith("gunicorn"):
        told["reason"] = str(record.exc_info[1])[:500]  # of the start: no client has spoken yet
    return told


def configuration(chosen: LogFormat) -> dict[str, Any]:
    """For `logging.config.dictConfig`, as gunicorn takes it."""
    handler = {"class": "logging.StreamHandler", "formatter": "ours", "stream": "ext://sys.stderr"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": False},
        },
        "handlers": {"stderr": handler},
        "formatters": {"ours": {"()": Formatter, "chosen": chosen}},
    }

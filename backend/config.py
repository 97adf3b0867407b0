"""Every setting: its environment variable, default, meaning and the check that refuses wrong values."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from platformdirs import user_data_path

from .errors import ConfigError
from .sources.source import HUGGINGFACE, Source, UnknownSource, parse_all

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
DEFAULT_MODEL = "gpt-5-mini"
OPENAI_URL = "https://api.openai.com/v1"
SHORTEST_TOKEN = 16
"""Characters of an access token: guessed at RATE_LIMIT's pace, that many outlast everybody."""

LogFormat = Literal["text", "json"]

T = TypeVar("T")


class _Unusable(ValueError):
    """A value that a reader of this module's parsers refuses, with the reason as its text."""


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text) or not low <= int(text) <= high:
            raise _Unusable(f"must be a whole number from {low} to {high}")
        return int(text)

    return parse


def _price(text: str) -> float:
    if not re.fullmatch(r"\d{1,7}(\.\d{1,6})?", text):
        raise _Unusable("must be a price per million tokens, such as 0.25")
    return float(text)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable or re.search(r"\s", text):
        raise _Unusable("must be an address that begins with http:// or https://")
    return text.rstrip("/")


def _redis_url(text: str) -> str:
    if not re.match(r"rediss?://[^\s/]", text):
        raise _Unusable("must be an address that begins with redis:// or rediss://")
    return text


def _database_url(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if scheme == "sqlite" and separator:
        if not rest.startswith("/") or rest == "/" or ":memory:" in rest:
            raise _Unusable("must name a file, as in sqlite:////home/me/paperglot.sqlite3")
        return text
    if scheme in {"postgres", "postgresql"} and separator:
        try:
            usable = urlsplit(text).port != 0
        except ValueError:
            usable = False
        if usable and rest.strip("/"):
            return f"postgresql+psycopg://{rest}"
    raise _Unusable("must begin with sqlite:///, postgres:// or postgresql://")


def _address(text: str) -> str:
    if text == "localhost":
        return text
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        raise _Unusable("must be an IP address, such as 127.0.0.1 or 0.0.0.0") from None
    return text


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if not all(name == "*" or re.fullmatch(r"\[[0-9a-f:.]+\]|[\w.-]+", name) for name in names):
        raise _Unusable("must be host names separated by commas, without http:// and without ports")
    return names


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(
        origin.strip().lower().rstrip("/") for origin in text.split(",") if origin.strip()
    )
    if not all(re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s/,*]+", origin) for origin in origins):
        raise _Unusable("must be origins separated by commas, such as https://lab.example")
    return origins


def _tokens(text: str) -> tuple[str, ...]:
    tokens = tuple(token.strip() for token in text.split(",") if token.strip())
    if not all(re.fullmatch(r"[\x21-\x7e]{1,512}", token) for token in tokens):
        raise _Unusable("must be visible ASCII characters without spaces; commas separate tokens")
    if any(len(token) < SHORTEST_TOKEN for token in tokens):
        raise _Unusable(
            f"must have {SHORTEST_TOKEN} characters or more, so that nobody guesses it; "
            f"this one was made just now: {secrets.token_urlsafe(24)}"
        )
    return tokens


def _rate(text: str) -> str:
    from limits import parse_many

    try:
        parse_many(text)
    except ValueError:
        raise _Unusable("must be a rate such as 120/minute or 10/second;500/hour") from None
    return text


def _switch(text: str) -> bool:
    if text.lower() not in {"on", "off"}:
        raise _Unusable("must be on or off")
    return text.lower() == "on"


def _days_kept(text: str) -> int | None:
    if text.lower() == "all":
        return None
    if not re.fullmatch(r"\d{1,5}", text) or int(text) < 1:
        raise _Unusable("must be all, or a number of days without use, such as 90")
    return int(text)


def _sources(text: str) -> tuple[Source, ...]:
    try:
        return parse_all(text)
    except UnknownSource as reason:
        raise _Unusable(str(reason)) from None


def _log_format(text: str) -> LogFormat:
    if text not in ("text", "json"):
        raise _Unusable("must be text or json")
    return "json" if text == "json" else "text"


def _line(text: str) -> str:
    if not text.isprintable() or not text.isascii():
        raise _Unusable("must be one line of ASCII text")
    return text


def _setting(variable: str, parse: Callable[[str], T], default: T | Callable[[], T]) -> T:
    """A field read from one environment variable; mypy sees the type of its default."""
    metadata = {"variable": variable, "parse": parse}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def default_database_url() -> str:
    """The SQLite file in the user's own data folder."""
    return f"sqlite:///{user_data_path('paperglot') / 'paperglot.sqlite3'}"


def on_a_dyno() -> bool:
    """Whether this runs at Heroku, whose disks are emptied at every restart."""
    return "DYNO" in os.environ


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one server. Each is optional; README lists them with the same words."""

    port: int = _setting("PORT", _whole(0, 65535), 8000)
    bind: str = _setting("BIND", _address, "127.0.0.1")
    """Address to listen on; 0.0.0.0 by itself on Heroku; our Docker image sets it so."""
    web_concurrency: int = _setting("WEB_CONCURRENCY", _whole(1, 64), 1)
    """Server processes."""
    stop_seconds: int = _setting("STOP_SECONDS", _whole(2, 3600), 8)
    """Within which the server ends after SIGTERM. Docker kills after 10 s, Heroku after 30 s."""
    database_url: str = _setting("DATABASE_URL", _database_url, default_database_url)
    """SQLAlchemy's form: sqlite:///… or postgresql+psycopg://…"""
    database_connections: int = _setting("DATABASE_CONNECTIONS", _whole(2, 10_000), 16)
    """Connections to PostgreSQL of all processes on this machine together."""
    openai_api_key: str | None = _setting("OPENAI_API_KEY", _line, None)
    openai_base_url: str | None = _setting("OPENAI_BASE_URL", _url, None)
    openai_model: str | None = _setting("OPENAI_MODEL", _line, None)
    model_concurrency: int = _setting("MODEL_CONCURRENCY", _whole(1, 4096), 256)
    """Questions that one process asks the model at once; more wait for their turn."""
    price_in: float | None = _setting("PRICE_IN", _price, None)
    """Money per million prompt tokens."""
    price_out: float | None = _setting("PRICE_OUT", _price, None)
    """Money per million completion tokens."""
    access_tokens: tuple[str, ...] = _setting("ACCESS_TOKEN", _tokens, ())
    allowed_hosts: tuple[str, ...] = _setting("ALLOWED_HOSTS", _hosts, ())
    """Accepted Host names without ports; empty: loopback names, or any when tokens are set."""
    allowed_origins: tuple[str, ...] = _setting("ALLOWED_ORIGINS", _origins, ())
    trusted_proxies: int = _setting("TRUSTED_PROXIES", _whole(0, 10), 0)
    daily_token_budget: int = _setting("DAILY_TOKEN_BUDGET", _whole(0, 10**12), 0)
    """LLM tokens a UTC day; 0 is no limit."""
    rate_limit: str = _setting("RATE_LIMIT", _rate, "120/minute")
    redis_url: str | None = _setting("REDIS_URL", _redis_url, None)
    sources: tuple[Source, ...] = _setting("SOURCES", _sources, (HUGGINGFACE,))
    """The lists; the first is what readers get who name none."""
    hf_endpoint: str = _setting("HF_ENDPOINT", _url, "https://huggingface.co")
    hf_token: str | None = _setting("HF_TOKEN", _line, None)
    arxiv_api_url: str = _setting("ARXIV_API_URL", _url, "https://export.arxiv.org/api/query")
    refresh_interval: int = _setting("REFRESH_INTERVAL", _whole(1, 86400), 900)
    """Seconds between looks at today's list while it fills."""
    indexing: bool = _setting("INDEXING", _switch, False)
    """Whether search engines may index the pages."""
    memory_keep: int | None = _setting("MEMORY_KEEP", _days_kept, None)
    """Days without use after which `sweep` drops translations of other models than ours; None keeps all."""
    log_format: Literal["text", "json"] = _setting("LOG_FORMAT", _log_format, "text")
    """How the log is written: for people, or a JSON object a line."""
    contact: str | None = _setting("CONTACT", _line, None)

    def __post_init__(self) -> None:
        if self.openai_base_url and not self.openai_model:
            raise ConfigError(
                "OPENAI_MODEL",
                "must name a model of the server at OPENAI_BASE_URL, such as qwen3:8b",
            )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings from environment variables; an empty value counts as not set.

        Raises:
            ConfigError: naming the variable whose value cannot be used.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for setting in fields(cls):
            variable, text = setting.metadata["variable"], ""
            text = environ.get(variable, "").strip()
            if not text:
                continue
            try:
                values[setting.name] = setting.metadata["parse"](text)
            except _Unusable as reason:
                raise ConfigError(variable, str(reason)) from None
        if "bind" not in values and "DYNO" in environ:
            values["bind"] = "0.0.0.0"
        return cls(**values)

    @classmethod
    def variables(cls) -> dict[str, Any]:
        """The environment variables with their defaults, for the README's test."""
        return {f.metadata["variable"]: f.default for f in fields(cls)}

    @property
    def connections_of_a_process(self) -> int:
        """How many of DATABASE_CONNECTIONS each server process may have, and a command beside them."""
        return max(1, self.database_connections // (self.web_concurrency + 1))

    @property
    def translator_configured(self) -> bool:
        """Whether there is a model to ask: a key, or a server that may need none."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def model(self) -> str:
        """The model's name as the provider knows it."""
        return self.openai_model or DEFAULT_MODEL

    @property
    def farewell_seconds(self) -> float:
        """How long readers may go on after SIGTERM; then they are told to ask again, which takes a moment."""
        return self.stop_seconds - min(2.0, self.stop_seconds / 2)

    @property
    def listens_beyond_loopback(self) -> bool:
        """Whether other machines can reach this server directly."""
        if self.bind == "localhost":
            return False
        return not ipaddress.ip_address(self.bind.strip("[]")).is_loopback

    @property
    def accepted_hosts(self) -> tuple[str, ...]:
        """The Host names accepted, without ports; `*` accepts any."""
        if self.allowed_hosts:
            return self.allowed_hosts
        return ("*",) if self.access_tokens else LOOPBACK_NAMES

"""Who may ask: Host and Origin, the access token, how often; refused before the model is asked."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import cast
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, current_app, request
from flask_cors.core import get_cors_options, set_cors_headers
from werkzeug.middleware.proxy_fix import ProxyFix

from .. import clients
from ..config import LOOPBACK_NAMES, Config
from ..errors import ForbiddenOrigin, InvalidRequest, Unauthorized
from .forwarding import came_through_a_proxy
from .rate_limits import RateLimits

EXTENSION_ORIGINS = (
    r"chrome-extension://[a-p]{32}",
    r"moz-extension://[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
)
_EXTENSION_ORIGIN = re.compile("|".join(EXTENSION_ORIGINS))
_COUNTED = frozenset({"POST", "PUT", "DELETE"})
_CONFIG = "paperglot.config"
_RATE_LIMITS = "paperglot.rate_limits"


def install(app: Flask, config: Config, engine: sa.Engine) -> None:
    """Guard every request of an app; views that can cost money add `needs_token`."""
    app.extensions[_CONFIG] = config
    app.extensions[_RATE_LIMITS] = RateLimits(config, engine)
    if config.trusted_proxies:
        # Host is left as the client's connection says: few proxies overwrite X-Forwarded-Host.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # Flask documents this assignment
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies, x_host=0
        )
    cors = get_cors_options(
        app,
        {
            "origins": [
                *(f"^{pattern}$" for pattern in EXTENSION_ORIGINS),
                *config.allowed_origins,
            ],
            "allow_headers": ["Authorization", "Content-Type"],
            "expose_headers": ["ETag", "Retry-After"],
            "methods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
            "supports_credentials": False,
            "max_age": 600,
        },
    )

    @app.before_request
    def _guard() -> None:
        host = request.host.lower()
        _check_host(host, config)
        if "Origin" in request.headers:
            _check_origin(request.headers["Origin"].lower(), host, config)
        may_translate = refusal() is None
        clients.work_for(None if may_translate else client_address())
        # Whoever tries tokens is slowed down; for those who may translate, see `count_model_request`.
        if not may_translate and (request.method in _COUNTED or _guesses()):
            _rate_limits().count(_client())

    @app.teardown_request
    def _forget_client(_error: BaseException | None) -> None:
        clients.work_for(None)

    @app.after_request
    def _answer_origin(response: Response) -> Response:
        # Only who says an Origin needs an answer about it; programs and probes are spared the time.
        if "Origin" in request.headers:
            return set_cors_headers(response, cors)
        response.headers.add("Vary", "Origin")
        return response


def count_model_request() -> None:
    """Count this request for its client, because the model has to be asked for it.

    What the memory answers costs nothing and is not counted.

    Raises:
        RateLimited: this client asked too often.
    """
    _rate_limits().count(_client())


def _rate_limits() -> RateLimits:
    return cast(RateLimits, current_app.extensions[_RATE_LIMITS])


def _config() -> Config:
    return cast(Config, current_app.extensions[_CONFIG])


def _host_name(host: str) -> str:
    """A Host header's name without its port, in small letters."""
    return re.sub(r":\d*$", "", host.lower()).rstrip(".")


def _check_host(host: str, config: Config) -> None:
    accepted = config.accepted_hosts
    if "*" not in accepted and _host_name(host) not in accepted:
        raise ForbiddenOrigin(
            "This server does not answer to this host name. Its owner can add it to ALLOWED_HOSTS, "
            "or set ACCESS_TOKEN."
        )


def _check_origin(origin: str, host: str, config: Config) -> None:
    if not origin or _EXTENSION_ORIGIN.fullmatch(origin) or origin in config.allowed_origins:
        return
    try:
        own = urlsplit(origin).netloc == host
    except ValueError:
        own = False
    if not own or not origin.startswith(("http://", "https://")):
        raise ForbiddenOrigin(
            "Pages of this origin may not use this server. Its owner can add it to ALLOWED_ORIGINS."
        )


def token_state() -> bool | None:
    """Whether the token sent is good; None when none was sent."""
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    if not header:
        return None
    sent = token.strip().encode("utf-8", "surrogateescape")
    # Every token is compared, and each in constant time, so that time tells nothing.
    matches = [hmac.compare_digest(sent, known.encode()) for known in _config().access_tokens]
    return scheme.lower() == "bearer" and any(matches)


def _guesses() -> bool:
    """Whether a token was sent that is wrong: on whatever address, its answer could tell of a good one."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    return scheme == "bearer" and bool(_config().access_tokens) and not token_state()


def refusal() -> Unauthorized | None:
    """Why this client may not spend the owner's money, or None when it may."""
    config = _config()
    if config.access_tokens:
        if token_state():
            return None
        return Unauthorized(
            "This server translates only for those who send its access token. "
            "Enter the token that its owner set as ACCESS_TOKEN."
        )
    if config.listens_beyond_loopback or _host_name(request.host) not in LOOPBACK_NAMES:
        return Unauthorized(
            "This server can be reached from other machines and has no access token, so it shows lists "
            "but does not translate. Its owner has to set ACCESS_TOKEN."
        )
    if config.trusted_proxies or came_through_a_proxy(request.environ):
        return Unauthorized(
            "This request came through a proxy, so that anyone may have sent it, and this server has no "
            "access token: it shows lists but does not translate. Its owner has to set ACCESS_TOKEN."
        )
    return None


def needs_token() -> None:
    """Refuse a request that could cost money when it is not the owner's or a friend's."""
    if request.method == "OPTIONS":
        return
    if (refused := refusal()) is not None:
        raise refused
    if request.mimetype != "application/json":
        raise InvalidRequest("Send the body as JSON, with Content-Type: application/json.")


def client_address() -> str:
    """The address that this request counts for; several of one household's network are one."""
    return clients.of_address(request.remote_addr)


def _client() -> str:
    """Whom a request counts for: its address, and its token when that is good.

    A class shares a token, a household or a proxy an address: only together do they name one reader.
    """
    address = "address:" + client_address()
    if not token_state():
        return address
    token = request.headers["Authorization"].partition(" ")[2].strip()
    return f"token:{hashlib.sha256(token.encode()).hexdigest()[:32]}:{address}"

"""What browsers and crawlers ask a site for: assets, the service worker, manifest, favicon, robots.txt."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response

from .. import services
from ..api.conditional_responses import respond
from ..api.response_cache import Body
from ..errors import NotFound
from . import assets
from .pages import answer_error

bp = Blueprint("site_files", __name__)

_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_A_DAY = "public, max-age=86400"


@bp.get("/assets/<version>/<name>")
def show_asset(version: str, name: str) -> Response:
    """A file that pages load. Under another version's address, of a page from before, it is today's."""
    ours = assets.load()
    if name not in ours.files:
        return answer_error(NotFound("There is no such file."))
    return _send(name, _FOR_GOOD if version == ours.version else _ASK_AGAIN)


@bp.get("/sw.js")
def show_service_worker() -> Response:
    """The service worker, from where it may answer for every page."""
    return _send(assets.SERVICE_WORKER, _ASK_AGAIN)


@bp.get("/favicon.ico")
def show_favicon() -> Response:
    """The icon for those who ask for it by this name."""
    return _send("icon-32.png", _A_DAY)


@bp.get("/manifest.webmanifest")
def show_manifest() -> Response:
    """What a phone needs to keep the site on its home screen (W3C Web Application Manifest)."""
    path = assets.load().path
    document = {
        "name": "Paperglot",
        "short_name": "Paperglot",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0f6b66",
        "icons": [
            {"src": path("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": path("icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": path("icon-512.png"), "sizes": "512x512", "type": "image/png"},
        ],
    }
    body = Body(msgspec.json.encode(document))
    return respond(body, _A_DAY, "application/manifest+json")


@bp.get("/robots.txt")
def show_robots() -> Response:
    """Which addresses crawlers may read (RFC 9309): pages where the owner allows it, the API never."""
    allowed = services.current().config.indexing
    rules = "User-agent: *\nDisallow: /api/\n" if allowed else "User-agent: *\nDisallow: /\n"
    return respond(Body(rules.encode()), _A_DAY, "text/plain; charset=utf-8")


def _send(name: str, caching: str) -> Response:
    asset = assets.load().files[name]
    response = respond(asset.body, caching, asset.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

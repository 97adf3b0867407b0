"""Answers from ready bytes: content encodings and conditional requests (RFC 9110, sections 12 and 13)."""

from __future__ import annotations

from functools import lru_cache

from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from .response_cache import Body


@lru_cache(maxsize=256)
def _encoding(accepted: str) -> str | None:
    """The encoding to use for an Accept-Encoding header: br, gzip or None."""
    offers: Accept = parse_accept_header(accepted, Accept)
    qualities = {name: offers.quality(name) for name in ("br", "gzip")}
    best = max(qualities, key=lambda name: qualities[name])
    return best if qualities[best] > 0 else None


def respond(body: Body, caching: str, content_type: str = "application/json") -> Response:
    """The body in the best encoding, or 304 when the client has it.

    Args:
        body: bytes with their encodings and tag, built once and kept by the caller.
        caching: the value of Cache-Control.
        content_type: the value of Content-Type.
    """
    encoding = _encoding(request.headers.get("Accept-Encoding", ""))
    tag = f"{body.digest}-{encoding}" if encoding else body.digest
    headers = [
        ("Content-Type", content_type),
        ("ETag", f'"{tag}"'),
        ("Cache-Control", caching),
        ("Vary", "Accept-Encoding"),
    ]
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(tag):
        response = Response(status=304, headers=headers)
        del response.headers["Content-Type"]
        return response
    if encoding:
        headers.append(("Content-Encoding", encoding))
    content = body.raw if encoding is None else getattr(body, encoding)
    return Response(content, headers=headers)

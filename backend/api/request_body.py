"""A request's body: JSON in a documented shape, or a sentence that says what to change."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

import msgspec
from flask import request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ..errors import InvalidRequest

Body = TypeVar("Body")

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""An identifier, or a few words."""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The character as JSON writes it; a backslash that is itself escaped begins no escape."""


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}


def documented(shape: type[Body]) -> type[Body]:
    """A class that bodies are decoded into, made ready while it is defined.

    msgspec looks into a class when it first decodes one, and crashes when two threads do so at once.
    """
    _decoders[shape] = msgspec.json.Decoder(shape)
    return shape


def decode(shape: type[Body]) -> Body:
    """The request's body in the shape documented.

    Args:
        shape: one of those that are `documented`.

    Raises:
        InvalidRequest: no JSON, or another shape; the detail says where.
    """
    data = _received()
    try:
        body: Body = _decoders[shape].decode(data)
    except msgspec.ValidationError as reason:
        raise InvalidRequest(f"The body has another shape than documented: {reason}.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise InvalidRequest("The body is not JSON in UTF-8.") from None
    if _NUL.search(data):
        raise InvalidRequest("The body holds the character U+0000. Leave it out.")
    return body


def _received() -> bytes:
    """The request's body, whole."""
    try:
        data = request.get_data()
    except HTTPException:
        raise
    except Exception:  # the server's own, for chunks that are none
        raise InvalidRequest("The body did not arrive as its headers say.") from None
    # Of a body sent in chunks no more is read than the limit, without a word about the rest.
    if request.content_length is None and len(data) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge
    return data

"""What a feed is narrowed to: the parameters of its address. A new one is a field, a parser and a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode

from ... import arxiv_categories
from ...errors import InvalidRequest

MAX_CHARACTERS = 200
"""Of the words that a feed looks for."""


@dataclass(frozen=True)
class FeedQuery:
    """The parameters of a feed's address.

    Args:
        list: of which list of the server; None for the first.
        q: only papers in which these words stand, as a search finds them.
        category: only papers of this category of arXiv, in whatever place they name it.
        verified: only translations that passed every check.
        digest: one entry a final day in place of one a paper.
    """

    list: str | None = None
    q: str | None = None
    category: str | None = None
    verified: bool = False
    digest: bool = False

    @classmethod
    @lru_cache(maxsize=512)
    def parse(cls, sent: str) -> FeedQuery:
        """Read a request's query string.

        Raises:
            InvalidRequest: one is unknown, has an unknown value or is sent more than once.
        """
        values: dict[str, Any] = {}
        for name, texts in parse_qs(sent, keep_blank_values=True).items():
            if name not in _PARSERS:
                known = ", ".join(f"`{each}`" for each in _PARSERS)
                raise InvalidRequest(f"A feed has the parameters {known} and no others.")
            if len(texts) != 1:
                raise InvalidRequest(f"Give `{name}` once; subscribe to one feed for each value.")
            values[name] = _PARSERS[name](name, texts[0])
        return cls(**values)

    @cached_property
    def query_string(self) -> str:
        """The parameters as an address has them, `?` included, always in one order; else empty."""
        shown = {field.name: getattr(self, field.name) for field in fields(self)}
        written = {name: 1 if value is True else value for name, value in shown.items() if value}
        return "?" + urlencode(written) if written else ""


def _flag(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise InvalidRequest(f"`{name}` is 1, or 0, or left out.")
    return text == "1"


def _category(_name: str, text: str) -> str:
    return arxiv_categories.check(text)


def _words(name: str, text: str) -> str:
    words = " ".join(text.split())
    if not 0 < len(words) <= MAX_CHARACTERS:
        raise InvalidRequest(f"`{name}` has 1 to {MAX_CHARACTERS} characters.")
    return words


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "list": _words,
    "q": _words,
    "category": _category,
    "verified": _flag,
    "digest": _flag,
}

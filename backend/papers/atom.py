"""arXiv's Atom feeds read as `Metadata`; nothing of XML's own machinery is let in.

Atom is RFC 4287; arXiv's additions are in the namespace http://arxiv.org/schemas/atom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ..errors import InvalidRequest
from . import sanitizing
from .identifiers import ArxivId
from .records import Metadata

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ERRORS = "/api/errors"


class NotAFeed(ValueError):
    """These bytes are no Atom feed, or more than one should be."""


@dataclass(frozen=True)
class Feed:
    """The entries, or the sentence of the one entry that stands for an error."""

    entries: tuple[Metadata, ...]
    error: str | None = None
    sent: int = 0
    """How many entries it has, those that cannot be read included."""
    total: int | None = None
    """How many the whole answer has, over all pages, if it says so (OpenSearch 1.1)."""


class _WithoutDoctype(ElementTree.TreeBuilder):
    """Refuses a document type declaration before it can declare entities.

    Entities are how a short document becomes gigabytes or reads files; a feed needs none.
    """

    def doctype(self, *_declaration: Any) -> None:
        raise NotAFeed("a document type declaration")


def parse(body: bytes) -> Feed:
    """Read a feed.

    Raises:
        NotAFeed: HTML, half an answer, a document type declaration, anything else.
    """
    try:
        root = ElementTree.fromstring(body, ElementTree.XMLParser(target=_WithoutDoctype()))
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise NotAFeed("not well-formed") from fault
    if root.tag != f"{_ATOM}feed":
        raise NotAFeed("another root element")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        if _ERRORS in _text(entry, f"{_ATOM}id"):
            return Feed((), sanitizing.line(_text(entry, f"{_ATOM}summary"), 500))
    return Feed(
        tuple(found for entry in entries if (found := _metadata(entry))),
        sent=len(entries),
        total=_number(_text(root, f"{_OPENSEARCH}totalResults")),
    )


def _metadata(entry: Element) -> Metadata | None:
    try:
        identifier = ArxivId.parse(_text(entry, f"{_ATOM}id"))
    except InvalidRequest:
        return None
    title = sanitizing.line(_text(entry, f"{_ATOM}title"), sanitizing.MAX_TITLE)
    abstract = sanitizing.line(_text(entry, f"{_ATOM}summary"))
    if not title or not abstract:
        return None  # then the list's own text is the better one
    return Metadata(
        id=identifier.base,
        version=identifier.version or 1,
        title=title,
        abstract=abstract,
        authors=_names(entry.iterfind(f"{_ATOM}author/{_ATOM}name")),
        published=sanitizing.moment(_text(entry, f"{_ATOM}published")),
        categories=_categories(entry),
        comment=sanitizing.line(_text(entry, f"{_ARXIV}comment"), 2_000) or None,
    )


def _names(elements: Iterable[Element]) -> tuple[str, ...]:
    names = (sanitizing.line(element.text, sanitizing.MAX_NAME) for element in elements)
    return tuple(name for name in names if name)


def _categories(entry: Element) -> tuple[str, ...]:
    """Category terms such as cs.CL, the primary one first."""
    marked = (*entry.findall(f"{_ARXIV}primary_category"), *entry.findall(f"{_ATOM}category"))
    return sanitizing.lines([element.get("term") for element in marked], most=50, longest=40)


def _text(entry: Element, tag: str) -> str:
    return entry.findtext(tag) or ""


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII) else None

"""What RFC 4287 asks of a feed document, rule by rule; the sections are the RFC's.

Its schema in appendix B is informative and not ours to copy; what it can tell is told here, and some of what it
cannot (section 4.1.1: ids of entries).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_COMMON = {f"{_XML}lang", f"{_XML}base"}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

_TEXT_ATTRIBUTES = {"type"}
_ATTRIBUTES = {
    "title": _TEXT_ATTRIBUTES,
    "subtitle": _TEXT_ATTRIBUTES,
    "summary": _TEXT_ATTRIBUTES,
    "rights": _TEXT_ATTRIBUTES,
    "content": {"type", "src"},
    "category": {"term", "scheme", "label"},
    "link": {"href", "rel", "type", "hreflang", "title", "length"},
    "generator": {"uri", "version"},
}
_ONCE_IN_FEED = ("generator", "icon", "logo", "rights", "subtitle")
_ONCE_IN_ENTRY = ("content", "published", "rights", "source", "summary")
_MANY = ("author", "category", "contributor", "link")


def violations(document: bytes) -> list[str]:
    """What is wrong with a feed document, each with its section; empty when nothing is.

    Raises:
        ParseError: it is no well-formed XML (section 2).
    """
    root = ET.fromstring(document)
    if root.tag != f"{ATOM}feed":
        return [f"2: the document element is {root.tag}"]
    return [*_feed(root), *_attributes(root)]


def _feed(feed: ET.Element) -> Iterator[str]:
    entries = feed.findall(f"{ATOM}entry")
    yield from _children(feed, "4.1.1", _ONCE_IN_FEED, (*_MANY, "entry"))
    if feed.find(f"{ATOM}author") is None and not all(
        entry.find(f"{ATOM}author") is not None for entry in entries
    ):
        yield "4.1.1: neither the feed nor each entry has an author"
    if not any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link")):
        yield "4.1.1: no link to itself"
    named = Counter(
        (entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries
    )
    yield from (f"4.1.1: {id} twice at {at}" for (id, at), count in named.items() if count > 1)
    for entry in entries:
        yield from _entry(entry)


def _entry(entry: ET.Element) -> Iterator[str]:
    yield from _children(entry, "4.1.2", _ONCE_IN_ENTRY, _MANY)
    content = entry.find(f"{ATOM}content")
    alternates = [
        link for link in entry.findall(f"{ATOM}link") if link.get("rel") in (None, "alternate")
    ]
    if content is None and not alternates:
        yield "4.1.2: neither content nor an alternate link"
    if content is not None and content.get("src") and entry.find(f"{ATOM}summary") is None:
        yield "4.1.2: content elsewhere, and no summary"


def _children(
    parent: ET.Element, section: str, once: tuple[str, ...], many: tuple[str, ...]
) -> Iterator[str]:
    counted = Counter(child.tag.removeprefix(ATOM) for child in parent)
    for name in ("id", "title", "updated"):
        if counted[name] != 1:
            yield f"{section}: {counted[name]} elements {name}"
    yield from (f"{section}: {name} {counted[name]} times" for name in once if counted[name] > 1)
    for name in counted.keys() - {"id", "title", "updated", *once, *many}:
        yield f"{section}: an element {name}"
    for child in parent:
        yield from _check(child)
    alternates = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in parent.findall(f"{ATOM}link")
        if link.get("rel") in (None, "alternate")
    )
    yield from (f"{section}: two alternates {kind}" for kind, n in alternates.items() if n > 1)


def _check(element: ET.Element) -> Iterator[str]:
    name, text = element.tag.removeprefix(ATOM), element.text or ""
    match name:
        case "title" | "subtitle" | "summary" | "rights":
            if element.get("type", "text") not in ("text", "html"):
                yield f"3.1.1: {name} of type {element.get('type')}"
            if len(element):
                yield f"3.1.1.1: elements in {name}"
        case "content":
            if element.get("type") != "html" or len(element):
                yield "4.1.3.3: content that is no escaped HTML"
        case "author" | "contributor":
            yield from _person(element)
        case "updated" | "published":
            if not _DATE.fullmatch(text) or not datetime.fromisoformat(text).tzinfo:
                yield f"3.3: {name} {text!r}"
        case "category":
            if not element.get("term") or len(element) or text:
                yield "4.2.2: a category without a term, or with content"
            if element.get("scheme") and not _IRI.fullmatch(element.get("scheme", "")):
                yield f"4.2.2.2: scheme {element.get('scheme')!r}"
        case "id":
            if not _IRI.fullmatch(text) or urlsplit(text).scheme == "":
                yield f"4.2.6: id {text!r}"
        case "link":
            yield from _link(element)


def _person(person: ET.Element) -> Iterator[str]:
    counted = Counter(child.tag.removeprefix(ATOM) for child in person)
    if counted["name"] != 1 or not person.findtext(f"{ATOM}name"):
        yield "3.2.1: a person without a name"
    if counted["uri"] > 1 or counted["email"] > 1 or counted.keys() - {"name", "uri", "email"}:
        yield "3.2: more than a name, an address and an e-mail of a person"


def _link(link: ET.Element) -> Iterator[str]:
    if not _IRI.fullmatch(link.get("href", "")):
        yield f"4.2.7.1: href {link.get('href')!r}, which should be absolute"
    if link.get("rel") not in (None, "alternate", "related", "self", "enclosure", "via"):
        yield f"4.2.7.2: rel {link.get('rel')!r}"
    if link.get("type") and not re.fullmatch(r"[^/\s]+/[^/\s]+", link.get("type", "")):
        yield f"4.2.7.3: type {link.get('type')!r}"
    if link.get("hreflang") and not _TAG.fullmatch(link.get("hreflang", "")):
        yield f"4.2.7.4: hreflang {link.get('hreflang')!r}"


def _attributes(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        name = element.tag.removeprefix(ATOM)
        for unknown in element.attrib.keys() - _COMMON - _ATTRIBUTES.get(name, set()):
            yield f"2: {name} has an attribute {unknown}"
        if not _TAG.fullmatch(element.get(f"{_XML}lang", "en")):
            yield f"2: xml:lang {element.get(f'{_XML}lang')!r}"

"""A feed as Atom (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from .feed_entries import Entry, Feed
from .xml_text import allowed, child, document

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
NAMESPACE = "http://www.w3.org/2005/Atom"
CATEGORY_SCHEME = "http://arxiv.org/schemas/atom"
"""The scheme of arXiv's categories, as arXiv's own API writes it."""
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAME = "Paperglot"


def write(feed: Feed, self_url: str) -> bytes:
    """The document.

    Args:
        self_url: the feed's own address.
    """
    tag = feed.language.tag
    root = ET.Element("feed", {"xmlns": NAMESPACE, _XML_LANG: tag})
    child(root, "id", feed.id)
    # Where a language has no words of ours, these are English.
    for name, words in (("title", feed.title), ("subtitle", feed.subtitle)):
        child(root, name, words, **({} if feed.words.tag == tag else {_XML_LANG: feed.words.tag}))
    child(root, "updated", moment(feed.updated))
    child(root, "link", rel="self", type="application/atom+xml", hreflang=tag, href=self_url)
    child(root, "link", rel="alternate", type="text/html", hreflang=tag, href=feed.home_url)
    child(child(root, "author"), "name", _NAME)
    child(root, "generator", _NAME)
    child(root, "icon", feed.icon_url)
    for entry in feed.entries:
        _entry(root, entry, tag)
    return document(root)


def _entry(root: ET.Element, entry: Entry, tag: str) -> None:
    element = child(root, "entry")
    child(element, "id", entry.id)
    child(element, "title", entry.title, type="text")
    child(element, "published", moment(entry.published))
    child(element, "updated", moment(entry.updated))
    for name in filter(None, map(allowed, entry.authors)):
        child(child(element, "author"), "name", name)
    for category in entry.categories:
        child(element, "category", term=category, scheme=CATEGORY_SCHEME, label=category)
    child(
        element,
        "link",
        rel="alternate",
        type="text/html",
        hreflang=tag,
        href=entry.url,
        title=entry.title,
    )
    for link in entry.links:
        language = {"hreflang": link.lang} if link.lang else {}
        child(
            element,
            "link",
            rel="related",
            type=link.type,
            href=link.href,
            title=link.title,
            **language,
        )
    child(element, "summary", entry.summary, type="text")
    child(element, "content", entry.content_html, type="html")


def moment(time: datetime) -> str:
    """A moment as RFC 3339 writes it, in UTC."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

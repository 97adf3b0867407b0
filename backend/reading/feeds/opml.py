"""All feeds as an outline (OPML 2.0, http://opml.org/spec2.opml), to be read in by feed readers."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from ...languages import Language
from .feed_words import FeedWords
from .xml_text import child, document

CONTENT_TYPE = "text/x-opml; charset=utf-8"
_NAME = "Paperglot"


def write(languages: Iterable[Language], base: str) -> bytes:
    """The document: in one folder, a feed for each language in the order given, under its own name.

    Args:
        base: the address before all of ours, with a slash at its end.
    """
    root = ET.Element("opml", {"version": "2.0"})
    child(child(root, "head"), "title", _NAME)
    folder = child(child(root, "body"), "outline", text=_NAME, title=_NAME)
    for language in languages:
        words = FeedWords.of(language)
        child(
            folder,
            "outline",
            type="rss",  # as OPML calls every feed that is subscribed to
            text=language.endonym,
            title=language.endonym,
            description=words.title,
            language=language.tag,
            xmlUrl=f"{base}{language.tag}/feed.atom",
            htmlUrl=f"{base}{language.tag}/latest",
        )
    return document(root)

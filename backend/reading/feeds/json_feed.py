"""A feed as JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import Any

import msgspec

from .atom import moment
from .feed_entries import Entry, Feed
from .xml_text import allowed

CONTENT_TYPE = "application/feed+json; charset=utf-8"
VERSION = "https://jsonfeed.org/version/1.1"
_NAME = "Paperglot"


def write(feed: Feed, self_url: str) -> bytes:
    """The document.

    Args:
        self_url: the feed's own address.
    """
    return msgspec.json.encode(
        _clean(
            {
                "version": VERSION,
                "title": feed.title,
                "description": feed.subtitle,
                "home_page_url": feed.home_url,
                "feed_url": self_url,
                "favicon": feed.icon_url,
                "language": feed.language.tag,
                "authors": [{"name": _NAME}],
                "items": [_item(entry, feed.language.tag) for entry in feed.entries],
            }
        )
    )


def _item(entry: Entry, tag: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content_html,
        "summary": entry.summary,
        "date_published": moment(entry.published),
        "date_modified": moment(entry.updated),
        "language": tag,
    }
    if entry.links:
        item["external_url"] = entry.links[0].href
    if entry.authors:
        item["authors"] = [{"name": name} for name in entry.authors]
    if entry.categories:
        item["tags"] = list(entry.categories)
    links = [
        {"url": link.href, "mime_type": link.type, "title": link.title} for link in entry.links
    ]
    return item | {"_paperglot": entry.members | ({"links": links} if links else {})}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return allowed(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    return value

"""What JSON Feed 1.1 asks of a document (https://jsonfeed.org/version/1.1), member by member."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_TOP = {
    *("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url"),
    *("icon", "favicon", "authors", "language", "expired", "hubs", "items"),
}
_ITEM = {
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image"),
    *("banner_image", "date_published", "date_modified", "authors", "tags", "language"),
    "attachments",
}


def violations(document: bytes) -> list[str]:
    """What is wrong with a JSON Feed; empty when nothing is."""
    return list(_feed(json.loads(document)))


def _feed(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version"
    if not feed.get("title") or not isinstance(feed.get("items"), list):
        yield "a feed has a title and items"
    yield from _members(feed, _TOP, ("home_page_url", "feed_url", "favicon"))
    ids = [item.get("id") for item in feed["items"]]
    if len(set(ids)) != len(ids):
        yield "an id is that of two items"
    for item in feed["items"]:
        yield from _item(item)


def _item(item: dict[str, Any]) -> Iterator[str]:
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield "an item has an id, which is a string"
    if not isinstance(item.get("content_html", item.get("content_text")), str):
        yield "an item has content_html or content_text"
    for name in ("date_published", "date_modified"):
        text = item.get(name, "")
        if not _DATE.fullmatch(text) or not datetime.fromisoformat(text).tzinfo:
            yield f"{name} is {text!r}"
    tags = item.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield "tags are strings"
    yield from _members(item, _ITEM, ("url", "external_url"))


def _members(value: dict[str, Any], known: set[str], addresses: tuple[str, ...]) -> Iterator[str]:
    """Extensions begin with an underscore and are objects; authors have a name; addresses are whole."""
    for name, member in value.items():
        if name.startswith("_"):
            if not isinstance(member, dict) or not name[1:].isalpha():
                yield f"the extension {name}"
        elif name not in known:
            yield f"an unknown member {name}"
        elif member is None:
            yield f"{name} is null"
    for author in value.get("authors", []):
        if not {"name", "url", "avatar"} & author.keys() or author.get("name") == "":
            yield "an author has a name, an address or a picture"
    for name in addresses:
        if name in value and not _ADDRESS.fullmatch(value[name]):
            yield f"{name} is {value[name]!r}"

"""Nothing that a list, arXiv, a model or a client wrote breaks a feed or becomes markup in it."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from backend.papers.records import DailyList, Paper
from backend.reading.feeds.xml_text import allowed
from backend.texts.html import ALLOWED_ELEMENTS
from tests.papers.test_store import paper as invented
from tests.papers.wiring import utc

from . import atom_rules, json_feed_rules

HOSTILE = [
    "<script>alert(1)</script>",
    "]]><x/><!-- -->&amp;&#x0;",
    "\x0b\x0c\x00\x1f\x7f\ufffe\uffff line",
    "\ud800 half, \udfff other",
    "<img src=x onerror=alert(1)> $<script>$ \\href{javascript:alert(1)}{x}",
    "' onmouseover='alert(1) \" onfocus=\"alert(1)",
    "\u202e\u2066 reversed",
    "$\\href{javascript:alert(1)}{x}$ \\unicode{x3c}script>",
    "tag:evil.example,2026:1/de",
]
OWN_ELEMENTS = {"p", "div", "h3", "h4", "a", "em", "strong"}


class Elements(HTMLParser):
    """What a browser would make of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _harmless(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag in OWN_ELEMENTS | ALLOWED_ELEMENTS.keys(), tag
        assert not [name for name in attributes if name.startswith("on")]
        if "href" in attributes:
            assert tag == "a"
            assert str(attributes["href"]).startswith(("http://localhost/", "https://"))


@pytest.mark.parametrize("field", ["title", "abstract", "author", "category", "translation"])
def test_hostile_texts_stay_texts(site, field):
    """Put past the upstreams' own cleaning: into the store, where a later fault might leave them."""
    texts = [text.encode("utf-8", "ignore").decode().replace("\x00", "") for text in HOSTILE]
    listed = [_with(n, field, text) for n, text in enumerate(texts, 1)]
    at = utc("2026-03-05 07:00")
    site.side.store.keep_list(
        date(2026, 3, 4), DailyList(papers=tuple(listed)), at=at, next_poll_at=None
    )
    for paper, text in zip(listed, texts, strict=True):
        told = text if field == "translation" else "Schafe"
        site.translate(paper.id, title=told, abstract=told)
    for language in ("de", "en"):
        for digest in ("", "?digest=1"):
            document = site.get(f"/{language}/feed.atom{digest}").data
            assert atom_rules.violations(document) == []
            document = site.get(f"/{language}/feed.json{digest}").data
            assert json_feed_rules.violations(document) == []
            for item in json.loads(document)["items"]:
                _harmless(item["content_html"])
        ids = {f"tag:localhost,2026:{paper.id}/{language}" for paper in listed}
        assert site.json_items(f"/{language}/feed.json").keys() == ids
        seen = site.atom(f"/{language}/feed.atom").entries
        assert {entry.id for entry in seen} == ids
        assert all(entry.link.startswith(f"http://localhost/{language}/") for entry in seen)


def _with(number: int, field: str, text: str) -> Paper:
    """A paper with a hostile text in one place, and other texts than all others."""
    own = chr(ord("a") + number)
    values: dict[str, Any] = {"title": f"Sheep {own * 4}", "abstract": f"We have {own * 4} sheep."}
    if field in values:
        values[field] = text
    elif field == "author":
        values["authors"] = (text, "x")
    elif field == "category":
        values["categories"] = (text, "x")
    return dataclasses.replace(invented(number), text_source="arxiv", **values)


def test_halves_of_surrogate_pairs_reach_no_feed():
    """No database of ours holds them; the writers take them out all the same."""
    assert allowed("\ud800a\udfff\x0b\ufffeb\U0001f411") == "ab\U0001f411"


def test_a_strange_host_stays_text(make_client):
    client = make_client(access_tokens=("token",))
    for host in ("evil.example", "papers.example:80", "[::1]:3"):
        for form in ("atom", "json"):
            response = client.get(f"/de/feed.{form}", headers={"Host": host})
            assert response.status_code == 200
            rules = atom_rules if form == "atom" else json_feed_rules
            assert rules.violations(response.data) == []
            assert b"tag:evil.example,2026:" in response.data
    for host in ('x"><script>', "a b", "x\\y", "<x>", "é.example"):
        response = client.get("/de/feed.atom", headers={"Host": host})
        assert response.status_code < 500
        if response.status_code == 200:
            ElementTree.fromstring(response.data)
            assert b"<script>" not in response.data

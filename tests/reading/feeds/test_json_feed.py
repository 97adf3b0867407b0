"""JSON Feed 1.1: its rules, and what is ours in it."""

from __future__ import annotations

import json

from .conftest import kind
from .json_feed_rules import violations
from .test_atom import DAY, FEEDS, keep_some_papers


def test_a_feed_keeps_json_feeds_rules(site):
    keep_some_papers(site)
    for address in FEEDS:
        response = site.get(address.replace(".atom", ".json"))
        assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
        assert violations(response.data) == [], address


def test_the_rules_refuse_what_is_broken(site):
    site.papers(DAY, 2)
    whole = json.loads(site.get("/en/feed.json").data)
    item = whole["items"][0]
    for broken in (
        whole | {"version": "1.1"},
        whole | {"items": [item, item]},
        whole | {"items": [item | {"date_published": DAY}]},
        whole | {"items": [item | {"id": 3}]},
        whole | {"items": [item | {"authors": [{"name": ""}]}]},
        whole | {"items": [item | {"url": "/en/papers/1"}]},
        whole | {"items": [item | {"verified": True}]},
    ):
        assert violations(json.dumps(broken).encode()) != []


def test_an_item_says_what_atom_says_and_more(site):
    (id,) = site.papers(DAY, 1, githubRepo="https://github.com/example/sheep")
    site.translate(id)
    document = json.loads(site.get("/de/feed.json").data)
    (item,) = document["items"]
    (entry,) = site.atom("/de/feed.atom").entries
    assert document["language"] == item["language"] == "de"
    assert item["id"] == entry.id
    assert item["title"] == entry.title
    assert item["summary"] == entry.summary
    assert item["url"] == entry.link == f"http://localhost/de/papers/{id}"
    assert (item["date_published"], item["date_modified"]) == (entry.published, entry.updated)
    assert item["tags"] == ["cs.CL", "cs.LG"]
    assert item["external_url"] == f"https://arxiv.org/abs/{id}"
    assert item["authors"] == [{"name": "Ada Example"}, {"name": "Émile Exemple"}]
    assert item["content_html"].count("<math") == 2
    ours = item["_paperglot"]
    assert [link["title"] for link in ours.pop("links")] == ["arXiv", "PDF", "Code"]
    assert ours == {
        "arxiv_id": id,
        "original_title": f"On {kind(id)} sheep",
        "verified": True,
        "origin": "fake-model",
    }
    (original,) = json.loads(site.get("/en/feed.json").data)["items"]
    assert (original["_paperglot"]["verified"], original["_paperglot"]["origin"]) == (None, None)

"""The feeds over HTTP: parameters, refusals, encodings, conditional requests, how often they are built."""

from __future__ import annotations

import gzip
import json
from urllib.parse import urlencode

import brotli  # type: ignore[import-untyped] # ships no types
import pytest

from backend.reading.feeds import feed_entries, selection
from tests.problem import assert_problem

from .conftest import kind

DAY = "2026-03-04"


@pytest.mark.parametrize("address", ["/de/feed.atom", "/de/feed.json", "/feeds.opml"])
def test_what_the_reader_has_is_not_sent_again(site, address):
    for id in site.papers(DAY, 5):
        site.translate(id)
    plain = site.get(address, Accept_Encoding="")
    for encoding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        first = site.get(address, Accept_Encoding=encoding)
        assert first.headers["Content-Encoding"] == encoding
        assert unpack(first.data) == plain.data
        assert len(first.data) < len(plain.data) / 3
        again = site.get(
            address, Accept_Encoding=encoding, If_None_Match=f"W/{first.headers['ETag']}"
        )
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"].startswith("public, max-age=")


def test_a_translation_that_arrives_is_in_the_next_answer(site):
    first, second = site.papers(DAY, 2)
    site.translate(first)
    before = site.get("/de/feed.atom")
    site.translate(second)
    after = site.get("/de/feed.atom", If_None_Match=before.headers["ETag"])
    assert after.status_code == 200
    assert len(site.atom_entries("/de/feed.atom")) == 2


def test_a_feed_is_built_once_and_not_per_request(site, monkeypatch):
    for id in site.papers(DAY, 5):
        site.translate(id)
    built = []
    usual = feed_entries.build

    def build(*given, **named):
        built.append(named["query"])
        return usual(*given, **named)

    monkeypatch.setattr(feed_entries, "build", build)
    for _ in range(10):
        for address in ("/de/feed.atom", "/de/feed.json", "/en/feed.atom?category=cs.CL"):
            assert site.get(address).status_code == 200
    assert len(built) == 3


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("q=", "`q` has 1 to 200"),
        ("q=%22%22", "word"),
        ("category=cs.CI", " may be meant."),
        ("category=cs.cll", "cs.CL may be meant"),
        ("category=", "such as cs.CL or hep-th."),
        ("category=" + "x" * 5000, "such as cs.CL or hep-th."),
        ("category=cs.CL&category=cs.LG", "Give `category` once"),
        ("verified=yes", "`verified` is 1, or 0"),
        ("digest=2", "`digest` is 1, or 0"),
        ("categry=cs.CL", "`category`, `verified`, `digest`"),
        ("category=%00%ff<script>", "such as cs.CL or hep-th"),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(client, query, told):
    for form in ("atom", "json"):
        problem = assert_problem(client.get(f"/de/feed.{form}?{query}"), 400, "invalid-request")
        assert told in problem["detail"]


def test_parameters_narrow_and_combine(site):
    ids = site.papers(DAY, 3)
    for n, id in enumerate(ids):
        site.translate(id, verified=n != 1)
    assert len(site.json_items("/de/feed.json?verified=0&digest=0")) == 3
    checked = site.json_items("/de/feed.json?verified=1&category=cs.LG")
    assert [item["_paperglot"]["arxiv_id"] for item in checked.values()] == [ids[2], ids[0]]
    assert site.json_items("/de/feed.json?category=math.AG") == {}
    document = json.loads(site.get("/de/feed.json?verified=1&category=cs.LG&digest=0").data)
    assert document["feed_url"] == "http://localhost/de/feed.json?category=cs.LG&verified=1"


def test_words_narrow_a_feed(site):
    """Those of the original and of a translation; the feed tells of itself by them."""
    ids = site.papers(DAY, 3)
    for id in ids:
        site.translate(id)
    site.services.search_indexer.catch_up()
    for words in (kind(ids[1]), f'"{kind(ids[1])} Schafen"'):
        found = site.json_items("/de/feed.json?" + urlencode({"q": words}))
        assert [item["_paperglot"]["arxiv_id"] for item in found.values()] == [ids[1]]
    assert site.json_items("/de/feed.json?q=nowhere") == {}
    feed = site.atom("/de/feed.atom?" + urlencode({"q": kind(ids[0]), "category": "cs.LG"}))
    assert len(feed.entries) == 1
    assert kind(ids[0]) in feed.feed.title


def test_a_feed_is_of_one_list(site):
    ids = site.papers(DAY, 2)
    for id in ids:
        site.translate(id)
    document = json.loads(site.get("/de/feed.json?list=huggingface").data)
    assert len(document["items"]) == 2
    assert document["home_page_url"].endswith("/de/latest?list=huggingface")
    problem = assert_problem(site.get("/de/feed.atom?list=arxiv:cs.XX"), 404, "not-found")
    assert "huggingface" in problem["detail"]


def test_a_language_has_one_address(site):
    moved = site.get("/ZH-tw/feed.atom?digest=1&verified=0")
    assert moved.status_code == 301
    assert moved.headers["Location"] == "http://localhost/zh-Hant/feed.atom?digest=1"
    assert_problem(site.get("/tlh/feed.atom"), 400, "unsupported-language")
    assert site.get("/de/feed.rss").status_code in (400, 404)
    assert_problem(site.client.post("/de/feed.atom"), 405, "invalid-request")


def test_the_sample_is_a_feed_while_there_is_no_list(site):
    seen = site.atom_entries("/de/feed.atom")
    assert set(seen) == {f"tag:localhost,2026:2306.0000{n}/de" for n in (1, 2)}
    assert site.atom_entries("/fr/feed.atom") == {}
    assert len(site.atom_entries("/de/feed.atom?digest=1")) == 1


def test_a_feed_is_about_the_newest_papers(site, monkeypatch):
    monkeypatch.setattr(selection, "PAPERS", 7)
    monkeypatch.setattr(selection, "DIGESTS", 1)
    for day in ("2026-03-02", "2026-03-03", DAY):
        site.papers(day, 3)
    shown = [item["_paperglot"]["arxiv_id"] for item in site.json_items("/en/feed.json").values()]
    assert shown == sorted(shown, reverse=True)
    assert (len(shown), shown[-1]) == (7, "2603.02003")
    assert len(site.json_items("/en/feed.json?digest=1")) == 1

"""Lists over HTTP as caches see them: encodings, tags, how long, and how seldom they are built."""

from __future__ import annotations

import gzip
import re
from typing import Any

import brotli  # type: ignore[import-untyped] # ships no types
import pytest

from backend.api import response_cache, serializing
from backend.api.response_cache import ResponseCache
from backend.papers.sample import SampleEdition
from tests.fakes.upstreams import entry
from tests.papers.test_editions import day_list
from tests.papers.wiring import translated


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.1, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*", "br"),
        ("identity", None),
        ("", None),
        (";;q=,,=", None),
    ],
)
def test_lists_come_in_the_encoding_that_is_asked_for(web, huggingface, accepted, encoding):
    huggingface.lists = {"2026-03-03": day_list(31)}
    plain = web.get("/api/v1/daily/2026-03-03", headers={"Accept-Encoding": ""})
    response = web.get("/api/v1/daily/2026-03-03", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: lambda body: body}
    assert unpack[encoding](response.data) == plain.data
    assert int(response.headers["Content-Length"]) == len(response.data)
    if encoding:
        assert len(response.data) < len(plain.data) / 4
        assert response.headers["ETag"] != plain.headers["ETag"]


def test_what_the_client_has_is_not_sent_again(web, huggingface):
    """A strong ETag for each encoding, and 304 with the headers that a cache needs."""
    huggingface.lists = {"2026-03-03": day_list(31)}
    address, headers = "/api/v1/daily/2026-03-03", {"Accept-Encoding": "gzip"}
    first = web.get(address, headers=headers)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-z-]+"', tag)
    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = web.get(address, headers=headers | {"If-None-Match": sent})
        assert (again.status_code, again.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again.headers[name] == first.headers[name]
    for sent in ('"other"', "nonsense", ""):
        assert web.get(address, headers=headers | {"If-None-Match": sent}).status_code == 200
    other = web.get(address, headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert other.status_code == 200


def test_head_is_get_without_the_body(web, huggingface):
    huggingface.lists = {"2026-03-03": day_list(3)}
    got = web.get("/api/v1/daily/2026-03-03")
    head = web.head("/api/v1/daily/2026-03-03")
    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_only_what_can_no_longer_change_may_be_kept_for_long(web, huggingface, arxiv, translations):
    huggingface.lists = {"2026-03-03": day_list(1), "2026-03-04": day_list(9)}
    arxiv.entries |= {f"2603.{n:05}": entry(f"2603.{n:05}") for n in range(1, 10)}

    def caching(address: str) -> str:
        return web.get(f"/api/v1/daily/{address}").headers["Cache-Control"]

    assert caching("2026-03-03") == "public, max-age=86400"
    assert caching("2026-03-04") == "public, max-age=30"
    assert caching("latest") == "public, max-age=30"
    assert caching("2026-03-03?lang=de") == "no-cache"
    title = "Paper 2603.00001 at arXiv"
    translations.kept["de", title] = translated(title, verified=False)
    assert caching("2026-03-03?lang=de") == "no-cache"
    translations.kept["de", title] = translated(title)
    translations.kept["de", "anything"] = translated("anything")
    assert caching("2026-03-03?lang=de") == "public, max-age=86400"


def test_a_list_is_built_once_and_not_per_request(web, huggingface, translations, monkeypatch):
    """Fifty requests in three encodings and two languages: one list each is written as JSON."""
    built: list[object] = []
    usual = serializing.edition

    def build(*shown: Any) -> dict[str, Any]:
        built.append(shown)
        return usual(*shown)

    monkeypatch.setattr(serializing, "edition", build)
    huggingface.lists = {"2026-03-03": day_list(31)}
    for lang in ("", "?lang=de"):
        for encoding in ("br", "gzip", "") * 8:
            web.get(f"/api/v1/daily/2026-03-03{lang}", headers={"Accept-Encoding": encoding})
    assert len(built) == 2
    assert translations.asked == 1
    translations.kept["de", "of another paper"] = translated("of another paper")
    web.get("/api/v1/daily/2026-03-03?lang=de")
    assert translations.asked == 2
    assert len(built) == 2, "a translation of another paper changes nothing here"


def test_bodies_are_kept_by_their_size(translations, monkeypatch):
    """Whoever asks for more than fits has the oldest built again; what is too large is served all the same."""
    monkeypatch.setattr(response_cache, "_KEPT_BYTES", 300_000)
    cache = ResponseCache(translations, SampleEdition())
    built: list[str] = []

    def body(name: str, size: int) -> int:
        def render(_known: object) -> bytes:
            built.append(name)
            return b"x" * size

        return len(cache.body((name,), name, (), None, render).raw)

    for name in "abca":
        assert body(name, 30_000) == 30_000
    assert built == ["a", "b", "c"]
    body("d", 30_000)
    body("a", 30_000)
    body("b", 30_000)
    assert built == ["a", "b", "c", "d", "b"]
    assert (body("e", 500_000), body("e", 500_000)) == (500_000, 500_000)

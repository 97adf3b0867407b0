"""The lists and papers over HTTP: shapes, errors, caching, encodings."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date

import pytest

from backend import create_app, services
from backend.config import Config
from tests.fakes.llm import FakeLLM
from tests.fakes.upstreams import HANG_UP, entry, listed
from tests.papers.test_editions import day_list
from tests.papers.wiring import translated, utc
from tests.problem import assert_problem

EDITION = {
    "list",
    "order",
    "date",
    "state",
    "source",
    "fetched_at",
    "stale",
    "previous",
    "next",
    "note",
    "papers",
}
PAPER = {
    *("id", "title", "title_html", "abstract", "abstract_html", "authors", "published"),
    *("upvotes", "comments", "summary", "keywords", "categories", "links", "translation"),
    *("text_source", "arxiv_comment"),
}
LINKS = {"abs", "pdf", "html", "huggingface", "code", "project"}


def test_a_days_list_has_the_documented_shape(web, huggingface, arxiv):
    huggingface.lists = {
        "2026-03-03": [
            listed("2603.00001", upvotes=3, githubRepo="https://github.com/example/sheep"),
            listed("2603.00002", upvotes=5, ai_summary="In short.", ai_keywords=["sheep"]),
        ]
    }
    arxiv.entries["2603.00001"] = entry(
        "2603.00001", title="Sheep & $n<2$ goats", abstract="We have Poincar\\'e <b>."
    )
    response = web.get("/api/v1/daily/2026-03-03")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    edition = response.get_json()
    assert set(edition) == EDITION
    assert edition["date"] == "2026-03-03"
    assert edition["state"] == "final"
    assert edition["source"] == "huggingface"
    assert edition["fetched_at"] == "2026-03-04T12:00:00Z"
    assert (edition["stale"], edition["note"]) == (False, None)
    assert (edition["previous"], edition["next"]) == ("2026-03-02", "2026-03-04")
    second, first = edition["papers"]
    assert set(first) == set(second) == PAPER
    assert first["id"] == "2603.00001"
    assert first["title"] == "Sheep & $n<2$ goats"
    assert re.fullmatch(r"Sheep &amp; <math.*</math> goats", first["title_html"])
    assert first["abstract_html"] == "We have Poincaré &lt;b&gt;."
    assert first["text_source"] == "arxiv"
    assert first["authors"] == ["Ada Example", "Émile Exemple"]
    assert first["published"] == "2026-02-28T09:00:00Z"
    assert first["categories"] == ["cs.CL", "cs.LG"]
    assert first["arxiv_comment"] == "12 pages, 3 figures"
    assert (first["upvotes"], first["comments"]) == (3, 1)
    assert first["links"] == {
        "abs": "https://arxiv.org/abs/2603.00001",
        "pdf": "https://arxiv.org/pdf/2603.00001",
        "html": "https://arxiv.org/html/2603.00001",
        "huggingface": "https://huggingface.co/papers/2603.00001",
        "code": "https://github.com/example/sheep",
        "project": None,
    }
    assert first["translation"] is None
    assert second["text_source"] == "huggingface"
    assert (second["summary"], second["keywords"]) == ("In short.", ["sheep"])


def test_recorded_days_are_served_whole(web, huggingface, recorded, clock):
    """Every paper of every recorded day, none twice, by votes, no line breaks in titles."""
    clock.now = utc("2026-10-01 00:00")
    for path in sorted(recorded.glob("huggingface/*.json")):
        items = json.loads(path.read_text("utf-8"))
        huggingface.lists[path.stem] = items
        edition = web.get(f"/api/v1/daily/{path.stem}").get_json()
        assert edition["state"] == "final"
        ids = [paper["id"] for paper in edition["papers"]]
        assert sorted(ids) == sorted(item["paper"]["id"] for item in items)
        assert all("\n" not in paper["title"] for paper in edition["papers"])
        order = [(-paper["upvotes"], paper["id"]) for paper in edition["papers"]]
        assert order == sorted(order)


def test_the_sample_is_served_with_its_own_translations(web, huggingface, arxiv):
    huggingface.fault = arxiv.fault = HANG_UP
    edition = web.get("/api/v1/daily/latest?lang=de").get_json()
    assert (edition["state"], edition["source"]) == ("sample", "sample")
    assert edition["note"] == "Invented papers, for tests."
    assert edition["fetched_at"] is None
    first = edition["papers"][0]
    assert first["translation"]["title"] == "Eine Stichprobe von Schafen"
    assert first["translation"]["origin"] == "sample"
    assert first["translation"]["lang"] == "de"
    assert "<math" in first["translation"]["abstract_html"]
    other = web.get("/api/v1/daily/latest?lang=fr").get_json()
    assert [paper["translation"] for paper in other["papers"]] == [None, None]
    one = web.get("/api/v1/papers/2306.00002?lang=de").get_json()
    assert one["translation"]["title"] == "Eine Stichprobe von Ziegen"


def test_stored_translations_appear_in_lists_and_papers(web, huggingface, translations):
    huggingface.lists = {"2026-03-03": day_list(2)}
    title = "Paper 2603.00001 as listed"
    before = web.get("/api/v1/daily/2026-03-03?lang=de")
    assert [paper["translation"] for paper in before.get_json()["papers"]] == [None, None]
    translations.kept["de", title] = translated(title)
    after = web.get("/api/v1/daily/2026-03-03?lang=de")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert [bool(paper["translation"]) for paper in after.get_json()["papers"]] == [False, True]
    shown = after.get_json()["papers"][1]["translation"]
    told = dataclasses.asdict(translated(title))
    del told["changed_at"]  # for feeds alone
    assert shown == told
    assert web.get("/api/v1/papers/2603.00001?lang=de").get_json()["translation"] == shown
    without = web.get("/api/v1/daily/2026-03-03").get_json()
    assert [paper["translation"] for paper in without["papers"]] == [None, None]


def test_a_better_text_leaves_the_old_translation_behind(
    web, side, huggingface, arxiv, translations
):
    """A translation belongs to a text: when arXiv's comes, the one of the list's text is gone."""
    huggingface.lists = {"2026-03-03": day_list(1)}
    arxiv.fault = HANG_UP
    title = "Paper 2603.00001 as listed"
    web.get("/api/v1/daily/2026-03-03")
    translations.kept["de", title] = translated(title)
    (paper,) = web.get("/api/v1/daily/2026-03-03?lang=de").get_json()["papers"]
    assert (paper["text_source"], paper["translation"]["title"]) == (
        "huggingface",
        f"{title} auf Deutsch",
    )
    arxiv.fault = None
    arxiv.entries["2603.00001"] = entry("2603.00001")
    side.texts._editions_not_before = 0.0  # as if the pause after the failure were over
    side.texts.complete(seconds=5)
    (paper,) = web.get("/api/v1/daily/2026-03-03?lang=de").get_json()["papers"]
    assert (paper["text_source"], paper["translation"]) == ("arxiv", None)


def test_the_archive_pages_backwards(web, side, huggingface):
    huggingface.lists = {f"2026-03-{day:02}": day_list(day) for day in (2, 3)}
    for day in range(1, 4):
        side.editions.on(date(2026, 3, day))
    page = web.get("/api/v1/daily?limit=2").get_json()
    assert page == {
        "list": "huggingface",
        "editions": [
            {"date": "2026-03-03", "papers": 3, "state": "final"},
            {"date": "2026-03-02", "papers": 2, "state": "final"},
        ],
        "next": "2026-03-02",
    }
    page = web.get(f"/api/v1/daily?limit=2&before={page['next']}").get_json()
    assert page == {
        "list": "huggingface",
        "editions": [{"date": "2026-03-01", "papers": 0, "state": "empty"}],
        "next": None,
    }


def test_papers_of_every_style_of_identifier(web, arxiv):
    arxiv.entries["hep-th/9901001"] = entry("hep-th/9901001", version=3)
    for address in ("hep-th/9901001", "arXiv:hep-th/9901001", "hep-th%2F9901001"):
        paper = web.get(f"/api/v1/papers/{address}").get_json()
        assert paper["id"] == "hep-th/9901001"
        assert set(paper) == PAPER
        assert set(paper["links"]) == LINKS
    version = web.get("/api/v1/papers/hep-th/9901001v3").get_json()
    assert version["id"] == "hep-th/9901001v3"
    assert version["links"]["abs"] == "https://arxiv.org/abs/hep-th/9901001v3"


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/api/v1/daily/2026-02-30", 400, "invalid-request"),
        ("/api/v1/daily/2026-2-3", 400, "invalid-request"),
        ("/api/v1/daily/20260303", 400, "invalid-request"),
        ("/api/v1/daily/0000-01-01", 400, "invalid-request"),
        ("/api/v1/daily/tomorrow", 400, "invalid-request"),
        ("/api/v1/daily/２０２６-03-03", 400, "invalid-request"),
        ("/api/v1/daily/2026-03-03%00", 400, "invalid-request"),
        ("/api/v1/daily/2026-03-05", 404, "not-found"),
        ("/api/v1/daily/9999-12-31", 404, "not-found"),
        ("/api/v1/daily/2026-03-03/x", 404, "not-found"),
        ("/api/v1/daily?limit=0", 400, "invalid-request"),
        ("/api/v1/daily?limit=101", 400, "invalid-request"),
        ("/api/v1/daily?limit=-1", 400, "invalid-request"),
        ("/api/v1/daily?limit=ten", 400, "invalid-request"),
        ("/api/v1/daily?limit=", 400, "invalid-request"),
        ("/api/v1/daily?before=", 400, "invalid-request"),
        ("/api/v1/daily?before=never", 400, "invalid-request"),
        ("/api/v1/papers/abc", 400, "invalid-request"),
        ("/api/v1/papers/2603.00001v0", 400, "invalid-request"),
        ("/api/v1/papers/2603.00001%00", 400, "invalid-request"),
        ("/api/v1/papers/" + "1" * 5_000, 400, "invalid-request"),
        ("/api/v1/papers/2603.00099", 404, "not-found"),
        ("/api/v1/papers/", 404, "not-found"),
    ],
)
def test_bad_input_is_a_problem_with_a_sentence(web, address, status, kind):
    assert_problem(web.get(address), status, kind)


@pytest.mark.parametrize(
    "address", ["/api/v1/daily/latest", "/api/v1/daily/2026-03-03", "/api/v1/papers/2603.00001"]
)
def test_an_unknown_language_is_refused_before_anything_is_asked(
    side, database_url, huggingface, arxiv, address
):
    """With the real list of languages."""
    built = services.build(Config(database_url=database_url))
    ours = dataclasses.replace(built, editions=side.editions, papers=side.papers)
    web = create_app(services_=ours).test_client()
    for lang in ("xx", "", "de_DE!", "x" * 1_000):
        assert_problem(web.get(f"{address}?lang={lang}"), 400, "unsupported-language")
    assert huggingface.requests == arxiv.requests == []
    built.engine.dispose()


def test_a_list_that_cannot_be_had_is_unavailable(web, huggingface, arxiv):
    huggingface.fault = arxiv.fault = HANG_UP
    problem = assert_problem(web.get("/api/v1/daily/2026-03-03"), 503, "upstream-unavailable")
    assert problem["detail"].startswith("The list of 2026-03-03 is not stored here")
    assert_problem(web.get("/api/v1/papers/2603.00001"), 503, "upstream-unavailable")


def test_no_get_asks_the_model(by_hand, database_url, huggingface, arxiv):
    """With a model configured and every kind of address asked for in a language."""
    huggingface.lists = {"2026-03-03": day_list(3)}
    arxiv.entries["2603.00001"] = entry("2603.00001")
    with FakeLLM() as model:
        built = services.build(
            Config(database_url=database_url, openai_base_url=model.base_url, openai_model="m")
        )
        ours = dataclasses.replace(
            built, editions=by_hand.editions, papers=by_hand.papers, sample=by_hand.sample
        )
        web = create_app(services_=ours).test_client()
        for address in ("daily", "daily/latest", "daily/2026-03-03", "papers/2603.00001"):
            assert web.get(f"/api/v1/{address}?lang=zh-Hans").status_code == 200
        assert model.requests == []
    built.engine.dispose()

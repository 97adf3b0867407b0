"""Several lists over HTTP: which there are, their days, what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend.sources.source import parse_all
from tests.problem import assert_problem

pytestmark = pytest.mark.sql


@pytest.fixture
def picks(tmp_path: Path) -> Path:
    file = tmp_path / "picks.txt"
    file.write_text("")
    os.utime(file, (1e9, 1e9))
    return file


@pytest.fixture
def client(make_client: Callable[..., FlaskClient], picks: Path) -> FlaskClient:
    """A server with three lists and no upstream."""
    return make_client(sources=parse_all(f"arxiv:cs.CL,huggingface,file:{picks}"))


def test_the_lists_are_named_in_words_and_in_order(client, picks):
    response = client.get("/api/v1/lists")
    lists = response.get_json()["lists"]
    assert lists == [
        {
            "name": "arxiv:cs.CL",
            "title": "New submissions in Computation and Language (cs.CL) at arXiv",
            "source": "arxiv",
            "order": "submitted",
        },
        {
            "name": "huggingface",
            "title": "Daily papers at Hugging Face",
            "source": "huggingface",
            "order": "votes",
        },
        {
            "name": "file:picks",
            "title": "Picks of this server's owner: picks",
            "source": "file",
            "order": "listed",
        },
    ]
    assert client.get("/api/v1/status").get_json()["lists"] == lists
    assert str(picks.parent) not in response.text
    again = client.get("/api/v1/lists", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_without_a_name_the_first_list_is_meant(client):
    tags = set()
    for query, name in [
        ("", "arxiv:cs.CL"),
        ("?list=arxiv:cs.CL", "arxiv:cs.CL"),
        ("?list=ARXIV%3Acs.cl", "arxiv:cs.CL"),
        ("?list=huggingface", "huggingface"),
        ("?list=file:picks", "file:picks"),
    ]:
        assert client.get(f"/api/v1/daily{query}").get_json()["list"] == name
        response = client.get(f"/api/v1/daily/latest{query}")
        assert response.get_json()["list"] == name
        tags.add(response.headers["ETag"])
    assert len(tags) == 3
    assert client.get("/api/v1/daily/latest?list=file:picks").get_json()["state"] == "empty"


@pytest.mark.parametrize(
    "path", ["/api/v1/daily", "/api/v1/daily/latest", "/api/v1/daily/2026-03-03"]
)
@pytest.mark.parametrize("name", ["arxiv:cs.LG", "", "file:%2Fetc%2Fpasswd", "%00", "a" * 5_000])
def test_an_unknown_list_is_refused_and_the_known_ones_are_named(client, path: str, name: str):
    response = client.get(f"{path}?list={name}")
    problem = assert_problem(response, 404, "not-found")
    assert "it has arxiv:cs.CL, huggingface, file:picks" in problem["detail"]
    assert len(problem["detail"]) < 300


def test_what_the_owner_wrote_comes_with_the_paper_and_any_day_may_change(
    web, by_hand, arxiv, picks, monkeypatch
):
    """The list's answers are never kept for a day, although its days are final."""
    from backend.papers.records import Edition, Paper

    paper = Paper(id="2603.00001", title="T", abstract="A.", text_source="arxiv")
    edition = Edition(
        list="file:picks",
        date=date(2026, 3, 2),
        state="final",
        source="file",
        fetched_at=None,
        stale=False,
        previous=None,
        next=None,
        note=None,
        papers=(paper,),
        order="listed",
        owner_notes={"2603.00001": "<b>read</b> this"},
    )
    monkeypatch.setattr(by_hand.editions, "on", lambda day, list=None: edition)
    response = web.get("/api/v1/daily/2026-03-02")
    assert response.get_json()["papers"][0]["owner_note"] == "<b>read</b> this"
    assert response.headers["Cache-Control"] == "public, max-age=30"

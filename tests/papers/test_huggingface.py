"""The daily list as Hugging Face gives it, over a real socket."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime

import pytest

from backend.errors import UpstreamUnavailable
from backend.papers.huggingface import HuggingFaceClient
from tests.fakes.upstreams import GARBAGE, HTML, SERVER_ERROR, Reply, listed, too_many
from tests.papers.fixtures import RECORDED

DAY = date(2026, 3, 2)


@pytest.fixture
def source(http_client, huggingface):
    return HuggingFaceClient(http_client, endpoint=huggingface.url)


def own_day() -> list[dict]:
    return json.loads((RECORDED / "huggingface" / f"{DAY}.json").read_text("utf-8"))


def test_every_paper_of_recorded_days_is_served_once(source, huggingface, recorded):
    """Days as they came: each paper is there once, by votes, with its title on one line."""
    days = sorted(recorded.glob("huggingface/*.json"))
    assert days
    for path in days:
        items = json.loads(path.read_text("utf-8"))
        huggingface.lists[path.stem] = items
        papers = source.daily(date.fromisoformat(path.stem)).papers
        assert sorted(paper.id for paper in papers) == sorted(i["paper"]["id"] for i in items)
        by_id = {item["paper"]["id"]: item["paper"] for item in items}
        for paper in papers:
            original = by_id[paper.id]
            assert paper.title == " ".join(original["title"].split())
            assert paper.abstract == " ".join((original["summary"] or "").split())
            assert paper.upvotes == (original["upvotes"] or 0)
            assert paper.text_source == "huggingface"
        order = [(-paper.upvotes, paper.id) for paper in papers]
        assert order == sorted(order)


def test_optional_fields_may_be_absent_or_null(source, huggingface, recorded):
    """Taking away or nulling any optional field of any item loses no paper."""
    path = max(recorded.glob("huggingface/*.json"))
    items = json.loads(path.read_text("utf-8"))
    ids = sorted(item["paper"]["id"] for item in items)
    outer = {key for item in items for key in item} - {"paper"}
    inner = {key for item in items for key in item["paper"]} - {"id", "title"}
    for level, key in [("outer", key) for key in outer] + [("inner", key) for key in inner]:
        for null in (True, False):
            changed = copy.deepcopy(items)
            for item in changed:
                place = item if level == "outer" else item["paper"]
                if null:
                    place[key] = None
                else:
                    place.pop(key, None)
            huggingface.lists[str(DAY)] = changed
            assert sorted(paper.id for paper in source.daily(DAY).papers) == ids, (level, key)


def test_reads_all_there_is_about_a_paper(source, huggingface):
    huggingface.lists[str(DAY)] = own_day()
    paper = {paper.id: paper for paper in source.daily(DAY).papers}["2603.00101"]
    assert paper.title == "Counting Sheep with Sparse Transformers"
    assert paper.authors == ("Ada Example", "Émile Exemple")
    assert paper.published == datetime(2026, 3, 1, 16, 41, 52, tzinfo=UTC)
    assert (paper.upvotes, paper.comments) == (19, 2)
    assert paper.summary == "A sparse transformer counts sheep."
    assert paper.keywords == ("sparse transformers", "counting")
    assert paper.code_url == "https://github.com/example/sheep"
    assert paper.project_url == "https://sheep.example/"


def test_links_that_are_no_web_addresses_are_dropped(source, huggingface):
    huggingface.lists[str(DAY)] = own_day()
    paper = {paper.id: paper for paper in source.daily(DAY).papers}["2602.99999"]
    assert paper.code_url is None
    assert paper.project_url is None


def test_papers_stand_by_votes_then_identifier(source, huggingface):
    huggingface.lists[str(DAY)] = own_day()
    ids = [paper.id for paper in source.daily(DAY).papers]
    assert ids == ["2603.00102", "2602.99999", "2603.00101", "2603.00103"]


def test_asks_for_the_whole_day_at_once(source, huggingface):
    source.daily(DAY)
    (request,) = huggingface.requests
    assert dict(request.params) == {"date": "2026-03-02", "limit": "100"}
    assert "Authorization" not in request.headers


def test_sends_the_token_when_there_is_one(http_client, huggingface):
    HuggingFaceClient(http_client, endpoint=huggingface.url + "/", token="hf_x").daily(DAY)
    assert huggingface.requests[0].headers["Authorization"] == "Bearer hf_x"


def test_a_day_without_a_list_is_empty(source):
    assert source.daily(DAY).papers == ()


def test_a_paper_that_stands_twice_is_served_once(source, huggingface):
    huggingface.lists[str(DAY)] = [listed("2603.00001", upvotes=1), listed("2603.00001v2")]
    papers = source.daily(DAY).papers
    assert [(paper.id, paper.upvotes) for paper in papers] == [("2603.00001", 1)]


def test_items_that_are_no_papers_are_left_out(source, huggingface, caplog):
    strange: list[object] = [
        None,
        7,
        "x",
        [],
        {},
        {"paper": None},
        {"paper": {"id": 5}},
        listed("../../etc"),
    ]
    good = [listed(f"2603.{n:05}") for n in range(1, 9)]
    huggingface.lists[str(DAY)] = [*strange, *good]
    assert len(source.daily(DAY).papers) == 8
    assert "8 of 16 items are no papers" in caplog.text
    assert "etc" not in caplog.text


def test_values_of_wrong_types_cost_only_themselves(source, huggingface):
    item = listed("2603.00001", upvotes=10**400, ai_keywords={"a": 1}, ai_summary=["x"])
    item["paper"] |= {"authors": [None, {"name": 7}, {"name": "Ada"}], "summary": "half \ud83d"}
    item["numComments"] = "many"
    huggingface.lists[str(DAY)] = [item]
    (paper,) = source.daily(DAY).papers
    assert paper.upvotes == 2**31 - 1
    assert paper.comments == 0
    assert paper.authors == ("Ada",)
    assert paper.abstract == "half"
    assert paper.keywords == ()
    assert paper.summary is None


@pytest.mark.parametrize(
    "fault",
    [
        SERVER_ERROR,
        HTML,
        GARBAGE,
        too_many(Retry_After="3"),
        Reply(400, b'{"error": "Invalid date"}'),
        Reply(body=b""),
        Reply(body=b"null"),
        Reply(body=b'{"error": "busy"}'),
        Reply(body=b'"papers"'),
        Reply(body=b"[" * 200_000),
        Reply(body=b'[{"paper": {"id": "2603.00001", "title": "x'),
        Reply(body=b'[{"paper": {"id": "2603.00001", "title": "x"}}]' * 9, cut=100),
        Reply(body=b"[1" + b"0" * 5_000 + b"]"),
        Reply(body=json.dumps([{"not": "a paper"}] * 5).encode()),
        Reply(body=b"\xff\xfe\x00"),
    ],
)
def test_anything_but_a_list_is_unavailable(source, huggingface, fault):
    """HTML, half a list, nonsense: an error with a sentence, never a short or empty list."""
    huggingface.fault = fault
    with pytest.raises(UpstreamUnavailable, match=r"^Hugging Face .*\.$"):
        source.daily(DAY)


def test_asks_only_for_what_changed(source, huggingface):
    huggingface.conditional = True
    huggingface.lists[str(DAY)] = own_day()
    first = source.daily(DAY)
    again = source.daily(DAY, etag=first.etag)
    assert again.unchanged
    assert again.etag == first.etag
    huggingface.lists[str(DAY)] = own_day()[:2]
    changed = source.daily(DAY, etag=first.etag)
    assert not changed.unchanged
    assert len(changed.papers) == 2


def test_a_304_that_was_not_asked_for_is_unavailable(source, huggingface):
    huggingface.fault = Reply(304)
    with pytest.raises(UpstreamUnavailable, match="304"):
        source.daily(DAY)

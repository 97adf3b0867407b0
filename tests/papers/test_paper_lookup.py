"""Papers by identifier: stored, fetched, unknown, or the sample's."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from backend.errors import InvalidRequest, NotFound, UpstreamUnavailable
from tests.fakes.upstreams import HANG_UP, SERVER_ERROR, entry, listed
from tests.papers.test_editions import keep


def test_an_unknown_paper_is_fetched_from_arxiv_and_kept(side, arxiv):
    arxiv.entries["2603.00001"] = entry("2603.00001")
    found = side.papers.get("https://arxiv.org/abs/2603.00001")
    assert found.id == "2603.00001"
    assert found.title == "Paper 2603.00001 at arXiv"
    assert found.text_source == "arxiv"
    assert side.papers.get("2603.00001") == found
    assert len(arxiv.requests) == 1


def test_a_version_is_another_paper_than_the_newest(side, arxiv):
    arxiv.entries["hep-th/9901001"] = entry("hep-th/9901001", version=2)
    assert side.papers.get("hep-th/9901001v2").id == "hep-th/9901001v2"
    assert side.papers.get("hep-th/9901001").id == "hep-th/9901001"
    assert arxiv.asked() == [["hep-th/9901001v2"], ["hep-th/9901001"]]


def test_a_paper_of_a_list_is_known(side, huggingface, arxiv):
    huggingface.lists = {"2026-03-03": [listed("2603.00001")]}
    side.editions.on(date(2026, 3, 3))
    asked = len(arxiv.requests)
    assert side.papers.get("2603.00001").title == "Paper 2603.00001 as listed"
    assert len(arxiv.requests) == asked


def test_a_paper_arxiv_does_not_have_is_not_found_and_not_asked_for_again(side, arxiv):
    for _ in range(3):
        with pytest.raises(NotFound, match=r"arXiv has no paper 2603\.00009\."):
            side.papers.get("2603.00009")
    assert len(arxiv.requests) == 1


def test_what_is_no_identifier_is_an_invalid_request(side, arxiv):
    with pytest.raises(InvalidRequest):
        side.papers.get("abc")
    with pytest.raises(InvalidRequest):
        side.papers.many(["2603.00001", "abc"])
    assert arxiv.requests == []


def test_many_papers_come_in_one_request_each_as_it_was_asked_for(side, arxiv):
    arxiv.entries |= {id: entry(id) for id in ("2603.00001", "2603.00002")}
    texts = ["2603.00002", "arXiv:2603.00001", "2603.00001", "2603.00003"]
    found = side.papers.many(texts)
    assert list(found) == texts
    assert [getattr(found[text], "id", None) for text in texts[:3]] == [
        "2603.00002",
        "2603.00001",
        "2603.00001",
    ]
    assert isinstance(found["2603.00003"], NotFound)
    assert arxiv.asked() == [["2603.00002", "2603.00001", "2603.00003"]]


def test_what_is_stored_comes_even_when_the_rest_cannot(side, arxiv):
    arxiv.entries["2603.00001"] = entry("2603.00001")
    side.papers.get("2603.00001")
    arxiv.fault = SERVER_ERROR
    found = side.papers.many(["2603.00001", "2603.00002"])
    assert getattr(found["2603.00001"], "id", None) == "2603.00001"
    assert isinstance(found["2603.00002"], UpstreamUnavailable)


def test_many_readers_of_one_unknown_paper_cost_one_request(side, arxiv):
    arxiv.entries["2603.00001"] = entry("2603.00001")
    arxiv.delay = 0.3
    titles: list[str] = []
    threads = [
        threading.Thread(target=lambda: titles.append(side.papers.get("2603.00001").title))
        for _ in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert titles == ["Paper 2603.00001 at arXiv"] * 9
    assert len(arxiv.requests) == 1


def test_the_samples_papers_are_there_without_a_network(side, arxiv):
    arxiv.fault = HANG_UP
    found = side.papers.get("2306.00001")
    assert (found.title, found.text_source) == ("A Sample of Sheep", "sample")
    with pytest.raises(UpstreamUnavailable):
        side.papers.get("2306.00009")


def test_the_samples_papers_are_arxivs_when_it_can_be_asked(side, arxiv):
    arxiv.entries["2306.00001"] = entry("2306.00001")
    assert side.papers.get("2306.00001").text_source == "arxiv"


def test_no_papers_are_no_request(side, arxiv):
    keep(side, date(2026, 3, 3), 1)
    assert side.papers.many([]) == {}
    assert arxiv.requests == []


def test_the_samples_words_are_not_shown_beside_real_lists(side, arxiv):
    keep(side, date(2026, 3, 3), 1)
    arxiv.fault = HANG_UP
    with pytest.raises(UpstreamUnavailable):
        side.papers.get("2306.00001")

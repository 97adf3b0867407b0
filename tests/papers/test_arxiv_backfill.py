"""True texts from arXiv: one polite request for all who want some."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

import pytest

from backend.errors import UpstreamUnavailable
from backend.papers.arxiv_throttle import ArxivThrottle
from backend.papers.records import DailyList
from tests.conditions import wait_until
from tests.fakes.upstreams import HTML, SERVER_ERROR, entry, too_many
from tests.papers.test_store import paper
from tests.papers.wiring import PapersSide

DAY = date(2026, 3, 4)


def store_list(side: PapersSide, clock, count: int) -> list[str]:
    listed = tuple(paper(number) for number in range(1, count + 1))
    side.store.keep_list(DAY, DailyList(papers=listed), at=clock(), next_poll_at=None)
    return sorted((each.id for each in listed), reverse=True)


def test_one_request_serves_a_whole_edition(side, arxiv, clock):
    ids = store_list(side, clock, 31)
    arxiv.entries |= {id: entry(id) for id in ids}
    side.texts.complete(seconds=5)
    assert arxiv.asked() == [ids]
    assert {found.text_source for found in side.store.papers_of(DAY)} == {"arxiv"}
    side.texts.complete(seconds=5)
    assert len(arxiv.requests) == 1


def test_the_lists_text_stays_while_arxiv_is_away_and_goes_when_it_is_back(
    side, arxiv, clock, monkeypatch
):
    monkeypatch.setattr("backend.papers.arxiv_backfill._FIRST_BACKOFF", 0.3)
    ids = store_list(side, clock, 3)
    arxiv.entries |= {id: entry(id) for id in ids}
    arxiv.fault = SERVER_ERROR
    side.texts.complete(seconds=5)
    assert {found.text_source for found in side.store.papers_of(DAY)} == {"huggingface"}
    assert side.store.papers_of(DAY)[0].abstract == "Listed abstract 3, 2.0times."
    arxiv.fault = None
    wait_until(lambda: side.store.next_text_at() is None)
    found = side.store.papers_of(DAY)[0]
    assert found.text_source == "arxiv"
    assert found.abstract == "The true abstract of 2603.00003, $2.0\\times$ shorter."


def test_failures_are_not_repeated_at_once(side, arxiv, clock):
    store_list(side, clock, 3)
    arxiv.fault = HTML
    for _ in range(5):
        side.texts.complete(seconds=2)
    assert len(arxiv.requests) == 1


def test_papers_arxiv_does_not_know_yet_are_asked_for_an_hour_later(side, arxiv, clock):
    ids = store_list(side, clock, 2)
    arxiv.entries[ids[0]] = entry(ids[0])
    side.texts.complete(seconds=5)
    clock.advance(minutes=59)
    side.texts.complete(seconds=5)
    assert arxiv.asked() == [ids]
    arxiv.entries[ids[1]] = entry(ids[1])
    clock.advance(minutes=2)
    side.texts.complete(seconds=5)
    assert arxiv.asked() == [ids, [ids[1]]]
    assert {found.text_source for found in side.store.papers_of(DAY)} == {"arxiv"}


@pytest.mark.parametrize("named", [True, False])
def test_one_identifier_arxiv_refuses_does_not_hold_up_the_others(side, arxiv, clock, named):
    """Named in the answer or not, it is found and set aside."""
    ids = store_list(side, clock, 8)
    arxiv.entries |= {id: entry(id) for id in ids}
    arxiv.malformed.add(ids[5])
    if not named:
        usual = arxiv.answer
        arxiv.answer = lambda request: _without_name(usual(request))
    side.texts.complete(seconds=10)
    sources = {found.id: found.text_source for found in side.store.papers_of(DAY)}
    assert sources.pop(ids[5]) == "huggingface"
    assert set(sources.values()) == {"arxiv"}
    asked = len(arxiv.requests)
    side.texts.complete(seconds=5)
    assert len(arxiv.requests) == asked


def _without_name(reply):
    body = reply.body.replace(b"incorrect id format for", b"something is wrong near")
    return type(reply)(reply.status, body, reply.headers)


def test_what_many_want_at_once_is_asked_for_together_and_once(side, arxiv):
    """Eight readers of four papers while the turn is another's: one request for the four."""
    ids = [f"2603.{n:05}" for n in range(1, 5)]
    arxiv.entries |= {id: entry(id) for id in ids}
    faults: list[Exception] = []

    def read(number: int) -> None:
        try:
            side.texts.find([ids[number % 4]], seconds=5)
        except UpstreamUnavailable as fault:
            faults.append(fault)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    with ArxivThrottle(side.leases, pause=0).permit(timeout=1):
        for thread in threads:
            thread.start()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    assert faults == []
    assert [sorted(asked) for asked in arxiv.asked()] == [ids]
    assert list(side.store.papers(ids)) == ids


def test_what_another_process_found_meanwhile_is_not_asked_for(side, arxiv, clock):
    """Two processes want the same: the second finds it in the store when its turn comes."""
    store_list(side, clock, 2)
    ids = ["2603.00001", "2603.00002"]
    with ArxivThrottle(side.leases, pause=0).permit(timeout=1):
        side.texts.wake()
        waiting = threading.Thread(target=side.texts.find, args=(ids,), kwargs={"seconds": 5})
        waiting.start()
        time.sleep(0.3)
        from tests.papers.test_store import metadata

        side.store.keep_metadata({id: metadata(n) for n, id in enumerate(ids, 1)})
    waiting.join()
    assert arxiv.requests == []


def test_too_many_who_wait_are_sent_away(side, arxiv):
    arxiv.delay = 1.0
    outcomes: list[str] = []

    def read(number: int) -> None:
        try:
            side.texts.find([f"2603.{number:05}"], seconds=5)
            outcomes.append("found")
        except UpstreamUnavailable as fault:
            outcomes.append(fault.detail)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(1, 14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("found") == 10
    assert outcomes.count("Too many papers are being looked up at arXiv right now.") == 3


def test_whoever_waits_is_told_when_arxiv_fails(side, arxiv):
    arxiv.fault = too_many(Retry_After="120")
    with pytest.raises(UpstreamUnavailable) as fault:
        side.texts.find(["2603.00001"], seconds=5)
    assert fault.value.retry_after == 120
    with pytest.raises(UpstreamUnavailable):
        side.texts.find(["2603.00002"], seconds=2)
    assert len(arxiv.requests) == 1, "arXiv asked for silence"


def test_whoever_waits_too_long_is_sent_away(side, arxiv):
    go_on = threading.Event()
    arxiv.answer = lambda _: (go_on.wait(30), SERVER_ERROR)[1]
    with pytest.raises(UpstreamUnavailable, match="did not answer in time"):
        side.texts.find(["2603.00001"], seconds=0.3)
    go_on.set()


def test_more_than_fit_into_a_request_are_asked_for_in_several(side, arxiv, clock, monkeypatch):
    monkeypatch.setattr("backend.papers.arxiv_backfill.MAX_IDS", 10)
    side.texts._most = 10
    ids = store_list(side, clock, 25)
    arxiv.entries |= {id: entry(id) for id in ids}
    side.texts.complete(seconds=10)
    assert [len(asked) for asked in arxiv.asked()] == [10, 10, 5]
    assert side.store.texts_due(clock() + timedelta(days=1), limit=5) == []

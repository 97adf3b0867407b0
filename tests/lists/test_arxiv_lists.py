"""Lists of arXiv's categories beside Hugging Face's: what readers get, and what arXiv sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from backend.errors import NotFound, UpstreamUnavailable
from tests.conditions import wait_until
from tests.fakes.upstreams import HTML, SERVER_ERROR, FakeArxiv, FakeHuggingFace, entry, too_many
from tests.papers.test_editions import brief, day_list
from tests.papers.wiring import PapersSide, TurnableClock

THREE = "huggingface,arxiv:cs.CL,arxiv:math.AG"
MONDAY, TUESDAY, FRIDAY, SATURDAY = (date(2026, 3, day) for day in (2, 3, 6, 7))
CL, AG = "arxiv:cs.CL", "arxiv:math.AG"


def submitted(day: date, numbers: range, category: str = "cs.CL", at: str = "09") -> dict[str, str]:
    """Entries submitted on a day to a category, a minute apart; the later have the smaller numbers."""
    return {
        f"2603.{n:05}": entry(
            f"2603.{n:05}",
            categories=(category, "cs.DB"),
            published=f"{day}T{at}:{59 - n % 60:02}:00Z",
        )
        for n in numbers
    }


@pytest.fixture
def make_side(
    engine: sa.Engine,
    http_client: httpx.Client,
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    clock: TurnableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., PapersSide]]:
    """Makes sides with three lists whose days are polled only when a reader waits or the test says so."""
    made: list[PapersSide] = []

    def make(**options: Any) -> PapersSide:
        side = PapersSide(
            engine, http_client, huggingface, arxiv, clock, **({"sources": THREE} | options)
        )
        for each in side.by_name.values():
            monkeypatch.setattr(each._refresher, "ensure_running", lambda: None)
        made.append(side)
        return side

    yield make
    for side in made:
        side.editions.close()


def poll(side: PapersSide, name: str) -> None:
    """Poll what is due of one list, as its thread does."""
    side.by_name[name]._refresher.work()


@pytest.mark.sql
def test_each_list_has_its_own_days_and_a_paper_on_two_is_stored_once(
    make_side, huggingface, arxiv, engine
):
    side = make_side()
    huggingface.lists = {"2026-03-03": day_list(3)}
    arxiv.entries = submitted(TUESDAY, range(1, 9)) | submitted(TUESDAY, range(20, 26), "math.AG")
    ours = side.editions.on(TUESDAY)
    theirs = side.editions.on(TUESDAY, CL)
    maths = side.editions.on(TUESDAY, AG)
    assert [edition.list for edition in (ours, theirs, maths)] == ["huggingface", CL, AG]
    assert [edition.source for edition in (ours, theirs, maths)] == [
        "huggingface",
        "arxiv",
        "arxiv",
    ]
    assert [len(edition.papers) for edition in (ours, theirs, maths)] == [3, 8, 6]
    assert brief(theirs) == ("2026-03-03", "filling", 8)
    assert (
        theirs.note
        == "Still filling: arXiv announces the rest of this day's papers by Thursday 01:00 UTC."
    )
    # By votes there, by time of submission here; the votes of one list are seen in the other.
    assert [paper.id[-1] for paper in ours.papers] == ["3", "2", "1"]
    assert [paper.id[-1] for paper in theirs.papers] == ["8", "7", "6", "5", "4", "3", "2", "1"]
    assert (theirs.order, ours.order) == ("submitted", "votes")
    assert theirs.papers[5].upvotes == 3
    assert {paper.text_source for paper in theirs.papers} == {"arxiv"}
    assert theirs.papers[0].title == "Paper 2603.00008 at arXiv"
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM papers")).scalar() == 14
    assert side.editions.latest(CL) == theirs


def test_the_archive_and_the_neighbours_are_a_lists_own(make_side, huggingface, arxiv):
    side = make_side()
    huggingface.lists = {"2026-03-02": day_list(3)}
    arxiv.entries = submitted(MONDAY, range(1, 9)) | submitted(date(2026, 3, 1), range(30, 40))
    side.editions.on(MONDAY)
    for day in (date(2026, 3, 1), MONDAY):
        edition = side.editions.on(day, CL)
    assert (edition.previous, edition.next) == (date(2026, 3, 1), TUESDAY)
    lines, _ = side.editions.archive(before=None, limit=9, list=CL)
    assert [(str(line.date), line.papers) for line in lines] == [
        ("2026-03-02", 8),
        ("2026-03-01", 10),
    ]
    lines, _ = side.editions.archive(before=None, limit=9)
    assert [(str(line.date), line.papers) for line in lines] == [("2026-03-02", 3)]
    lines, _ = side.editions.archive(before=None, limit=9, list=AG)
    assert [line.state for line in lines] == ["sample"]


def test_an_unknown_list_is_not_found_and_the_known_ones_are_named(make_side):
    side = make_side()
    with pytest.raises(NotFound, match=r"it has huggingface, arxiv:cs\.CL, arxiv:math\.AG"):
        side.editions.latest("arxiv:cs.LG")
    with pytest.raises(NotFound, match=r"\(did you mean arxiv:cs\.CL\?\); it has"):
        side.editions.on(TUESDAY, "arxiv:cs.CI")
    assert side.editions.name_of("ARXIV:cs.cl") == CL


def test_a_list_of_many_pages_is_whole_and_keeps_arxivs_pace(make_side, huggingface, arxiv):
    """Two categories, their pages and Hugging Face's true texts, all at once: a pause between any two."""
    side = make_side(pause=0.3, page=10)
    arxiv.entries = submitted(TUESDAY, range(1, 36)) | submitted(TUESDAY, range(40, 46), "math.AG")
    huggingface.lists = {"2026-03-03": day_list(5)}
    for each in side.by_name.values():
        each._refresher._worker.wake()
        each._refresher._worker.ensure_running()
    side.list_editions._refresher.fetch_now(TUESDAY)
    wait_until(lambda: len(arxiv.searched()) >= 5)
    assert len(side.editions.on(TUESDAY, CL).papers) == 35
    assert len(side.editions.on(TUESDAY, AG).papers) == 6
    asked = sorted(arxiv.searched())
    assert asked == [("cs.CL", "20260303", start) for start in (0, 10, 20, 30)] + [
        ("math.AG", "20260303", 0)
    ]
    assert len(arxiv.asked()) <= 1
    assert arxiv.closest() >= 0.3
    assert arxiv.busiest == 1


def test_a_weekend_is_not_asked_about_before_arxiv_announces_it(make_side, arxiv, clock):
    side = make_side()
    arxiv.entries = submitted(SATURDAY, range(1, 9)) | submitted(FRIDAY, range(10, 20))
    clock.now = clock.now.replace(day=8)
    sunday = side.editions.on(date(2026, 3, 8), CL)
    saturday = side.editions.on(SATURDAY, CL)
    assert (saturday.state, saturday.next, saturday.previous) == ("empty", None, FRIDAY)
    assert saturday.note == (
        "Not announced yet: arXiv shows what is submitted this day from Tuesday on (UTC)."
    )
    assert sunday.state == "empty"
    assert arxiv.requests == []
    clock.now = clock.now.replace(day=9, hour=2)
    assert brief(side.editions.latest(CL)) == ("2026-03-06", "filling", 10)
    clock.now = clock.now.replace(day=10, hour=7)
    poll(side, CL)
    assert brief(side.editions.on(SATURDAY, CL)) == ("2026-03-07", "final", 8)


def test_a_day_without_submissions_is_empty_and_leads_on(make_side, arxiv, clock):
    side = make_side()
    arxiv.entries = submitted(date(2026, 2, 26), range(1, 9))
    empty = side.editions.on(date(2026, 2, 27), CL)
    assert (empty.state, empty.previous) == ("empty", date(2026, 2, 26))
    assert empty.note == "Nothing was submitted in this category that day."
    assert brief(side.editions.on(date(2026, 2, 26), CL)) == ("2026-02-26", "final", 8)


def test_a_list_grows_with_the_second_announcement_and_never_shrinks(make_side, arxiv, clock):
    side = make_side()
    arxiv.entries = submitted(TUESDAY, range(1, 9))
    first = side.editions.on(TUESDAY, CL)
    arxiv.entries |= submitted(TUESDAY, range(10, 14), at="22")
    clock.now = clock.now.replace(day=5, hour=1)
    poll(side, CL)
    assert brief(side.editions.on(TUESDAY, CL)) == ("2026-03-03", "filling", 12)
    assert side.editions.on(TUESDAY, CL).papers[:8] == first.papers
    arxiv.entries = submitted(TUESDAY, range(1, 3))
    clock.now = clock.now.replace(day=5, hour=7)
    poll(side, CL)
    assert brief(side.editions.on(TUESDAY, CL)) == ("2026-03-03", "final", 12)


FAULTS = [SERVER_ERROR, HTML, too_many(Retry_After="2")]


@pytest.mark.parametrize("fault", FAULTS, ids=["500", "a page of HTML", "429"])
def test_without_arxiv_what_is_stored_stays_and_says_so(make_side, arxiv, clock, fault):
    side = make_side(wait=2)
    arxiv.entries = submitted(TUESDAY, range(1, 9))
    assert not side.editions.on(TUESDAY, CL).stale
    arxiv.fault = fault
    poll(side, CL)  # nothing is due between two announcements
    assert not side.editions.on(TUESDAY, CL).stale
    clock.now = clock.now.replace(day=5, hour=0)
    poll(side, CL)
    kept = side.editions.on(TUESDAY, CL)
    assert (len(kept.papers), kept.stale) == (8, True)
    assert kept.note == (
        "arXiv cannot be reached now; this is the list as of 12:00 UTC on 2026-03-04."
    )
    with pytest.raises(
        UpstreamUnavailable, match=r"stored here, and arXiv did not give it"
    ) as refused:
        side.editions.on(MONDAY, CL)
    assert refused.value.retry_after
    assert side.editions.latest(AG).state == "sample"
    assert side.editions.latest(AG).list == AG


def test_an_answer_that_has_less_than_it_says_is_no_answer(make_side, arxiv):
    """arXiv at times sends an empty page and counts papers all the same."""
    side = make_side(page=4)
    arxiv.entries = submitted(TUESDAY, range(1, 9))
    arxiv.lost = 4
    with pytest.raises(UpstreamUnavailable):
        side.editions.on(TUESDAY, CL)
    assert side.by_name[CL].archive(before=None, limit=3)[0][0].state == "sample"


def test_days_long_ago_are_not_asked_for_but_stay_once_stored(make_side, arxiv, clock):
    side = make_side()
    arxiv.entries = submitted(MONDAY, range(1, 9))
    side.editions.on(MONDAY, CL)
    asked = len(arxiv.requests)
    early = side.editions.on(date(1999, 1, 1), CL)
    assert early.state == "empty"
    assert early.note.startswith("No list that early: this server goes back 60 days")
    assert early.next == date(2026, 1, 3)
    clock.now = clock.now.replace(month=8)
    assert len(side.editions.on(MONDAY, CL).papers) == 8
    assert side.editions.on(date(2026, 3, 1), CL).papers == ()
    assert len(arxiv.requests) == asked

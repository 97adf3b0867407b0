"""What is kept of lists and texts, on SQLite and PostgreSQL."""

from __future__ import annotations

import dataclasses
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from backend.lists.edition_store import EditionStore
from backend.papers import tables
from backend.papers.records import DailyList, Metadata, Paper
from tests.papers.wiring import utc

pytestmark = pytest.mark.sql

DAY = date(2026, 3, 4)
NOON = utc("2026-03-04 12:00")
LATER = NOON + timedelta(minutes=15)
OLD = utc("2026-01-02 03:04")


@pytest.fixture
def store(engine):
    return EditionStore(engine)


def paper(number: int, **changes) -> Paper:
    return dataclasses.replace(
        Paper(
            id=f"2603.{number:05}",
            title=f"Listed title {number}",
            abstract=f"Listed abstract {number}, 2.0times.",
            text_source="huggingface",
            authors=("Ada Example",),
            published=datetime(2026, 3, 1, tzinfo=UTC),
            upvotes=number,
            summary="In one sentence.",
            keywords=("sheep",),
            code_url="https://example.org/code",
        ),
        **changes,
    )


def papers(*numbers: int) -> tuple[Paper, ...]:
    return tuple(paper(number) for number in numbers)


def metadata(number: int) -> Metadata:
    return Metadata(
        id=f"2603.{number:05}",
        version=2,
        title=f"True title {number}",
        abstract=f"True abstract {number}, $2.0\\times$.",
        authors=("Ada Example", "Émile Exemple"),
        published=datetime(2026, 2, 28, tzinfo=UTC),
        categories=("cs.CL", "cs.LG"),
        comment="12 pages",
    )


def keep(
    store: EditionStore, *listed: Paper, day: date = DAY, at: datetime = NOON, **answer
) -> int:
    return store.keep_list(day, DailyList(papers=listed, **answer), at=at, next_poll_at=LATER)


def ids(store: EditionStore, day: date = DAY) -> list[str]:
    return [found.id for found in store.papers_of(day)]


def test_a_list_is_read_as_it_was_kept(store):
    assert keep(store, *papers(1, 2)) == 2
    assert store.papers_of(DAY) == (paper(2), paper(1))
    stored = store.day(DAY)
    assert stored is not None
    assert (stored.papers, stored.failures) == (2, 0)
    assert (stored.fetched_at, stored.next_poll_at) == (NOON, LATER)
    assert not stored.settled


def test_papers_stand_by_votes_then_identifier(store):
    keep(store, paper(1, upvotes=3), paper(3, upvotes=5), paper(2, upvotes=5))
    assert ids(store) == ["2603.00002", "2603.00003", "2603.00001"]


def test_a_list_grows(store):
    keep(store, *papers(1))
    keep(store, *papers(1, 2, 3))
    assert len(ids(store)) == 3


def test_a_richer_list_may_have_lost_a_paper(store):
    keep(store, *papers(1, 2))
    keep(store, *papers(2, 3, 4))
    assert ids(store) == ["2603.00004", "2603.00003", "2603.00002"]


@pytest.mark.parametrize("poorer", [(), (2,), (7, 8)])
def test_a_poorer_list_never_takes_the_place_of_a_richer_one(store, poorer):
    """Not fewer of the same, not fewer others, not none; the look counts as made nevertheless."""
    keep(store, *papers(1, 2, 3), etag="a")
    later = NOON + timedelta(hours=1)
    assert keep(store, *papers(*poorer), at=later, etag="b") == 3
    assert ids(store) == ["2603.00003", "2603.00002", "2603.00001"]
    stored = store.day(DAY)
    assert stored is not None
    assert stored.fetched_at == later
    assert stored.etag is None, "else the next answer could be `unchanged`, and what is not known"


def test_a_poorer_list_still_brings_its_votes(store):
    keep(store, *papers(1, 2, 3))
    keep(store, paper(1, upvotes=99))
    assert ids(store) == ["2603.00001", "2603.00003", "2603.00002"]


def test_an_unchanged_list_stays(store):
    keep(store, *papers(1, 2), etag="a")
    later = NOON + timedelta(hours=1)
    assert keep(store, at=later, unchanged=True, etag="a") == 2
    stored = store.day(DAY)
    assert stored is not None
    assert (stored.fetched_at, stored.etag, stored.papers) == (later, "a", 2)


def test_failures_are_counted_and_leave_the_list_alone(store):
    keep(store, *papers(1))
    for _ in range(2):
        store.keep_failure(DAY, next_poll_at=LATER + timedelta(hours=1))
    stored = store.day(DAY)
    assert stored is not None
    assert (stored.failures, stored.papers, stored.fetched_at) == (2, 1, NOON)
    assert stored.next_poll_at == LATER + timedelta(hours=1)
    keep(store, *papers(1))
    stored = store.day(DAY)
    assert stored is not None
    assert stored.failures == 0


def test_a_day_that_only_failed_is_not_stored(store):
    store.keep_failure(DAY, next_poll_at=LATER)
    stored = store.day(DAY)
    assert stored is not None
    assert stored.fetched_at is None
    assert not stored.settled
    assert store.days() == []
    assert store.polls_due(LATER) == []
    assert not store.has_editions()


def test_the_archive_is_newest_first_between_days(store):
    for number in range(1, 6):
        keep(store, *papers(*range(number)), day=date(2026, 3, number))
    shown = [(found.day.day, found.papers) for found in store.days(before=DAY, limit=2)]
    assert shown == [(3, 3), (2, 2)]
    assert [found.day.day for found in store.days(after=date(2026, 3, 3))] == [5, 4]


@pytest.mark.parametrize(
    ("kept", "newest"),
    [
        ({}, None),
        ({3: (2, True)}, None),
        ({3: (5, True)}, 3),
        ({3: (2, False)}, 3),
        ({3: (0, False)}, None),
        ({2: (9, False), 3: (2, True)}, 2),
        ({2: (9, False), 3: (5, True), 4: (4, True)}, 3),
        ({2: (9, False), 3: (0, False)}, 2),
    ],
)
def test_the_newest_is_the_last_with_enough_papers_or_settled(store, kept, newest):
    """Days of March: how many papers each has, and whether it may still grow."""
    for day, (count, growing) in kept.items():
        answer = DailyList(papers=papers(*range(1, count + 1)))
        at = utc(f"2026-03-{day:02} 12:00" if growing else f"2026-03-{day + 1:02} 06:00")
        store.keep_list(date(2026, 3, day), answer, at=at, next_poll_at=LATER)
    found = store.newest(at_least=5)
    assert (found.day.day if found else None) == newest


def test_arxivs_words_take_the_place_of_the_lists(store):
    keep(store, *papers(1, 2))
    store.keep_metadata({"2603.00001": metadata(1)})
    found = store.papers(["2603.00001"])["2603.00001"]
    assert found.title == "True title 1"
    assert found.abstract == "True abstract 1, $2.0\\times$."
    assert found.text_source == "arxiv"
    assert found.authors == ("Ada Example", "Émile Exemple")
    assert found.published == datetime(2026, 2, 28, tzinfo=UTC)
    assert found.categories == ("cs.CL", "cs.LG")
    assert found.arxiv_comment == "12 pages"
    assert (found.upvotes, found.summary) == (1, "In one sentence.")


def test_arxivs_words_stay_when_the_list_comes_again(store):
    keep(store, *papers(1))
    store.keep_metadata({"2603.00001": metadata(1)})
    keep(store, paper(1, upvotes=50, title="Another", keywords=("goats",)))
    (found,) = store.papers_of(DAY)
    assert found.title == "True title 1"
    assert found.text_source == "arxiv"
    assert len(found.authors) == 2
    assert (found.upvotes, found.keywords) == (50, ("goats",))
    assert store.texts_due(LATER, limit=10) == []


def test_what_is_missing_never_takes_the_place_of_what_is_there(store):
    keep(store, *papers(1))
    keep(store, paper(1, abstract="", summary=None, keywords=(), code_url=None))
    (found,) = store.papers_of(DAY)
    assert found == paper(1)


def test_papers_without_their_true_text_are_due_until_arxiv_gives_it(store):
    keep(store, *papers(1, 2, 3))
    assert store.next_text_at() == NOON
    assert store.texts_due(NOON - timedelta(seconds=1), limit=10) == []
    assert store.texts_due(NOON, limit=2) == ["2603.00003", "2603.00002"]
    store.keep_metadata({"2603.00003": metadata(3)})
    store.keep_text_unknown(["2603.00002", "2603.09999"], ask_again_at=LATER)
    assert store.texts_due(NOON, limit=10) == ["2603.00001"]
    assert store.texts_due(LATER, limit=10) == ["2603.00002", "2603.00001"]
    store.keep_metadata({"2603.00001": metadata(1), "2603.00002": metadata(2)})
    assert store.next_text_at() is None


def test_a_paper_without_a_list_is_kept_under_the_version_asked_for(store):
    store.keep_metadata({"2603.00001v2": metadata(1)})
    found = store.papers(["2603.00001v2", "2603.00001"])
    assert list(found) == ["2603.00001v2"]
    assert found["2603.00001v2"].upvotes == 0


def test_text_in_any_script_and_any_length_comes_back(store):
    title = "Ω≈ç√ 試験 اختبار 😀 $x^{2}$ ' \" \\ % _ -- ; DROP TABLE papers"
    keep(store, paper(1, title=title, abstract="é" * 20_000))
    (found,) = store.papers_of(DAY)
    assert found.title == title
    assert found.abstract == "é" * 20_000


def test_the_revision_grows_with_every_change_by_anyone(store, engine):
    """A writer sees its own change at once, another process within a moment."""
    other = EditionStore(engine)
    revisions = [store.revision()]
    for change in (
        lambda: keep(other, *papers(1)),
        lambda: other.keep_metadata({"2603.00001": metadata(1)}),
        lambda: other.keep_failure(DAY, next_poll_at=LATER),
    ):
        change()
        revisions.append(other.revision())
    assert revisions == sorted(set(revisions))
    assert EditionStore(engine).revision() == revisions[-1]


def test_the_revision_is_not_asked_of_the_database_each_time(store, engine):
    store.revision()
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    for _ in range(50):
        store.revision()
    assert len(statements) <= 1


def test_many_writers_at_once_lose_nothing(engine):
    """Ten writers of overlapping lists and texts: no deadlock, no lost paper."""
    faults: list[Exception] = []

    def write(number: int) -> None:
        store = EditionStore(engine)
        try:
            for turn in range(3):
                keep(store, *papers(*range(1, 20 + turn)), day=DAY - timedelta(days=number))
                store.keep_metadata({f"2603.{n:05}": metadata(n) for n in range(20, 0, -1)})
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    store = EditionStore(engine)
    assert [len(ids(store, DAY - timedelta(days=n))) for n in range(10)] == [21] * 10


def test_when_a_text_last_changed_is_kept(store, engine):
    """Votes, links and the same words again are no change; arXiv's words are one."""

    def changed() -> datetime:
        found = store.papers(["2603.00001"])["2603.00001"].text_changed_at
        assert found
        return found

    def age() -> None:
        with engine.begin() as connection:
            column = {"text_changed_at": sa.literal(OLD.timestamp())}
            connection.execute(sa.update(tables.papers).values(**column))

    def poll(**changes) -> None:
        answer = DailyList(papers=(paper(1, **changes),))
        store.keep_list(DAY, answer, at=NOON, next_poll_at=LATER)

    poll()
    assert abs((datetime.now(UTC) - changed()).total_seconds()) < 60
    age()
    poll(upvotes=99, code_url="https://example.org/other", summary="Another.")
    assert changed() == OLD
    poll(title="")
    assert changed() == OLD
    poll(abstract="Other words.")
    assert changed() > OLD
    age()
    store.keep_metadata({"2603.00001": metadata(1)})
    assert changed() > OLD
    age()
    store.keep_metadata({"2603.00001": metadata(1)})
    poll(title="What stands in for arXiv's words")
    assert changed() == OLD


def test_a_paper_stands_first_on_its_earliest_day(store):
    for day in (DAY, DAY - timedelta(days=2)):
        store.keep_list(day, DailyList(papers=papers(1, 2)), at=NOON, next_poll_at=None)
    assert store.first_days(["2603.00001", "2603.00009"]) == {"2603.00001": DAY - timedelta(days=2)}
    assert store.first_days([]) == {}

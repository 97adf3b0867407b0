"""A list that follows its owner's file, while the server runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from backend.lists.list_editions import ListEditions
from tests.fakes.upstreams import SERVER_ERROR, entry
from tests.papers.test_editions import brief
from tests.papers.wiring import PapersSide

NAME = "file:picks"
TODAY = date(2026, 3, 4)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], None]:
    """Writes the file, as if that had been some time ago: each time another."""
    written = [time.time() - 1_000]

    def change(text: str) -> None:
        file = tmp_path / "picks.txt"
        file.write_text(text)
        written[0] += 10
        os.utime(file, (written[0], written[0]))

    change("")
    return change


@pytest.fixture
def side(
    engine, http_client, huggingface, arxiv, clock, write, tmp_path: Path, monkeypatch
) -> Iterator[PapersSide]:
    """A process with the file's list beside Hugging Face's; nothing runs by itself."""
    arxiv.entries |= {f"2603.{n:05}": entry(f"2603.{n:05}") for n in range(1, 32)}
    sources = f"huggingface,file:{tmp_path / 'picks.txt'}"
    side = PapersSide(engine, http_client, huggingface, arxiv, clock, sources=sources)
    for each in side.by_name.values():
        monkeypatch.setattr(each._refresher, "ensure_running", lambda: None)
    yield side
    side.editions.close()


@pytest.fixture
def picks(side: PapersSide) -> ListEditions:
    return side.by_name[NAME]


def look(picks: ListEditions) -> None:
    """What the list's thread does every few seconds."""
    picks._refresher.work()


def ids(picks: ListEditions, day: date | None = None) -> list[str]:
    edition = picks.on(day) if day else picks.latest()
    return [paper.id[-2:] for paper in edition.papers]


@pytest.mark.sql
def test_the_first_reader_gets_the_papers_in_the_files_order_with_its_notes(picks, write, arxiv):
    write("2603.00009 why it matters\n2603.00001\n2603.00005 # see fig. 2\n")
    edition = picks.latest()
    assert brief(edition) == ("2026-03-04", "filling", 3)
    assert [paper.id[-2:] for paper in edition.papers] == ["09", "01", "05"]
    assert edition.owner_notes == {"2603.00009": "why it matters", "2603.00005": "see fig. 2"}
    assert (edition.list, edition.source, edition.order) == (NAME, "file", "listed")
    assert edition.note == "Today's picks: more may be added."
    assert edition.papers[0].title == "Paper 2603.00009 at arXiv"
    assert len(arxiv.requests) == 1


@pytest.mark.sql
def test_a_change_of_the_file_shows_and_nothing_else_costs_anything(picks, write, arxiv, clock):
    write("2603.00001\n2603.00002\n")
    first = picks.latest()
    asked, revision = len(arxiv.requests), picks._store.revision()
    for _ in range(5):
        clock.advance(seconds=5)
        look(picks)
    assert picks.latest() is first
    assert (len(arxiv.requests), picks._store.revision()) == (asked, revision)
    write("2603.00002 better\n2603.00003\n")
    look(picks)
    edition = picks.latest()
    assert [paper.id[-2:] for paper in edition.papers] == ["02", "03"]
    assert edition.owner_notes == {"2603.00002": "better"}
    assert arxiv.asked()[asked:] == [["2603.00003"]]


def test_papers_stay_on_the_day_on_which_they_were_first_read(picks, write, clock):
    write("2603.00001\n2603.00002\n")
    picks.latest()
    clock.advance(days=1)
    look(picks)
    assert brief(picks.on(TODAY)) == ("2026-03-04", "final", 2)
    write("2603.00003\n2603.00001\n2603.00002\n")
    look(picks)
    assert ids(picks) == ["03"]
    assert ids(picks, TODAY) == ["01", "02"]
    assert picks.latest().previous == TODAY
    assert picks.on(TODAY).next == date(2026, 3, 5)
    write("2603.00003\n")
    look(picks)
    nothing = picks.on(TODAY)
    assert (nothing.state, nothing.note) == ("empty", "No picks that day.")


def test_headings_put_papers_on_days_those_to_come_wait(picks, write, clock):
    write("# 2025-12-24\n2603.00001\n\n2026-03-05\n2603.00002\n")
    assert brief(picks.latest()) == ("2025-12-24", "final", 1)
    clock.advance(days=1)
    look(picks)
    assert brief(picks.latest()) == ("2026-03-05", "filling", 1)
    assert picks.latest().previous == date(2025, 12, 24)
    lines, _ = picks.archive(before=None, limit=9)
    assert [str(line.date) for line in lines] == ["2026-03-05", "2025-12-24"]


def test_bad_lines_and_unknown_papers_are_named_on_the_newest_day(picks, write, arxiv, clock):
    write("2603.00001\nnonsense\n2612.99999\n")
    edition = picks.latest()
    assert ids(picks) == ["01"]
    assert edition.note == (
        "Line 2 of the owner's file holds no arXiv identifier. "
        "1 of its papers is not here yet, or arXiv does not know it (line 3). "
        "Today's picks: more may be added."
    )
    arxiv.entries["2612.99999"] = entry("2612.99999")
    clock.advance(minutes=10)
    look(picks)
    assert ids(picks) == ["01", "99"]
    assert picks.latest().note.startswith("Line 2 of the owner's file holds no")
    assert "not here yet" not in picks.latest().note


def test_without_arxiv_known_papers_stay_and_the_others_come_later(
    picks, write, arxiv, clock, side
):
    write("2603.00001\n")
    picks.latest()
    arxiv.fault = SERVER_ERROR
    write("2603.00001\n2603.00002\n")
    look(picks)
    assert ids(picks) == ["01"]
    assert "1 of its papers is not here yet" in picks.latest().note
    assert not picks.latest().stale
    arxiv.fault = None
    side.texts._editions_not_before = 0.0
    clock.advance(minutes=10)
    look(picks)
    assert ids(picks) == ["01", "02"]


def test_a_file_that_is_gone_leaves_what_is_stored_and_says_so(picks, write, tmp_path: Path, clock):
    write("2603.00001\n")
    picks.latest()
    (tmp_path / "picks.txt").unlink()
    look(picks)
    kept = picks.latest()
    assert (len(kept.papers), kept.stale) == (1, True)
    assert "The owner's file cannot be read now; this is the list as of 12:00 UTC" in kept.note
    revision = picks._store.revision()
    look(picks)
    assert picks._store.revision() == revision
    write("2603.00001\n2603.00002\n")
    look(picks)
    assert (ids(picks), picks.latest().stale) == (["01", "02"], False)


def test_an_empty_file_is_an_empty_list_and_never_the_sample(picks, write):
    edition = picks.latest()
    assert (edition.state, edition.note, edition.papers) == ("empty", "No picks today so far.", ())
    assert picks.archive(before=None, limit=3) == ([], None)


def test_a_file_that_is_being_written_is_left_alone(picks, write, tmp_path: Path):
    write("2603.00001\n2603.00002\n")
    picks.latest()
    (tmp_path / "picks.txt").write_text("2603.000")  # just now
    look(picks)
    assert ids(picks) == ["01", "02"]
    write("2603.00001\n2603.00002\n2603.00003\n")
    look(picks)
    assert ids(picks) == ["01", "02", "03"]

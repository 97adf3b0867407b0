"""How much of what waits goes into one request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.conftest import Module

MODULE = "background/batching.js"

Item = dict[str, Any]


def _item(number: int, **changes: object) -> Item:
    item = {"id": str(number), "text": "words", "kind": "segment", "lang": "de"}
    return {**item, "retry": False, "breaks": 0, **changes}


def _taken(module: Module, queue: list[Item]) -> tuple[list[str], list[str]]:
    """The identifiers of a batch, and of what is left in the queue."""
    (taken,), left = _dealt(module, queue, streams=1)
    return taken, left


def _dealt(
    module: Module, queue: list[Item], *, streams: int = 3
) -> tuple[list[list[str]], list[str]]:
    """The identifiers of each batch, and of what is left in the queue."""
    batches, left = module.run(
        """({ takeBatches }, queue, streams) => {
          const ids = (items) => items.map(({ id }) => id);
          return [takeBatches(queue, streams).map(ids), ids(queue)];
        }""",
        queue,
        streams,
    )
    return batches, left


def test_what_fits_goes_at_once_and_in_order(module: Module) -> None:
    assert _taken(module, [_item(n) for n in range(5)]) == (["0", "1", "2", "3", "4"], [])
    taken, left = _taken(module, [_item(n) for n in range(70)])
    assert taken == [str(n) for n in range(64)]
    assert left == [str(n) for n in range(64, 70)]


def test_long_texts_leave_room_for_short_ones(module: Module) -> None:
    """At most 10,000 characters; what does not fit is passed over, not waited for."""
    lengths = [6_000, 4_001, 4_000, 1]
    queue = [_item(n, text="x" * length) for n, length in enumerate(lengths)]
    assert _taken(module, queue) == (["0", "2"], ["1", "3"])


def test_a_text_longer_than_any_batch_goes_by_itself(module: Module) -> None:
    assert _taken(module, [_item(0, text="x" * 20_000), _item(1)]) == (["0"], ["1"])


def test_a_paper_counts_as_long_as_papers_are(module: Module) -> None:
    papers = [_item(n, kind="paper", text="") for n in range(7)]
    assert _taken(module, papers) == (["0", "1", "2", "3", "4", "5"], ["6"])


def _screen(*sizes: int, seen: int) -> list[Item]:
    """Texts of so many characters, of which somebody looks at the first few."""
    return [_item(n, text="x" * size, seen=n < seen) for n, size in enumerate(sizes)]


def test_a_lists_first_screen_goes_evenly_to_all_streams(module: Module) -> None:
    """Each title with its abstract, although hardly more than the first entry is on the screen."""
    queue = _screen(120, 1_925, 85, 1_887, 89, 1_116, seen=3)
    assert _dealt(module, queue) == ([["0", "1"], ["2", "3"], ["4", "5"]], [])


def test_each_passage_goes_where_it_begins_first(module: Module) -> None:
    queue = _screen(2_000, 900, 500, 500, 500, 500, seen=4)
    assert _dealt(module, queue) == ([["0"], ["1", "4"], ["2", "3", "5"]], [])


@pytest.mark.parametrize(("streams", "sizes"), [(1, [9]), (2, [5, 4]), (3, [3, 3, 3])])
def test_what_is_dealt_goes_to_the_free_streams_only(
    module: Module, streams: int, sizes: list[int]
) -> None:
    dealt, left = _dealt(module, _screen(*[500] * 9, seen=6), streams=streams)
    assert [len(each) for each in dealt] == sizes
    assert dealt[0][0] == "0"
    assert left == []


def test_what_the_reader_looks_at_goes_first_whatever_came_first(module: Module) -> None:
    queue = [_item(n, text="x" * 1_000, seen=n in (4, 5)) for n in range(6)]
    assert _dealt(module, queue) == ([["4", "1"], ["5", "2"], ["0", "3"]], [])


def test_far_more_than_the_screen_waits_for_what_the_reader_does_next(module: Module) -> None:
    queue = _screen(*[1_000] * 15, seen=4)
    dealt, left = _dealt(module, queue)
    assert [len(each) for each in dealt] == [4, 4, 4]
    assert left == ["12", "13", "14"]


@pytest.mark.parametrize(
    "sizes", [(120, 1_900, 60), (300, 300, 300, 300, 300), (70,) * 20], ids=str
)
def test_little_that_the_reader_looks_at_is_one_request(
    module: Module, sizes: tuple[int, ...]
) -> None:
    """An abstract's page, a few lines, a screen of titles: each request more has its instructions."""
    queue = _screen(*sizes, seen=len(sizes))
    assert _dealt(module, queue) == ([[str(n) for n in range(len(sizes))]], [])


def test_what_nobody_looks_at_is_one_request(module: Module) -> None:
    queue = _screen(*[1_000] * 9, seen=0)
    assert _dealt(module, queue) == ([[str(n) for n in range(9)]], [])


def test_a_papers_passages_are_dealt_for_what_is_seen_of_them(module: Module) -> None:
    """What follows is read after it, and each request more has its instructions."""

    def paper(seen: int) -> list[Item]:
        return [{**item, "paper": {"id": "1"}} for item in _screen(*[500] * 9, seen=seen)]

    assert len(_dealt(module, paper(3))[0]) == 1
    dealt, _ = _dealt(module, paper(5))
    assert dealt == [["0", "3", "6"], ["1", "4", "7"], ["2", "5", "8"]]


def test_a_share_is_worth_its_instructions(module: Module) -> None:
    dealt, _ = _dealt(module, _screen(*[170] * 10, seen=10))
    assert len(dealt) == 2


def test_sections_of_a_paper_need_no_request_each(module: Module) -> None:
    paper = {"id": "2401.00001v1", "title": "Lamps"}
    queue = [_item(n, paper={**paper, "section": f"Section {n}"}) for n in range(3)]
    assert _taken(module, queue) == (["0", "1", "2"], [])


@pytest.mark.parametrize(
    "other",
    [{"lang": "ja"}, {"kind": "paper"}, {"retry": True}, {"context": {"title": "Lamps"}}],
    ids=lambda other: next(iter(other)),
)
def test_what_is_asked_for_otherwise_waits(module: Module, other: Item) -> None:
    """One request has one language, one context, and repeats or does not."""
    queue = [_item(0), _item(1, **other), _item(2)]
    assert _taken(module, queue) == (["0", "2"], ["1"])


def test_the_same_context_is_one_batch(module: Module) -> None:
    queue = [_item(n, context={"title": "Lamps"}) for n in range(2)]
    assert _taken(module, queue) == (["0", "1"], [])


@pytest.mark.parametrize(
    ("id", "paper"),
    [("2306.02707/title", "2306.02707"), ("hep-th/9901001/abstract", "hep-th/9901001")],
)
def test_a_segment_of_a_list_names_its_paper(module: Module, id: str, paper: str) -> None:
    assert module.run("({ paperOf }, id) => paperOf(id)", id) == paper

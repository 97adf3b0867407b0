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
    taken, left = module.run(
        """({ takeBatch }, queue) => {
          const ids = (items) => items.map(({ id }) => id);
          return [ids(takeBatch(queue)), ids(queue)];
        }""",
        queue,
    )
    return taken, left


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


def test_what_the_reader_looks_at_is_dealt_to_the_free_streams(module: Module) -> None:
    """All of it begins soon; what is further away waits for the next stream."""
    queue = [_item(n, text="x" * 500, seen=n < 6) for n in range(9)]
    dealt = module.run(
        """({ takeBatch }, queue) => [3, 2, 1].map(
          (streams) => takeBatch(queue, streams).map(({ id }) => id))""",
        queue,
    )
    assert dealt == [["0", "1"], ["2", "3"], ["4", "5", "6", "7", "8"]]


def test_little_that_the_reader_looks_at_is_one_request(module: Module) -> None:
    queue = [_item(n, text="x" * 500, seen=n < 3) for n in range(5)]
    taken = module.run("({ takeBatch }, queue) => takeBatch(queue, 3).map(({ id }) => id)", queue)
    assert taken == ["0", "1", "2", "3", "4"]


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

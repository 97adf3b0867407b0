"""The states of a block of the page, and the steps between them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.extension.conftest import Module

MODULE = "content/document/block-states.js"
STATES = ["found", "reserved", "wanted", "asked", "streaming", "done", "unverified", "failed"]


def _step(module: Module, start: str, end: str) -> list[object]:
    """Whether the step was taken, the state after it, and what the console said."""
    result: list[object] = module.run(
        """({ become }, state, wanted) => {
          const block = { state };
          const said = [];
          const { error } = console;
          console.error = (words) => said.push(words);
          try {
            return [become(block, wanted), block.state, said];
          } finally {
            console.error = error;
          }
        }""",
        start,
        end,
    )
    return result


@pytest.mark.parametrize(
    "way",
    [
        "found empty",
        "found reserved wanted asked streaming done",
        "reserved wanted reserved",  # left behind before it was asked for
        "asked reserved",  # and after
        "streaming asked streaming unverified asked",
        "asked asked done asked failed asked empty",
        "asked unverified empty",
    ],
)
def test_the_ways_a_block_goes(module: Module, way: str) -> None:
    states = way.split()
    for start, end in pairwise(states):
        assert _step(module, start, end) == [True, end, []]


@pytest.mark.parametrize("state", STATES)
def test_what_has_no_text_stays_empty(module: Module, state: str) -> None:
    assert _step(module, "empty", state)[:2] == [False, "empty"]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("found", "asked"),
        ("reserved", "streaming"),
        ("wanted", "done"),
        ("done", "streaming"),
        ("done", "failed"),
        ("failed", "done"),
        ("streaming", "streaming"),
    ],
)
def test_any_other_step_changes_nothing_and_is_said(module: Module, start: str, end: str) -> None:
    """Here in the console; the fixture of the browser tests looks there after each of them."""
    assert _step(module, start, end) == [
        False,
        start,
        [f"Illegal step of a block: {start} to {end}"],
    ]

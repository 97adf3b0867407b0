"""What becomes of segments that were not translated."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.conftest import Module

MODULE = "background/retry-policy.js"
NOW = 1_700_000_000_000
LONG_AGO = 0


def _pause(
    module: Module, problem: dict[str, Any], *, breaks: int = 0, heard_at: int = LONG_AGO
) -> int | None:
    circumstances = {"breaks": breaks, "heardAt": heard_at, "now": NOW}
    pause: int | None = module.run(
        "({ pauseBeforeRetry }, problem, circumstances) => pauseBeforeRetry(problem, circumstances)",
        problem,
        circumstances,
    )
    return pause


@pytest.mark.parametrize(
    ("wait", "pause"),
    [(-5_000, 200), (0, 200), (2_000, 2_000), (120_000, 120_000), (120_001, None)],
)
def test_a_rate_limit_is_sat_out_up_to_two_minutes(
    module: Module, wait: int, pause: int | None
) -> None:
    assert _pause(module, {"type": "rate-limited", "until": NOW + wait}) == pause


def test_a_rate_limit_without_a_time_is_said(module: Module) -> None:
    assert _pause(module, {"type": "rate-limited"}) is None


@pytest.mark.parametrize("problem", ["backend-unreachable", "backend-silent"])
def test_a_backend_that_was_just_there_is_waited_for_ever_longer(
    module: Module, problem: str
) -> None:
    pauses = [
        _pause(module, {"type": problem}, breaks=breaks, heard_at=NOW - 59_000)
        for breaks in range(1, 6)
    ]
    assert pauses == [500, 1_500, 3_000, 4_000, None]


@pytest.mark.parametrize("heard_at", [LONG_AGO, NOW - 60_000])
def test_a_backend_that_was_not_there_is_tried_once_more(module: Module, heard_at: int) -> None:
    pauses = [
        _pause(module, {"type": "backend-unreachable"}, breaks=breaks, heard_at=heard_at)
        for breaks in (1, 2)
    ]
    assert pauses == [500, None]


@pytest.mark.parametrize(
    "problem", ["translator-unavailable", "database-unavailable", "budget-exhausted", "bad-answer"]
)
def test_anything_else_failed(module: Module, problem: str) -> None:
    """Whatever time it names: the page says it, and the reader decides."""
    assert _pause(module, {"type": problem, "until": NOW + 1_000}, heard_at=NOW) is None

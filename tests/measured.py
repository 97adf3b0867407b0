"""What tests measure: time on a machine that others use too, and figures for the summary."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

MEASURED = "measured"
"""Name of the property (`record_property`) whose values the summary shows."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded, also when they passed, also from other processes."""
    lines = [
        str(value)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in getattr(report, "user_properties", [])
        if name == MEASURED and report.when == "call"
    ]
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.write_line(line)


def assert_cpu_seconds(limit: float, action: Callable[[], object]) -> None:
    """An action takes less processor time than this, at the best of three: others slow a processor down, too.

    Args:
        limit: seconds.
    """
    took: list[float] = []
    while len(took) < 3 and (not took or took[-1] >= limit):
        started = time.process_time()
        action()
        took.append(time.process_time() - started)
    assert min(took) < limit, f"{took} s"

"""Shows what tests measured: rates are part of the result."""

from __future__ import annotations

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

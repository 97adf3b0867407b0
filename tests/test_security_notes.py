"""SECURITY.md: each line of defence names tests, and they exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def lines_of_defence() -> list[str]:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    defended = text.partition("## What is defended")[2].partition("## What is not")[0]
    return [line for line in defended.splitlines() if line.startswith("- ")]


def test_each_line_of_defence_names_a_test():
    lines = lines_of_defence()
    assert len(lines) > 10
    assert [line for line in lines if not TEST.search(line)] == []


def test_every_test_that_it_names_exists():
    named = [found for line in lines_of_defence() for found in TEST.findall(line)]
    missing = [
        (file, name)
        for file, name in named
        if not (ROOT / file).exists()
        or not re.search(rf"^def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    ]
    assert missing == []

"""From a problem's type to the words that say it and the step that mends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.backend_process import ROOT
from tests.extension.conftest import Module

MODULE = "problems.js"
SENTENCES = json.loads((ROOT / "extension/_locales/en/messages.json").read_text("utf-8"))


def _explained(module: Module, problem: dict[str, Any]) -> dict[str, Any]:
    explained: dict[str, Any] = module.run("({ explain }, problem) => explain(problem)", problem)
    return explained


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("database-unavailable", "database"),
        ("upstream-unavailable", "source of the papers"),
        ("translator-not-configured", "model"),
    ],
)
def test_what_the_server_lacks_is_said_in_words_of_its_own(
    module: Module, problem: str, words: str
) -> None:
    explained = _explained(module, {"type": problem, "detail": "The server's own words."})
    assert words in SENTENCES[explained["key"]]["message"]
    assert explained["remedy"] == "retry"
    assert explained["detail"] == ""


def test_what_nobody_knows_is_said_in_the_servers_words(module: Module) -> None:
    explained = _explained(module, {"type": "of-tomorrow", "detail": "Something new."})
    assert explained["key"] == "problemUnknown"
    assert explained["detail"] == "Something new."

"""`flask --app backend prefetch` over several lists: all of them, or those that are named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.llm import FakeLLM
from tests.fakes.upstreams import SERVER_ERROR, FakeArxiv, entry

# The fixtures of the command's other tests: an edition of six papers at Hugging Face, three days ago.
from tests.test_commands import (  # noqa: F401 - by their names pytest finds them here
    DAY,
    IDS,
    arxiv,
    environment,
    huggingface,
    prefetch,
)


@pytest.fixture
def lists(environment: dict[str, str], arxiv: FakeArxiv, tmp_path: Path) -> dict[str, str]:  # noqa: F811 - the fixture
    """Settings with three lists: two of the six papers are in a category too, one is picked."""
    for id in IDS[:2]:
        arxiv.entries[id] = entry(
            id, title=f"Attention in {id}", categories=("cs.CL",), published=f"{DAY}T09:00:00Z"
        )
    file = tmp_path / "picks.txt"
    file.write_text(f"# {DAY}\n{IDS[0]}\n")
    os.utime(file, (1e9, 1e9))
    return environment | {"SOURCES": f"huggingface,arxiv:cs.CL,file:{file}"}


def test_all_lists_are_translated_and_a_paper_on_several_is_paid_for_once(
    lists: dict[str, str], fake_llm: FakeLLM
):
    done = prefetch(lists, "--lang", "ja", "--date", str(DAY))
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert [line for line in lines if line in ("huggingface", "arxiv:cs.CL", "file:picks")] == [
        "huggingface",
        "arxiv:cs.CL",
        "file:picks",
    ]
    said = [line.split("papers")[1].strip() for line in lines if " papers" in line]
    assert said[0].startswith("12 texts, 0 of them known before")
    assert said[1].startswith("4 texts, 4 of them known before")
    assert said[2].startswith("2 texts, 2 of them known before")
    assert lines[-1].startswith("in all  18 texts, 6 of them known before")


def test_one_list_by_name(lists: dict[str, str]):
    done = prefetch(lists, "--lang", "ja", "--date", str(DAY), "--list", "ARXIV:cs.cl")
    assert done.exit_code == 0, done.output
    assert f"{DAY}  ja         2 papers" in done.output
    assert "4 texts, 0 of them known before" in done.output


def test_a_list_that_there_is_not_is_named_with_those_there_are(lists: dict[str, str]):
    done = prefetch(lists, "--lang", "ja", "--list", "arxiv:cs.LG")
    assert done.exit_code == 1
    assert "it has huggingface, arxiv:cs.CL, file:picks" in done.stderr


def test_a_list_whose_upstream_fails_does_not_stop_the_others(
    lists: dict[str, str],
    huggingface,  # noqa: F811 - the fixture
):
    huggingface.fault = SERVER_ERROR
    done = prefetch(lists, "--lang", "ja", "--date", str(DAY))
    assert done.exit_code == 1
    assert "Hugging Face did not give it in time" in done.stderr
    assert "4 texts, 0 of them known before" in done.output

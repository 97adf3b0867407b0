"""The memory out of one server and into another, through the commands and on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask.testing import FlaskClient

from backend import services
from backend.database import writing
from backend.translation.memory import translation_memory
from tests.api.test_corrections import GOOD, PAPER, TEXT, paper, put, shown
from tests.fakes.llm import FakeLLM

__all__ = ["paper"]
pytestmark = pytest.mark.sql

OTHER = "A second text about $y$ and 7 things."


Run = Callable[..., Result]


@pytest.fixture
def run(make_client: Callable[..., FlaskClient]) -> Run:
    """A command beside the server, as its owner types it."""

    def invoke(*arguments: str) -> Result:
        beside = make_client().application
        return beside.test_cli_runner().invoke(args=["memory", *arguments])

    return invoke


def move(client: FlaskClient, run: Run, file: Path) -> None:
    """Write the memory to a file, and forget it."""
    done = run("export", "--lang", "de", str(file))
    assert done.exit_code == 0, done.output
    services.of(client.application).translator.memory.forget(langs=["de"])


@pytest.fixture
def client(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    return make_client()


def test_what_is_carried_over_is_not_paid_again(
    client: FlaskClient, run: Run, fake_llm: FakeLLM, tmp_path: Path
):
    first = [shown(client, TEXT), shown(client, OTHER)]
    calls = len(fake_llm.requests)
    file = tmp_path / "de.tmx"
    move(client, run, file)
    done = run("import", str(file))
    assert done.exit_code == 0
    assert done.output.startswith("2 translations kept, 0 of them unverified; 0 were known")
    assert [shown(client, text)["text"] for text in (TEXT, OTHER)] == [t["text"] for t in first]
    assert len(fake_llm.requests) == calls
    again = run("import", str(file))
    assert again.output.startswith("0 translations kept, 0 of them unverified; 2 were known")


def test_a_file_never_replaces_what_is_as_good(client: FlaskClient, run: Run, tmp_path: Path):
    """Neither a verified translation by a damaged one nor by another verified one; nor a reader's wording."""
    shown(client, TEXT)
    put(client, GOOD, OTHER.replace("A second", "A third"))
    file = tmp_path / "de.tmx"
    run("export", "--lang", "de", str(file))
    kept = shown(client, TEXT)["text"]
    file.write_text(
        re.sub(
            r'<tuv xml:lang="de".*?</tuv>',
            lambda match: match[0].replace("13", "31"),
            file.read_text("utf-8"),
        ),
        "utf-8",
    )
    done = run("import", str(file))
    assert done.output.startswith("0 translations kept")
    assert shown(client, TEXT)["text"] == kept


def test_what_is_damaged_in_a_file_is_not_called_verified(
    client: FlaskClient, run: Run, fake_llm: FakeLLM, tmp_path: Path
):
    put(client, GOOD)
    file = tmp_path / "de.tmx"
    move(client, run, file)
    file.write_text(file.read_text("utf-8").replace("in 13 Sprach", "in 31 Sprach"), "utf-8")
    done = run("import", str(file))
    assert done.output.startswith("1 translations kept, 1 of them unverified")
    assert fake_llm.requests == []


def test_titles_kept_before_sources_were_are_carried_too(
    client: FlaskClient, run: Run, paper: Any, tmp_path: Path
):
    client.post("/api/v1/papers/translations", json={"lang": "de", "ids": [PAPER.id]}).get_json()
    engine = services.of(client.application).engine
    with writing(engine) as connection:
        connection.execute(sa.update(translation_memory).values(source=None))
    file = tmp_path / "de.tmx"
    done = run("export", "--lang", "de", str(file))
    assert done.output.startswith("2 translations into de")


def test_says_what_is_wrong(client: FlaskClient, run: Run, tmp_path: Path):
    file = tmp_path / "no.tmx"
    file.write_text("no XML", "utf-8")
    done = run("import", str(file))
    assert done.exit_code == 1
    assert "line 1" in done.output
    done = run("export", "--lang", "xx", str(file))
    assert done.exit_code == 1
    assert file.read_text("utf-8") == "no XML"

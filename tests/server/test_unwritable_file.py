"""The real server on SQLite, while its file cannot be written: the disk is full, or it is locked.

Full is a small file system of its own (tmpfs), which only root may mount; locked is another process that
holds the write lock.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conditions import wait_until
from tests.fakes.llm import FakeLLM
from tests.server.outages import (
    LISTS,
    PATIENCE,
    TRANSLATIONS,
    ask_all,
    lines_about_the_database,
    refused,
    store_a_day,
    translate,
)
from tests.serving import ServerProcess, server

KNOWN = [f"We study attention in language models of kind {n}." for n in range(4)]
# A full disk is a real one, as small as a test needs: only root may make it. `.ci/run` is root where it counts.
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system")


@pytest.fixture
def settings(fake_llm: FakeLLM) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "RATE_LIMIT": "10000/minute",
    }


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode:  # in containers without CAP_SYS_ADMIN
        pytest.skip("this root may not mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    yield
    ballast.unlink()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another process of another program writes for long."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def check_what_is_known(running: ServerProcess) -> None:
    """Known texts, alone and beside unknown ones, and all lists are served."""
    for _ in range(10):
        for text in KNOWN:
            assert translate(running.address, text)["cached"]
    answers = ask_all(running.address, LISTS * 4)
    assert refused(answers) == []


def ask_known_and_unknown(running: ServerProcess) -> str:
    """The known text of a request that also needs the model, and therefore counts."""
    segments = [{"id": "1", "text": KNOWN[0]}, {"id": "2", "text": "We study what nobody knows."}]
    with httpx.stream(
        "POST",
        running.address + TRANSLATIONS,
        json={"lang": "de", "segments": segments},
        headers={"Accept": "text/event-stream"},
        timeout=PATIENCE,
    ) as answer:
        assert answer.status_code == 200, answer.read()
        return next(line for line in answer.iter_lines() if line.startswith("data:"))


@needs_root
def test_a_full_disk(
    small_disk: Path, migrated_file: Path, settings: dict[str, str], fake_llm: FakeLLM
):
    file = Path(shutil.copy(migrated_file, small_disk / "test.sqlite3"))
    url = f"sqlite:///{file}"
    store_a_day(url)
    with server(url, settings) as running:
        for text in KNOWN:
            assert translate(running.address, text)["verified"]
        paid = len(fake_llm.requests)
        with full(small_disk):
            for _ in range(40):
                assert '"id":"1"' in ask_known_and_unknown(running)
            check_what_is_known(running)
        assert translate(running.address, "We study something new.")["verified"]
        wait_until(lambda: "can be written again" in running.log)
        assert len(fake_llm.requests) <= paid + 2
        lines = lines_about_the_database(running)
    assert len(lines) == 2, lines
    assert "cannot be written: database or disk is full" in lines[0]


def test_a_lock_that_another_process_holds(
    database_url: str, settings: dict[str, str], fake_llm: FakeLLM
):
    store_a_day(database_url)
    with server(database_url, settings) as running:
        for text in KNOWN:
            assert translate(running.address, text)["verified"]
        with locked(Path(database_url.removeprefix("sqlite:///"))):
            assert '"id":"1"' in ask_known_and_unknown(running)
            check_what_is_known(running)
            for _ in range(3):
                assert '"id":"1"' in ask_known_and_unknown(running)
        assert translate(running.address, "We study something new.")["verified"]
        wait_until(lambda: "can be written again" in running.log)
        lines = lines_about_the_database(running)
    assert len(lines) == 2, lines
    assert "cannot be written: database is locked" in lines[0]

"""`flask --app backend upgrade` where something is wrong: one line, no traceback, and it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.config import Config
from tests.serving import ROOT


def release(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **dict.fromkeys(Config.variables(), ""),
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        **settings,
    }
    command = [sys.executable, "-m", "flask", "--app", "backend", "upgrade"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DATABASE_URL": "postgres://u:secret@127.0.0.1:9/x"}, "cannot be used: "),
        ({"DATABASE_URL": "sqlite:////proc/no/such.sqlite3"}, "cannot be used: "),
        ({"DATABASE_URL": "mysql://x"}, "must begin with "),
        ({"PORT": "x"}, "must be a whole number"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, settings: dict[str, str], said: str):
    done = release(tmp_path, **settings)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    [variable] = settings
    assert line.startswith(f"paperglot: {variable}: ")
    assert said in line
    assert "secret" not in line


def test_without_a_database_of_its_own_a_dyno_is_told_what_it_loses(tmp_path: Path):
    done = release(tmp_path, DYNO="release.1")
    assert done.returncode == 0
    [line] = done.stderr.splitlines()
    assert "DATABASE_URL is not set" in line
    assert release(tmp_path).stderr == ""

"""`make package`: the stores get the same bytes whenever and wherever it runs, and nothing besides."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXTENSION = ROOT / "extension"
_KINDS = {".js", ".css", ".html", ".json", ".png", ".svg"}
# A module or a style sheet is never named in full: `./x.js`, `../theme.css`, `url("x.svg")`, `icons/x.png`.
_NAMED = re.compile(r"[\w-]+\.(?:js|css|html|json|png|svg)\b")


def _pack(root: Path, folder: Path, **environment: str) -> list[str]:
    """Into a folder of the caller's own: others pack at the same time."""
    done = subprocess.run(
        [sys.executable, "scripts/package.py", str(folder)],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("dist")
    return [folder.parent / line.split()[0] for line in _pack(ROOT, folder)]


def test_the_same_files_give_the_same_bytes_anywhere(tmp_path: Path):
    """Another folder, day, umask, locale and time zone, other rights, and no version control."""
    first = _pack(ROOT, tmp_path / "dist")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "package.py", elsewhere / "scripts")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "extension"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        copy = elsewhere / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy)
        copy.chmod(0o700)
        os.utime(copy, (946_684_800, 946_684_800))
    before = os.umask(0o077)
    try:
        again = _pack(
            elsewhere,
            elsewhere / "dist",
            LC_ALL="tr_TR.UTF-8",
            TZ="Pacific/Auckland",
            PYTHONHASHSEED="7",
        )
    finally:
        os.umask(before)
    assert again == first
    for line in first:
        name = line.split()[0]
        assert (elsewhere / name).read_bytes() == (tmp_path / name).read_bytes()


def test_a_new_day_changes_nothing(tmp_path: Path):
    first = _pack(ROOT, tmp_path)
    os.utime(EXTENSION / "manifest.json", (time.time(), time.time()))
    assert _pack(ROOT, tmp_path) == first
    assert [line.split()[0].rpartition(".")[2] for line in first] == ["zip", "xpi"]


def test_the_packages_hold_what_runs_and_nothing_else(packages: list[Path]):
    """Every file is named somewhere in the extension, and everything named is there."""
    for package in packages:
        with zipfile.ZipFile(package) as archive:
            assert archive.testzip() is None
            # Compressed bytes would depend on which zlib this Python was built with.
            assert {each.compress_type for each in archive.infolist()} == {zipfile.ZIP_STORED}
            texts = {
                name: archive.read(name).decode("utf-8")
                for name in archive.namelist()
                if not name.endswith(".png")
            }
            names = archive.namelist()
        assert json.loads(texts["manifest.json"]) == json.loads(
            (EXTENSION / "manifest.json").read_text("utf-8")
        )
        assert names == sorted(names)
        assert {Path(name).suffix for name in names} <= _KINDS
        assert not [name for name in names if Path(name).name.startswith(".")]
        named = {found for text in texts.values() for found in _NAMED.findall(text)}
        loose = {
            name
            for name in names
            if Path(name).name not in named
            and name != "manifest.json"
            and not name.startswith("_locales/")
        }
        assert loose == set()


def test_no_code_comes_from_elsewhere(packages: list[Path]):
    """What the stores forbid: scripts from the network, and text that is run as code."""
    with zipfile.ZipFile(packages[0]) as archive:
        for name in archive.namelist():
            if not name.endswith((".js", ".html")):
                continue
            text = archive.read(name).decode("utf-8")
            assert not re.search(r"\beval\s*\(|\bnew Function\b|\.innerHTML\s*\+?=", text), name
            assert not re.search(r"<script(?![^>]*\bsrc=\"(?!\w+:|//))", text), name
            assert not re.search(r"\bimport\s*\(?\s*['\"](?!\.{1,2}/)", text), name
            assert not re.search(r"\bfrom\s+['\"](?!\.{1,2}/)", text), name

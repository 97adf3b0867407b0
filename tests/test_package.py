"""`make package`: the stores get the same bytes whenever and wherever it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_packages_are_reproducible_and_whole(tmp_path: Path):
    def run() -> list[str]:
        command = [sys.executable, "scripts/package.py"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    first = run()
    manifest = ROOT / "extension" / "manifest.json"
    os.utime(manifest)  # another time of day must not matter
    assert run() == first
    assert [line.split()[0].rpartition(".")[2] for line in first] == ["zip", "xpi"]
    with zipfile.ZipFile(ROOT / first[0].split()[0]) as archive:
        assert json.loads(archive.read("manifest.json")) == json.loads(manifest.read_text("utf-8"))
        names = archive.namelist()
    for wanted in (
        "background/main.js",
        "content/loader.js",
        "popup/popup.html",
        "_locales/en/messages.json",
    ):
        assert wanted in names

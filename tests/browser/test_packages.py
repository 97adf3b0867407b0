"""What `make package` makes is loaded as it goes to the stores: the zip unpacked, the xpi as it is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import ROOT, Backend
from tests.browser.driver import Browser
from tests.browser.fixtures import BROWSERS
from tests.browser.page_measures import assert_faithful, wait_until_translated


def _package(ending: str, folder: Path) -> Path:
    packed = subprocess.run(
        [sys.executable, "scripts/package.py", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [line.split()[0] for line in packed.stdout.splitlines()]
    return next(folder / Path(name).name for name in names if name.endswith(ending))


@pytest.fixture(params=BROWSERS)
def browser(request: pytest.FixtureRequest, site: ArxivSite, tmp_path: Path) -> Iterator[Browser]:
    if request.param == "firefox":
        extension = _package(".xpi", tmp_path)
    else:
        extension = tmp_path / "unpacked"
        with zipfile.ZipFile(_package(".zip", tmp_path)) as archive:
            archive.extractall(extension)
    opened = BROWSERS[request.param](extension, site_port=site.port, folder=tmp_path / "browser")
    yield opened
    opened.close()


def test_the_package_translates_a_page(browser: Browser, site: ArxivSite, backend: Backend) -> None:
    browser.store(
        {"settings": {"version": 1, "backendUrl": backend.url, "targetLanguage": "zh-Hans"}}
    )
    page = browser.new_page()
    site.stamp = "Quillpack"
    page.goto(site.url("/abs/2401.01001"))
    assert_faithful(wait_until_translated(page, count=3))
    for path in ("popup/popup.html", "options/options.html"):
        opened = browser.open_extension_page(path)
        opened.wait_for("document.body.innerText.trim().length > 20")
    assert browser.extension_errors() == []

"""Which browsers this machine has."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# A browser named by this variable is used before any other.
CHROMIUM_VARIABLE, FIREFOX_VARIABLE = "PAPERGLOT_CHROMIUM", "PAPERGLOT_FIREFOX"

# Google Chrome is not among them: it takes no unpacked extension from its command line any more.
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "ungoogled-chromium")
_FIREFOX_NAMES = ("firefox-esr", "firefox", "firefox-developer-edition", "firefox-nightly")
_CHROMIUM_PLACES = ("/Applications/Chromium.app/Contents/MacOS/Chromium", "/snap/bin/chromium")
_FIREFOX_PLACES = ("/Applications/Firefox.app/Contents/MacOS/firefox", "/snap/bin/firefox")
_DOWNLOADED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
)


class BrowserMissing(RuntimeError):
    """A browser the tests need is not installed; the text says what to do."""


def chromium() -> Path:
    """The Chromium to test in.

    Raises:
        BrowserMissing: there is none.
    """
    named = os.environ.get(CHROMIUM_VARIABLE)
    found = _find(named, _CHROMIUM_NAMES, _CHROMIUM_PLACES) or _downloaded()
    if found:
        return found
    raise BrowserMissing(
        "No Chromium was found. Install it (Debian and Ubuntu: apt-get install chromium; elsewhere: "
        f"python -m playwright install chromium) or name its program in {CHROMIUM_VARIABLE}."
    )


def firefox() -> Path:
    """The Firefox to test in.

    Raises:
        BrowserMissing: there is none.
    """
    if found := _find(os.environ.get(FIREFOX_VARIABLE), _FIREFOX_NAMES, _FIREFOX_PLACES):
        return found
    raise BrowserMissing(
        "No Firefox was found. Install it (Debian: apt-get install firefox-esr; elsewhere from "
        f"mozilla.org) or name its program in {FIREFOX_VARIABLE}."
    )


def _find(named: str | None, names: tuple[str, ...], places: tuple[str, ...]) -> Path | None:
    for candidate in (named, *names, *places):
        if candidate and (found := shutil.which(candidate)):
            return Path(found)
    return None


def _downloaded() -> Path | None:
    """The newest Chromium that Playwright has downloaded."""
    caches = [
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH"),
        Path.home() / ".cache/ms-playwright",
        Path.home() / "Library/Caches/ms-playwright",
    ]
    found = [
        path
        for cache in caches
        if cache
        for place in _DOWNLOADED
        for path in Path(cache).glob(place)
    ]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)

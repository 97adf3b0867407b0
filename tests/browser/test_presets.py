"""What an administrator sets in advance: it reaches every reader, and each reader may still differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import ROOT, Backend
from tests.browser.chromium import Chromium
from tests.browser.driver import Browser, Page
from tests.browser.fixtures import BROWSERS, EXTENSION
from tests.browser.page_measures import assert_faithful, wait_until_translated

Configure = Callable[..., None]
TOKEN = "laboratory-0123456789"
# Beside what the laboratory's own server needs, all that differs from the defaults.
PRESET: dict[str, Any] = {
    "accessToken": TOKEN,
    "targetLanguage": "ja",
    "display": "side",
    "pages": {"list": "demand", "search": "never"},
    "badge": False,
    "shortCells": True,
    "glossary": [{"source": "curvature", "target": "曲率度"}],
}
LOADED = "import(new URL('/settings.js', location.href)).then(({ load }) => load())"


@pytest.fixture(scope="module", params=BROWSERS)
def laboratory(
    request: pytest.FixtureRequest,
    site: ArxivSite,
    running_backend: Backend,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Browser]:
    """A browser whose administrator has set the server, the language and more."""
    folder = tmp_path_factory.mktemp(f"managed-{request.param}")
    preset = {"settings": {**PRESET, "backendUrl": running_backend.url}}
    browser = BROWSERS[request.param](EXTENSION, site_port=site.port, folder=folder, preset=preset)
    yield browser
    browser.close()


@pytest.fixture
def browser(laboratory: Browser, site: ArxivSite) -> Browser:
    """The managed browser, its reader new."""
    laboratory.reset()
    site.stamp = "Quillpre"
    return laboratory


def _loaded(browser: Browser) -> dict[str, Any]:
    return dict(browser.extension_page.evaluate(LOADED))


def _save(browser: Browser, change: dict[str, Any]) -> None:
    browser.extension_page.evaluate(
        "import(new URL('/settings.js', location.href))"
        f".then(({{ save }}) => save({json.dumps(change)}))"
    )


def _options(browser: Browser) -> Page:
    options = browser.open_extension_page("options/options.html")
    # Its answer moves what stands below it, where the tests are about to click.
    options.wait_for("document.querySelector('[data-result]').dataset.light === 'good'")
    return options


def test_a_preset_alone_is_enough_to_read(
    browser: Browser, page: Page, site: ArxivSite, backend: Backend
) -> None:
    """Nothing was entered in this browser, and the page stands translated into the preset language."""
    page.goto(site.url("/abs/2401.01001"))
    assert_faithful(wait_until_translated(page, count=3))
    assert page.evaluate("document.querySelector('[data-paperglot=\"translation\"]').lang") == "ja"
    assert browser.stored("settings") is None


def test_what_is_not_preset_keeps_its_default(browser: Browser, backend: Backend) -> None:
    loaded = _loaded(browser)
    assert loaded["backendUrl"] == backend.url
    assert loaded["pages"] == {
        "abs": "always",
        "list": "demand",
        "search": "never",
        "html": "demand",
    }
    assert {name: loaded[name] for name in ("display", "badge", "control", "glossary")} == {
        "display": "side",
        "badge": False,
        "control": True,
        "glossary": PRESET["glossary"],
    }


def test_only_what_the_reader_changes_is_stored(browser: Browser) -> None:
    """Else the first change would freeze every preset as it was on that day."""
    options = _options(browser)
    options.click("[data-setting='display'][value='below']")
    options.wait_for("document.querySelector('[data-example]').dataset.example === 'below'")
    options.click("[data-setting='pages.list'][value='always']")
    browser.extension_page.wait_for(
        "(globalThis.browser ?? globalThis.chrome).storage.local.get('settings')"
        ".then(({ settings }) => settings?.pages?.list === 'always')"
    )
    assert browser.stored("settings") == {
        "version": 1,
        "presets": True,
        "display": "below",
        "pages": {"list": "always"},
    }
    loaded = _loaded(browser)
    assert (loaded["display"], loaded["targetLanguage"]) == ("below", "ja")
    assert loaded["pages"]["search"] == "never"


def test_changes_in_quick_succession_are_all_kept(browser: Browser) -> None:
    """Each waits for the one before it, down to the page types."""
    browser.extension_page.evaluate(
        """import(new URL('/settings.js', location.href)).then(({ save }) => Promise.all([
          save({ display: 'below' }), save({ pages: { abs: 'never' } }), save({ pages: { list: 'always' } }),
          save({ control: false }),
        ]))"""
    )
    assert browser.stored("settings") == {
        "version": 1,
        "presets": True,
        "display": "below",
        "pages": {"abs": "never", "list": "always"},
        "control": False,
    }


def test_a_reader_who_comes_back_to_a_preset_follows_it(browser: Browser) -> None:
    _save(browser, {"targetLanguage": "de", "badge": True})
    assert browser.stored("settings") == {
        "version": 1,
        "presets": True,
        "targetLanguage": "de",
        "badge": True,
    }
    _save(browser, {"targetLanguage": "ja"})
    assert browser.stored("settings") == {"version": 1, "presets": True, "badge": True}


def test_the_reset_leads_back_to_the_presets(browser: Browser) -> None:
    _save(browser, {"targetLanguage": "de", "accessToken": "", "glossary": []})
    assert _loaded(browser)["accessToken"] == ""
    options = _options(browser)
    options.click("[data-action='reset']")
    options.click("dialog [value='reset']")
    options.wait_for("document.querySelector('[data-setting=\"targetLanguage\"]').value === 'ja'")
    loaded = _loaded(browser)
    assert (loaded["accessToken"], loaded["glossary"]) == (TOKEN, PRESET["glossary"])


def test_settings_of_the_first_version_follow_the_presets_too(
    browser: Browser, backend: Backend
) -> None:
    """Version 1 stored everything; what equals its defaults was never chosen, the rest was."""
    old = {
        "version": 1,
        "backendUrl": "http://127.0.0.1:8000",
        "accessToken": "",
        "targetLanguage": "ko",
        "display": "below",
        "pages": {"abs": "demand", "list": "always", "search": "always", "html": "demand"},
        "control": True,
        "badge": True,
        "glossary": [],
    }
    browser.store({"settings": old})
    loaded = _loaded(browser)
    assert (loaded["backendUrl"], loaded["targetLanguage"]) == (backend.url, "ko")
    assert loaded["pages"] == {
        "abs": "demand",
        "list": "demand",
        "search": "never",
        "html": "demand",
    }
    _save(browser, {"control": False})
    assert browser.stored("settings") == {
        "version": 1,
        "presets": True,
        "targetLanguage": "ko",
        "pages": {"abs": "demand"},
        "control": False,
    }


def test_the_schema_describes_every_setting(browser: Browser) -> None:
    """Chromium hands over only what the schema of managed-schema.json allows."""
    module = browser.extension_page.evaluate(
        "import(new URL('/settings.js', location.href)).then(({ DEFAULTS, DISPLAYS, WHENS }) =>"
        " ({ defaults: DEFAULTS, displays: DISPLAYS, whens: WHENS }))"
    )
    schema = json.loads((ROOT / "extension" / "managed-schema.json").read_text("utf-8"))
    described = schema["properties"]["settings"]["properties"]
    assert described.keys() == module["defaults"].keys()
    kinds = {bool: "boolean", int: "integer", str: "string", dict: "object", list: "array"}
    for name, value in module["defaults"].items():
        assert described[name]["type"] == kinds[type(value)], name
    assert described["display"]["enum"] == module["displays"]
    pages = described["pages"]["properties"]
    assert pages.keys() == module["defaults"]["pages"].keys()
    assert pages["abs"]["enum"] == module["whens"]


def test_chromium_tells_of_a_changed_policy_at_once(
    browser: Browser, page: Page, site: ArxivSite, backend: Backend
) -> None:
    """A page that is open follows the administrator; Firefox reads policies when it starts."""
    if not isinstance(browser, Chromium):
        assert _loaded(browser)["display"] == "side"
        return
    page.goto(site.url("/abs/2401.01001"))
    wait_until_translated(page, count=3)
    settings = {**PRESET, "backendUrl": backend.url}
    try:
        browser.apply_policy({"settings": {**settings, "targetLanguage": "ko"}})
        page.wait_for("document.querySelector('[data-state=\"done\"]')?.lang === 'ko'")
        # From a file Chromium would hand over nothing of this; whatever comes, a wrong value is none.
        browser.apply_policy({"settings": {**settings, "display": "upside-down"}})
        browser.extension_page.wait_for(f"{LOADED}.then(({{ display }}) => display === 'below')")
    finally:
        browser.apply_policy({"settings": settings})
        browser.extension_page.wait_for(f"{LOADED}.then(({{ display }}) => display === 'side')")

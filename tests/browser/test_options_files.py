"""Terms and settings as files: what comes in is checked, what goes out holds no secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE, Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import wait_until_translated

Configure = Callable[..., None]
PAPER = "2401.01001"
TOKEN = "open-sesame-0123456789"
SAID = "document.querySelector('[data-saved]').textContent"

# The browser's own dialogues are out of reach: a file is handed over, another one taken.
_FILES = """void (() => {
  URL.createObjectURL = (blob) => { globalThis.saved = blob; return 'about:blank'; };
  HTMLAnchorElement.prototype.click = function () { globalThis.savedAs = this.download; };
  HTMLInputElement.prototype.click = function () {
    const files = new DataTransfer();
    files.items.add(new File([Uint8Array.from(atob(globalThis.chosen), each => each.charCodeAt(0))], 'file'));
    this.files = files.files;
    this.dispatchEvent(new Event('change'));
  };
})()"""


@pytest.fixture
def options(browser: Browser, reader: Configure) -> Page:
    return _options(browser)


def _options(browser: Browser) -> Page:
    options = browser.open_extension_page("options/options.html")
    options.wait_for("document.body.dataset.state === 'ready'")
    options.evaluate(_FILES)
    return options


def _import(options: Page, action: str, content: bytes) -> str:
    """Imports a file and returns what the page says to it."""
    options.evaluate(f"void (globalThis.chosen = {base64.b64encode(content).decode()!r})")
    options.evaluate("void (document.querySelector('[data-saved]').textContent = '')")
    options.click(f"[data-action='{action}']")
    return str(options.wait_for(SAID))


def _export(options: Page, action: str) -> tuple[str, str]:
    """Exports a file and returns its name and its content."""
    options.evaluate("void (globalThis.saved = null)")
    options.click(f"[data-action='{action}']")
    options.wait_for("globalThis.saved")
    content = options.evaluate(
        "globalThis.saved.arrayBuffer().then(buffer => [...new Uint8Array(buffer)])"
    )
    return options.evaluate("globalThis.savedAs"), bytes(content).decode()


def _terms(browser: Browser) -> list[list[str]]:
    settings = browser.stored("settings") or {}
    return [[term["source"], term["target"]] for term in settings.get("glossary", [])]


PLAIN = [["token", "词元"], ["self-attention, masked", "掩码“自”注意力"], ["a;b", "甲；乙"]]


def test_terms_come_in_from_a_spreadsheet(browser: Browser, options: Page) -> None:
    """As Excel writes "Unicode text"; other kinds of files are tests/extension/'s."""
    lines = "token\t词元\r\nself-attention, masked\t掩码“自”注意力\r\na;b\t甲；乙\r\n"
    assert "3" in _import(options, "import-glossary", lines.encode("utf-16"))
    assert _terms(browser) == PLAIN
    assert options.count("[data-glossary] tbody tr") == 3


def test_terms_go_out_and_come_back(browser: Browser, reader: Configure) -> None:
    terms = [
        ['he said "hi"', "他说“嗨”"],
        ["comma, semicolon; tab", "=SUM(A1)"],
        ["  ünï ", "line\nbreak"],
    ]
    reader(glossary=[{"source": source, "target": target} for source, target in terms])
    options = _options(browser)
    name, content = _export(options, "export-glossary")
    assert name == "paperglot-glossary.csv"
    assert content.startswith("\ufeffsource,target\r\n")  # with its mark, Excel reads it as UTF-8
    options.evaluate(
        "void document.querySelectorAll('[data-glossary] tbody button').forEach(b => b.click())"
    )
    browser.extension_page.wait_for(
        """(globalThis.browser ?? globalThis.chrome).storage.local.get('settings')
          .then(({ settings }) => !settings.glossary?.length)"""
    )
    _import(options, "import-glossary", content.encode())
    # A table's field has one line.
    assert _terms(browser) == [terms[0], terms[1], ["ünï", "line break"]]


def test_more_terms_than_a_server_takes(browser: Browser, options: Page) -> None:
    lines = "".join(f"term {n},词 {n}\n" for n in range(10_000))
    said = _import(options, "import-glossary", lines.encode())
    assert "200" in said
    assert _terms(browser) == [[f"term {n}", f"词 {n}"] for n in range(200)]
    options.click("[data-action='add-term']")
    assert options.count("[data-glossary] tbody tr") == 200
    assert "200" in options.evaluate(SAID)


def test_what_holds_no_terms_takes_none_away(browser: Browser, reader: Configure) -> None:
    reader(glossary=[{"source": "token", "target": "词元"}])
    options = _options(browser)
    assert "UTF-8" in _import(options, "import-glossary", "术语,词\n".encode("gb18030"))
    assert _terms(browser) == [["token", "词元"]]


def test_settings_travel_without_the_token(
    browser: Browser, reader: Configure, backend: Backend
) -> None:
    chosen = {
        "accessToken": TOKEN,
        "display": "side",
        "targetLanguage": "ja",
        "badge": False,
        "shortCells": True,
        "pages": {"abs": "demand", "list": "never", "search": "always", "html": "demand"},
        "glossary": [{"source": "token", "target": "トークン"}],
    }
    reader(**chosen)
    name, content = _export(_options(browser), "export-settings")
    assert name == "paperglot-settings.json"
    assert TOKEN not in content
    browser.store({"settings": {"version": 1}})
    options = _options(browser)
    _import(options, "import-settings", content.encode())
    settings = browser.stored("settings")
    for key, value in chosen.items():
        if key != "accessToken":
            assert settings[key] == value, key
    assert settings["backendUrl"] == backend.url
    assert settings.get("accessToken", "") == ""
    assert (
        options.evaluate("document.querySelector('[data-setting=\"targetLanguage\"]').value")
        == "ja"
    )
    assert options.evaluate("document.querySelector('[value=\"side\"]').checked")


def test_the_token_stays_with_its_server(
    browser: Browser, reader: Configure, backend: Backend
) -> None:
    """A file that names another server does not get the token sent there."""
    reader(accessToken=TOKEN)
    options = _options(browser)
    same = {"version": 1, "backendUrl": backend.url, "display": "side"}
    _import(options, "import-settings", json.dumps(same).encode())
    assert browser.stored("settings")["accessToken"] == TOKEN
    other = {"version": 1, "backendUrl": NOWHERE, "display": "below"}
    _import(options, "import-settings", json.dumps(other).encode())
    settings = browser.stored("settings")
    assert settings["backendUrl"] == NOWHERE
    assert settings.get("accessToken", "") == ""
    assert options.evaluate("document.querySelector('[data-setting=\"accessToken\"]').value") == ""


def test_what_holds_no_settings_changes_none(browser: Browser, options: Page) -> None:
    before = browser.stored("settings")
    contents = [b"", b"{}", b"[]", b"null", b'"settings"', b"7", b"source,target\n"]
    for content in [*contents, b'{"version": "one"}', b"\xff\xfe\x00"]:
        said = _import(options, "import-settings", content)
        assert said == "This file holds no settings.", content
        assert browser.stored("settings") == before, content


def test_a_reset_asks_first(browser: Browser, reader: Configure) -> None:
    reader(display="side", glossary=[{"source": "token", "target": "词元"}])
    options = _options(browser)
    options.click("[data-action='reset']")
    options.click("[data-confirm] button[value='']")
    assert browser.stored("settings")["display"] == "side"
    options.click("[data-action='reset']")
    options.click("[data-confirm] button[value='reset']")
    options.wait_for("document.querySelector('[value=\"below\"]').checked")
    assert options.count("[data-glossary] tbody tr") == 0
    assert _terms(browser) == []


def test_a_reset_leaves_nothing_about_papers(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """Neither what reading left behind nor what the popup keeps."""
    reader(display="side")
    page.goto(site.url(f"/abs/{PAPER}"))
    wait_until_translated(page, count=3)
    browser.store(
        {
            "marks": {"read": {PAPER: 1}, "saved": {PAPER: 2}},
            f"saved:{PAPER}": {"id": PAPER, "title": "Kept"},
            "seenPapers": [PAPER],
            "wholePapers": [f"{PAPER} de"],
            "papersToRead": {PAPER: 3},
            "paperVersions": [PAPER],
            f"paperVersions:{PAPER}": {"1": "AAAAAA"},
            "edition:2026-03-03:de": {"papers": [{"id": PAPER}]},
        }
    )
    assert browser.api("api.storage.session.get(null)")
    page.goto("about:blank")
    options = _options(browser)
    options.click("[data-action='reset']")
    assert "about papers" in str(
        options.evaluate("document.querySelector('[data-confirm]').innerText")
    )
    options.click("[data-confirm] button[value='']")
    assert browser.stored(f"saved:{PAPER}"), "not before the reader agrees"
    options.click("[data-action='reset']")
    options.click("[data-confirm] button[value='reset']")
    options.wait_for("document.querySelector('[value=\"below\"]').checked")
    left = {
        **browser.api("api.storage.local.get(null)"),
        **browser.api("api.storage.session.get(null)"),
    }
    assert PAPER not in json.dumps(left)
    assert not [key for key in left if key.startswith(("translation:", "saved:", "paperVersions"))]

"""From "loaded unpacked" to a translated page, and each thing that can stand in the way, in words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE, Backend
from tests.browser.driver import Browser, Page
from tests.browser.fixtures import BROWSERS, EXTENSION
from tests.browser.page_measures import assert_faithful, wait_until_translated
from tests.fakes.llm import MODEL

Configure = Callable[..., None]
Start = Callable[..., Backend]
TOKEN = "open-sesame-0123456789"
LIGHT = "document.querySelector('[data-result]').dataset.light"
# Windows of the extension's own tabs, wherever they came from.
_TABS = "[...api.extension.getViews({ type: 'tab' })].map(each => each.location.pathname)"


@pytest.fixture(params=BROWSERS)
def new_browser(
    request: pytest.FixtureRequest, site: ArxivSite, tmp_path: Path
) -> Iterator[Callable[[str], Browser]]:
    """Starts a browser of a language in which nobody has ever seen the extension."""
    started: list[Browser] = []

    def start(locale: str) -> Browser:
        folder = tmp_path / f"browser-{len(started)}"
        folder.mkdir()
        browser = BROWSERS[request.param](
            EXTENSION, site_port=site.port, folder=folder, locale=locale
        )
        started.append(browser)
        return browser

    yield start
    for browser in started:
        browser.close()


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "guessed"), [("ja", "ja"), ("en-US", "")])
def test_the_settings_open_by_themselves_and_know_the_language(
    new_browser: Callable[[str], Browser], locale: str, guessed: str
) -> None:
    browser = new_browser(locale)
    browser.extension_page.wait_for(
        """[...(globalThis.browser ?? globalThis.chrome).extension.getViews({ type: 'tab' })]
          .some(each => each.location.pathname === '/options/options.html')"""
    )
    opened = """(globalThis.browser ?? globalThis.chrome).extension.getViews({ type: 'tab' })
      .find(each => each.location.pathname === '/options/options.html').document"""
    browser.extension_page.wait_for(f"{opened}.body.dataset.state === 'ready'")
    language = f"{opened}.querySelector('[data-setting=\"targetLanguage\"]').value"
    assert browser.extension_page.evaluate(language) == guessed
    hint = f"{opened}.querySelector('[data-language-hint]').hidden"
    assert browser.extension_page.evaluate(hint) == (not guessed)
    # Updated, it does not open again, and keeps what it knows.
    kept = {
        "settings": {
            "version": 1,
            "backendUrl": NOWHERE,
            "targetLanguage": "ko",
            "glossary": [{"source": "token", "target": "토큰"}],
            "unknown": 7,
        },
        "marks": {"read": {"2401.00001": 5}, "saved": {"2401.00002": 6}},
    }
    browser.store(kept)
    browser.new_page()  # an update closes the extension's own tabs, and with the last tab goes the window
    browser.api("api.alarms.clear('badge')")
    browser.update()
    browser.extension_page.wait_for(
        "(globalThis.browser ?? globalThis.chrome).alarms.get('badge')"  # set anew: it knows
    )
    assert browser.stored("settings") == kept["settings"]
    assert browser.stored("marks") == kept["marks"]
    assert browser.api(_TABS) == ["/manifest.json"]


def _options(browser: Browser) -> Page:
    options = browser.open_extension_page("options/options.html")
    options.wait_for("document.body.dataset.state === 'ready'")
    options.wait_for(f"['good', 'limited', 'bad'].includes({LIGHT})", seconds=20)
    return options


def _tested(options: Page) -> tuple[str, str]:
    options.click("[data-action='test-connection']")
    options.wait_for(f"['good', 'limited', 'bad'].includes({LIGHT})", seconds=20)
    return options.evaluate(LIGHT), options.text("[data-result-text]")


class _Stranger(BaseHTTPRequestHandler):
    """Another program's web server: a page for whatever is asked."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>It works</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Writes nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_not_running(browser: Browser, configure: Configure) -> None:
    configure(version=1, backendUrl=NOWHERE)
    light, sentence = _tested(_options(browser))
    assert light == "bad"
    assert NOWHERE in sentence
    assert "make run" in sentence


def test_another_program(browser: Browser, configure: Configure, stranger: str) -> None:
    configure(version=1, backendUrl=stranger)
    light, sentence = _tested(_options(browser))
    assert light == "bad"
    assert stranger in sentence


def test_beyond_the_loopback_without_a_token(
    browser: Browser, configure: Configure, own_backend: Start
) -> None:
    configure(version=1, backendUrl=own_backend(BIND="0.0.0.0").url)
    light, sentence = _tested(_options(browser))
    assert light == "limited"
    assert "ACCESS_TOKEN" in sentence


@pytest.mark.parametrize(
    ("token", "words"), [("", "asks for"), ("wrong", "accept"), (TOKEN, MODEL)]
)
def test_the_token(
    browser: Browser, configure: Configure, own_backend: Start, token: str, words: str
) -> None:
    configure(version=1, backendUrl=own_backend(ACCESS_TOKEN=TOKEN).url)
    options = _options(browser)
    options.type("[data-setting='accessToken']", token)
    light, sentence = _tested(options)
    assert light == ("good" if token == TOKEN else "bad"), sentence
    assert words in sentence


def test_access_to_arxiv_is_missing(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """Taken away by the reader: the test says so, one click in the popup or here mends it."""
    browser.withhold_arxiv()
    try:
        light, sentence = _tested(_options(browser))
        assert light == "limited"
        assert "arxiv.org" in sentence
        # In a tab: the button of Chromium's toolbar first asks for the access itself.
        popup = browser.open_extension_page("popup/popup.html")
        popup.wait_for("document.querySelector('[data-page-note]').checkVisibility()")
        assert "arxiv.org" in popup.text("[data-page-note]")
        assert popup.evaluate(
            "document.querySelector('[data-action=\"grant-arxiv\"]').checkVisibility()"
        )
        popup.close()
    finally:
        browser.grant_arxiv()
    light, _ = _tested(_options(browser))
    assert light == "good"
    page.activate()
    page.goto(site.url("/abs/2401.01001"))
    assert_faithful(wait_until_translated(page, count=3))


def test_another_address_is_asked_for_alone(
    browser: Browser, reader: Configure, backend: Backend
) -> None:
    """One click, one origin; refused, it is said and nothing is asked of the server."""
    options = _options(browser)
    # The browser's own question is out of reach; what it is asked is not.
    options.evaluate(
        """void ((api) => {
          api.permissions.request = async (wanted) => { globalThis.wanted = wanted; return false; };
        })(globalThis.browser ?? globalThis.chrome)"""
    )
    options.type("[data-setting='backendUrl']", "https://papers.example.org/deep/")
    light, sentence = _tested(options)
    assert options.evaluate("globalThis.wanted") == {"origins": ["https://papers.example.org/*"]}
    assert light == "bad"
    assert "https://papers.example.org/deep" in sentence

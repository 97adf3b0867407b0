"""The settings page, which also is the first page a new reader sees."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE, Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import assert_faithful, wait_until_translated
from tests.fakes.llm import MODEL, FakeLLM

Configure = Callable[..., None]
TOKEN = "open-sesame-0123456789"
LIGHT = "document.querySelector('[data-result]').dataset.light"


def _options(browser: Browser) -> Page:
    options = browser.open_extension_page("options/options.html")
    options.wait_for("document.body.dataset.state === 'ready'")
    return options


def _tested(options: Page) -> tuple[str, str]:
    """Presses the button of the connection test and returns its light and its sentence."""
    options.click("[data-action='test-connection']")
    options.wait_for(f"['good', 'limited', 'bad'].includes({LIGHT})", seconds=20)
    return options.evaluate(LIGHT), options.text("[data-result-text]")


def test_a_new_reader_comes_from_nothing_to_a_translation(
    browser: Browser, page: Page, site: ArxivSite, backend: Backend, llm: FakeLLM
) -> None:
    """Address, test, language; then the page that waited is translated, without being loaded again."""
    page.goto(site.url("/abs/2401.01001"))
    options = _options(browser)
    options.type("[data-setting='backendUrl']", backend.url.removeprefix("http://"))
    light, sentence = _tested(options)
    assert light == "good"
    assert MODEL in sentence
    assert browser.stored("settings")["backendUrl"] == backend.url
    options.choose("[data-setting='targetLanguage']", "zh-Hans")
    page.activate()
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) == 1


def test_what_is_no_address_is_not_kept(
    browser: Browser, reader: Configure, backend: Backend
) -> None:
    options = _options(browser)
    options.type("[data-setting='backendUrl']", "not an address")
    light, sentence = _tested(options)
    assert light == "bad"
    assert len(sentence) > 20
    assert browser.stored("settings")["backendUrl"] == backend.url


def test_the_connection_test_says_what_is_wrong(
    browser: Browser,
    reader: Configure,
    own_backend: Callable[..., Backend],
    llm: FakeLLM,
) -> None:
    """Nobody there, somebody else there, no token, a wrong one, the right one: five sentences."""
    backend = own_backend(ACCESS_TOKEN=TOKEN)
    options = _options(browser)
    sentences = []

    def try_out(address: str, token: str, expected: str) -> None:
        options.type("[data-setting='backendUrl']", address)
        options.type("[data-setting='accessToken']", token)
        light, sentence = _tested(options)
        assert light == expected, sentence
        assert "undefined" not in sentence
        sentences.append(sentence)

    try_out(NOWHERE, "", "bad")
    try_out(llm.base_url.removesuffix("/v1"), "", "bad")
    try_out(backend.url, "", "bad")
    try_out(backend.url, "wrong", "bad")
    try_out(backend.url, TOKEN, "good")
    assert len(set(sentences)) == 5
    assert llm.requests == []


def test_a_server_without_a_model_is_half_good(
    browser: Browser, reader: Configure, own_backend: Callable[..., Backend]
) -> None:
    backend = own_backend(OPENAI_BASE_URL="", OPENAI_MODEL="")
    reader(backendUrl=backend.url)
    light, sentence = _tested(_options(browser))
    assert light == "limited"
    assert "model" in sentence.lower()


def test_choices_are_kept_and_shown_in_the_example(browser: Browser, reader: Configure) -> None:
    options = _options(browser)
    options.choose("[data-setting='targetLanguage']", "ar")
    options.wait_for("document.querySelector('[data-example-translation]').dir === 'rtl'")
    options.click("[data-setting='display'][value='replace']")
    options.wait_for("document.querySelector('[data-example]').dataset.example === 'replace'")
    options.click("[data-setting='pages.list'][value='never']")
    options.click("[data-setting='pages.html'][value='always']")
    options.click("[data-setting='badge']")
    options.click("[data-setting='shortCells']")
    options.reload()
    options.wait_for("document.body.dataset.state === 'ready'")
    settings = browser.stored("settings")
    assert settings["targetLanguage"] == "ar"
    assert settings["display"] == "replace"
    assert settings["pages"]["list"] == "never"
    assert settings["pages"]["html"] == "always"
    assert settings["badge"] is False
    assert settings["shortCells"] is True
    assert options.evaluate("document.querySelector('[name=shortCells]').checked")
    assert (
        options.evaluate("document.querySelector('[data-setting=\"targetLanguage\"]').value")
        == "ar"
    )
    assert options.evaluate("document.querySelector('[value=\"replace\"]').checked")
    when = "[...document.querySelectorAll('[data-pages] :checked')].map(each => each.value)"
    assert options.evaluate(when) == ["always", "never", "always", "always"]


def test_own_terms_reach_the_model(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    options = _options(browser)
    options.click("[data-action='add-term']")
    source, target = (
        "[data-glossary] tbody tr input",
        "[data-glossary] tbody tr td:nth-of-type(2) input",
    )
    options.type(source, "curvature")
    options.type(target, "弯曲程度")
    options.press("Tab")
    browser.extension_page.wait_for(
        """(globalThis.browser ?? globalThis.chrome).storage.local.get('settings')
          .then(({ settings }) => settings.glossary?.length)"""
    )
    assert browser.stored("settings")["glossary"] == [{"source": "curvature", "target": "弯曲程度"}]
    page.activate()
    page.goto(site.url("/abs/2401.01001"))
    page.wait_for("document.querySelector('[data-state=\"done\"]')")
    assert "弯曲程度" in str(llm.requests[0].body["messages"])

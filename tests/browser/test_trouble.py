"""What can go wrong ends in one clear sentence and a way to try again, and the page keeps working."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE, Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import assert_faithful, wait_until_translated
from tests.browser.queue import another_reader
from tests.browser.test_ways_of_reading import choose
from tests.browser.words import words
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]
Start = Callable[..., Backend]
FORMULAS = "/abs/2401.01001"
STATES = "[...document.querySelectorAll('[data-paperglot=\"translation\"]')].map(each => each.dataset.state)"
SAID = "[...document.querySelectorAll('[data-paperglot=\"failure\"]')].map(each => each.innerText)"
BUTTON = "[data-paperglot='translation'][data-state='failed'] button"
# Nothing is a reason to keep a reader waiting for longer.
PROMPT = 20


def _wait_until_failed(page: Page, *, mention: str) -> str:
    """Waits for the sentence, which stands once in the page, and returns it."""
    page.wait_for(
        f"(all => all.length === 3 && all.every(each => each === 'failed'))({STATES})",
        seconds=PROMPT,
    )
    sentences = page.evaluate(
        """[...document.querySelectorAll('[data-paperglot="translation"]')]
          .map(each => each.innerText.trim()).filter(Boolean)"""
    )
    assert len(sentences) == 1, sentences
    assert mention.lower() in sentences[0].lower()
    assert "undefined" not in sentences[0]
    return str(sentences[0])


def _assert_page_works(page: Page) -> None:
    """The original stands there as always, and its links lead where they led."""
    assert (
        page.evaluate("getComputedStyle(document.querySelector('h1.title')).visibility")
        == "visible"
    )
    assert (
        page.evaluate(
            "document.querySelector('blockquote.abstract').getBoundingClientRect().height"
        )
        > 0
    )
    page.click("#arxiv-search-toggle")
    page.wait_for("location.pathname === '/search/'")


def test_the_backend_is_gone_and_comes_back(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    own_backend: Start,
) -> None:
    backend = own_backend()
    reader(backendUrl=backend.url)
    backend.stop()
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="answer")
    assert page.count(BUTTON) == 1
    backend.start()
    page.click(BUTTON)
    assert_faithful(wait_until_translated(page, count=3))
    assert browser.extension_errors() == []


def test_nobody_answers_at_the_address(page: Page, site: ArxivSite, reader: Configure) -> None:
    reader(backendUrl=NOWHERE)
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="answer")
    _assert_page_works(page)


def test_somebody_else_answers_at_the_address(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, backend: Backend
) -> None:
    """A web server that is no Paperglot; the sentence says so, and mending the address is enough."""
    reader(backendUrl=llm.base_url.removesuffix("/v1"))
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="Paperglot")
    reader(backendUrl=backend.url)
    assert_faithful(wait_until_translated(page, count=3))


@pytest.mark.parametrize("token", ["", "not-the-token"])
def test_the_token_is_missing_or_wrong(
    page: Page, site: ArxivSite, reader: Configure, own_backend: Start, llm: FakeLLM, token: str
) -> None:
    backend = own_backend(ACCESS_TOKEN="open-sesame-0123456789")
    reader(backendUrl=backend.url, accessToken=token)
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="token")
    assert llm.requests == []
    reader(accessToken="open-sesame-0123456789")
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) == 1


def test_no_model_is_configured(
    page: Page, site: ArxivSite, reader: Configure, own_backend: Start
) -> None:
    backend = own_backend(OPENAI_BASE_URL="", OPENAI_MODEL="")
    reader(backendUrl=backend.url)
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="model")
    _assert_page_works(page)


def test_the_budget_is_used_up(
    page: Page, site: ArxivSite, reader: Configure, own_backend: Start, llm: FakeLLM
) -> None:
    backend = own_backend(DAILY_TOKEN_BUDGET="1")
    reader(backendUrl=backend.url)
    page.goto(site.url(FORMULAS))
    page.wait_for(
        f"{STATES}.length === 3 && {STATES}.every(each => each === 'failed' || each === 'done')"
    )
    page.goto(site.url("/abs/2401.01002"))
    _wait_until_failed(page, mention="budget")
    assert len(llm.requests) <= 1


def test_too_many_requests_go_on_at_the_time_named(
    page: Page, site: ArxivSite, reader: Configure, own_backend: Start, llm: FakeLLM
) -> None:
    """The server's own limit: the time is said once, nothing is sent before it, then all is there."""
    backend = own_backend(RATE_LIMIT="1 per 10 second")
    reader(backendUrl=backend.url)
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    page.goto(site.url("/abs/2401.01002"))
    page.wait_for(f"{SAID}.length")
    (sentence,) = page.evaluate(SAID)
    assert sentence.startswith(words("problemRateLimited"))
    assert page.evaluate(STATES) == ["waiting"] * 3
    wait_until_translated(page, count=3)
    assert len(llm.requests) == 2


def test_waiting_behind_another_reader_is_told_with_the_place(
    page: Page, site: ArxivSite, reader: Configure, own_backend: Start, llm: FakeLLM
) -> None:
    backend = own_backend(MODEL_CONCURRENCY="1")
    reader(backendUrl=backend.url)
    with another_reader(backend.url, llm):
        page.goto(site.url(FORMULAS))
        page.wait_for(f"{SAID}.length")
        (sentence,) = page.evaluate(SAID)
        assert sentence.startswith(words("problemQueued"))
        assert "1" in sentence
        assert page.evaluate(STATES) == ["waiting"] * 3
    wait_until_translated(page, count=3)
    assert page.evaluate(SAID) == []


def test_everything_that_failed_is_tried_again_from_the_menu(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(status=401)
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="model")
    llm.reset()
    choose(page, words("controlRetryAll"))
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) == 1


def test_offline_is_said_and_the_rest_follows(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """Back online everything is asked again, by itself: here, of a server that is not there."""
    reader(backendUrl="https://paperglot.example", pages={"abs": "demand"})
    page.goto(site.url(FORMULAS))
    page.wait_for("document.querySelector('[data-paperglot=\"control\"]')")
    with browser.offline(page):
        browser.run_command("toggle-translation", page)
        _wait_until_failed(page, mention=words("problemOffline"))
    page.wait_for(f"{STATES}.includes('waiting')")
    _wait_until_failed(page, mention="https://paperglot.example")


@pytest.mark.parametrize("status", [401, 500])
def test_the_model_refuses_and_then_gives_in(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, status: int
) -> None:
    llm.scenario = Scenario(status=status)
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="model")
    assert page.count(BUTTON) == 1
    llm.reset()
    page.click(BUTTON)
    assert_faithful(wait_until_translated(page, count=3))


def test_the_model_asks_for_patience(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Nothing is asked before the time the model named; then the page completes by itself."""
    llm.next(*[Scenario(status=429, retry_after="1")] * 2)
    page.goto(site.url(FORMULAS))
    assert_faithful(wait_until_translated(page, count=3, seconds=PROMPT))
    arrivals = [asked.arrived for asked in llm.requests]
    assert len(arrivals) == 3
    assert min(later - earlier for earlier, later in itertools.pairwise(arrivals)) > 0.95


def test_the_model_breaks_off_in_the_middle(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.next(Scenario(wire=("cut",)))
    page.goto(site.url(FORMULAS))
    page.wait_for(
        f"{STATES}.length === 3 && {STATES}.every(each => each === 'failed' || each === 'done')",
        seconds=PROMPT,
    )
    if page.count(BUTTON):
        page.click(BUTTON)
    assert_faithful(wait_until_translated(page, count=3))


def test_a_translation_that_lost_a_formula_is_delivered_with_it_and_marked(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The model drops placeholders again and again: not verified, yet every formula stands there."""
    llm.scenario = Scenario(damage=("drop",))
    page.goto(site.url(FORMULAS))
    page.wait_for(f"{STATES}.length === 3 && {STATES}.every(each => each === 'unverified')")
    formulas = page.evaluate(
        """[document.querySelector('h1.title'), document.querySelector('h1.title').nextElementSibling]
          .map(each => (each.textContent.match(/\\$[^$]+\\$/g) ?? []).sort())"""
    )
    assert formulas[0] == formulas[1]
    llm.reset()
    mark = "[data-paperglot='translation'] [data-paperglot='mark']"
    page.click(mark)
    page.click("[data-paperglot='notice'] button")
    page.wait_for(f"{STATES}.filter(each => each === 'done').length === 1")


def test_the_sentence_is_in_the_readers_words(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Announced to screen readers, in the language of the interface, not of the translation."""
    llm.scenario = Scenario(status=401)
    reader(targetLanguage="ar")
    page.goto(site.url(FORMULAS))
    _wait_until_failed(page, mention="model")
    failure = 'document.querySelector(\'[data-paperglot="translation"] [role="status"]\')'
    assert page.evaluate(f"{failure}.lang") == "en"
    assert page.evaluate(f"getComputedStyle({failure}).direction") == "ltr"

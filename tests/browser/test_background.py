"""The background can be ended at any moment, and the reader notices nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.hostile_backend import HostileBackend
from tests.browser.page_measures import assert_faithful, wait_until_translated
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]
FORMULAS = "/abs/2401.01001"
STREAMING = 'document.querySelector(\'[data-paperglot="translation"][data-state="streaming"]\')'


def _outcomes(llm: FakeLLM) -> list[str]:
    return [asked.outcome for asked in llm.requests]


def test_ended_in_the_middle_of_a_stream(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.next(Scenario(chunk_delay=0.02))
    page.goto(site.url(FORMULAS))
    page.wait_for(STREAMING)
    browser.kill_background()
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) <= 2


def test_ended_while_waiting(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.next(Scenario(first_token_delay=4))
    page.goto(site.url(FORMULAS))
    llm.wait_until(lambda: len(llm.requests) == 1)
    browser.kill_background()
    assert_faithful(wait_until_translated(page, count=3))


def test_ended_between_two_pages(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    browser.kill_background()
    page.goto(site.url("/abs/2401.01002"))
    assert_faithful(wait_until_translated(page, count=3))


class _HesitantBackend(HostileBackend):
    """Holds back its first answer until the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.released = threading.Event()

    def document(self, path: str) -> dict[str, Any]:
        if not self.asked.is_set():
            self.asked.set()
            self.released.wait(20)
        return super().document(path)


@pytest.mark.parametrize("path", ["options/options.html", "popup/popup.html"])
def test_ended_with_a_question_open(browser: Browser, reader: Configure, path: str) -> None:
    """The question is asked again, and the page that asked it gets its answer."""
    with _HesitantBackend() as backend:
        reader(backendUrl=backend.url)
        opened = browser.open_extension_page(path)
        assert backend.asked.wait(10)
        browser.kill_background()
        backend.released.set()
        answered = {
            "options/options.html": "document.querySelector('[data-result]').dataset.light === 'good'",
            # What it serves is no edition, and that is said.
            "popup/popup.html": "document.querySelector('[data-note]').dataset.state === 'bad-answer'",
        }
        opened.wait_for(answered[path])
        assert browser.extension_errors() == []


def test_the_backend_is_killed_in_the_middle_of_a_stream(
    page: Page,
    site: ArxivSite,
    reader: Configure,
    own_backend: Callable[..., Backend],
    llm: FakeLLM,
) -> None:
    backend = own_backend()
    reader(backendUrl=backend.url)
    llm.next(Scenario(chunk_delay=0.02))
    page.goto(site.url(FORMULAS))
    page.wait_for(STREAMING)
    backend.kill()
    backend.start()
    assert_faithful(wait_until_translated(page, count=3, seconds=20))


def test_a_closed_tab_leaves_no_work_behind(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(chunk_delay=0.2)
    page.goto(site.url(FORMULAS))
    page.wait_for(STREAMING)
    page.close()
    llm.wait_until(lambda: _outcomes(llm) == ["left"], timeout=6)


def test_leaving_the_page_leaves_no_work_behind(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(chunk_delay=0.2)
    page.goto(site.url(FORMULAS))
    page.wait_for(STREAMING)
    page.goto(site.url("/"))
    llm.wait_until(lambda: _outcomes(llm) == ["left"], timeout=6)


def test_going_back_in_the_middle_ends_whole(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The browser may bring the page back as it was frozen, its Port long closed."""
    llm.next(Scenario(chunk_delay=0.05))
    page.goto(site.url(FORMULAS))
    page.wait_for(STREAMING)
    page.goto(site.url("/"))
    page.evaluate("history.back()")
    page.wait_for("location.pathname === '/abs/2401.01001'")
    assert_faithful(wait_until_translated(page, count=3))

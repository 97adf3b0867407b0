"""Turning translations off leaves the page as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import assert_faithful, wait_until_translated
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

# The page as text, without the control, by which translations can be turned on again.
DOCUMENT = """(copy => {
  for (const node of copy.querySelectorAll('[data-paperglot="control"]')) node.remove();
  return copy.outerHTML;
})(document.documentElement.cloneNode(true))"""
NO_TRANSLATION = "!document.querySelector('[data-paperglot=\"translation\"]')"


def untouched(page: Page, url: str, configure: Configure) -> str:
    """The page as it is where the extension has nothing to do."""
    kinds = ("abs", "list", "search", "html")
    configure(pages=dict.fromkeys(kinds, "never"), control=False)
    page.goto(url)
    page.wait_for("!document.documentElement.hasAttribute('data-paperglot-preparing')")
    page.evaluate("new Promise(resolve => setTimeout(resolve, 100))")
    document = str(page.evaluate("document.documentElement.outerHTML"))
    page.goto("https://arxiv.org/")
    configure(pages=dict.fromkeys(kinds, "always"), control=True)
    return document


@pytest.mark.parametrize("mathjax", ["never", "before"])
@pytest.mark.parametrize("display", ["below", "replace", "side"])
def test_the_page_becomes_what_it_was(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, mathjax: str, display: str
) -> None:
    path = f"/abs/2401.01001?mathjax={mathjax}"
    before = untouched(page, site.url(path), reader)
    assert "paperglot" not in before
    reader(display=display)
    page.goto(site.url(path))
    wait_until_translated(page, count=3)
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before


def test_turning_off_in_the_middle_stops_the_work(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    before = untouched(page, site.url("/abs/2401.01001"), reader)
    llm.scenario = Scenario(chunk_delay=0.1)
    page.goto(site.url("/abs/2401.01001"))
    page.wait_for("document.querySelector('[data-state=\"streaming\"]')")
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before
    llm.wait_until(lambda: [asked.outcome for asked in llm.requests] == ["left"], timeout=6)


def test_translations_come_back_when_turned_on_again(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    page.goto(site.url("/abs/2401.01001"))
    wait_until_translated(page, count=3)
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    browser.run_command("toggle-translation", page)
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) == 1


def test_the_original_is_never_changed(page: Page, site: ArxivSite, reader: Configure) -> None:
    path = "/abs/2401.01001?mathjax=before"
    before = untouched(page, site.url(path), reader)
    page.goto(site.url(path))
    wait_until_translated(page, count=3)
    for selector in ("#abs > h1.title", "#abs > blockquote.abstract", "#abs > .authors"):
        after = page.evaluate(f"document.querySelector({selector!r}).outerHTML")
        assert after in before

"""Where reading a whole paper begins: the abstract's page and the day's list."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.browser.accessibility import violations
from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import wait_until_translated
from tests.fakes.llm import FakeLLM

Configure = Callable[..., None]

BUTTON = "[data-paperglot='control-button']"
LINK = "document.querySelector('a[data-paperglot=menu-item]')"
DONE = "document.querySelector('.ltx_p + [data-paperglot=translation][data-state=done]')"
OTHERS = "document.querySelector('[data-paperglot=translation]')"


@pytest.fixture
def abstract(site: ArxivSite) -> str:
    """The address of an abstract's page that links the paper's full text."""
    html = site.page("/abs/2401.01001")
    assert html
    link = '<a href="/html/2401.01003v2" class="abs-button" id="latexml-download-link">HTML</a>'
    text = html[1].decode().replace('<div class="full-text">', f'<div class="full-text">{link}', 1)
    site.add("/abs/2401.01003", text)
    return site.url("/abs/2401.01003")


def test_an_abstracts_page_leads_to_the_translated_paper(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, abstract: str
) -> None:
    """Once: the same page opened otherwise waits until it is asked, and arXiv's own link is as it was."""
    page.goto(abstract)
    wait_until_translated(page, count=3)
    page.click(BUTTON)
    page.wait_for(f"{LINK}?.checkVisibility()")
    assert page.evaluate(f"{LINK}.textContent") == "Read the paper in Simplified Chinese"
    assert violations(page, within="[data-paperglot='control']") == []
    page.click("a[data-paperglot='menu-item']")
    page.wait_for(DONE)
    assert page.evaluate("location.href") == site.url("/html/2401.01003v2")
    page.goto(site.url("/abs/2401.01002"))
    page.goto(site.url("/html/2401.01003v2"))
    page.wait_for(f"document.querySelector({BUTTON!r})")
    assert not page.evaluate(OTHERS)


def test_without_a_full_text_or_the_wish_for_one_nothing_is_offered(
    page: Page, site: ArxivSite, reader: Configure, abstract: str
) -> None:
    page.goto(site.url("/abs/2401.01001"))
    wait_until_translated(page, count=3)
    page.click(BUTTON)
    page.wait_for("document.querySelector('[data-paperglot=menu]').matches(':popover-open')")
    assert not page.evaluate(f"{LINK}.checkVisibility()")
    reader(pages={"html": "never"})
    page.goto(abstract)
    wait_until_translated(page, count=3)
    page.click(BUTTON)
    page.wait_for("document.querySelector('[data-paperglot=menu]').matches(':popover-open')")
    assert not page.evaluate(f"{LINK}.checkVisibility()")


def test_the_days_list_leads_to_the_translated_paper(
    browser: Browser, site: ArxivSite, reader: Configure
) -> None:
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    popup.wait_for("document.querySelectorAll('[data-paper-id]').length === 14")
    popup.click("[data-paper-id] button.title")
    link = "document.querySelector('[data-link=\"read-in\"]')"
    popup.wait_for(link)
    assert popup.evaluate(f"{link}.textContent") == "Read in Simplified Chinese"
    assert violations(popup) == []
    address = popup.evaluate(f"{link}.href")
    paper = "<article class='ltx_document'><p class='ltx_p'>Lamps of {{stamp}} shine.</p></article>"
    site.add(address.removeprefix(site.url("")), f"<!DOCTYPE html><title>Lamps</title>{paper}")
    popup.click("[data-link='read-in']")
    said = (
        f"api.tabs.query({{ url: {json.dumps(address)} }})"
        ".then(([tab]) => tab && api.tabs.sendMessage(tab.id, { type: 'page-state' })).catch(() => null)"
    )
    browser.extension_page.wait_for(
        f"((api) => {said}.then(state => state?.on && state.state === 'done'))"
        "(globalThis.browser ?? globalThis.chrome)"
    )

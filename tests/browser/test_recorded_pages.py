"""arXiv's own pages, where recordings are at hand; else our own, which have the same shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import recorded_pages
from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Page
from tests.browser.page_measures import assert_faithful, doubled_ids, translations
from tests.fakes.llm import FakeLLM

Configure = Callable[..., None]

OWN = ["/abs/2401.01001", "/abs/2401.01002", "/abs/hep-th/9701234", "/list/cs.CL/new", "/search/"]
EVERY = [*OWN, *recorded_pages.names()]
ABSTRACTS = [name for name in EVERY if name.startswith(("/abs", "abs", "typeset_abs"))]
MANY_IDS = "[...document.querySelectorAll('[id]')].map(node => node.id)"
SETTLED = """(all => all.length && all.every(each => each.dataset.state === 'done'))(
  [...document.querySelectorAll('[data-paperglot="translation"]')])"""


def _url(site: ArxivSite, name: str, *, mathjax: str = "never") -> str:
    path = name
    if not name.startswith("/"):
        recorded = recorded_pages.load(name)
        site.add(recorded.path, recorded.html)
        path = recorded.path
    return site.url(f"{path}{'&' if '?' in path else '?'}mathjax={mathjax}")


def _translated(page: Page) -> list[dict[str, Any]]:
    """Waits until everything near the screen is translated and nothing more comes."""
    page.evaluate("document.querySelector('dd, .arxiv-result')?.scrollIntoView()")
    page.wait_for(SETTLED, seconds=15)
    while True:
        before = page.count("[data-paperglot='translation']")
        page.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
        page.wait_for(SETTLED, seconds=15)
        if page.count("[data-paperglot='translation']") == before:
            return translations(page)


@pytest.mark.parametrize("mathjax", ["never", "before"])
@pytest.mark.parametrize("name", EVERY)
def test_formulas_links_and_emphasis_are_the_originals(
    page: Page, site: ArxivSite, reader: Configure, name: str, mathjax: str
) -> None:
    """And no id stands twice that did not before."""
    page.goto(_url(site, name, mathjax=mathjax))
    assert_faithful(_translated(page))
    assert doubled_ids(page) == []


@pytest.mark.parametrize("name", ABSTRACTS)
def test_an_abstract_page_costs_one_request(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, name: str
) -> None:
    """And a second visit none."""
    page.goto(_url(site, name))
    _translated(page)
    assert len(llm.requests) == 1
    page.reload()
    _translated(page)
    assert len(llm.requests) == 1

"""arXiv's own pages, where recordings are at hand; else our own, which have the same shapes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import recorded_pages
from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import assert_faithful, doubled_ids, translations
from tests.browser.test_turning_off import DOCUMENT, NO_TRANSLATION, untouched
from tests.fakes.llm import FakeLLM

Configure = Callable[..., None]

OWN = ["/abs/2401.01001", "/abs/2401.01002", "/abs/hep-th/9701234", "/list/cs.CL/new", "/search/"]
EVERY = [*OWN, *recorded_pages.names()]
ABSTRACTS = [name for name in EVERY if name.startswith(("/abs", "abs", "typeset_abs"))]
# Whatever of ours stands elsewhere than below what is to be translated.
MISPLACED = """[...document.querySelectorAll('[data-paperglot="translation"], [data-paperglot="reserved"]')]
  .filter(node => !node.previousElementSibling?.matches(
    '#abs > h1.title, #abs > blockquote.abstract, dd .list-title, dd .meta > p.mathjax,'
    + ' li.arxiv-result > p.title, .abstract-short, .abstract-full')
    && !node.parentElement.matches('#abs td.comments'))
  .map(node => node.parentElement.outerHTML.slice(0, 200))"""
# How many screens away the furthest translation is.
FURTHEST = """Math.max(...[...document.querySelectorAll('[data-paperglot="translation"]')].map(node => {
  const { top, bottom } = node.getBoundingClientRect();
  return Math.max(0, -bottom, top - innerHeight) / innerHeight;
}))"""
# The page as text, less what was put into it.
WITHOUT_OURS = """(copy => {
  for (const node of copy.querySelectorAll('[data-paperglot]:not([data-paperglot="replaced"])')) node.remove();
  // What begins above the upper edge is no anchor; the first entry was scrolled there, give or take a pixel.
  const passed = 'data-paperglot-passed';
  for (const node of copy.querySelectorAll(`[${passed}]`)) node.removeAttribute(passed);
  return copy.outerHTML;
})(document.documentElement.cloneNode(true))"""
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
def test_a_page_is_translated_and_becomes_what_it_was(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    name: str,
    mathjax: str,
) -> None:
    """Formulas, links, emphasis as in the original, which stands there unchanged; nothing else touched."""
    url = _url(site, name, mathjax=mathjax)
    before = untouched(page, url, reader)
    page.goto(url)
    pairs = _translated(page)
    assert_faithful(pairs)
    assert doubled_ids(page) == []
    assert page.evaluate(MISPLACED) == []
    # Near the screen, as far as what came between may have moved it meanwhile; never all of a long page.
    assert page.evaluate(FURTHEST) < 4
    asked = [text for asked in llm.requests for _, text in asked.segments]
    assert len(asked) == len(set(asked)) <= len(pairs)
    assert page.evaluate(WITHOUT_OURS) == before
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before
    kinds = ("formulas", "links", "emphases")
    counts = ", ".join(f"{sum(len(p['translation'][k]) for p in pairs)} {k}" for k in kinds)
    sys.stdout.write(
        f"{name} ({mathjax}): {len(pairs)} translations, {counts}, {len(llm.requests)} requests\n"
    )


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

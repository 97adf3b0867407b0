"""A list's first screen: dealt to all streams, so that its last word does not wait for all others."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Page
from tests.browser.made_listings import made_listing
from tests.browser.main_thread import slowness
from tests.browser.page_measures import assert_faithful, translations
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

pytestmark = pytest.mark.alone
Configure = Callable[..., None]

STREAMS = 3

# 100 tokens of four characters a second: the invented Chinese has about a third of its source's, and marks.
MODEL = Scenario(first_token_delay=0.5, chunk_delay=0.05, chunk_chars=8)
# Seconds from the page's load event to the first word, to a word in all that is on the screen, to the last one.
WATCH = """void (globalThis.told = {}, (look => look(look))((look) => {
  const all = [...document.querySelectorAll('[data-paperglot="translation"]')];
  const hasWords = (each) => ['streaming', 'done'].includes(each.dataset.state);
  const seen = all.filter(each => {
    const { top, bottom } = each.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
  const now = (performance.now() - performance.getEntriesByType('navigation')[0].loadEventEnd) / 1000;
  if (all.some(hasWords)) told.first ??= now;
  if (seen.length && seen.every(hasWords)) told.begun ??= now;
  if (all.length && all.every(each => each.dataset.state === 'done')) told.finished ??= now;
  else setTimeout(() => look(look), 20);
}))"""


def test_a_lists_first_screen_is_dealt_to_all_streams(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Three abstracts, one a stream; finished when the longest is."""
    path = "/list/astro-ph.CO/new"
    site.add(path, made_listing())
    llm.scenario = MODEL
    page.set_viewport(1280, 1000)
    page.goto(site.url("/"))
    machine = slowness(page)
    page.goto(site.url(path))
    page.evaluate(WATCH)
    page.wait_for("told.finished", seconds=40)
    told = page.evaluate("told")
    sizes = [[len(text) for _, text in asked.segments] for asked in llm.requests]
    figures = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in told.items())
    sys.stdout.write(f"{figures}; requests {sizes}; the machine takes {machine:.1f} times\n")
    assert_faithful(translations(page))
    totals = sorted(sum(each) for each in sizes)
    assert len(totals) == STREAMS
    assert totals[-1] <= 2 * totals[0]
    # At the model's true pace this is 6.0 s; a busy machine holds the model up, too.
    longest = max((asked.ended or 0) - asked.arrived for asked in llm.requests)
    assert told["begun"] <= told["finished"] / 2
    assert told["finished"] <= longest + machine

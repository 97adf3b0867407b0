"""Whole papers with a model that damages, a provider that refuses, a backend that goes away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.made_papers import made_paper
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]
Start = Callable[..., Backend]

PATH = "/html/2401.06001v1"
PARAGRAPHS = 60
STATES = (
    "[...document.querySelectorAll('[data-paperglot=translation]')].map(node => node.dataset.state)"
)
OVER = f"{STATES}.length > 5 && {STATES}.every(state => ['done', 'unverified', 'failed'].includes(state))"
ALL_DONE = f"{STATES}.length > {PARAGRAPHS} && {STATES}.every(state => state === 'done')"
# Paragraphs whose translation has other formulas or citations than they have.
SPOILT = """[...document.querySelectorAll('.ltx_p')].filter(paragraph => {
  const contents = (root) => [...root.querySelectorAll('math, .ltx_cite')].map(
    node => node.getAttribute('alttext') ?? node.textContent).sort().join();
  return contents(paragraph) !== contents(paragraph.nextElementSibling);
}).length"""


def _open(page: Page, site: ArxivSite) -> None:
    """In a window so high that all of the paper is near."""
    site.add(PATH, made_paper(paragraphs=PARAGRAPHS, words=50))
    page.set_viewport(1200, 30_000)
    page.goto(site.url(PATH))


def _begin(page: Page, site: ArxivSite, llm: FakeLLM) -> None:
    """Leaves it in the middle of its translation."""
    llm.scenario = Scenario(first_token_delay=0.3, chunk_delay=0.01)
    _open(page, site)
    page.wait_for(f"{STATES}.includes('done')", seconds=30)


def test_what_a_model_damages_is_marked_and_the_rest_is_whole(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Each damaged paragraph has all its formulas and citations, and is asked for anew at its mark."""
    reader(pages={"html": "always"})
    llm.scenario = Scenario(
        damage=("drop", "double", "digits", "echo"), damage_probability=0.45, seed=3
    )
    _open(page, site)
    page.wait_for(OVER, seconds=60)
    states = Counter(page.evaluate(STATES))
    # Three attempts each: about one in ten stays damaged.
    assert states["failed"] == 0
    assert 1 <= states["unverified"] <= PARAGRAPHS / 4
    assert page.evaluate(SPOILT) == 0
    llm.reset()
    for _ in range(states["unverified"]):
        page.evaluate(
            """void (mark => { mark.scrollIntoView({ block: 'center' }); mark.click(); })(
              document.querySelector('[data-paperglot=mark]'))"""
        )
        page.wait_for(
            "document.querySelector('[data-paperglot=notice] button[data-paperglot=retry]')"
        )
        before = page.count("[data-state='unverified']")
        page.evaluate(
            "void document.querySelector('[data-paperglot=notice] button[data-paperglot=retry]').click()"
        )
        page.wait_for(f"document.querySelectorAll('[data-state=unverified]').length < {before}")
        page.wait_for(OVER, seconds=30)
    assert Counter(page.evaluate(STATES)).keys() == {"done"}
    assert page.evaluate(SPOILT) == 0


def test_a_refusal_in_the_middle_of_a_paper_is_waited_for(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """429 with Retry-After: the time is waited, then it goes on; nothing is asked twice that was answered."""
    reader(pages={"html": "always"})
    llm.next(
        Scenario(), Scenario(status=429, retry_after="2"), Scenario(status=429, retry_after="2")
    )
    _open(page, site)
    page.wait_for(ALL_DONE, seconds=60)
    assert page.evaluate(SPOILT) == 0
    answered = Counter(
        text for asked in llm.requests if asked.outcome == "finished" for _, text in asked.segments
    )
    assert set(answered.values()) == {1}


def test_a_backend_that_is_restarted_is_met_again(
    page: Page, site: ArxivSite, reader: Configure, own_backend: Start, llm: FakeLLM
) -> None:
    backend = own_backend()
    reader(pages={"html": "always"}, backendUrl=backend.url)
    _begin(page, site, llm)
    backend.stop()
    llm.reset()
    backend.start()
    page.wait_for(ALL_DONE, seconds=60)
    assert page.evaluate(SPOILT) == 0


def test_a_machine_that_slept_goes_on(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """It wakes up with the background ended, its streams dead and no network yet, in the middle of a paper."""
    reader(pages={"html": "always"})
    _begin(page, site, llm)
    browser.kill_background()
    with browser.offline(page):
        page.evaluate("new Promise(resolve => setTimeout(resolve, 2000))")
    page.wait_for(ALL_DONE, seconds=60)
    assert page.evaluate(SPOILT) == 0


def test_an_update_of_the_extension_in_the_middle_of_a_paper(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Opened anew the paper is whole, and what is known is not paid again.

    In another tab: Firefox 153 at times replaces the document of a tab in which an updated extension was at
    work by one that never completes, and then no reload of that tab does either.
    """
    reader(pages={"html": "always"})
    _begin(page, site, llm)
    browser.update()
    llm.scenario = Scenario()
    anew = browser.new_page()
    anew.set_viewport(1200, 30_000)
    anew.goto(site.url(PATH))
    anew.wait_for(ALL_DONE, seconds=30)
    assert anew.evaluate(SPOILT) == 0
    assert anew.evaluate(f"{STATES}.length") == anew.evaluate(
        "document.querySelectorAll('article :is(.ltx_p, .ltx_title)').length"
    )
    anew.close()
    texts = Counter(text for asked in llm.requests for _, text in asked.segments)
    assert max(texts.values()) <= 2, "only what was under way"


# Puts the middle of a paragraph at the upper edge of what is seen, then tells how far the first whole one
# below it has moved, whenever that is another distance.
_WATCH = """void (share => {
  const edge = document.querySelector('header').getBoundingClientRect().bottom;
  const all = [...document.querySelectorAll('.ltx_para')];
  globalThis.paragraph = all[Math.round(all.length * share)];
  const cut = paragraph.getBoundingClientRect();
  scrollBy(0, (cut.top + cut.bottom) / 2 - edge);
  const eye = all.find(node => node.getBoundingClientRect().top >= edge);
  globalThis.moves = [];
  const begin = eye.getBoundingClientRect().top;
  let before = 0;
  const look = () => {
    if (globalThis.watched !== eye) return;
    const moved = eye.getBoundingClientRect().top - begin;
    if (Math.abs(moved) > 1 && Math.abs(moved - before) > 0.5) moves.push(Math.round(moved * 10) / 10);
    before = moved;
    requestAnimationFrame(look);
  };
  globalThis.watched = eye;
  look();
})"""


@pytest.mark.parametrize("display", ["below", "replace", "side"])
def test_the_readers_place_stays_while_what_is_above_is_translated(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, display: str
) -> None:
    """Who jumps into the middle of a paper reads on there; what changes above moves nothing."""
    reader(pages={"html": "always"}, display=display)
    llm.scenario = Scenario(first_token_delay=0.8, chunk_delay=0.005)
    site.add(PATH, made_paper(paragraphs=PARAGRAPHS, words=50))
    page.set_viewport(1000, 800)
    page.goto(site.url(PATH))
    page.wait_for(f"{STATES}.length > 0")
    moves = []
    for share in (0.5, 0.8, 0.25):
        page.evaluate(f"{_WATCH}({share})")
        page.wait_for(f"{STATES}.includes('waiting')")
        page.wait_for(OVER, seconds=30)
        page.wait_for("paragraph.querySelector('[data-paperglot=translation][data-state=done]')")
        page.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
        moves += page.evaluate("moves")
    assert moves == []

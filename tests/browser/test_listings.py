"""Listings and search results: what the reader comes to is translated, nothing else, and at little cost."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Page
from tests.browser.page_measures import assert_faithful, translations
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

TRANSLATION = "[data-paperglot='translation']"
DONE = "[data-paperglot='translation'][data-state='done']"
NOT_DONE = "[data-paperglot='translation']:not([data-state='done'])"
TITLES = ["Lanterns", "Rivers", "Pebbles", "Harbours", "Orchards"]


def listing(site: ArxivSite, entries: int) -> str:
    """Adds a month's listing with so many entries; returns its address."""
    items = "".join(
        f"""<dt><a name="item{n}">[{n}]</a> <a href="/abs/2401.{n:05}" title="Abstract" id="2401.{n:05}">
          arXiv:2401.{n:05}</a></dt>
        <dd><div class="meta"><div class="list-title mathjax"><span class="descriptor">Title:</span>
          On {TITLES[n % 5]} of rank $r_{{{n}}}$ in {{{{stamp}}}} valleys near {TITLES[n // 5 % 5]}
        </div><div class="list-authors"><a href="/a/x">Ada Example</a></div></div></dd>"""
        for n in range(1, entries + 1)
    )
    path = f"/list/cs.CL/2024-01?show={entries}"
    site.add(
        path,
        f"""<!DOCTYPE html><html lang="en"><head><title>Computation and Language</title>
        {{{{> head.html}}}}</head><body>{{{{> header.html}}}}<main><div id="content"><div id="dlpage">
        <h1>Computation and Language</h1><dl id="articles"><h3>January 2024</h3>{items}</dl>
        </div></div></main></body></html>""",
    )
    return site.url(path)


def _asked(llm: FakeLLM) -> int:
    """How many segments the model has been asked for."""
    return sum(len(asked.segments) for asked in llm.requests)


def _most_at_once(llm: FakeLLM) -> int:
    """How many requests the model had to work on at the same time."""
    spans = [(asked.arrived, asked.ended or float("inf")) for asked in llm.requests]
    return max(sum(begin <= at < end for begin, end in spans) for at, _ in spans)


def settled(page: Page) -> None:
    """Waits until there are translations, and each is done."""
    page.wait_for(f"document.querySelector({DONE!r}) && !document.querySelector({NOT_DONE!r})")


def test_a_screen_of_titles_is_one_request(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    page.set_viewport(1000, 2000)  # and as much again ahead
    page.goto(listing(site, 25))
    page.wait_for(f"document.querySelectorAll({DONE!r}).length === 25")
    assert_faithful(translations(page))
    assert len(llm.requests) == 1


def test_two_thousand_entries_cost_what_the_reader_comes_to(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The first screens at first; the end once the reader jumps there; never what lies between."""
    page.set_viewport(1000, 800)
    page.goto(listing(site, 2000))
    settled(page)
    page.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
    assert _asked(llm) == page.count(TRANSLATION) < 60
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = "[...document.querySelectorAll('dd')].at(-1).querySelector('[data-state=\"done\"]')"
    page.wait_for(last)
    settled(page)
    assert _asked(llm) < 140
    assert_faithful(translations(page))


def test_fast_scrolling_leaves_no_work_behind(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Past a hundred screens in a second: what was passed is dropped, where one stops is translated."""
    page.set_viewport(1000, 800)
    llm.scenario = Scenario(first_token_delay=0.5)
    page.goto(listing(site, 2000))
    page.wait_for(f"document.querySelector({TRANSLATION!r})")
    page.evaluate(
        """(async () => {
          for (let step = 1; step <= 50; step += 1) {
            scrollTo(0, step * 1600);
            await new Promise(resolve => setTimeout(resolve, 20));
          }
        })()"""
    )
    page.wait_for(
        """[...document.querySelectorAll('dd')].filter(entry => {
          const { top, bottom } = entry.getBoundingClientRect();
          return bottom > 0 && top < innerHeight;
        }).every(entry => entry.querySelector('[data-state="done"]'))""",
        seconds=20,
    )
    assert _asked(llm) < 500
    assert _most_at_once(llm) <= 3


def test_entries_that_come_later_are_noticed(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    page.goto(listing(site, 3))
    page.wait_for(f"document.querySelectorAll({DONE!r}).length === 3")
    page.evaluate(
        f"""void document.querySelector('dl').insertAdjacentHTML('beforeend', `<dt>[4]</dt><dd>
          <div class="meta"><div class="list-title mathjax"><span class="descriptor">Title:</span>
          A late entry about $x$ and {site.stamp} wells</div></div></dd>`)"""
    )
    page.wait_for(f"document.querySelectorAll({DONE!r}).length === 4")
    assert len(llm.requests) == 2


def test_search_results_show_what_is_open(page: Page, site: ArxivSite, reader: Configure) -> None:
    """The visible form of an abstract, and the full one once it is opened; hits inside words."""
    page.goto(site.url("/search/?mathjax=before"))
    page.wait_for(f"document.querySelectorAll({DONE!r}).length === 3")
    assert_faithful(translations(page))
    page.click(".abstract-short > a")
    page.wait_for("document.querySelector('.abstract-full').style.display === 'inline'")
    page.wait_for(
        """(full => full?.dataset.state === 'done' && full.getClientRects().length)(
          [...document.querySelectorAll('[data-paperglot="translation"]')]
            .find(each => each.previousElementSibling?.matches('.abstract-full')
              || each.parentElement.matches('.abstract-full')))"""
    )
    short = """[...document.querySelectorAll('[data-paperglot="translation"]')]
      .find(each => each.previousElementSibling?.matches('.abstract-short')
        || each.parentElement.matches('.abstract-short'))"""
    assert page.evaluate(f"({short})?.getClientRects().length ?? 0") == 0


def test_six_refusals_with_a_time_are_waited_out(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Nothing is fired before the time named, and the page completes within two seconds of it."""
    llm.next(*[Scenario(status=429, retry_after="1")] * 6)
    page.goto(site.url("/abs/2401.01001"))
    page.wait_for(f"document.querySelectorAll({DONE!r}).length === 3", seconds=25)
    refused, answered = llm.requests[:6], llm.requests[6]
    times = [asked.arrived for asked in llm.requests]
    assert all(later - earlier > 0.95 for earlier, later in itertools.pairwise(times))
    assert answered.arrived - refused[-1].arrived < 3
    assert len(llm.requests) == 7

"""What a translated page costs its reader: nothing jumps, nothing blocks, a second visit is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.chromium import Chromium
from tests.browser.driver import Browser, Page
from tests.browser.main_thread import Task, tasks
from tests.browser.test_listings import DONE, listing, settled
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

pytestmark = pytest.mark.alone
Configure = Callable[..., None]

ABSTRACTS = ["/abs/2401.01001", "/abs/2401.01002", "/abs/hep-th/9701234"]
ENTRIES = 2000
MAX_TASK = 50
# Counts, in each frame from now on, what moved although the reader did not scroll, as a reader would
# see it; in either browser.
_WATCH = """void (globalThis.jumps = [], (look => look(look, new Map()))((look, before) => {
  const now = new Map();
  const isHeld = getComputedStyle(document.body).opacity === '0'; // until the extension has made room
  for (const node of document.querySelectorAll('h1, h3, dd > .meta, #abs > *, .metatable tr')) {
    if (isHeld || node.matches('[data-paperglot]')) continue;
    const { top, bottom } = node.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) continue;
    const place = Math.round(top + scrollY);
    if (before.has(node) && Math.abs(before.get(node) - place) > 1) {
      jumps.push([node.localName + '.' + node.className, before.get(node), place]);
    }
    now.set(node, place);
  }
  requestAnimationFrame(() => look(look, now));
}))"""
# What Chromium itself calls a layout shift, since the page began.
_SHIFT = """new Promise(resolve => {
  let shift = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(shift), 300);
})"""


_LONG_TASKS = """void (globalThis.longTasks = [], new PerformanceObserver(list => {
  const { loadEventEnd } = performance.getEntriesByType('navigation')[0];
  longTasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime - loadEventEnd, duration]));
}).observe({ type: 'longtask', buffered: true }))"""


def _say(figures: str) -> None:
    sys.stdout.write(f"{figures}\n")


def test_a_second_visit_is_complete_within_300_ms(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """From the load event to the last translation, without the model."""
    page.goto(site.url("/abs/2401.01001?mathjax=before"))
    settled(page)
    waited = []
    for _ in range(5):
        page.goto(site.url("/"))
        page.goto(site.url("/abs/2401.01001?mathjax=before"))
        waited.append(
            page.evaluate(
                f"""new Promise(resolve => {{
                  const look = () => document.querySelectorAll({DONE!r}).length < 3 ? setTimeout(look, 5)
                    : resolve(performance.now() - performance.getEntriesByType('navigation')[0].loadEventEnd);
                  look();
                }})"""
            )
        )
    _say(f"complete after {', '.join(f'{each:.0f}' for each in sorted(waited))} ms")
    assert min(waited) < 300  # the others may have met a busy machine
    assert len(llm.requests) == 1


@pytest.mark.parametrize("mathjax", ["never", "before"])
@pytest.mark.parametrize("path", ABSTRACTS)
def test_nothing_jumps_on_an_abstract_page(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    path: str,
    mathjax: str,
) -> None:
    """Nothing at all, from the first frame to the last word."""
    llm.scenario = Scenario(first_token_delay=0.3, chunk_delay=0.005)
    page.set_viewport(1000, 800)
    url = site.url(f"{path}?mathjax={mathjax}")
    page.goto(url)
    page.evaluate(_WATCH)
    settled(page)
    assert page.evaluate("jumps") == []
    if browser.name == "chromium":
        shift = page.evaluate(_SHIFT)
        reader(pages={"abs": "never"})
        page.goto(url)
        page.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
        own = page.evaluate(_SHIFT)  # typesetting may make the page jump by itself
        _say(f"layout shift {shift:g}, without translations {own:g}")
        assert shift <= own


def test_what_mathjax_typesets_later_has_its_room_before_the_first_word(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The page moves when its formulas are typeset, as it would without us, and not again after that."""
    llm.scenario = Scenario(first_token_delay=1, chunk_delay=0.005)
    page.set_viewport(1000, 800)
    page.goto(site.url("/abs/2401.01001?mathjax=later"))
    page.wait_for("document.querySelector('[data-paperglot][data-kind]')")
    page.evaluate("void typeset()")
    llm.wait_until(lambda: len(llm.requests) == 1)
    page.evaluate(_WATCH)
    settled(page)
    assert page.evaluate("jumps") == []


def test_nothing_jumps_on_a_long_list(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """While it loads, while one scrolls, jumps to the end and back, and words stream in wherever one stops."""
    llm.scenario = Scenario(first_token_delay=0.1, chunk_delay=0.001)
    page.set_viewport(1000, 800)
    url = listing(site, ENTRIES)
    shift = 0.0
    for _ in range(3):  # on a very busy machine the page may be shown before the extension is there
        page.goto(url)
        settled(page)
        page.wait_for(
            f"document.querySelectorAll('[data-paperglot][data-kind]').length === {ENTRIES}",
            seconds=60,
        )
        shift = page.evaluate(_SHIFT) if browser.name == "chromium" else 0.0
        if not shift:
            break
    assert shift == 0
    page.evaluate(_WATCH)
    _wander(page)
    settled(page)
    assert page.evaluate("jumps") == []
    if browser.name == "chromium":
        shift = page.evaluate(_SHIFT)
        _say(f"layout shift {shift:g} on {ENTRIES} entries")
        assert shift == 0


def test_an_anchor_far_down_a_long_list_stays_where_it_is(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The room that is made above it meanwhile pushes nothing away."""
    page.set_viewport(1000, 800)
    page.goto(f"{listing(site, ENTRIES)}#item1500")
    page.wait_for(
        f"document.querySelectorAll('[data-paperglot][data-kind]').length === {ENTRIES}", seconds=60
    )
    settled(page)
    place = "document.getElementsByName('item1500')[0].getBoundingClientRect().top"
    assert -5 < page.evaluate(place) < 60
    assert sum(len(asked.segments) for asked in llm.requests) < 60


def _wander(page: Page) -> None:
    for step in (*[500] * 12, 10**9, -(10**9)):
        page.evaluate(f"scrollBy(0, {step})")
        page.evaluate("new Promise(resolve => setTimeout(resolve, 80))")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    settled(page)


@pytest.mark.parametrize("path", [*ABSTRACTS, "a list"])
def test_nothing_blocks(
    running_browser: Browser,
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    path: str,
) -> None:
    """No task in which the extension has a hand takes 50 ms; only Chromium can be asked.

    On a list of thousands any change of height costs the browser a walk through all of it, which is
    the page's own price: it is measured in the same run and taken off.
    """
    if not isinstance(running_browser, Chromium):
        pytest.skip("Firefox does not tell which task was whose")
    llm.scenario = Scenario(first_token_delay=0.1, chunk_delay=0.002)
    page.set_viewport(1000, 800)
    url = listing(site, ENTRIES) if path == "a list" else site.url(f"{path}?mathjax=before")
    page.goto(site.url("/"))
    with running_browser.traced() as events:
        page.goto(url)
        settled(page)
        if path == "a list":
            _wander(page)
    ours = [task for task in tasks(events) if task.script(running_browser.base)]
    assert ours
    price = price_of_a_change(running_browser, page)
    longest = max(ours, key=lambda task: task.cpu)
    script = max(task.script(running_browser.base) for task in ours)
    _say(f"{path}: scripts {script:.1f} ms at once, longest task {longest}, a change {price}")
    assert script <= MAX_TASK
    assert longest.cpu - price.cpu <= MAX_TASK


def test_no_long_task_is_seen_on_a_long_list(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """As the browser itself counts them, untraced: none after the page has loaded, wherever one scrolls.

    Its first layout takes 100 to 200 ms here, with us or without.
    """
    if browser.name != "chromium":
        pytest.skip("Firefox does not count long tasks")
    llm.scenario = Scenario(first_token_delay=0.1, chunk_delay=0.002)
    page.set_viewport(1000, 800)
    url = listing(site, ENTRIES)
    found: list[float] = []
    for _ in range(
        5
    ):  # the page's own first layout takes 60 to 70 ms once in a while, without us too
        page.goto(site.url("/"))
        page.goto(url)
        page.evaluate(_LONG_TASKS)
        settled(page)
        page.wait_for(
            f"document.querySelectorAll('[data-paperglot][data-kind]').length === {ENTRIES}",
            seconds=60,
        )
        _wander(page)
        seen = page.evaluate("new Promise(done => setTimeout(() => done(longTasks), 300))")
        _say(f"long tasks on {ENTRIES} entries, from the load event on: {seen}")
        found = [task for task in seen if task[0] > 0]
        if not found:
            break
    assert found == []


def price_of_a_change(browser: Chromium, page: Page) -> Task:
    """The most expensive task of moving the page's contents by a pixel, a few times."""
    with browser.traced() as events:
        for size in range(1, 6):
            page.evaluate(f"void (document.querySelector('h1').style.paddingTop = '{size}px')")
            page.evaluate(
                "new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))"
            )
    return max(tasks(events), key=lambda task: task.cpu)

"""The popup with a full day of 92 papers: from the store at once, and never in the reader's way.

Times are those of the best of several opens, because what a busy machine adds is not the popup's, and
beside what the same machine needs at the same time for a picture, or for nothing at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page, View
from tests.browser.hostile_backend import HostileBackend
from tests.conditions import wait_until

pytestmark = pytest.mark.alone
Configure = Callable[..., None]
PAPERS = 92
OPENS = 12
LISTED = f"document.querySelectorAll('[data-paper-id]').length === {PAPERS}"
FORMULA = "<math><mi>O</mi><mo>(</mo><msup><mi>n</mi><mn>2</mn></msup><mo>)</mo></math>"

# When the first papers were painted, and when the document was opened (milliseconds since 1970).
_PAINTED = """new Promise(resolve => {
  const { PerformanceObserver, performance } = document.defaultView;
  new PerformanceObserver(list => {
    const papers = list.getEntries().filter(({ element }) => element?.closest('[data-paper-id]'));
    if (papers.length) resolve([papers[0].startTime, performance.timeOrigin]);
  }).observe({ type: 'largest-contentful-paint', buffered: true });
})"""
_FIRST_PAINT = """new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0))
    .observe({ type: 'paint', buffered: true });
})"""
# All pages of an extension share one main thread: a beat that is late tells of a task that was long.
_BEAT = """void (() => {
  const { port1, port2 } = new MessageChannel();
  const beat = globalThis.beat = { longest: 0, on: true };
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    beat.longest = Math.max(beat.longest, now - last);
    last = now;
    if (beat.on) port2.postMessage(0);
  };
  port2.postMessage(0);
})()"""
_LONGEST = "(beat => { beat.on = false; return beat.longest; })(globalThis.beat)"


def _paper(number: int) -> dict[str, Any]:
    id = f"2401.{number:05}"
    abstract = f"We study the flows of number {number} on planar graphs. " * 25
    translated = "我们研究平面图上的流，并探讨读取该图需要多少次探测。" * 20
    return {
        "id": id,
        "title": f"Bounds in O(n^2) for smooth planar flows, part {number}",
        "title_html": f"Bounds in {FORMULA} for smooth planar flows, part {number}",
        "abstract": abstract,
        "abstract_html": abstract + FORMULA * 8,
        "authors": [f"Ada Example the {n}th" for n in range(12)],
        "published": "2024-01-04T00:00:00Z",
        "upvotes": PAPERS - number,
        "comments": 3,
        "categories": ["cs.CL"],
        "links": {"abs": f"https://arxiv.org/abs/{id}", "code": "https://example.org/code"},
        "translation": {
            "title": f"光滑平面流的界 O(n^2)，第 {number} 部分",
            "title_html": f"光滑平面流的界 {FORMULA}，第 {number} 部分",
            "abstract": translated,
            "abstract_html": translated + FORMULA * 8,
            "verified": True,
        },
    }


class _FullDay(HostileBackend):
    """Serves 92 papers, when it is let; and knows when it was asked."""

    def __init__(self) -> None:
        papers = [_paper(number) for number in range(PAPERS)]
        edition = {"date": "2024-01-04", "state": "final", "stale": False, "papers": papers}
        super().__init__(edition=edition)
        self.asked: list[float] = []
        self.open = threading.Event()
        self.open.set()

    def document(self, path: str) -> dict[str, Any]:
        self.asked.append(time.time() * 1000)
        self.open.wait(20)
        return super().document(path)


@pytest.fixture
def full_day(browser: Browser, configure: Configure) -> Iterator[_FullDay]:
    """A backend with a full day, which the popup has seen once."""
    with _FullDay() as backend:
        configure(version=1, backendUrl=backend.url, targetLanguage="zh-Hans")
        popup = browser.open_extension_page("popup/popup.html")
        popup.wait_for(LISTED)
        popup.close()
        yield backend
        backend.open.set()


def test_the_papers_are_painted_within_100_ms_and_before_any_request(
    browser: Browser, page: Page, site: ArxivSite, full_day: _FullDay
) -> None:
    page.goto(site.url("/"))
    best, floor = float("inf"), float("inf")
    for _ in range(OPENS):
        full_day.asked.clear()
        full_day.open.clear()  # whatever is seen comes from the store
        popup = browser.open_popup(page)
        painted, opened = popup.evaluate(_PAINTED)
        wait_until(lambda: bool(full_day.asked))
        assert full_day.asked[0] > opened + painted
        full_day.open.set()
        popup.wait_for(LISTED)
        popup.close()
        best = min(best, painted)
        picture = browser.open_extension_page("icons/paperglot-128.png")
        floor = min(floor, picture.evaluate(_FIRST_PAINT) or floor)
        picture.close()
        if best < 100:
            break
        page.activate()
    assert best < max(100, 3 * floor), (
        f"papers painted after {best:.0f} ms, a picture after {floor:.0f} ms"
    )


def test_no_task_keeps_the_reader_waiting(browser: Browser, full_day: _FullDay) -> None:
    """Less than 50 ms each, while the stored list is shown and while its answer comes."""
    thread: View = browser.extension_page
    best, idle = float("inf"), float("inf")
    for _ in range(OPENS):
        thread.evaluate(_BEAT)
        time.sleep(0.5)  # a span of nothing, to compare with
        idle = min(idle, thread.evaluate(_LONGEST))
        thread.evaluate(_BEAT)
        full_day.asked.clear()
        popup = browser.open_extension_page("popup/popup.html")
        popup.wait_for(LISTED)
        wait_until(lambda: bool(full_day.asked))
        popup.wait_for("document.body.dataset.state === 'ready'")
        time.sleep(0.5)  # the answer is drawn
        best = min(best, thread.evaluate(_LONGEST))
        popup.close()
        if best < 50:
            break
    assert best < max(50, 3 * idle), f"longest task {best:.0f} ms, with nothing to do {idle:.0f} ms"


def test_an_answer_that_says_the_same_changes_nothing(browser: Browser, full_day: _FullDay) -> None:
    full_day.open.clear()
    full_day.asked.clear()
    popup = browser.open_extension_page("popup/popup.html")
    popup.wait_for(LISTED)
    popup.evaluate(
        "void document.querySelectorAll('[data-paper-id]').forEach(each => { each.drawnBefore = true; })"
    )
    popup.evaluate(
        """void new MutationObserver(list => { globalThis.changes = list.length; })
          .observe(document.querySelector('[data-list]'), { childList: true })"""
    )
    wait_until(lambda: bool(full_day.asked))
    full_day.open.set()
    browser.extension_page.wait_for(
        """(globalThis.browser ?? globalThis.chrome).storage.local.get('seenPapers')
          .then(({ seenPapers }) => seenPapers?.length)"""
    )
    popup.evaluate("new Promise(resolve => setTimeout(resolve, 400))")
    assert popup.evaluate("globalThis.changes ?? 0") == 0
    assert popup.evaluate(
        "[...document.querySelectorAll('[data-paper-id]')].every(each => each.drawnBefore)"
    )

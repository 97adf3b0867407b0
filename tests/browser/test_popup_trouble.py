"""Whatever answers the popup: it shows what it can, says what it cannot, and runs nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.hostile_backend import MARKUP, HostileBackend

Configure = Callable[..., None]
PAPER = "[data-paper-id]"
NOTE = "document.querySelector('[data-note]').dataset.state"
STATE = "document.body.dataset.state"
FOREIGN = "img[src='x'], iframe, style, foreignObject, input[name='harm'], meta[http-equiv='refresh'], base"
# The longest time in which the page could do nothing.
WATCH = """void (() => {
  let last = performance.now();
  globalThis.longestPause = 0;
  setInterval(() => {
    globalThis.longestPause = Math.max(globalThis.longestPause, performance.now() - last);
    last = performance.now();
  }, 10);
})()"""


class _Odd(HostileBackend):
    """Serves whatever it is told to, as often as it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: Any = {}
        self.released = threading.Event()
        self.released.set()

    def document(self, path: str) -> Any:
        self.released.wait(30)
        return self.answer


@pytest.fixture
def odd(configure: Configure) -> Iterator[_Odd]:
    with _Odd() as odd:
        configure(version=1, backendUrl=odd.url, targetLanguage="zh-Hans")
        yield odd
        odd.released.set()


def _popup(browser: Browser) -> Page:
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    return popup


def _unfold_all(popup: Page) -> None:
    popup.evaluate(
        f"void document.querySelectorAll('{PAPER} .title').forEach(each => each.click())"
    )


def _assert_unharmed(browser: Browser, popup: Page, site: ArxivSite) -> None:
    assert popup.evaluate("globalThis.harmed ?? null") is None
    assert popup.count(FOREIGN) == 0
    assert popup.count("[onerror], [onload], [onfocus], [onmouseover], [name='harmed']") == 0
    assert site.strays == []
    assert browser.extension_errors() == []


def _edition(*papers: object, **more: object) -> dict[str, Any]:
    return {"date": "2024-01-04", "state": "final", "papers": list(papers), **more}


def _whole(id: str = "2401.00001") -> dict[str, Any]:
    return {"id": id, "title": f"Paper {id}", "abstract": "Words."}


@pytest.mark.parametrize(
    "answer",
    [None, {"date": "tomorrow", "papers": []}],
    ids=lambda answer: json.dumps(answer)[:40],
)
def test_what_is_no_edition_is_said(
    browser: Browser, site: ArxivSite, odd: _Odd, answer: object
) -> None:
    """Before anything was stored, and after: then the list stays."""
    odd.answer = answer
    popup = _popup(browser)
    popup.wait_for(f"{NOTE} === 'bad-answer' && {STATE} === 'problem'")
    assert len(popup.text("[data-note-text]")) > 20
    assert popup.text("[data-note] button") == "Retry"
    odd.answer = _edition(_whole())
    popup.click("[data-note] button")
    popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 1 && {STATE} === 'ready'")
    odd.answer = answer
    popup = _popup(browser)
    popup.wait_for(f"{NOTE} === 'bad-answer'")
    assert popup.count(PAPER) == 1
    _assert_unharmed(browser, popup, site)


@pytest.mark.parametrize(
    "wrong", [None, {"a": {}}, MARKUP], ids=lambda wrong: json.dumps(wrong)[:12]
)
def test_a_wrong_value_in_any_field_spoils_nothing_else(
    browser: Browser, site: ArxivSite, odd: _Odd, wrong: object
) -> None:
    fields = [
        *("title_html", "abstract", "abstract_html", "authors", "published", "upvotes", "comments"),
        *("summary", "keywords", "categories", "links", "translation"),
    ]
    papers = [{**_whole(f"2401.{n:05}"), field: wrong} for n, field in enumerate(fields)]
    links = dict.fromkeys(("abs", "pdf", "html", "huggingface", "code", "project"), wrong)
    translation = dict.fromkeys(
        ("lang", "title", "title_html", "abstract", "abstract_html", "verified"), wrong
    )
    papers += [
        {**_whole("2402.00001"), "links": links},
        {**_whole("2402.00002"), "translation": translation},
        {**_whole("2402.00003"), "authors": [wrong, "Ada Example"]},
        {**_whole("2402.00004"), "translation": {"title": "题目", "title_html": wrong}},
    ]
    odd.answer = _edition(
        *papers, wrong, {"id": wrong, "title": "x"}, {"id": "2403.00001", "title": wrong},
        state=wrong, stale=wrong, previous=wrong, next=wrong, note=wrong, fetched_at=wrong,
    )  # fmt: skip
    popup = _popup(browser)
    expected = len(papers) + (wrong == MARKUP)  # a title may look like anything
    popup.wait_for(f"document.querySelectorAll('{PAPER}').length === {expected}")
    _unfold_all(popup)
    assert popup.count(f"{PAPER} .unfolded .links a[href='https://arxiv.org/abs/2402.00001']") == 1
    assert "Ada Example" in popup.text(f"{PAPER}[data-paper-id='2402.00003'] .meta")
    popup.evaluate("new Promise(resolve => setTimeout(resolve, 200))")
    assert "undefined" not in popup.text("body")
    assert "[object" not in popup.text("body")
    _assert_unharmed(browser, popup, site)


def test_an_old_server_shows_what_it_has(browser: Browser, site: ArxivSite, odd: _Odd) -> None:
    """Fields of later versions missing: titles and summaries are there, links are made from the id."""
    odd.answer = {
        "date": "2024-01-04",
        "papers": [{"id": "2401.00001", "title": "An old title", "summary": "An old summary."}],
    }
    popup = _popup(browser)
    popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 1")
    _unfold_all(popup)
    assert popup.text(f"{PAPER} .title") == "An old title"
    assert popup.text(f"{PAPER} .abstract") == "An old summary."
    assert popup.count(".links a") == 2
    _assert_unharmed(browser, popup, site)


def test_a_new_server_is_no_stranger(browser: Browser, site: ArxivSite, odd: _Odd) -> None:
    odd.answer = _edition(
        {**_whole(), "video": {"url": "https://example.org"}, "links": {"slides": "https://example.org"}},
        state="revised", topics=[{"name": "x"}], version=9,
    )  # fmt: skip
    popup = _popup(browser)
    popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 1 && {STATE} === 'ready'")
    _assert_unharmed(browser, popup, site)


@pytest.mark.parametrize("kind", ["padding", "papers", "formulas"])
def test_ten_megabytes_freeze_nothing(
    browser: Browser, site: ArxivSite, odd: _Odd, kind: str
) -> None:
    if kind == "padding":
        odd.answer = _edition(_whole(), note="x" * 10_000_000)
    elif kind == "papers":
        odd.answer = _edition(
            *({**_whole(f"2401.{n:05}"), "abstract": "x" * 900} for n in range(10_000))
        )
    else:
        deep = f"<math>{'<mrow>' * 3_000}<mi>x</mi></math>"
        odd.answer = _edition(
            *(
                {**_whole(f"2401.{n:05}"), "title_html": deep, "abstract_html": deep}
                for n in range(150)
            )
        )
    popup = _popup(browser)
    popup.evaluate(WATCH)
    if kind == "formulas":
        popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 150", seconds=60)
        popup.click(f"{PAPER} .title")
    else:
        popup.wait_for(f"{NOTE} === 'bad-answer'", seconds=40)
    assert popup.evaluate("globalThis.longestPause") < 1_000
    odd.answer = _edition(_whole())
    popup.reload()
    popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 1 && {STATE} === 'ready'")
    _assert_unharmed(browser, popup, site)


def test_a_popup_may_close_at_any_moment(browser: Browser, odd: _Odd) -> None:
    """Whatever it was still waiting for: the store, the background."""
    odd.answer = _edition(*(_whole(f"2401.{n:05}") for n in range(40)))
    for _ in range(3):
        popup = _popup(browser)
        popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 40")
        _unfold_all(popup)
        popup.close()
    _popup(browser).wait_for(f"document.querySelectorAll('{PAPER}').length === 40")
    assert browser.extension_errors() == []


def test_a_slow_server_keeps_no_one_from_the_stored_list(
    browser: Browser, odd: _Odd, backend: Backend
) -> None:
    """The list, the filter and the settings are there while the answer is not; a later choice wins."""
    odd.answer = _edition(_whole())
    popup = _popup(browser)
    popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 1")
    odd.released.clear()
    popup = _popup(browser)
    popup.wait_for(f"document.querySelectorAll('{PAPER}').length === 1")
    popup.type("[data-action='filter']", "zzzz")
    popup.wait_for("!document.querySelector('[data-nothing]').hidden")
    popup.press("Escape")
    _unfold_all(popup)
    assert popup.text(f"{PAPER} .abstract") == "Words."

"""A backend that means harm puts nothing into the page but text, and cannot freeze it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.hostile_backend import DONE, MARKUP, HostileBackend, Segment, event, whole
from tests.browser.page_measures import wait_until_translated

Configure = Callable[..., None]
FORMULAS = "/abs/2401.01001"
TITLE = "h1.title + [data-paperglot='translation']"
ABSTRACT = "blockquote.abstract + [data-paperglot='translation']"

# Elements in translations that are neither copies of the original's nor the extension's own.
_FOREIGN = """[...document.querySelectorAll('[data-paperglot="translation"]')].flatMap(translation => {
  const original = translation.closest("td.comments") ?? translation.previousElementSibling;
  const known = new Set([...original.querySelectorAll('*')].map(node => node.localName));
  return [...translation.querySelectorAll('*:not([data-paperglot])')]
    .filter(node => !known.has(node.localName)
      || [...node.attributes].some(
        ({ name, value }) => name.startsWith('on') || /^(javascript|data):/.test(value)))
    .map(node => node.outerHTML);
})"""
# The longest time in which the page could do nothing, from now on.
_WATCH = """void (() => {
  let last = performance.now();
  globalThis.longestPause = 0;
  setInterval(() => {
    const now = performance.now();
    globalThis.longestPause = Math.max(globalThis.longestPause, now - last);
    last = now;
  }, 10);
})()"""


@pytest.fixture
def hostile(configure: Configure) -> Iterator[HostileBackend]:
    """A hostile backend, and a reader whose extension trusts it."""
    with HostileBackend() as hostile:
        configure(version=1, backendUrl=hostile.url, targetLanguage="zh-Hans")
        yield hostile


def _assert_unharmed(page: Page, site: ArxivSite) -> None:
    assert page.evaluate("globalThis.harmed ?? null") is None
    assert page.evaluate("location.href").startswith("https://arxiv.org/")
    assert page.evaluate(_FOREIGN) == []
    assert site.strays == []


@pytest.mark.parametrize("streamed", [True, False])
def test_markup_is_shown_as_text(
    page: Page, site: ArxivSite, hostile: HostileBackend, streamed: bool
) -> None:
    def stream(segments: list[Segment]) -> Iterator[bytes]:
        for segment in segments:
            if streamed:
                for piece in (MARKUP[i : i + 7] for i in range(0, len(MARKUP), 7)):
                    yield event("delta", {"id": segment["id"], "text": piece})
            yield whole(segment, MARKUP)
        yield DONE

    hostile.stream = stream
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    assert page.text(TITLE) == MARKUP
    _assert_unharmed(page, site)


def test_placeholders_nobody_sent_are_left_out(
    page: Page, site: ArxivSite, hostile: HostileBackend
) -> None:
    """Unknown ones, repeated ones, opened and never closed, closed and never opened."""
    text = "甲<x99/><x1/><x1/><g77>乙</g77></g3><g1>丙<x2/><g2>丁<x0/><x-1/><x1 onclick='x'/>戊"

    def stream(segments: list[Segment]) -> Iterator[bytes]:
        for segment in segments:
            yield whole(segment, text)
        yield DONE

    hostile.stream = stream
    page.goto(site.url(f"{FORMULAS}?mathjax=before"))
    pairs = wait_until_translated(page, count=3)
    for pair in pairs:
        formulas = list(pair["original"]["formulas"])
        for formula in pair["translation"]["formulas"]:
            formulas.remove(formula)  # each at most as often as in the original
    assert "甲" in page.text(ABSTRACT)
    assert "戊" in page.text(ABSTRACT)
    assert "<x99/>" not in page.text(ABSTRACT)
    _assert_unharmed(page, site)


def test_directions_cannot_be_overridden(
    page: Page, site: ArxivSite, hostile: HostileBackend
) -> None:
    def stream(segments: list[Segment]) -> Iterator[bytes]:
        for segment in segments:
            yield whole(segment, "\u202e\u202d\u202b甲\u0000\u0008乙\u202c")
        yield DONE

    hostile.stream = stream
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    assert page.text(TITLE) == "甲乙"


def _endless_deltas(segments: list[Segment]) -> Iterator[bytes]:
    while True:
        yield event("delta", {"id": segments[0]["id"], "text": "永" * 1000})


def _million_placeholders(segments: list[Segment]) -> Iterator[bytes]:
    for segment in segments:
        for _ in range(100):
            yield event("delta", {"id": segment["id"], "text": "<x1/><g2>" * 5000})
    yield DONE


@pytest.mark.parametrize("stream", [_endless_deltas, _million_placeholders])
def test_floods_end_in_a_sentence_and_freeze_nothing(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    hostile: HostileBackend,
    backend: Backend,
    configure: Configure,
    stream: Callable[[list[Segment]], Iterator[bytes]],
) -> None:
    hostile.stream = stream
    page.goto(site.url("/"))
    page.goto(site.url(FORMULAS))
    page.evaluate(_WATCH)
    page.wait_for(
        """(states => states.length && states.every(state => ['failed', 'done', 'unverified'].includes(state)))(
          [...document.querySelectorAll('[data-paperglot="translation"]')].map(each => each.dataset.state))""",
        seconds=40,
    )
    assert page.evaluate("globalThis.longestPause") < 400
    _assert_unharmed(page, site)
    assert len(page.text("body")) < 400_000
    # The extension is as good as new for a backend that means well.
    configure(backendUrl=backend.url)
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)


def _edition() -> dict[str, Any]:
    paper = {
        "id": "2401.01001",
        "title": MARKUP,
        "title_html": MARKUP,
        "abstract": MARKUP,
        "abstract_html": MARKUP,
        "authors": [MARKUP, 7, None],
        "published": MARKUP,
        "upvotes": MARKUP,
        "comments": -1,
        "summary": MARKUP,
        "keywords": [MARKUP],
        "categories": [MARKUP],
        "links": {
            "abs": "javascript:globalThis.harmed=1",
            "pdf": "data:text/html,<script>globalThis.harmed=1</script>",
            "html": "https://example.com/harm",
            "huggingface": 'https://huggingface.co/"onmouseover="globalThis.harmed=1',
            "code": ["javascript:globalThis.harmed=1"],
            "project": " javascript:globalThis.harmed=1",
        },
        "translation": {
            "lang": MARKUP,
            "title": MARKUP,
            "title_html": MARKUP,
            "abstract": MARKUP,
            "abstract_html": MARKUP,
            "verified": "yes",
            "origin": MARKUP,
        },
    }
    return {
        "date": "2024-01-04",
        "state": "final",
        "source": MARKUP,
        "fetched_at": MARKUP,
        "stale": False,
        "previous": "javascript:globalThis.harmed=1",
        "next": MARKUP,
        "note": MARKUP,
        "papers": [paper, {"id": MARKUP}, None, 3, {**paper, "id": "2401.01002", "links": None}],
    }


def test_the_popup_shows_no_foreign_markup(
    browser: Browser, site: ArxivSite, hostile: HostileBackend
) -> None:
    hostile.edition = _edition()
    popup = browser.open_extension_page("popup/popup.html")
    popup.wait_for("document.body.textContent.includes('globalThis.harmed')")
    popup.evaluate(
        "void document.querySelectorAll('[data-paper-id] button.title').forEach(each => each.click())"
    )
    popup.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
    assert popup.evaluate("globalThis.harmed ?? null") is None
    assert popup.count("img[src='x'], iframe, style, foreignObject, input[name='harm']") == 0
    assert popup.count("meta[http-equiv='refresh'], base") == 0
    assert popup.count("[onerror], [onload], [onfocus], [onmouseover], [name='harmed']") == 0
    assert popup.evaluate("[...document.scripts].every(script => script.src)")
    schemes = popup.evaluate("[...new Set([...document.links].map(link => link.protocol))]")
    assert set(schemes) <= {"https:", "http:", popup.evaluate("location.protocol")}
    assert site.strays == []
    assert browser.extension_errors() == []

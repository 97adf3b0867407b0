"""Searching all that the server stores, from the popup's field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.accessibility import violations
from tests.browser.backend_process import NOWHERE, Backend
from tests.browser.driver import Browser, ColorScheme, Page
from tests.browser.hostile_backend import MARKUP, HostileBackend
from tests.browser.reading_pages import filled_backend
from tests.browser.words import words
from tests.fakes.llm import FakeLLM

Configure = Callable[..., None]
FIELD = "[data-action='filter']"
FOUND = "[data-found] [data-paper-id]"
FIRST = f"document.querySelector({FOUND!r})"
LISTED = "document.querySelectorAll('[data-list] [data-paper-id]').length === 14"
READY = "document.body.dataset.view === 'search' && document.body.dataset.state === 'ready'"
NOTE = "[data-note-text]"


def _popup(browser: Browser, *, width: int = 400) -> Page:
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(width, 600)
    return popup


def _fill(popup: Page, words_: str, field: str = FIELD) -> None:
    """Writes into a field at once: keys of Chinese words need an input method."""
    popup.evaluate(
        f"""(field => {{
          field.focus();
          field.value = {json.dumps(words_)};
          field.dispatchEvent(new Event('input', {{ bubbles: true }}));
        }})(document.querySelector({field!r}))"""
    )


def _search(popup: Page, words_: str) -> None:
    _fill(popup, words_)
    popup.press("Enter")
    popup.wait_for(READY)


def _wait_for_problem(popup: Page, kind: str) -> None:
    shown = f"document.querySelector('[data-note]').dataset.state === {kind!r}"
    popup.wait_for(f"document.body.dataset.state === 'problem' && {shown}", seconds=25)


def test_words_are_found_in_the_readers_language(browser: Browser, reader: Configure) -> None:
    """With the marks of the list: where they stand, and that the translation was verified."""
    popup = _popup(browser)
    popup.wait_for(LISTED)
    _search(popup, "语言模型")
    total = int(popup.text(NOTE).removeprefix(words("popupSearchFoundAll")).removesuffix("."))
    assert total > 3
    popup.wait_for(f"document.querySelectorAll({FOUND!r}).length === {total}")
    assert popup.evaluate(f"{FIRST}.querySelector('mark').closest('[lang]').lang") == "zh-Hans"
    assert popup.count(f"{FOUND} .check") == total
    every = popup.evaluate(
        f"[...document.querySelectorAll({FOUND!r})].every(each => each.querySelector('mark'))"
    )
    assert every
    assert not popup.evaluate("document.querySelector('[data-list]').checkVisibility()")
    popup.click(f"{FOUND} button.title")
    popup.wait_for(f"{FIRST}.querySelector('.abstract')")


def test_words_in_other_languages_say_in_which(browser: Browser, reader: Configure) -> None:
    reader(targetLanguage="de")
    popup = _popup(browser)
    popup.wait_for(LISTED)
    _search(popup, "语言模型")
    passage = "[data-found] .passage[data-elsewhere]"
    assert popup.evaluate(f"document.querySelector('{passage} mark').closest('[lang]').lang") == (
        "zh-Hans"
    )
    assert popup.text(f"{passage} > span").strip() == "In Simplified Chinese:"
    assert popup.evaluate(f"{FIRST}.querySelector('.title').lang") == "de"
    _search(popup, "orca")
    popup.wait_for(f"['de', 'en'].includes({FIRST}.querySelector('mark').closest('[lang]').lang)")


def test_the_list_is_at_its_place_again(browser: Browser, reader: Configure) -> None:
    """By Escape and by the button: scrolled, unfolded and focused as it was."""
    popup = _popup(browser)
    popup.wait_for(LISTED)
    for back in ("Escape", "button"):
        popup.evaluate("document.activeElement.blur()")
        popup.evaluate("scrollTo(0, 0)")
        for _ in range(9):
            popup.press("j")
        focused = "document.activeElement.closest('[data-paper-id]')?.dataset.paperId"
        paper = popup.wait_for(focused)
        if back == "Escape":
            popup.press("Enter")
            popup.wait_for("document.querySelector('[data-list] .unfolded')")
        top = "document.activeElement.getBoundingClientRect().top"
        before = popup.evaluate(top)
        popup.press("/")
        popup.wait_for(f"document.activeElement.matches({FIELD!r})")
        _search(popup, "language")
        popup.press("ArrowDown")
        popup.wait_for("document.activeElement.closest('[data-found]')")
        if back == "Escape":
            popup.press("Escape")
        else:
            popup.click("[data-action='back']")
        popup.wait_for(f"document.body.dataset.view === 'day' && {focused} === {paper!r}")
        popup.wait_for(f"Math.abs({top} - {before}) < 3")
        assert popup.evaluate(f"document.querySelector({FIELD!r}).value") == ""
        assert popup.count("[data-list] .unfolded") == 1
        assert popup.count(FOUND) == 0


def test_what_happens_is_announced(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)
    popup.evaluate(
        """void (globalThis.said = [], new MutationObserver(() => {
          const note = document.querySelector('[role=status][data-note]');
          if (!note.hidden) said.push(note.querySelector('[data-note-text]').textContent);
        }).observe(document.body, { subtree: true, childList: true, characterData: true }))"""
    )
    _search(popup, "language")
    said = popup.evaluate("said")
    assert words("popupSearching") in said
    assert said[-1].startswith(words("popupSearchFoundAll"))


def test_nothing_is_found_and_what_is_not_translated(
    browser: Browser, reader: Configure, own_backend: Callable[..., Backend]
) -> None:
    """How many papers have no translation yet, and what it would cost at the owner's prices."""
    backend = own_backend(PRICE_IN="1", PRICE_OUT="2")
    reader(targetLanguage="it", backendUrl=backend.url)
    popup = _popup(browser)
    popup.wait_for(LISTED)
    _search(popup, "zzzzz")
    note = popup.text(NOTE)
    assert note.startswith(words("popupSearchNone"))
    assert "Not yet in Italian: 14 papers" in note
    assert "at this server's prices" in note
    assert popup.count(FOUND) == 0


def test_a_filter_that_is_mistyped_is_named(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)
    _search(popup, "language")
    before = popup.count(FOUND)
    popup.click("[data-narrow] summary")
    popup.type("[name='category']", "cs.CLL")
    popup.press("Enter")
    _wait_for_problem(popup, "invalid-request")
    assert popup.text(NOTE) == words("popupSearchInvalid")
    assert "cs.CL may be meant" in popup.text("[data-note-detail]")
    popup.type("[name='category']", "cs.CL")
    popup.press("Enter")
    popup.wait_for(READY)
    assert 0 < popup.count(FOUND) <= before
    popup.click("[name='newest']")
    popup.wait_for(READY)
    _fill(popup, "!?")
    popup.press("Enter")
    _wait_for_problem(popup, "invalid-request")


def test_a_server_without_search_and_none_at_all(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)

    class Older(HostileBackend):
        def document(self, path: str) -> dict[str, Any]:
            return {"type": "https://paperglot.org/problems/not-found", "status": 404}

    with Older(status=404) as older:
        reader(backendUrl=older.url)
        _fill(popup, "language")
        popup.press("Enter")
        _wait_for_problem(popup, "not-found")
        assert popup.text(NOTE) == words("popupSearchMissing")
    reader(backendUrl=NOWHERE)
    popup.press("Enter")
    _wait_for_problem(popup, "backend-unreachable")
    popup.press("Escape")
    popup.wait_for("document.body.dataset.view === 'day'")


def test_without_a_network(browser: Browser, reader: Configure) -> None:
    reader(backendUrl="https://papers.example")
    popup = _popup(browser)
    popup.wait_for("document.body.dataset.state === 'problem'", seconds=25)
    with browser.offline(popup):
        _fill(popup, "language")
        popup.press("Enter")
        _wait_for_problem(popup, "offline")
        assert popup.text(NOTE) == words("popupSearchOffline")


def test_a_saved_paper_keeps_no_marks(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)
    _search(popup, "语言模型")
    popup.click(f"{FOUND} button.title")
    popup.click(f"{FOUND} [data-action='save']")
    id = popup.evaluate(f"{FIRST}.dataset.paperId")
    popup.wait_for(f"{FIRST}.hasAttribute('data-saved')")
    popup.click("[data-action='saved']")
    popup.wait_for(
        f"document.querySelector('[data-list] li')?.dataset.paperId === {id!r}"
        " && document.body.dataset.view === 'saved'"
    )
    stored = browser.stored(f"saved:{id}")
    assert stored["translation"]["titleHtml"]
    assert "mark>" not in json.dumps(stored)
    assert "found" not in stored


@pytest.fixture(scope="module")
def many(running_llm: FakeLLM, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """A backend with a day of 31 papers whose titles have a word in common."""
    running_llm.reset()
    with filled_backend(tmp_path_factory.mktemp("many"), running_llm, None, []) as backend:
        yield backend


def test_more_of_it_comes_on_demand(browser: Browser, reader: Configure, many: Backend) -> None:
    reader(backendUrl=many.url)
    popup = _popup(browser)
    popup.wait_for("document.querySelector('[data-list] [data-paper-id]')")
    _search(popup, "attention")
    popup.wait_for(f"document.querySelectorAll({FOUND!r}).length === 20")
    assert popup.text(NOTE).startswith("Found: 31, shown: 20.")
    popup.click("[data-action='more']")
    popup.wait_for(f"document.querySelectorAll({FOUND!r}).length === 31")
    popup.wait_for(f"document.activeElement === document.querySelectorAll('{FOUND} .title')[20]")
    assert popup.text(NOTE).startswith("Found: 31.")
    assert not popup.evaluate("document.querySelector('[data-action=more]').checkVisibility()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_objection(
    browser: Browser, reader: Configure, many: Backend, scheme: ColorScheme
) -> None:
    reader(backendUrl=many.url)
    popup = _popup(browser, width=360)
    popup.set_color_scheme(scheme)
    popup.wait_for("document.querySelector('[data-list] [data-paper-id]')")
    _fill(popup, "attention")
    assert violations(popup) == []
    popup.press("Enter")
    popup.wait_for(READY)
    popup.evaluate("void (document.querySelector('[data-narrow]').open = true)")
    popup.evaluate("document.querySelector('[data-found] .title').click()")
    assert violations(popup) == []
    assert popup.evaluate("document.documentElement.scrollWidth") <= 360
    wide = popup.evaluate(
        """[...document.querySelectorAll('body *')].filter(each => each.checkVisibility()
            && each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map(each => each.outerHTML.slice(0, 120))"""
    )
    assert wide == []


def test_a_server_that_means_harm(browser: Browser, reader: Configure) -> None:
    id = "2401.00001"
    paper = {
        "id": id,
        "title": MARKUP,
        "title_html": MARKUP,
        "abstract": MARKUP,
        "abstract_html": MARKUP,
        "authors": [MARKUP, "Ada"],
        "links": {},
        "date": MARKUP,
        "matched": {
            "lang": "ja",
            "title_html": f"{MARKUP}<mark onclick='globalThis.harmed=1' style='all: unset'>x</mark>",
            "abstract_html": f"{MARKUP}<mark>x</mark>{MARKUP}",
            "authors_html": [f"{MARKUP}<mark>A</mark>", 7],
        },
    }

    class Searched(HostileBackend):
        def document(self, path: str) -> dict[str, Any]:
            if not path.startswith("/api/v1/search"):
                return super().document(path)
            odd = {"matched": {"lang": MARKUP}, "id": "2401.00002", "title": "Odd"}
            untranslated = {"papers": 7, "tokens": MARKUP, "price": MARKUP}
            return {
                "papers": [paper, odd, {"id": MARKUP}, 7],
                "total": MARKUP,
                "untranslated": untranslated,
                "next": [MARKUP],
            }

    with Searched() as hostile:
        reader(backendUrl=hostile.url)
        popup = _popup(browser)
        popup.wait_for("document.body.dataset.state === 'problem'")
        _fill(popup, "x")
        popup.press("Enter")
        popup.wait_for(READY)
        popup.click(f"{FOUND} button.title")
        popup.wait_for(f"{FIRST}.querySelector('.abstract')")
        assert popup.count(FOUND) == 2
        assert popup.evaluate("globalThis.harmed") is None
        odd = popup.evaluate(
            f"""[...{FIRST}.querySelectorAll('*')].filter(each =>
              each.matches('script, img, iframe, style, svg, form, input, meta, base')
              || each.getAttributeNames().some(name => /^on|^style/.test(name))
              || /^(?:javascript|data):/.test(each.getAttribute('href') ?? ''))
              .map(each => each.outerHTML.slice(0, 80))"""
        )
        assert odd == []

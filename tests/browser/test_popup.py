"""The toolbar's popup: the day's papers in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE, Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import assert_korean_words_are_whole, wait_until_translated
from tests.browser.words import words
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]
PAPER = "[data-paper-id]"
TITLE = f"{PAPER} button.title"
LISTED = f"document.querySelectorAll({PAPER!r}).length === 14"
SAMPLE_LANGUAGES = ["zh-Hans", "ja", "ko", "es", "fr", "de"]


def _popup(browser: Browser) -> Page:
    """The popup's page in a tab, at the popup's width."""
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    return popup


def test_the_real_popup_opens_with_the_days_papers(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    page.goto(site.url("/"))
    popup = browser.open_popup(page)
    popup.wait_for(LISTED)
    # The browser fits its panel to the document, in several steps.
    size = """new Promise(resolve => {
      let last = '', since = Date.now();
      setInterval(() => {
        const root = document.documentElement;
        const now = [root.clientWidth, root.clientHeight, root.scrollWidth];
        if (String(now) !== last) [last, since] = [String(now), Date.now()];
        if (Date.now() - since > 400) resolve(now);
      }, 50);
    })"""
    width, height, content = popup.evaluate(size)
    assert 300 <= width <= 400
    assert 300 <= height <= 600
    assert content <= width


@pytest.mark.parametrize("language", SAMPLE_LANGUAGES)
def test_the_sample_edition_speaks_the_language(
    browser: Browser, reader: Configure, llm: FakeLLM, language: str
) -> None:
    """Each title in the language, the original beneath; without a call to the model."""
    reader(targetLanguage=language)
    popup = _popup(browser)
    popup.wait_for(LISTED)
    assert popup.evaluate(
        f"[...document.querySelectorAll({TITLE!r})].every(each => each.lang === {language!r})"
    )
    titles = popup.evaluate(
        f"[...document.querySelectorAll({TITLE!r})].map(each => each.textContent)"
    )
    originals = popup.evaluate(
        f"[...document.querySelectorAll({PAPER + ' .original'!r})].map(each => each.textContent)"
    )
    assert len(originals) == 14
    assert sum(title == original for title, original in zip(titles, originals, strict=True)) <= 1
    assert popup.text("[data-note][data-state='sample']").strip()
    assert llm.requests == []


def test_korean_words_are_not_broken_across_lines(browser: Browser, reader: Configure) -> None:
    reader(targetLanguage="ko")
    popup = _popup(browser)
    popup.wait_for(LISTED)
    assert_korean_words_are_whole(popup, TITLE)


def test_a_title_unfolds_its_abstract(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)
    popup.click(TITLE)
    popup.wait_for(f"document.querySelector({TITLE!r}).getAttribute('aria-expanded') === 'true'")
    abstract = f"{PAPER} .abstract"
    assert popup.evaluate(f"document.querySelector({abstract!r}).lang") == "zh-Hans"
    assert len(popup.text(abstract)) > 60
    links = popup.evaluate(
        f"[...document.querySelectorAll({PAPER + ' .links a'!r})].map(each => each.href)"
    )
    assert links[0].startswith("https://arxiv.org/abs/")
    popup.click(TITLE)
    popup.wait_for(f"!document.querySelector({abstract!r})")


def test_the_language_is_changed_in_the_popup(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)
    popup.choose("[data-setting='targetLanguage']", "ja")
    popup.wait_for(f"document.querySelector({TITLE!r})?.lang === 'ja'")
    assert browser.stored("settings")["targetLanguage"] == "ja"


def test_papers_are_found_by_their_words(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)
    visible = f"[...document.querySelectorAll({PAPER!r})].filter(each => !each.hidden).length"
    popup.type("[data-action='filter']", "orca")
    popup.wait_for(f"{visible} === 1")
    popup.type("[data-action='filter']", "zzzz")
    popup.wait_for(
        f"{visible} === 0 && document.querySelector('[data-nothing]').innerText.length > 5"
    )
    popup.press("Escape")
    popup.wait_for(f"{visible} === 14")


def test_keys_walk_through_the_list(browser: Browser, reader: Configure) -> None:
    popup = _popup(browser)
    popup.wait_for(LISTED)
    focused = "[...document.querySelectorAll('button.title')].indexOf(document.activeElement)"
    popup.evaluate("document.activeElement.blur()")
    for key, place in [("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1)]:
        popup.press(key)
        popup.wait_for(f"{focused} === {place}")
    popup.press("Enter")
    popup.wait_for("document.activeElement.getAttribute('aria-expanded') === 'true'")
    popup.press("?")
    popup.wait_for("document.querySelector('dialog').open")
    popup.press("Escape")
    popup.wait_for("!document.querySelector('dialog').open")


def test_an_unverified_paper_is_asked_for_again(
    browser: Browser, reader: Configure, llm: FakeLLM
) -> None:
    language = {"chromium": "nl", "firefox": "tr"}[browser.name]
    llm.scenario = Scenario(damage=("drop", "digits", "refuse"))
    reader(targetLanguage=language)
    popup = _popup(browser)
    popup.wait_for(LISTED)
    popup.click("[data-action='translate-list']")
    unverified = f"document.querySelectorAll({PAPER + '[data-translation=unverified]'!r}).length"
    popup.wait_for(f"{unverified} === 14", seconds=60)
    popup.wait_for("document.querySelector('[data-action=\"translate-list\"]').hidden", seconds=30)
    llm.scenario = Scenario()
    asked = len(llm.requests)
    popup.reload()
    popup.wait_for(f"{unverified} === 14")
    popup.click(f"{PAPER} button.title")
    popup.wait_for("document.querySelector('[data-action=\"ask-again\"]')")
    popup.evaluate("document.querySelector('[data-action=\"ask-again\"]').focus()")
    popup.press("Enter")
    popup.wait_for(f"{unverified} === 13", seconds=30)
    assert len(llm.requests) == asked + 1
    popup.wait_for("!document.querySelector('[data-action=\"ask-again\"]')")


def test_keys_serve_on_every_keyboard(browser: Browser, reader: Configure) -> None:
    """With Caps Lock, and by their places where the letters are not Latin."""
    popup = _popup(browser)
    popup.wait_for(LISTED)
    focused = "[...document.querySelectorAll('button.title')].indexOf(document.activeElement)"
    popup.evaluate("document.activeElement.blur()")
    strokes = [
        ("J", "KeyJ", 0),  # Caps Lock
        ("о", "KeyJ", 1),  # Russian
        ("ξ", "KeyJ", 2),  # Greek
        ("ח", "KeyJ", 3),  # Hebrew
        ("र", "KeyJ", 4),  # Hindi
        ("л", "KeyK", 3),
        ("ㅏ", "KeyK", 2),  # Korean
        ("j", "KeyC", 3),  # Dvorak: the letter counts
        ("h", "KeyJ", 3),
    ]
    for key, code, place in strokes:
        _stroke(popup, key=key, code=code)
        popup.wait_for(f"{focused} === {place}")
    for key, code, shift in [("/", "Digit7", True), (".", "Slash", False), ("ظ", "Slash", False)]:
        _stroke(popup, key=key, code=code, shiftKey=shift)
        popup.wait_for("document.activeElement.matches('input[type=\"search\"]')")
        popup.evaluate("document.activeElement.blur()")
    _stroke(popup, key=",", code="Slash", shiftKey=True)
    popup.wait_for("document.querySelector('dialog').open")


def _stroke(popup: Page, **stroke: object) -> None:
    """A key of a keyboard that the driver has not: the event alone."""
    popup.evaluate(
        "void (document.activeElement ?? document.body).dispatchEvent("
        f"new KeyboardEvent('keydown', {{ ...{json.dumps(stroke)}, bubbles: true, cancelable: true }}))"
    )


def test_the_list_is_there_before_anyone_is_asked(
    browser: Browser, reader: Configure, own_backend: Callable[..., Backend]
) -> None:
    """What was seen once is shown at once, and the sentence says why it may be old."""
    backend = own_backend()
    reader(backendUrl=backend.url)
    _popup(browser).wait_for(LISTED)
    backend.stop()
    popup = _popup(browser)
    popup.wait_for(LISTED)
    popup.wait_for("document.querySelector('[data-note]').dataset.state === 'backend-unreachable'")
    assert popup.count(PAPER) == 14


@pytest.mark.parametrize("trouble", ["gone", "not-paperglot"])
def test_trouble_is_said_in_a_sentence(
    browser: Browser, reader: Configure, llm: FakeLLM, trouble: str
) -> None:
    reader(backendUrl=NOWHERE if trouble == "gone" else llm.base_url.removesuffix("/v1"))
    popup = _popup(browser)
    popup.wait_for("document.body.dataset.state === 'problem'")
    assert len(popup.text("[data-note-text]")) > 20
    assert popup.evaluate("!document.querySelector('[data-note] button').hidden")


@pytest.mark.parametrize("mathjax", ["never", "before"])
def test_the_title_of_the_page_behind_the_popup_can_be_read(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, mathjax: str
) -> None:
    """As one line, its formulas as letters, whether they were typeset or not."""
    site.add(
        "/abs/2402.00101",
        r"""<!DOCTYPE html><html lang="en"><head><title>A page</title></head><body><div id="abs">
        <h1 class="title mathjax"><span class="descriptor">Title:</span>{{stamp}} flows in
        $\mathbb{R}^{2n}$, $\mathcal O(\log n)$ of <a href="/abs/2">an atlas</a> at $\sqrt{s}=13\,\mathrm{TeV}$
        and $\frac{1}{2}&lt;\alpha_{10}\le\beta'$ for \$5</h1></div></body></html>""",
    )
    page.goto(site.url(f"/abs/2402.00101?mathjax={mathjax}"))
    wait_until_translated(page, count=1)
    popup = browser.open_popup(page)
    popup.wait_for("!document.querySelector('[data-section=\"page\"]').hidden")
    title = popup.text("[data-page-title]")
    for formula in ("ℝ²ⁿ", "O(log n)", "√s=13 TeV", "1/2<α₁₀≤β′", "$5"):
        assert formula in title
    assert "\\" not in title
    assert title.count("$") == 1


def test_access_to_arxiv_that_was_taken_away_can_be_given_back(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """The page stays as it is; the popup says why, with the button that asks for it."""
    with browser.without_access_to_arxiv():
        page.goto(site.url("/abs/2401.01001"))
        popup = browser.open_extension_page("popup/popup.html")
        popup.wait_for("!document.querySelector('[data-action=\"grant-arxiv\"]').hidden")
        assert words("problemArxivAccessMissing") in popup.text("[data-page-note]")
        assert popup.text("[data-action='grant-arxiv']").strip()
        assert page.count("[data-paperglot]") == 0
    page.reload()
    wait_until_translated(page, count=3)


def test_the_page_behind_the_popup_is_switched(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    page.goto(site.url("/abs/2401.01001"))
    wait_until_translated(page, count=3)
    popup = browser.open_popup(page)
    popup.wait_for("!document.querySelector('[data-section=\"page\"]').hidden")
    assert "κ" in popup.text("[data-page-title]")
    popup.click("[data-action='toggle-page']")
    page.wait_for("!document.querySelector('[data-paperglot=\"translation\"]')")
    popup.click("[data-action='toggle-page']")
    wait_until_translated(page, count=3)


def test_the_list_is_translated_on_request(
    browser: Browser, reader: Configure, llm: FakeLLM
) -> None:
    """A language the sample edition does not speak: one press, and each title arrives."""
    # The memory is one for both browsers, so each asks for a language of its own.
    language = {"chromium": "it", "firefox": "pl"}[browser.name]
    reader(targetLanguage=language)
    popup = _popup(browser)
    popup.wait_for(LISTED)
    assert popup.evaluate(f"document.querySelector({TITLE!r}).lang") == "en"
    assert llm.requests == []
    popup.click("[data-action='translate-list']")
    popup.wait_for(
        f"[...document.querySelectorAll({TITLE!r})].every(each => each.lang === {language!r})",
        seconds=30,
    )
    popup.wait_for("document.querySelector('[data-action=\"translate-list\"]').hidden", seconds=30)
    popup.reload()
    popup.wait_for(f"document.querySelector({TITLE!r})?.lang === {language!r}")

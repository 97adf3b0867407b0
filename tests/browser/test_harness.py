"""The harness itself: what the other tests take for granted."""

from __future__ import annotations

import pytest

from tests.browser import installed
from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.installed import BrowserMissing
from tests.fakes.llm import FakeLLM

ABSTRACT = "/abs/2401.01001"


def test_a_missing_browser_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser the tests fail with a sentence; they never pass by being left out."""
    monkeypatch.setattr(installed, "_find", lambda *_: None)
    monkeypatch.setattr(installed, "_downloaded", lambda: None)
    for find, name in ((installed.chromium, "Chromium"), (installed.firefox, "Firefox")):
        with pytest.raises(BrowserMissing, match=f"No {name} was found. Install it"):
            find()


def test_pages_have_arxivs_addresses(page: Page, site: ArxivSite) -> None:
    page.goto(site.url(ABSTRACT))
    assert page.evaluate("location.href") == "https://arxiv.org/abs/2401.01001"
    assert page.count("#abs h1.title.mathjax") == 1
    assert site.stamp in page.text("h1.title")


def test_other_hosts_are_refused_and_written_down(page: Page, site: ArxivSite) -> None:
    page.goto(site.url("/"))
    page.evaluate("fetch('https://example.com/beacon').catch(() => null)")
    page.evaluate("fetch('https://arxiv.org/nothing').then(answer => answer.status)")
    assert site.strays == ["GET example.com /beacon"]


def test_pages_count_as_public_ones(page: Page, site: ArxivSite, llm: FakeLLM) -> None:
    """Else a content script that asks the backend itself would work here and nowhere else."""
    page.goto(site.url("/"))
    reached = page.evaluate(
        f"""Promise.race([
          fetch({llm.base_url + "/models"!r}, {{ mode: 'no-cors' }}).then(() => 'reached', () => 'refused'),
          new Promise(resolve => setTimeout(() => resolve('the reader is asked'), 1500)),
        ])"""
    )
    assert reached in ("refused", "the reader is asked")


@pytest.mark.parametrize("how", ["before", "later", "slowly"])
def test_pages_can_be_typeset(page: Page, site: ArxivSite, how: str) -> None:
    page.goto(site.url(f"{ABSTRACT}?mathjax={'before' if how == 'before' else 'later'}"))
    if how == "later":
        page.evaluate("typeset()")
    elif how == "slowly":
        page.evaluate("typesetSlowly(1)")
    formulas = page.evaluate(
        "[...document.querySelectorAll('h1.title script[type^=\"math/tex\"]')].map(each => each.text)"
    )
    assert formulas == [r"\kappa", r"O(\log n)"]
    assert page.count("#abs blockquote > .MathJax") == 5
    assert page.count("#abs blockquote > .MathJax_Display") == 2
    assert page.count("#abs td.comments > .MathJax") == 1


def test_the_background_can_be_ended(browser: Browser) -> None:
    browser.kill_background()
    assert not browser.background_running()


def test_pages_can_be_clicked_and_typed_in(page: Page, site: ArxivSite) -> None:
    page.goto(site.url("/"))
    page.evaluate(
        """document.body.insertAdjacentHTML('afterbegin',
             '<input id="field" value="old"><button id="button">Press</button>')"""
    )
    page.evaluate(
        """document.querySelector('#button').addEventListener('click', event => {
             document.title = `${event.isTrusted} ${navigator.userActivation.isActive}`;
           })"""
    )
    page.type("#field", "new é 1")
    page.press("Tab")
    assert page.evaluate("document.querySelector('#field').value") == "new é 1"
    assert page.evaluate("document.activeElement.id") == "button"
    page.click("#button")
    assert page.evaluate("document.title") == "true true"


def test_pages_can_be_dark(page: Page, site: ArxivSite) -> None:
    page.goto(site.url("/"))
    page.set_color_scheme("dark")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")

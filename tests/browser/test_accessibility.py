"""axe-core finds nothing to object to, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.accessibility import violations
from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE
from tests.browser.driver import Browser, ColorScheme, Page
from tests.browser.page_measures import wait_until_translated
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SCHEMES
def test_the_popup(browser: Browser, reader: Configure, scheme: ColorScheme) -> None:
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    popup.set_color_scheme(scheme)
    popup.wait_for("document.querySelectorAll('[data-paper-id]').length > 5")
    assert violations(popup) == []


def test_an_unfolded_paper(browser: Browser, reader: Configure) -> None:
    popup = browser.open_extension_page("popup/popup.html")
    popup.wait_for("document.querySelectorAll('[data-paper-id]').length > 5")
    popup.click("[data-paper-id] button.title")
    popup.wait_for("document.querySelector('[data-paper-id] button.title').ariaExpanded === 'true'")
    assert violations(popup) == []


@pytest.mark.parametrize("view", ["problem", "saved", "keys"])
def test_the_popup_otherwise(browser: Browser, reader: Configure, view: str) -> None:
    if view == "problem":
        reader(backendUrl=NOWHERE)
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    state = "problem" if view == "problem" else "ready"
    popup.wait_for(f"document.body.dataset.state === '{state}'")
    if view == "saved":
        popup.click("[data-action='saved']")
        popup.wait_for("document.querySelector('[data-note]').dataset.state === 'saved'")
    if view == "keys":
        popup.click("[data-action='help']")
        popup.wait_for("document.querySelector('dialog').open")
    assert violations(popup) == []


def test_the_popup_without_a_mouse(browser: Browser, reader: Configure) -> None:
    """Every control is reached with Tab, in the order of the page, and seen to have the focus."""
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    popup.wait_for("document.querySelectorAll('[data-paper-id]').length === 14")
    popup.click("[data-paper-id] button.title")
    popup.wait_for("document.querySelector('[data-link=read-in]')")
    popup.evaluate("document.activeElement.blur()")
    popup.evaluate("scrollTo(0, 0)")
    wanted = popup.evaluate(
        """[...document.querySelectorAll('a[href], button, input, select')]
          .filter(each => each.checkVisibility() && !each.disabled && !each.closest('dialog'))
          .map((each, index) => { each.dataset.place = index; return index; })"""
    )
    popup.evaluate("document.querySelector('[data-place=\"0\"]').focus()")
    reached = []
    for _ in wanted:
        reached.append(popup.evaluate("Number(document.activeElement.dataset.place)"))
        popup.press("Tab")
    assert reached == wanted


@pytest.mark.parametrize("path", ["popup/popup.html", "options/options.html"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_sticks_out_of_narrow_windows(
    browser: Browser, reader: Configure, path: str, direction: str
) -> None:
    terms = [{"source": "a term that is rather long " * 3, "target": "术语" * 40}]
    reader(glossary=terms)
    view = browser.open_extension_page(path)
    view.wait_for("['ready'].includes(document.body.dataset.state)")
    view.evaluate(f"void (document.documentElement.dir = '{direction}')")
    if path.startswith("popup"):
        view.wait_for("document.querySelector('[data-paper-id]')")
        view.click("[data-paper-id] button.title")
    for width in (320, 400, 1200):
        view.set_viewport(width, 600)
        view.wait_for(f"innerWidth === {width}")
        assert view.evaluate("document.documentElement.scrollWidth") <= width
        outside = view.evaluate(
            """[...document.querySelectorAll('button, input, select, a, p, th, td, h1, h2')]
              .filter(each => each.checkVisibility())
              .filter(each => { const box = each.getBoundingClientRect();
                return box.left < -1 || box.right > document.documentElement.clientWidth + 1; })
              .map(each => each.outerHTML.slice(0, 80))"""
        )
        assert outside == []


@SCHEMES
def test_the_options_with_terms_and_the_question_before_a_reset(
    browser: Browser, reader: Configure, scheme: ColorScheme
) -> None:
    reader(glossary=[{"source": "token", "target": "词元"}])
    options = browser.open_extension_page("options/options.html")
    options.set_color_scheme(scheme)
    options.wait_for("document.body.dataset.state === 'ready'")
    options.click("[data-action='add-term']")
    assert violations(options) == []
    options.click("[data-action='reset']")
    options.wait_for("document.querySelector('dialog').open")
    assert violations(options) == []


@SCHEMES
def test_the_options(browser: Browser, reader: Configure, scheme: ColorScheme) -> None:
    options = browser.open_extension_page("options/options.html")
    options.set_color_scheme(scheme)
    options.wait_for("document.querySelectorAll('input').length > 0")
    assert violations(options) == []


@pytest.mark.parametrize("mathjax", ["never", "before"])
def test_what_stands_in_the_page(
    page: Page, site: ArxivSite, reader: Configure, mathjax: str
) -> None:
    page.goto(site.url(f"/abs/2401.01001?mathjax={mathjax}"))
    wait_until_translated(page, count=3)
    assert violations(page, within="[data-paperglot]") == []


def test_the_open_menu_of_the_page(page: Page, site: ArxivSite, reader: Configure) -> None:
    page.goto(site.url("/abs/2401.01001"))
    wait_until_translated(page, count=3)
    page.click("[data-paperglot='control'] button")
    page.wait_for(
        "document.querySelector('[data-paperglot=\"control\"] button').ariaExpanded === 'true'"
    )
    assert violations(page, within="[data-paperglot='control']") == []


def test_the_menu_of_the_page_by_keyboard(page: Page, site: ArxivSite, reader: Configure) -> None:
    """Enter opens it, Escape closes it and gives the focus back."""
    page.goto(site.url("/abs/2401.01001"))
    wait_until_translated(page, count=3)
    button = "document.querySelector('[data-paperglot=\"control\"] button')"
    page.evaluate(f"{button}.focus()")
    page.press("Enter")
    page.wait_for(f"{button}.getAttribute('aria-expanded') === 'true'")
    page.press("Tab")
    page.press("Escape")
    page.wait_for(f"{button}.getAttribute('aria-expanded') === 'false'")
    assert page.evaluate(f"document.activeElement === {button}")


def test_a_failure_in_the_page(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(status=401)
    page.goto(site.url("/abs/2401.01001"))
    page.wait_for("document.querySelector('[data-state=\"failed\"] button')", seconds=25)
    assert violations(page, within="[data-paperglot]") == []

"""axe-core finds nothing to object to, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.accessibility import violations
from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE
from tests.browser.driver import Browser, ColorScheme, Page
from tests.browser.page_measures import wait_until_translated

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


def test_a_failure_in_the_page(page: Page, site: ArxivSite, reader: Configure) -> None:
    reader(backendUrl=NOWHERE)
    page.goto(site.url("/abs/2401.01001"))
    page.wait_for("document.querySelector('[data-state=\"failed\"] button')", seconds=25)
    assert violations(page, within="[data-paperglot]") == []

"""On a phone: a finger in place of the pointer, 320 to 400 px of width."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import wait_until_translated

Configure = Callable[..., None]

BUTTON = "document.querySelector('[data-paperglot=control-button]')"
SHOWN = "document.querySelector('[data-paperglot-shown]')"
IN_PLACE = "[data-paperglot='translation'][data-display='replace']"
# What a finger would miss: smaller than 24 px (WCAG 2.2, 2.5.8) and no link inside a line of text.
SMALL = """[...document.querySelectorAll('button, input, select, .links a')]
  .filter(each => each.checkVisibility())
  .map(each => each.closest('label, .pages td') ?? each)
  .filter(each => { const box = each.getBoundingClientRect(); return box.width < 24 || box.height < 36; })
  .map(each => each.outerHTML.slice(0, 90))"""


@pytest.fixture
def in_place(page: Page, site: ArxivSite, reader: Configure) -> Page:
    """An abstract's page on a phone, translations in the place of the originals."""
    reader(display="replace")
    page.set_viewport(360, 700)
    page.goto(site.url("/abs/2401.01001"))
    page.use_fingers()
    wait_until_translated(page, count=3)
    return page


def test_a_tap_brings_the_original_back(in_place: Page) -> None:
    """A second one, or one elsewhere, brings the translation back; one on another swaps that."""
    title, abstract = f"h1 + {IN_PLACE}", f"blockquote + {IN_PLACE}"
    in_place.tap(title)
    in_place.wait_for(f"{SHOWN}?.matches('h1')")
    in_place.tap("[data-paperglot-shown]")
    in_place.wait_for(f"!{SHOWN}")
    in_place.tap(title)
    in_place.wait_for(f"{SHOWN}?.matches('h1')")
    x, y = in_place.evaluate(  # its first word: there is a link in its middle
        f"(({{ x, y }}) => [x + 40, y + 12])(document.querySelector({abstract!r}).getBoundingClientRect())"
    )
    in_place.tap_at(x, y)
    in_place.wait_for(f"{SHOWN}?.matches('blockquote')")
    assert in_place.count("[data-paperglot-shown]") == 1
    in_place.tap(".dateline")
    in_place.wait_for(f"!{SHOWN}")


def test_links_inside_still_lead_where_they_lead(in_place: Page, site: ArxivSite) -> None:
    in_place.evaluate(
        "void document.addEventListener('click', event => event.target.closest('a') && "
        "(event.preventDefault(), globalThis.followed = event.target.closest('a').href))"
    )
    in_place.tap(f"{IN_PLACE} a[href]")
    in_place.wait_for("globalThis.followed")
    assert not in_place.evaluate(SHOWN)


def test_the_control_steps_aside_while_one_reads_on(in_place: Page) -> None:
    """It comes back when one scrolls back, and stays while its menu is open."""
    in_place.evaluate("void (document.body.style.minHeight = '5000px')")
    top = f"{BUTTON}.getBoundingClientRect().top"
    below = f"{top} >= innerHeight"
    assert not in_place.evaluate(below)
    in_place.evaluate("scrollTo(0, 400)")
    in_place.wait_for(below)
    in_place.evaluate("scrollTo(0, 300)")
    in_place.wait_for(f"{top} < innerHeight - 40")
    in_place.tap("[data-paperglot='control-button']")
    in_place.wait_for("document.querySelector('[data-paperglot=menu]').matches(':popover-open')")
    menu = "document.querySelector('[data-paperglot=menu]').getBoundingClientRect()"
    assert in_place.evaluate(f"{menu}.left >= 0 && {menu}.right <= innerWidth && {menu}.top >= 0")
    in_place.evaluate("scrollTo(0, 400)")
    in_place.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
    assert not in_place.evaluate(below)
    heights = in_place.evaluate(
        "[...document.querySelectorAll('[data-paperglot=menu] :is(button, label)')]"
        ".filter(each => each.checkVisibility()).map(each => each.offsetHeight)"
    )
    assert min(heights) >= 40


@pytest.mark.parametrize("path", ["popup/popup.html", "options/options.html"])
def test_our_own_pages_are_made_for_fingers(browser: Browser, reader: Configure, path: str) -> None:
    reader(glossary=[{"source": "token", "target": "词元"}])
    view = browser.open_extension_page(path)
    view.set_viewport(360, 700)
    view.use_fingers()
    view.wait_for("document.body.dataset.state === 'ready'")
    if path.startswith("popup"):
        view.wait_for("document.querySelectorAll('[data-paper-id]').length === 14")
        view.tap("[data-paper-id] button.title")
        view.wait_for("document.querySelector('[data-link=read-in]')")
    assert view.evaluate("document.documentElement.scrollWidth") <= 360
    with contextlib.suppress(AssertionError):
        view.wait_for(
            f"({SMALL}).length === 0"
        )  # Firefox restyles a moment after fingers are there
    assert "\n".join(view.evaluate(SMALL)) == ""

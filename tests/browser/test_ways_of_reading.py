"""Below the original, in its place, side by side, off; always, on demand, never."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import assert_faithful, translations, wait_until_translated
from tests.browser.test_turning_off import DOCUMENT
from tests.browser.words import words
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

FORMULAS = "/abs/2401.01001"
TITLE, ABSTRACT, COMMENTS = "#abs > h1.title", "#abs > blockquote.abstract", "#abs td.comments"
TRANSLATION = "[data-paperglot='translation']"
CONTROL = "[data-paperglot='control-button']"
NOTICE = "[data-paperglot='notice']"
NOTHING_OF_OURS = "document.querySelectorAll('[data-paperglot]').length === 0"


def _seen(selector: str) -> str:
    """Whether the text of the first match can be read."""
    return f"""(node => {{
      const range = document.createRange();
      const own = node.querySelector(':scope > [data-paperglot-words]') ?? node; // where they step aside
      const words = [...own.childNodes].filter(each => each instanceof Text && each.data.trim());
      return words.some(text => {{
        range.selectNodeContents(text);
        const {{ width, height }} = range.getBoundingClientRect();
        const style = getComputedStyle(node);
        return width > 2 && height > 2 && style.visibility === 'visible' && style.opacity !== '0';
      }});
    }})(document.querySelector({selector!r}))"""


def box_of(page: Page, selector: str) -> dict[str, float]:
    box: dict[str, float] = page.evaluate(
        f"document.querySelector({selector!r}).getBoundingClientRect().toJSON()"
    )
    return box


def _in_place(page: Page, site: ArxivSite, reader: Configure, path: str = FORMULAS) -> None:
    reader(display="replace")
    page.goto(site.url(path))
    wait_until_translated(page, count=3)


def _settled(page: Page) -> str:
    """The document once nothing changes in it any more: what a late formula needs is measured anew."""
    before, now = "", str(page.evaluate(DOCUMENT))
    while before != now:
        page.evaluate("new Promise(resolve => setTimeout(resolve, 400))")
        before, now = now, str(page.evaluate(DOCUMENT))
    return now


@pytest.mark.parametrize("original", [TITLE, ABSTRACT])
def test_in_its_place_the_original_comes_back_while_pointed_at(
    page: Page, site: ArxivSite, reader: Configure, original: str
) -> None:
    _in_place(page, site, reader)
    translation = f"{original} + {TRANSLATION}"
    _settled(page)  # what moves away from under the pointer is not pointed at
    assert not page.evaluate(_seen(original))
    page.hover(translation)
    page.wait_for(_seen(original))
    assert not page.evaluate(_seen(translation))
    page.move_to(3, 3)
    page.wait_for(_seen(translation))
    assert not page.evaluate(_seen(original))


def test_in_a_table_too(page: Page, site: ArxivSite, reader: Configure) -> None:
    _in_place(page, site, reader)
    translation = f"{COMMENTS} {TRANSLATION}"
    assert not page.evaluate(_seen(COMMENTS))
    page.hover(translation)
    page.wait_for(_seen(COMMENTS))
    page.move_to(3, 3)
    page.wait_for(_seen(translation))


def test_in_its_place_the_original_comes_back_while_focused(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    _in_place(page, site, reader)
    for _ in range(30):
        page.press("Tab")
        if page.evaluate(f"document.activeElement.matches({f'{TITLE} + {TRANSLATION}'!r})"):
            break
    page.wait_for(_seen(TITLE))
    assert not page.evaluate(_seen(ABSTRACT))
    page.press("Tab")
    page.wait_for(f"!({_seen(TITLE)})")


def test_one_key_shows_every_original_while_it_is_held(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    _in_place(page, site, reader)
    before = _settled(page)
    page.key_down("o")
    for original in (TITLE, ABSTRACT, COMMENTS):
        page.wait_for(_seen(original))
    page.key_up("o")
    for original in (TITLE, ABSTRACT, COMMENTS):
        page.wait_for(f"!({_seen(original)})")
    assert page.evaluate(DOCUMENT) == before


def test_an_abstract_opened_in_its_place_stays_open(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    """The link that opens it stands in the original, so one comes to it by pointing."""
    _in_place(page, site, reader, "/search/")
    short = f".abstract-short + {TRANSLATION}"
    page.hover(short)
    page.wait_for(_seen(".abstract-short"))
    page.click(".abstract-short > a")
    full = f".abstract-full + {TRANSLATION}"
    page.wait_for(f"document.querySelector({full!r})?.dataset.state === 'done'")
    page.move_to(3, 3)
    page.wait_for(_seen(full))
    assert not page.evaluate(_seen(".abstract-short"))
    assert not page.evaluate(_seen(short))
    assert page.evaluate("document.querySelector('.abstract-short').style.display") == "none"


@pytest.mark.parametrize("language", ["zh-Hans", "ar"])
def test_side_by_side_where_the_page_is_wide(
    page: Page, site: ArxivSite, reader: Configure, language: str
) -> None:
    reader(display="side", targetLanguage=language)
    page.set_viewport(1280, 900)
    page.goto(site.url(f"{FORMULAS}?mathjax=before"))
    wait_until_translated(page, count=3)
    for original in (TITLE, ABSTRACT):
        left, right = box_of(page, original), box_of(page, f"{original} + {TRANSLATION}")
        assert abs(left["top"] - right["top"]) < 3
        assert left["right"] <= right["left"]
        assert right["width"] > 200
    # What follows both columns begins below them.
    bottom = max(box_of(page, f"{ABSTRACT}{each}")["bottom"] for each in ("", f" + {TRANSLATION}"))
    assert box_of(page, ".metatable")["top"] >= bottom


@pytest.mark.parametrize("language", ["zh-Hans", "ar"])
def test_side_by_side_notes_in_the_margin_cover_nothing(
    page: Page, site: ArxivSite, reader: Configure, language: str
) -> None:
    """In a window so wide that arXiv has them float there; the original's are shown when called."""
    reader(display="side", targetLanguage=language, pages={"html": "always"})
    page.set_viewport(1600, 2_000)
    page.goto(site.url("/html/2401.01003v2"))
    page.wait_for(f"document.querySelectorAll(\"{TRANSLATION}[data-state='done']\").length > 8")
    assert (
        page.evaluate(
            f"""[...document.querySelectorAll('.ltx_note_outer')].flatMap((note) => {{
          const own = note.getBoundingClientRect();
          return [...document.querySelectorAll("{TRANSLATION}")].filter((each) => {{
            const box = each.getBoundingClientRect();
            return own.height && !each.contains(note) && !note.contains(each)
              && box.left < own.right && own.left < box.right && box.top < own.bottom && own.top < box.bottom;
          }}).map((each) => [note.textContent, each.textContent]);
        }})"""
        )
        == []
    )
    note = "document.querySelector(\"[data-paperglot='beside'] .ltx_note_outer\")"
    assert page.evaluate(f"getComputedStyle({note}).display") == "none"
    assert (
        page.evaluate(
            f"({note}.parentElement.tabIndex = 0, {note}.parentElement.focus(), "
            f"getComputedStyle({note}).display)"
        )
        == "block"
    )


@pytest.mark.parametrize("display", ["below", "replace", "side"])
def test_a_narrow_window_is_not_widened(
    page: Page, site: ArxivSite, reader: Configure, display: str
) -> None:
    page.set_viewport(320, 700)
    reader(pages={"abs": "never"}, control=False)
    page.goto(site.url(f"{FORMULAS}?mathjax=before"))
    before = page.evaluate("document.scrollingElement.scrollWidth")
    reader(pages={"abs": "always"}, display=display, control=True)
    page.goto(site.url(f"{FORMULAS}?mathjax=before"))
    page.wait_for(f"document.querySelectorAll(\"{TRANSLATION}[data-state='done']\").length >= 2")
    # With some fonts the comments stand more than two screens away in so narrow a window.
    page.evaluate("document.querySelector('.metatable').scrollIntoView()")
    wait_until_translated(page, count=3)
    page.wait_for(f"document.scrollingElement.scrollWidth === {before}")
    if display == "side":
        assert box_of(page, f"{TITLE} + {TRANSLATION}")["top"] >= box_of(page, TITLE)["bottom"]


def test_the_way_of_reading_changes_in_the_middle_of_a_stream(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Three times, so that it is what it was; nothing is asked anew and nothing left behind."""
    llm.scenario = Scenario(chunk_delay=0.03)
    page.goto(site.url(FORMULAS))
    before_any = (
        'document.querySelectorAll(\'[data-paperglot="beside"], [data-paperglot="replaced"]\')'
    )
    page.wait_for("document.querySelector('[data-state=\"streaming\"]')")
    for display in ("replace", "side", "below"):
        browser.run_command("cycle-display", page)
        page.wait_for(
            f"""[...document.querySelectorAll({TRANSLATION!r})]
              .every(each => each.dataset.display === {display!r})"""
        )
    assert_faithful(wait_until_translated(page, count=3))
    assert page.evaluate(f"{before_any}.length") == 0
    assert len(llm.requests) == 1


def test_on_demand_the_control_offers_it(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    reader(pages={"abs": "demand"})
    page.goto(site.url(FORMULAS))
    page.wait_for(f"document.querySelector({CONTROL!r})")
    assert translations(page) == []
    choose(page, words("controlTurnOn"))
    wait_until_translated(page, count=3)
    choose(page, words("controlTurnOff"))
    page.wait_for(f"!document.querySelector({TRANSLATION!r})")
    assert len(llm.requests) == 1


def choose(page: Page, words: str) -> None:
    """Opens the control's menu and chooses what says these words."""
    page.click(CONTROL)
    menu = "document.querySelector('[data-paperglot=\"menu\"]:popover-open')"
    page.wait_for(menu)
    x, y = page.wait_for(
        f"""(item => {{
          const box = item?.getBoundingClientRect();
          return box?.width && [box.x + 12, box.y + box.height / 2];
        }})([...{menu}.querySelectorAll('button, label')]
            .find(each => each.textContent.trim() === {words!r}))"""
    )
    page.click_at(x, y)


def test_the_menu_changes_the_way_of_reading_and_keeps_it(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    choose(page, words("displayReplace"))
    page.wait_for(f"!({_seen(TITLE)})")
    assert browser.stored("settings")["display"] == "replace"
    page.press("Escape")
    choose(page, words("whenNever"))
    page.wait_for(NOTHING_OF_OURS)
    assert browser.stored("settings")["pages"]["abs"] == "never"
    page.reload()
    page.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
    assert page.evaluate(NOTHING_OF_OURS)


def test_the_context_menu_switches_the_page(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    reader(pages={"abs": "never"})
    page.goto(site.url(FORMULAS))
    page.evaluate("new Promise(resolve => setTimeout(resolve, 200))")
    assert page.evaluate(NOTHING_OF_OURS)
    browser.choose_from_menu("translate-page", page, ".dateline")
    wait_until_translated(page, count=3)
    browser.choose_from_menu("translate-page", page, ".dateline")
    page.wait_for(NOTHING_OF_OURS)


def test_what_is_in_the_readers_language_is_not_shown_twice(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    site.add(
        "/abs/2401.09002",
        """<!DOCTYPE html><html lang="en"><head><title>On words</title></head><body><div id="abs">
        <h1 class="title">On {{stamp}} words of all the papers</h1><blockquote class="abstract">Nous
        étudions l'attention dans les grands modèles de langue. Notre méthode réduit le coût, et elle est
        plus rapide que les autres sur tous les jeux de données.</blockquote></div></body></html>""",
    )
    reader(targetLanguage="fr")
    page.goto(site.url("/abs/2401.09002"))
    page.wait_for(
        f"document.querySelector({f'{TITLE} + {TRANSLATION}'!r})?.dataset.state === 'done'"
    )
    page.wait_for(
        f"document.querySelector({CONTROL!r})?.dataset.state !== 'working'"
        f" && !document.querySelector({f'{ABSTRACT} + [data-paperglot]'!r})"
    )
    assert [len(request.segments) for request in llm.requests] == [1]

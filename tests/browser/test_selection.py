"""A selection is translated in a card of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.test_ways_of_reading import (
    ABSTRACT,
    COMMENTS,
    CONTROL,
    FORMULAS,
    NOTICE,
    TITLE,
    TRANSLATION,
    box_of,
)
from tests.browser.words import words
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]


def _select(page: Page, selector: str) -> None:
    page.evaluate(f"void getSelection().selectAllChildren(document.querySelector({selector!r}))")


def test_a_selection_is_translated_in_a_card(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """With its formulas and links; Escape closes it and leaves the page as it was."""
    reader(pages={"abs": "demand"})
    page.goto(site.url(f"{FORMULAS}?mathjax=before"))
    # The control is whole once it has been drawn and knows the page's colours.
    page.wait_for(f"document.querySelector({CONTROL!r})?.parentElement.dataset.colorScheme")
    before = page.evaluate("document.documentElement.outerHTML")
    _select(page, ABSTRACT)
    browser.choose_from_menu("translate-selection", page, f"{ABSTRACT} > a")
    card: Any = f"document.querySelector({f'{NOTICE} {TRANSLATION}'!r})"
    page.wait_for(f"{card}?.dataset.state === 'done'")
    shown = page.evaluate(
        f"""[document.querySelector({ABSTRACT!r}), {card}].map(root => [
          [...root.querySelectorAll('.MathJax')].map(each => each.textContent).sort(),
          [...root.querySelectorAll('a[href]')].map(each => each.href).sort(),
        ])"""
    )
    assert shown[0] == shown[1]
    assert len(shown[0][0]) == 7
    box = box_of(page, NOTICE)
    assert box["left"] >= 0
    assert box["top"] >= 0
    assert box["bottom"] <= page.evaluate("innerHeight")
    page.press("Escape")
    page.wait_for(f"!document.querySelector({NOTICE!r})")
    assert page.evaluate("document.documentElement.outerHTML") == before
    assert len(llm.requests) == 1


def test_a_selection_over_paragraphs_keeps_its_words_apart(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    site.add(
        "/abs/2401.09001",
        """<!DOCTYPE html><html lang="en"><head><title>Two paragraphs</title></head><body>
        <div id="two"><p>First {{stamp}} paragraph ends</p><p>second begins</p></div></body></html>""",
    )
    page.goto(site.url("/abs/2401.09001"))
    page.wait_for(f"document.querySelector({CONTROL!r})")
    _select(page, "#two")
    browser.choose_from_menu("translate-selection", page, "#two > p")
    page.wait_for(
        f"document.querySelector({f'{NOTICE} {TRANSLATION}'!r})?.dataset.state === 'done'"
    )
    assert [text for _, text in llm.requests[0].segments] == [
        f"First {site.stamp} paragraph ends second begins"
    ]


def test_a_selection_comes_from_a_paper(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The model hears the paper's title, which in the document's own stands behind an identifier."""
    reader(pages={"abs": "demand"})
    page.goto(site.url(FORMULAS))
    page.wait_for(f"document.querySelector({CONTROL!r})")
    title = page.evaluate(
        f"""(() => {{
          const copy = document.querySelector({TITLE!r}).cloneNode(true);
          copy.querySelectorAll('.descriptor').forEach(each => each.remove());
          document.title = '[0000.00000] Something else';
          return copy.textContent.trim().split(/\\s+/).slice(0, 2).join(' ');
        }})()"""
    )
    _select(page, COMMENTS)
    browser.choose_from_menu("translate-selection", page, COMMENTS)
    page.wait_for(
        f"document.querySelector({f'{NOTICE} {TRANSLATION}'!r})?.dataset.state === 'done'"
    )
    instructions = llm.requests[0].body["messages"][0]["content"]
    assert title in instructions
    assert "Something else" not in instructions


def test_doubts_about_a_selection_are_said_in_its_card(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(damage=("drop",))
    reader(pages={"abs": "demand"})
    page.goto(site.url(FORMULAS))
    page.wait_for(f"document.querySelector({CONTROL!r})")
    _select(page, TITLE)
    browser.choose_from_menu("translate-selection", page, TITLE)
    page.wait_for(
        f"document.querySelector({f'{NOTICE} {TRANSLATION}'!r})?.dataset.state === 'unverified'"
    )
    page.click(f"{NOTICE} [data-paperglot='mark']")
    page.wait_for(
        f"document.querySelector({NOTICE!r})?.textContent.includes({words('issuePlaceholder')!r})"
    )

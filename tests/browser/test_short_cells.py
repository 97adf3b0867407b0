"""Short cells of a paper's tables are translated for those who want it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import doubled_ids
from tests.browser.paper_pages import PaperPage, paper_pages, words_of
from tests.browser.test_papers import (
    KNOWN,
    OWN,
    TERMS,
    TRANSLATION,
    UNCOUNTED,
    assert_kept,
    read_all,
    texts_of,
)
from tests.browser.test_turning_off import DOCUMENT, NO_TRANSLATION, untouched
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

BUTTON = "[data-paperglot='control-button']"
CHECKBOX = "[data-paperglot='menu'] input[data-short-cells]"
SHORT = {"Lamp", "Remark", "Small", "Large"}
SETTLED_CELLS = (
    f"!document.querySelector({('.ltx_tabular ' + TRANSLATION + ':not([data-state=done])')!r})"
)
IN_CELLS = f"document.querySelectorAll({('.ltx_tabular ' + TRANSLATION)!r}).length"


def _solid(text: str) -> str:
    """Its words in one: the mark of a table's note is glued to a word, or stands apart."""
    return words_of(text).replace(" ", "")


def test_the_menu_asks_for_them_and_takes_them_away(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Nothing else is asked for again."""
    before = untouched(page, site.url(OWN), reader)
    reader(pages={"html": "always"}, control=True)
    read_all(page, site.url(OWN))
    assert page.evaluate(IN_CELLS) == 2
    asked = len(texts_of(llm))
    assert not SHORT & set(texts_of(llm))
    page.wait_for(f"document.querySelector({BUTTON!r})")
    page.click(BUTTON)
    assert page.evaluate(f"document.querySelector({CHECKBOX!r}).checked") is False
    page.click(CHECKBOX)
    page.wait_for(f"{IN_CELLS} === 6", seconds=20)
    page.wait_for(SETTLED_CELLS)
    assert set(texts_of(llm)[asked:]) == SHORT
    assert browser.stored("settings")["shortCells"] is True
    page.click(CHECKBOX)
    page.wait_for(f"{IN_CELLS} === 2", seconds=20)
    page.press("Escape")
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before


def test_a_name_that_stays_is_not_written_twice(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(known={"BERT": "BERT"})
    path = "/html/2401.07001v1"
    cells = "".join(f'<td class="ltx_td">{words}</td>' for words in ("BERT", "Lamps", "7 kg"))
    site.add(
        path,
        '<!DOCTYPE html><html lang="en"><head><title>Cells</title></head><body>'
        f'<article class="ltx_document"><h1 class="ltx_title">Cells of {site.stamp}</h1>'
        f'<table class="ltx_tabular"><tr class="ltx_tr">{cells}</tr></table></article></body></html>',
    )
    reader(pages={"html": "always"}, shortCells=True)
    page.goto(site.url(path))
    page.wait_for(f"document.querySelector({TRANSLATION!r})")
    page.wait_for(f"{SETTLED_CELLS} && !document.querySelector('[data-paperglot=reserved]')")
    cells = page.evaluate(
        "[...document.querySelectorAll('.ltx_td')].map(each => each.childElementCount)"
    )
    assert cells == [0, 1, 1]
    assert "BERT" in texts_of(llm)


@pytest.mark.parametrize(
    "paper", [paper for paper in paper_pages() if paper.truth], ids=lambda paper: paper.name
)
def test_all_short_cells_of_a_recorded_paper_and_nothing_else(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    own_backend: Callable[..., Backend],
    paper: PaperPage,
) -> None:
    """By its ground truth."""
    assert paper.truth
    path = f"/html/{paper.id}"
    site.add(path, paper.html)
    before = untouched(page, site.url(path), reader)
    reader(pages={"html": "always"}, shortCells=True, backendUrl=own_backend().url)
    read_all(page, site.url(path))
    assert_kept(page)
    assert doubled_ids(page) == []
    texts = set(map(_solid, texts_of(llm)))
    prose = {_solid(each["text"].replace("/usr/share/none", "")) for each in paper.truth["list"]}
    cells = set(map(_solid, paper.truth["cells_short"]))
    uncounted = set(map(_solid, [*UNCOUNTED, *page.evaluate(TERMS)]))
    assert (prose | cells) - texts - {""} <= KNOWN, "missing"
    assert texts - prose - cells - uncounted == set(), "no text"
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before

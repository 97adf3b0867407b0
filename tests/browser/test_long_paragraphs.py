"""Paragraphs of a paper that are longer than a request's segment may be."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.test_turning_off import DOCUMENT, NO_TRANSLATION, untouched
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

MAX_CHARACTERS = 8_000
MAX_PLACEHOLDERS = 500
PATH = "/html/2404.00001v1"
ALL = "[...document.querySelectorAll('[data-paperglot=translation]')]"
STATES = f"{ALL}.map(each => each.dataset.state).join()"
FORMULAS = (
    "[...document.querySelector('#{id} ~ [data-paperglot=translation]').querySelectorAll('math')]"
    ".map(each => each.getAttribute('alttext'))"
)


def _formula(number: int) -> str:
    tex = f"x_{{{number}}}"
    return (
        f'<math class="ltx_Math" alttext="{tex}" display="inline"><semantics><mi>x</mi>'
        f'<annotation encoding="application/x-tex">{tex}</annotation></semantics></math>'
    )


def _page(*paragraphs: str) -> str:
    texts = "".join(
        f'<div class="ltx_para"><p class="ltx_p" id="long{number}">{text}</p></div>'
        for number, text in enumerate(paragraphs)
    )
    return f"""<!DOCTYPE html><html lang="en"><head><title>Lamps</title>
      <link rel="stylesheet" href="/html-papers.css"></head><body><article class="ltx_document">
      <h1 class="ltx_title ltx_title_document">Long lamps of {{{{stamp}}}}</h1>{texts}
      </article></body></html>"""


LONG = " ".join(
    f"In chapter {number} of the {{{{stamp}}}} story a lamp shines over the quiet river."
    for number in range(280)
)
FULL_OF_FORMULAS = " ".join(
    f"The lamp {_formula(number)} of {{{{stamp}}}} shines." for number in range(900)
)


def test_long_paragraphs_are_translated_whole(
    browser: Browser, page: Page, site: ArxivSite, reader: Callable[..., None], llm: FakeLLM
) -> None:
    """Cut at sentences, each formula once and in its order, and the page as it was afterwards."""
    assert len(LONG) > 20_000
    site.add(PATH, _page(LONG, FULL_OF_FORMULAS))
    before = untouched(page, site.url(PATH), reader)
    llm.scenario = Scenario(first_token_delay=0.05)
    reader(pages={"html": "always"})
    page.set_viewport(1200, 30_000)
    page.goto(site.url(PATH))
    page.wait_for(f"{STATES} === 'done,done,done'", seconds=60)
    assert page.evaluate(FORMULAS.format(id="long1")) == [f"x_{{{n}}}" for n in range(900)]
    marked = [text for request in llm.requests for _, text in request.segments]
    asked = [re.sub(r"<s\d+/>", "", text).strip() for text in marked]
    assert max(map(len, asked)) <= MAX_CHARACTERS
    assert max(len(re.findall(r"<x", text)) for text in asked) <= MAX_PLACEHOLDERS
    assert all(text.endswith((".", site.stamp)) for text in asked)
    chapters = [n for text in asked for n in re.findall(r"In chapter (\d+)", text)]
    assert sorted(map(int, chapters)) == list(range(280))
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before


def test_one_piece_that_fails_is_a_paragraph_that_can_be_tried_again(
    page: Page, site: ArxivSite, reader: Callable[..., None], llm: FakeLLM
) -> None:
    site.add(PATH, _page(LONG))
    llm.scenario = Scenario(status=401)
    reader(pages={"html": "always"})
    page.set_viewport(1200, 2_000)
    page.goto(site.url(PATH))
    page.wait_for(f"{STATES} === 'failed,failed'", seconds=30)
    llm.scenario = Scenario()
    page.evaluate("document.querySelector('[data-paperglot=retry]').click()")
    page.wait_for(f"{STATES} === 'done,done'", seconds=30)

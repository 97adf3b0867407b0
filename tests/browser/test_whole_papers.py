"""All of a paper, behind what the reader comes to: progress, stop, going on after a reload."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from tests.browser.accessibility import violations
from tests.browser.arxiv_site import ArxivSite
from tests.browser.chromium import Chromium
from tests.browser.driver import Browser, Page
from tests.browser.main_thread import tasks
from tests.browser.test_costs import price_of_a_change
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

TRANSLATION = "[data-paperglot='translation']"
BUTTON = "[data-paperglot='control-button']"
WHOLE = "document.querySelector('[data-paperglot=menu-progress] + button')"
PROGRESS = "document.querySelector('[data-paperglot=menu-progress]')"
MAX_TASK = 50
MAX_CHARACTERS = 8_000
_places = itertools.count()


def made_paper(site: ArxivSite, paragraphs: int) -> str:
    """Adds a paper with so many paragraphs, ten to a section, two formulas in each; returns its address."""
    formula = (
        '<math class="ltx_Math" alttext="x_{N}" display="inline"><semantics><msub><mi>x</mi><mn>N</mn>'
        '</msub><annotation encoding="application/x-tex">x_{N}</annotation></semantics></math>'
    )
    paragraph = (
        '<div class="ltx_para"><p class="ltx_p" data-place="N">In chapter N of the {{stamp}} story a lamp of '
        f"{formula} shines over the quiet river, and everyone who keeps watch beside the water counts "
        f"{formula} boats before the morning comes.</p></div>"
    )
    sections = []
    for first in range(0, paragraphs, 10):
        numbers = range(first, min(first + 10, paragraphs))
        sections.append(
            '<section class="ltx_section"><h2 class="ltx_title ltx_title_section">'
            f'<span class="ltx_tag">{first} </span>Evening {first} of {{{{stamp}}}}</h2>'
            f"{''.join(paragraph.replace('N', str(n)) for n in numbers)}</section>"
        )
    path = f"/html/2402.{next(_places):05}v1"
    site.add(
        path,
        f"""<!DOCTYPE html><html lang="en"><head><title>Lamps</title>
        <link rel="stylesheet" href="/html-papers.css"></head><body><article class="ltx_document">
        <h1 class="ltx_title ltx_title_document">Lamps of {{{{stamp}}}}</h1>
        {"".join(sections)}</article></body></html>""",
    )
    return site.url(path)


def _ask_for_all(page: Page) -> None:
    """By the control's menu."""
    page.wait_for(f"document.querySelector({(TRANSLATION + '[data-state=done]')!r})")
    page.click(BUTTON)
    page.wait_for(f"{WHOLE}?.checkVisibility()")
    page.evaluate(f"{WHOLE}.click()")


def _wait_until_all(page: Page, count: int, seconds: float = 60) -> None:
    page.wait_for(
        f"document.querySelectorAll({(TRANSLATION + '[data-state=done]')!r}).length === {count}",
        seconds=seconds,
    )


def _texts(llm: FakeLLM) -> list[str]:
    return [text for asked in llm.requests for _, text in asked.segments]


def test_all_of_a_paper_is_asked_for_once_and_nothing_moves(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """While the reader rests in the middle; the menu says how far it is, and offers it no more at the end."""
    reader(pages={"html": "always"})
    page.set_viewport(1000, 800)
    page.goto(made_paper(site, 240))
    page.wait_for(f"document.querySelector({(TRANSLATION + '[data-state=done]')!r})")
    page.evaluate("document.querySelector('[data-place=\"120\"]').scrollIntoView()")
    page.wait_for(
        "document.querySelector('[data-place=\"120\"] + [data-state=done]') && "
        f"!document.querySelector({(TRANSLATION + ':not([data-state=done])')!r})"
    )
    top = "document.querySelector('[data-place=\"120\"]').getBoundingClientRect().top"
    before = page.evaluate(top)
    llm.scenario = Scenario(first_token_delay=0.2)
    _ask_for_all(page)
    page.wait_for(f"/^[\\d]+ of 265 paragraphs/.test({PROGRESS}.textContent)")
    assert page.text("[data-paperglot='menu-progress'] + button").startswith("Stop")
    _wait_until_all(page, 265)
    page.wait_for(f"!{WHOLE}.checkVisibility() && !{PROGRESS}.checkVisibility()")
    assert abs(page.evaluate(top) - before) < 1
    assert Counter(_texts(llm)).most_common(1)[0][1] == 1
    assert len(_texts(llm)) == 265
    characters = [sum(len(text) for _, text in asked.segments) for asked in llm.requests]
    assert max(characters) <= MAX_CHARACTERS * 1.2
    sys.stdout.write(f"{sum(characters)} characters in {len(characters)} requests\n")


def test_the_rest_waits_for_what_the_reader_looks_at(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    reader(pages={"html": "always"})
    page.set_viewport(1000, 800)
    page.goto(made_paper(site, 200))
    page.wait_for(f"document.querySelector({(TRANSLATION + '[data-state=done]')!r})")
    llm.scenario = Scenario(first_token_delay=1.5)
    _ask_for_all(page)
    llm.wait_until(lambda: len(llm.requests) >= 3)
    page.evaluate("document.querySelector('[data-place=\"180\"]').scrollIntoView()")
    page.wait_for("document.querySelector('[data-place=\"180\"] + [data-state=done]')")
    middle = "document.querySelector('[data-place=\"100\"] + [data-state=done]')"
    assert page.evaluate(f"!{middle}")
    llm.scenario = Scenario()
    page.wait_for(middle)
    _wait_until_all(page, 221)
    assert len(_texts(llm)) == len(set(_texts(llm))) == 221


def test_it_stops_and_stays_stopped(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    reader(pages={"html": "always"})
    page.set_viewport(1000, 800)
    url = made_paper(site, 200)
    page.goto(url)
    page.wait_for(f"document.querySelector({(TRANSLATION + '[data-state=done]')!r})")
    llm.scenario = Scenario(first_token_delay=0.4)
    _ask_for_all(page)
    page.wait_for(f"{PROGRESS}.checkVisibility()")
    page.evaluate(f"{WHOLE}.click()")
    page.wait_for(f"!{PROGRESS}.checkVisibility()")
    # What was under way comes to its end, at the backend too, within its three seconds.
    page.wait_for(f"!document.querySelector({(TRANSLATION + ':not([data-state=done])')!r})")
    page.evaluate("new Promise(resolve => setTimeout(resolve, 3200))")
    asked = len(_texts(llm))
    assert asked < 150
    page.reload()
    page.wait_for(f"document.querySelector({(TRANSLATION + '[data-state=done]')!r})")
    page.evaluate("new Promise(resolve => setTimeout(resolve, 800))")
    assert len(_texts(llm)) == asked


def test_it_goes_on_after_a_reload(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Also where papers are translated on demand; until the reader wants the page as it was."""
    page.set_viewport(1000, 800)
    page.goto(made_paper(site, 150))
    page.wait_for(f"document.querySelector({BUTTON!r})")
    browser.run_command("toggle-translation", page)
    llm.scenario = Scenario(first_token_delay=0.4)
    _ask_for_all(page)
    page.wait_for(f"{PROGRESS}.checkVisibility()")
    page.reload()
    llm.scenario = Scenario()
    _wait_until_all(page, 166)
    assert max(Counter(_texts(llm)).values()) <= 2  # those that were under way
    browser.run_command("toggle-translation", page)
    page.wait_for(f"!document.querySelector({TRANSLATION!r})")
    page.reload()
    page.wait_for(f"document.querySelector({BUTTON!r})")
    page.evaluate("new Promise(resolve => setTimeout(resolve, 500))")
    assert page.count(TRANSLATION) == 0


def test_a_model_that_fails_is_not_asked_for_all_of_a_paper(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """It waits until the reader tries again, and goes on then."""
    reader(pages={"html": "always"})
    page.set_viewport(1000, 800)
    page.goto(made_paper(site, 300))
    page.wait_for(f"document.querySelector({(TRANSLATION + '[data-state=done]')!r})")
    llm.scenario = Scenario(status=401)
    _ask_for_all(page)
    page.wait_for(f"document.querySelector({(TRANSLATION + '[data-state=failed]')!r})", seconds=25)
    failed = 0
    while failed != (
        count := page.count(TRANSLATION + "[data-state=failed]")
    ):  # until no more fail
        failed = count
        assert failed < 70
        page.evaluate("new Promise(resolve => setTimeout(resolve, 1000))")
    llm.scenario = Scenario()
    page.evaluate("document.querySelector('[data-paperglot=retry]').click()")
    _wait_until_all(page, 331)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        '<div class="ltx_abstract"><p class="ltx_p">An abstract of {{stamp}} and no more.</p></div>',
    ],
)
def test_a_page_without_the_papers_text_says_so(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, rest: str
) -> None:
    path = f"/html/2403.{next(_places):05}v3"
    site.add(
        path,
        f"""<!DOCTYPE html><html lang="en"><head><title>Lamps</title></head><body><article class="ltx_document">
        <h1 class="ltx_title ltx_title_document">Lamps of {{{{stamp}}}}</h1>{rest}</article></body></html>""",
    )
    page.goto(site.url(path))
    page.wait_for(f"document.querySelector({BUTTON!r})")
    page.click(BUTTON)
    link = "document.querySelector('a[data-paperglot=menu-item]')"
    assert not page.evaluate(f"{link}.checkVisibility()")
    page.evaluate(
        "[...document.querySelectorAll('[data-paperglot=menu] button')]"
        ".find(each => each.textContent === 'Translate this page').click()"
    )
    page.wait_for("document.querySelector('[data-paperglot=control]').dataset.state === 'problem'")
    page.click(BUTTON)
    assert "hardly more than" in page.text("[data-paperglot='menu-status']")
    page.wait_for(f"{link}.checkVisibility()")
    assert page.evaluate(f"{link}.href") == site.url(path.replace("/html/", "/abs/"))
    assert violations(page, within="[data-paperglot='control']") == []


@pytest.mark.alone
def test_nothing_blocks_while_a_long_paper_is_translated(
    running_browser: Browser,
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
) -> None:
    """Two thousand paragraphs, four thousand formulas; only Chromium can be asked."""
    if not isinstance(running_browser, Chromium):
        pytest.skip("Firefox does not tell which task was whose")
    reader(pages={"html": "always"})
    page.set_viewport(1000, 800)
    page.goto(made_paper(site, 2000))
    _ask_for_all(page)
    with running_browser.traced() as events:
        page.evaluate("new Promise(resolve => setTimeout(resolve, 8000))")
    ours = [task for task in tasks(events) if task.script(running_browser.base)]
    longest = max(ours, key=lambda task: task.cpu)
    script = max(task.script(running_browser.base) for task in ours)
    done = page.count(TRANSLATION + "[data-state=done]")
    sys.stdout.write(f"{done} done: scripts {script:.1f} ms at once, longest task {longest}\n")
    assert done > 300
    price = price_of_a_change(running_browser, page)
    sys.stdout.write(f"a change {price}\n")
    assert script <= MAX_TASK
    assert longest.cpu - price.cpu <= MAX_TASK

"""The panel of a paper's own terms: seen, followed, changed, and the price said before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.accessibility import violations
from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import doubled_ids
from tests.browser.test_turning_off import DOCUMENT, NO_TRANSLATION, untouched
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

TRANSLATION = "[data-paperglot='translation']"
BUTTON = "[data-paperglot='control-button']"
PANEL = "[data-paperglot='terms']"
ROWS = f"document.querySelectorAll({(PANEL + ' li')!r})"
ITEM = """[...document.querySelectorAll('[data-paperglot=menu-item]')]
  .find(item => /Terms/.test(item.textContent))"""
STATUS = f"document.querySelector({(PANEL + ' [data-paperglot=terms-status]')!r})"
ADD = f"{PANEL} [data-paperglot=terms-add]"
ALL = f"[...document.querySelectorAll({TRANSLATION!r})]"
NAMED = f"""[...document.querySelectorAll({TRANSLATION!r})]
  .filter(node => node.textContent.includes('Gezeitengitter')).length"""
MATH = (
    '<math class="ltx_Math" alttext="x" display="inline"><semantics><mi>x</mi>'
    '<annotation encoding="application/x-tex">x</annotation></semantics></math>'
)
SENTENCES = [
    f"Every tide lattice keeps {MATH} lamps above the quiet river of the old town.",
    'Two <em class="ltx_emph">tide lattices</em> never meet, as everyone who keeps watch knows well.',
    "Nothing of the kind stands in this sentence about the boats that wait for morning.",
    f"A lattice of tide {MATH} lattice and a Tide Lattice<span class='ltx_note ltx_role_footnote'>"
    "<sup class='ltx_note_mark'>1</sup><span class='ltx_note_outer'><span class='ltx_note_content'>"
    "<sup class='ltx_note_mark'>1</sup>The tide lattice of the note is small.</span></span></span>"
    " are not the same.",
    "Its tidelattice is one word, which is another thing for everyone beside the water.",
]


def _paper(site: ArxivSite, number: int, repeat: int = 1) -> str:
    paragraphs = "".join(
        f'<div class="ltx_para"><p class="ltx_p">{{{{stamp}}}} {round}. {sentence}</p></div>'
        for round in range(repeat)
        for sentence in SENTENCES
    )
    path = f"/html/2404.0100{number}v1"
    site.add(
        path,
        f"""<!DOCTYPE html><html lang="en"><head><title>Lattices</title>
        <link rel="stylesheet" href="/html-papers.css"></head><body><article class="ltx_document">
        <h1 class="ltx_title ltx_title_document">On the {{{{stamp}}}} Tide Lattice</h1>
        <section class="ltx_section">{paragraphs}</section></article></body></html>""",
    )
    return site.url(path)


def _open_panel(page: Page, translated: int) -> None:
    page.wait_for(
        f"document.querySelectorAll({(TRANSLATION + '[data-state=done]')!r}).length >= {translated}",
        seconds=30,
    )
    page.wait_for(f"document.querySelector({BUTTON!r})")
    page.click(BUTTON)
    page.wait_for(f"{ITEM}?.checkVisibility()")
    page.evaluate(f"{ITEM}.click()")
    page.wait_for(f"document.querySelector({PANEL!r})")


def _rows(page: Page) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = page.evaluate(
        f"""[...{ROWS}].map(row => ({{
          source: row.querySelector('[data-paperglot=term-source]').textContent,
          target: row.querySelector('input').value,
          origin: row.querySelector('[data-paperglot=term-origin]').textContent,
          places: row.querySelector('[data-paperglot=term-steps] button').textContent,
        }}))"""
    )
    return rows


def _add(page: Page, source: str, target: str) -> str:
    """Fills in the fields of a new term; returns what is said of the price."""
    fields = f"{ADD} input"
    page.evaluate(
        f"""(() => {{
          const [source, target] = document.querySelectorAll({fields!r});
          source.value = {source!r};
          target.value = {target!r};
          target.dispatchEvent(new Event('input', {{ bubbles: true }}));
          target.focus();
        }})()"""
    )
    cost: str = page.wait_for(
        f"(node => node.checkVisibility() && node.textContent)"
        f"(document.querySelector({(ADD + ' [data-paperglot=term-cost]')!r}))"
    )
    return cost


@pytest.fixture
def german(reader: Configure, llm: FakeLLM, own_backend: Callable[..., Backend]) -> Configure:
    """Papers are read in German, from a server that knows nothing yet; call it to change settings."""
    llm.scenario = Scenario(uses_terms=True)
    url = own_backend().url

    def configure(**changes: Any) -> None:
        reader(pages={"html": "always"}, backendUrl=url, targetLanguage="de", **changes)

    configure()
    return configure


@pytest.fixture
def terms_paper(site: ArxivSite, german: Configure) -> str:
    """A paper of five paragraphs, a note and a title."""
    return _paper(site, 1)


def test_a_term_chosen_in_the_panel_is_used_wherever_its_source_stands(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    request: pytest.FixtureRequest,
) -> None:
    """And only the texts with it are asked for anew, after the price was said."""
    url = _paper(site, 1)
    before = untouched(page, url, reader)
    request.getfixturevalue("german")
    page.goto(url)
    _open_panel(page, 7)
    page.wait_for(f"{STATUS}.textContent.includes('No terms')")
    asked = len(llm.requests)
    cost = _add(page, "tide lattice", "Gezeitengitter")
    assert "translated anew: 5" in cost
    assert "tokens" in cost
    assert len(llm.requests) == asked, "nothing is asked before the reader agrees"
    page.press("Enter")
    page.wait_for(f"{ROWS}.length === 1")
    page.wait_for(f"{NAMED} === 5", seconds=30)
    page.wait_for(
        f"[...document.querySelectorAll({TRANSLATION!r})].every(node => node.dataset.state === 'done')"
    )
    again = [text for each in llm.requests[asked:] for _, text in each.segments]
    assert len(again) == 5
    assert _rows(page) == [
        {
            "source": "tide lattice",
            "target": "Gezeitengitter",
            "origin": "changed by a reader",
            "places": "Places: 5",
        }
    ]
    page.reload()  # a second visit: everything is remembered, and as it is called now
    asked = len(llm.requests)
    page.wait_for(f"{NAMED} === 5", seconds=30)
    assert len(llm.requests) == asked
    _open_panel(page, 7)
    page.wait_for(f"{ROWS}.length === 1")
    page.evaluate(
        f"[...{ROWS}[0].querySelectorAll('button')].find(button => button.textContent === 'Take back').click()"
    )
    page.wait_for(f"{ROWS}.length === 0")
    page.wait_for(
        "!document.querySelector('article').textContent.includes('Gezeitengitter')", seconds=30
    )
    assert len(llm.requests) == asked, "as it was before: remembered"
    page.press("Escape")
    page.wait_for(f"!document.querySelector({PANEL!r})")
    assert page.evaluate(f"document.activeElement.matches({BUTTON!r})")
    assert doubled_ids(page) == []
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before


def test_the_places_of_a_term_are_shown_one_after_the_other(page: Page, terms_paper: str) -> None:
    """Across mark-up, in the plural, in notes; not across a formula, not within another word."""
    page.set_viewport(1000, 500)
    page.goto(terms_paper)
    _open_panel(page, 4)
    _add(page, "tide lattice", "Gezeitengitter")
    page.press("Enter")
    page.wait_for(f"{ROWS}.length === 1 && {ROWS}[0].textContent.includes('Places: 5')")
    found = []
    for number in range(1, 7):
        page.evaluate(f"{ROWS}[0].querySelector('[data-paperglot=term-steps] button').click()")
        place = (number - 1) % 5 + 1
        page.wait_for(f"{ROWS}[0].textContent.includes('{place} of 5')")
        found.append(page.evaluate("[...CSS.highlights.get('paperglot-term-here')][0].toString()"))
    assert found == [
        "Tide Lattice",
        "tide lattice",
        "tide lattices",
        "Tide Lattice",
        "tide lattice",
        "Tide Lattice",
    ]
    page.press("Escape")
    page.wait_for("!CSS.highlights.has('paperglot-term')")


def test_terms_are_drawn_when_the_reader_wants_them_and_cost_once(
    page: Page, terms_paper: str, llm: FakeLLM
) -> None:
    page.goto(terms_paper)
    _open_panel(page, 7)
    draw = f"document.querySelector({(PANEL + ' > button')!r})"
    assert "tokens" in page.wait_for(f"{draw}.checkVisibility() && {draw}.textContent")
    asked = len(llm.requests)
    page.evaluate(f"{draw}.click()")
    page.wait_for(f"{ROWS}.length >= 1")
    assert len(llm.requests) == asked + 1
    assert "tide lattice" in str(llm.requests[-1].body["messages"]).lower()
    assert {row["origin"] for row in _rows(page)} <= {"by the model", "built in"}
    page.reload()
    _open_panel(page, 7)
    page.wait_for(f"{ROWS}.length >= 1")
    assert not page.evaluate(f"{draw}.checkVisibility()")
    assert len(llm.requests) == asked + 1, "what was translated before is not paid again"


def test_who_reads_on_has_the_terms_drawn_once(
    page: Page, site: ArxivSite, german: Configure, llm: FakeLLM
) -> None:
    page.set_viewport(1000, 600)
    page.goto(_paper(site, 2, repeat=30))
    page.wait_for(
        f"document.querySelectorAll({(TRANSLATION + '[data-state=done]')!r}).length > 3", seconds=30
    )

    def drawings() -> int:
        return sum("term = translation" in str(each.body["messages"]) for each in llm.requests)

    assert drawings() == 0, "who looks at the first page only needs none"
    for place in (1_500, 3_000, 4_500):
        page.evaluate(f"void scrollTo(0, {place})")
        page.wait_for(f"scrollY >= {place - 100}")
        page.evaluate("new Promise(resolve => setTimeout(resolve, 500))")
    llm.wait_until(lambda: drawings() == 1, timeout=10)
    page.evaluate("new Promise(resolve => setTimeout(resolve, 500))")
    assert drawings() == 1


def test_the_readers_own_glossary_goes_before(
    page: Page, site: ArxivSite, german: Configure
) -> None:
    german(glossary=[{"source": "Tide lattice", "target": "MEINS"}])
    page.goto(_paper(site, 3))
    _open_panel(page, 7)
    _add(page, "tide lattice", "Gezeitengitter")
    page.press("Enter")
    page.wait_for(f"{ROWS}.length === 1")
    [row] = _rows(page)
    assert (row["target"], row["origin"]) == ("MEINS", "from your glossary")
    assert page.evaluate(f"{ROWS}[0].querySelector('input').readOnly")


def test_a_server_that_cannot_is_told_in_words(
    page: Page, site: ArxivSite, terms_paper: str, llm: FakeLLM
) -> None:
    page.goto(terms_paper)
    _open_panel(page, 7)
    llm.scenario = Scenario(content="I see no terms here.")
    draw = f"document.querySelector({(PANEL + ' > button')!r})"
    page.wait_for(f"{draw}.checkVisibility()")
    page.evaluate(f"{draw}.click()")
    page.wait_for(f"{STATUS}.dataset.state === 'problem'", seconds=40)
    assert page.evaluate(f"{draw}.checkVisibility()"), "it can be tried again"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_is_accessible(page: Page, terms_paper: str, scheme: Any) -> None:
    page.set_color_scheme(scheme)
    page.goto(terms_paper)
    _open_panel(page, 7)
    _add(page, "tide lattice", "Gezeitengitter")
    assert violations(page, within=PANEL) == []
    page.press("Enter")
    page.wait_for(f"{ROWS}.length === 1 && {ROWS}[0].textContent.includes('Places: 5')")
    assert violations(page, within=PANEL) == []
    page.set_viewport(360, 640)
    box = page.evaluate(f"document.querySelector({PANEL!r}).getBoundingClientRect().toJSON()")
    assert box["left"] == 0
    assert box["width"] == 360
    assert box["top"] >= 0.35 * 640
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("display", ["below", "replace", "side"])
def test_a_term_changed_twice_while_its_texts_arrive(
    page: Page, site: ArxivSite, german: Configure, llm: FakeLLM, display: str
) -> None:
    """Whatever is under way, in the end everything is called as was said last."""
    german(display=display)
    llm.scenario = Scenario(uses_terms=True, first_token_delay=0.5, chunk_delay=0.01)
    page.set_viewport(1400, 6_000)
    page.goto(_paper(site, 4, repeat=3))
    page.wait_for(f"document.querySelector({BUTTON!r})")
    page.click(BUTTON)
    page.wait_for(f"{ITEM}?.checkVisibility()")
    page.evaluate(f"{ITEM}.click()")
    page.wait_for(f"document.querySelector({PANEL!r})")
    for target in ("Gezeitengitter", "Flutgitter"):
        _add(page, "tide lattice", target)
        page.press("Enter")
        page.wait_for(f"{ROWS}[0]?.querySelector('input').value === {target!r}")
    # Title, three texts and a note in each round; a note is in its text's translation, too.
    called = f"""{ALL}.filter(node => node.dataset.display !== 'within'
      && node.textContent.includes('Flutgitter')).length"""
    done = f"{ALL}.every(node => node.dataset.state === 'done')"
    page.wait_for(f"{done} && {called} === 10", seconds=60)
    assert page.evaluate(NAMED) == 0

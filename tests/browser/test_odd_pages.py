"""Pages and readers that do what nobody expects: the reader ends with the whole, the page with its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import (
    assert_faithful,
    doubled_ids,
    translations,
    wait_until_translated,
)
from tests.browser.test_turning_off import DOCUMENT, NO_TRANSLATION
from tests.browser.words import words
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

FORMULAS = "/abs/2401.01001"
TRANSLATION = "[data-paperglot='translation']"
DONE = f"{TRANSLATION}[data-state='done']"
UNVERIFIED = f"{TRANSLATION}[data-state='unverified']"
CONTROL = "[data-paperglot='control-button']"
LEFT = "#abs > h1.title"


def _abstract_page(title: str, abstract: str) -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><title>A page</title>{{{{> head.html}}}}</head><body>
    {{{{> header.html}}}}<main><div id="content"><div id="abs">
    <h1 class="title mathjax"><span class="descriptor">Title:</span>{title}</h1>
    <div class="authors"><span class="descriptor">Authors:</span><a href="/a/x">Ada Example</a></div>
    <blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>  {abstract}
    </blockquote></div></div></main></body></html>"""


def _entries(count: int) -> str:
    items = "".join(
        f"""<dt><a name="item{n}">[{n}]</a> <a href="/abs/2402.{n:05}" title="Abstract" id="2402.{n:05}">
          arXiv:2402.{n:05}</a></dt><dd><div class="meta"><div class="list-title mathjax">
          <span class="descriptor">Title:</span> Entry {n} on $x_{{{n}}}$ and {{{{stamp}}}} lamps</div>
          <div class="list-authors"><a href="/a/x">Ada Example</a></div>
          <div class="list-comments mathjax"><span class="descriptor">Comments:</span> {n} pages</div>
          <div class="list-journal-ref"><span class="descriptor">Journal-ref:</span> Annals 3</div>
          <div class="list-subjects"><span class="descriptor">Subjects:</span> Lamps (cs.LA)</div>
          <p class="mathjax">We light {n} lamps of {{{{stamp}}}} with $y^{{{n}}}$ watts.</p></div></dd>"""
        for n in range(1, count + 1)
    )
    return f"""<!DOCTYPE html><html lang="en"><head><title>A list</title>{{{{> head.html}}}}</head><body>
    {{{{> header.html}}}}<div id="content"><div id="content-inner"><div id="dlpage"><h1>Lamps</h1>
    <dl id="articles"><h3>New</h3>{items}</dl></div></div></div></body></html>"""


@pytest.mark.parametrize("mathjax", ["never", "before"])
def test_a_title_of_mathematics_alone_is_left_alone(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, mathjax: str
) -> None:
    title = r"\[ \mathcal{PT} \] $\alpha$ 3"
    site.add("/abs/2402.00001", _abstract_page(title, "Words about {{stamp}} and $x$."))
    page.goto(site.url(f"/abs/2402.00001?mathjax={mathjax}"))
    assert_faithful(wait_until_translated(page, count=1))
    assert [len(asked.segments) for asked in llm.requests] == [1]


@pytest.mark.parametrize("mathjax", ["never", "before"])
def test_display_formulas_across_lines(
    page: Page, site: ArxivSite, reader: Configure, mathjax: str
) -> None:
    """Of every kind, in the middle of a sentence and at its end, with signs that look like mark-up."""
    abstract = r"""For {{stamp}} we show $$ a &lt; b
      \quad\text{and}\quad c &gt; d $$ as well as \begin{cases} 1 &amp; x&lt;0 \\ 2 &amp; y \end{cases}
      where $&lt;v&gt;$ is small, $1\%$ of \[
      \int_0^1 f(x)\,dx . \]"""
    site.add("/abs/2402.00002", _abstract_page("On {{stamp}} displays", abstract))
    page.goto(site.url(f"/abs/2402.00002?mathjax={mathjax}"))
    pairs = wait_until_translated(page, count=2)
    assert_faithful(pairs)
    assert len(pairs[1]["original"]["formulas"]) == 5


@pytest.mark.parametrize(
    "path", ["/catchup/cs.LA/2024-01-05?abs=True", "/a/example_a_1", "/list/cs.LA/new"]
)
def test_lists_of_every_kind(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    path: str,
) -> None:
    """Titles and abstracts; authors, comments, journals, subjects, headings stay."""
    site.add(path, _entries(4))
    page.goto(site.url(path))
    count = 4 if path.startswith("/a/") else 8
    assert_faithful(wait_until_translated(page, count=count))
    assert page.count(f".list-authors {TRANSLATION}, .list-authors + {TRANSLATION}") == 0
    for still in (".list-comments", ".list-journal-ref", ".list-subjects", "h1", "h3", "dt"):
        assert page.count(f"{still} {TRANSLATION}, {still} + {TRANSLATION}") == 0
    assert len(llm.requests) == 1
    browser.run_command("toggle-translation", page)
    page.wait_for("!document.querySelector('[data-paperglot]')")


def test_entries_taken_away_while_they_stream(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The others are translated, and nothing of ours remembers the lost ones as missing."""
    llm.scenario = Scenario(chunk_delay=0.02)
    site.add("/list/cs.LA/2402", _entries(6))
    page.goto(site.url("/list/cs.LA/2402"))
    page.wait_for("document.querySelector('[data-state=\"streaming\"]')")
    page.evaluate(
        "[...document.querySelectorAll('dt, dd')].slice(-6).forEach(each => each.remove())"
    )
    assert_faithful(wait_until_translated(page, count=6))
    page.wait_for("document.querySelector('[data-paperglot=\"control\"]').dataset.state === 'done'")
    assert browser.extension_errors() == []


def test_failed_entries_that_are_taken_away_are_forgotten(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The sentence stands at an entry that is still there."""
    llm.scenario = Scenario(status=401)
    site.add("/list/cs.LA/2403", _entries(3))
    page.goto(site.url("/list/cs.LA/2403"))
    page.wait_for("document.querySelector('dd [data-paperglot=\"retry\"]')", seconds=25)
    page.evaluate(
        "[...document.querySelectorAll('dt, dd')].slice(0, 2).forEach(each => each.remove())"
    )
    page.wait_for("document.querySelector('dd [data-paperglot=\"retry\"]')")
    page.evaluate("document.querySelectorAll('dt, dd').forEach(each => each.remove())")
    page.wait_for("document.querySelector('[data-paperglot=\"control\"]').dataset.state === 'idle'")


def test_a_text_that_the_page_replaces_is_translated_once(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    """Not the node's words but the node itself: its old translation goes with it."""
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    page.evaluate(
        f"""void (title => {{
          const fresh = title.cloneNode(true);
          fresh.lastChild.before('Another one: ');
          title.replaceWith(fresh);
        }})(document.querySelector({LEFT!r}))"""
    )
    page.wait_for(f"document.querySelector({LEFT!r}).nextElementSibling.matches({DONE!r})")
    assert_faithful(wait_until_translated(page, count=3))


def test_switched_on_and_off_twenty_times(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(first_token_delay=1.0, chunk_delay=0.01)
    page.goto(site.url(FORMULAS))
    page.wait_for(f"document.querySelector({TRANSLATION!r})")
    for _ in range(20):
        browser.run_command("toggle-translation", page)
    pairs = wait_until_translated(page, count=3)
    assert_faithful(pairs)
    assert doubled_ids(page) == []
    assert page.count("[data-paperglot='control']") == 1
    llm.wait_until(lambda: all(asked.outcome != "running" for asked in llm.requests), timeout=6)
    assert sum(asked.outcome == "finished" for asked in llm.requests) == 1


def test_another_language_in_the_middle_of_a_stream(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.next(Scenario(chunk_delay=0.1))
    page.goto(site.url(FORMULAS))
    page.wait_for("document.querySelector('[data-state=\"streaming\"]')")
    reader(targetLanguage="ar")
    page.wait_for(f"document.querySelector({TRANSLATION!r})?.lang === 'ar'")
    pairs = wait_until_translated(page, count=3)
    assert {(pair["lang"], pair["dir"]) for pair in pairs} == {("ar", "rtl")}
    assert_faithful(pairs)
    llm.wait_until(lambda: llm.requests[0].outcome == "left", timeout=6)


def test_settings_reset_in_the_middle_of_a_stream(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """No language is known any more: the page is as it was, and the control says what to choose."""
    llm.scenario = Scenario(chunk_delay=0.1)
    page.goto(site.url(FORMULAS))
    page.wait_for("document.querySelector('[data-state=\"streaming\"]')")
    browser.api("api.storage.local.clear().then(() => 1)")
    page.wait_for(NO_TRANSLATION)
    page.wait_for(
        f"document.querySelector({CONTROL!r})?.title === {words('problemLanguageNotChosen')!r}"
    )
    llm.wait_until(lambda: [asked.outcome for asked in llm.requests] == ["left"], timeout=6)
    assert page.evaluate("document.querySelectorAll('[data-paperglot=\"room\"]').length") == 0
    assert browser.extension_errors() == []


def test_another_server_in_the_middle_of_a_stream(
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
) -> None:
    """A sentence about the server names the one that was asked."""
    reader(backendUrl="http://127.0.0.1:9")
    page.goto(site.url(FORMULAS))
    failure = "document.querySelector('[data-paperglot=\"failure\"]')"
    page.wait_for(f"{failure}?.textContent.includes('127.0.0.1:9 ')")
    reader(backendUrl="http://127.0.0.1:10")
    page.wait_for(f"{failure}?.textContent.includes('127.0.0.1:10 ')")


def test_mathjax_that_comes_after_three_seconds(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """In any way of reading; off again, the page is what its own scripts made of it."""
    reader(display="replace")
    page.goto(site.url(f"{FORMULAS}?mathjax=later"))
    wait_until_translated(page, count=3)
    page.evaluate("new Promise(resolve => setTimeout(resolve, 1000))")
    page.evaluate("typesetSlowly(10)")
    page.wait_for(f"document.querySelectorAll({f'{TRANSLATION} .MathJax'!r}).length === 10")
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) == 1
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    after = page.evaluate(DOCUMENT)
    reader(pages={"abs": "never"}, control=False)
    page.goto(site.url(f"{FORMULAS}?mathjax=later"))
    page.evaluate("typesetSlowly(10)")
    assert page.evaluate(DOCUMENT) == after


def test_copying_copies_text_and_no_markers(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(damage=("drop",))
    page.goto(site.url(FORMULAS))
    page.wait_for(f"document.querySelectorAll({UNVERIFIED!r}).length === 3")
    title = f"document.querySelector({f'h1 + {TRANSLATION}'!r})"
    page.evaluate(f"void getSelection().selectAllChildren({title})")
    copied = page.evaluate("getSelection().toString()")
    assert copied.strip()
    assert "*" not in copied


def test_what_is_injected_says_its_language_and_is_not_to_be_translated(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    reader(targetLanguage="fa")
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    found = page.evaluate(
        f"""[...document.querySelectorAll({TRANSLATION!r})]
          .map(each => [each.lang, each.dir, each.getAttribute('translate'),
            getComputedStyle(each).direction])"""
    )
    assert found == [["fa", "rtl", "no", "rtl"]] * 3
    assert len(translations(page)) == 3

"""An abstract page, from arXiv's text to the translation below it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import (
    assert_faithful,
    assert_korean_words_are_whole,
    doubled_ids,
    translations,
    wait_until_translated,
)
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

FORMULAS, WITHDRAWN, OLD = "/abs/2401.01001", "/abs/2401.01002", "/abs/hep-th/9701234"
TITLE = "h1.title + [data-paperglot='translation']"
ABSTRACT = "blockquote.abstract + [data-paperglot='translation']"


def test_title_abstract_and_comments_are_translated_where_they_stand(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """In one request to the model, and nothing beside them: no author, subject, menu or labs tab."""
    page.goto(site.url(FORMULAS))
    pairs = wait_until_translated(page, count=3)
    assert page.count(TITLE) == 1
    assert page.count(f"#abs > {ABSTRACT}") == 1
    assert page.count("td.comments [data-paperglot='translation']") == 1
    assert {(pair["lang"], pair["dir"]) for pair in pairs} == {("zh-Hans", "ltr")}
    assert_faithful(pairs)
    assert len(llm.requests) == 1


@pytest.mark.parametrize("language", ["ja", "ar"])
def test_the_language_says_which_way_it_runs(
    page: Page, site: ArxivSite, reader: Configure, language: str
) -> None:
    reader(targetLanguage=language)
    page.goto(site.url(FORMULAS))
    pairs = wait_until_translated(page, count=3)
    direction = "rtl" if language == "ar" else "ltr"
    assert {(pair["lang"], pair["dir"]) for pair in pairs} == {(language, direction)}
    assert (
        page.evaluate(f"getComputedStyle(document.querySelector({ABSTRACT!r})).direction")
        == direction
    )
    assert_faithful(pairs)


def test_formulas_are_set_as_in_the_original(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    """In its language, by which generic fonts are chosen, and in its direction."""
    reader(targetLanguage="ar")
    page.goto(site.url(f"{FORMULAS}?mathjax=before"))
    wait_until_translated(page, count=3)
    copies = page.evaluate(
        f"""[...document.querySelectorAll({f"{ABSTRACT} > .MathJax"!r})].map(each =>
          [each.closest('[lang]').lang, getComputedStyle(each).direction])"""
    )
    assert copies
    assert all(copy == ["en", "ltr"] for copy in copies)


def test_korean_words_are_not_broken_across_lines(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    reader(targetLanguage="ko")
    page.set_viewport(400, 900)
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    assert_korean_words_are_whole(page, "[data-paperglot='translation']")


def test_words_stream_in(page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM) -> None:
    """Waiting, then streaming more and more text, then done."""
    llm.scenario = Scenario(first_token_delay=0.7, chunk_delay=0.02)
    page.goto(site.url(FORMULAS))
    state = f"document.querySelector({ABSTRACT!r})?.dataset.state"
    page.wait_for(f"{state} === 'waiting'")
    page.wait_for(f"{state} === 'streaming'")
    length = f"document.querySelector({ABSTRACT!r}).textContent.length"
    first = page.evaluate(length)
    page.wait_for(f"{state} === 'streaming' && {length} > {first} + 20")
    assert_faithful(wait_until_translated(page, count=3))


@pytest.mark.parametrize("mathjax", ["never", "before", "soon", "gone"])
@pytest.mark.parametrize("path", [FORMULAS, OLD])
def test_every_formula_is_in_the_translation(
    page: Page, site: ArxivSite, reader: Configure, mathjax: str, path: str
) -> None:
    page.goto(site.url(f"{path}?mathjax={mathjax}"))
    if mathjax == "soon":
        page.wait_for("document.querySelector('#abs .MathJax')")
    pairs = wait_until_translated(page, count=3 if path == FORMULAS else 2)
    assert_faithful(pairs)
    assert sum(len(pair["original"]["formulas"]) for pair in pairs) == (
        10 if path == FORMULAS else 1
    )
    typeset = page.count("[data-paperglot='translation'] .MathJax")
    assert typeset == (0 if mathjax in ("never", "gone") else page.count("#abs .MathJax") - typeset)
    assert doubled_ids(page) == []


def test_formulas_typeset_after_the_translation_are_typeset_in_it(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    page.goto(site.url(f"{FORMULAS}?mathjax=later"))
    pairs = wait_until_translated(page, count=3)
    assert page.count(".MathJax") == 0
    assert_faithful(pairs)
    page.evaluate("typesetSlowly(5)")
    page.wait_for(f"document.querySelectorAll({ABSTRACT + ' .MathJax'!r}).length === 7")
    assert_faithful(wait_until_translated(page, count=3))
    assert doubled_ids(page) == []
    assert len(llm.requests) == 1


def test_formulas_typeset_while_words_stream_in(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(chunk_delay=0.02)
    page.goto(site.url(f"{FORMULAS}?mathjax=later"))
    page.wait_for(f"document.querySelector({ABSTRACT!r})?.dataset.state === 'streaming'")
    page.evaluate("typesetSlowly(5)")
    assert_faithful(wait_until_translated(page, count=3))
    assert page.count("[data-paperglot='translation'] .MathJax") == 10
    assert len(llm.requests) == 1


def test_paragraphs_links_and_notes_survive(page: Page, site: ArxivSite, reader: Configure) -> None:
    """A withdrawn paper: line breaks for paragraphs, a link, an ampersand, its reason in italics."""
    page.goto(site.url(WITHDRAWN))
    pairs = wait_until_translated(page, count=3)
    assert_faithful(pairs)
    assert page.count(f"{ABSTRACT} br") == 2
    assert page.count(f"{ABSTRACT} a[href='http://example.org/winds']") == 1
    assert "&" in pairs[1]["translation"]["text"]
    assert "amp" not in pairs[1]["translation"]["text"]


def test_a_second_visit_costs_nothing(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    page.goto(site.url(FORMULAS))
    first = wait_until_translated(page, count=3)
    page.goto(site.url("/"))
    page.goto(site.url(f"{FORMULAS}?mathjax=before"))
    second = wait_until_translated(page, count=3)
    assert len(llm.requests) == 1
    assert [len(pair["translation"]["formulas"]) for pair in second] == [
        len(pair["translation"]["formulas"]) for pair in first
    ]


def test_a_restarted_browser_costs_nothing(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """What the extension forgot with the session, the backend's memory still has."""
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    browser.api("api.storage.session.clear()")
    browser.kill_background()
    page.reload()
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) == 1


def test_coming_back_and_jumping_about_translates_nothing_twice(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """Reload, back and forward, an anchor in the page: three translations, one request."""
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    page.evaluate("location.hash = '#content'")
    page.goto(site.url("/"))
    for step in (-1, 1, -1):
        page.evaluate(f"history.go({step})")
        page.wait_for(f"location.pathname === {(FORMULAS if step < 0 else '/')!r}")
    wait_until_translated(page, count=3)
    page.reload()
    assert_faithful(wait_until_translated(page, count=3))
    assert len(llm.requests) == 1


def test_two_tabs_of_one_paper_cost_one_request(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(first_token_delay=1.5)
    page.goto(site.url(FORMULAS))
    llm.wait_until(lambda: len(llm.requests) == 1)
    other = browser.new_page()
    other.goto(site.url(FORMULAS))
    for tab in (other, page):
        tab.activate()
        assert_faithful(wait_until_translated(tab, count=3))
    assert len(llm.requests) == 1


def test_pages_that_are_no_papers_stay_as_they_are(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    page.goto(site.url(FORMULAS))
    wait_until_translated(page, count=3)
    page.goto(site.url("/"))
    page.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
    assert translations(page) == []
    assert page.count("[data-paperglot]") == 0
    assert len(llm.requests) == 1

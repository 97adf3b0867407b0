"""Translating and correcting from the server's own pages, in both browsers."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.browser.accessibility import violations
from tests.browser.backend_process import Backend
from tests.browser.driver import Page
from tests.browser.queue import another_reader
from tests.browser.test_editions import PAPER, upstreams
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

__all__ = ["upstreams"]
Start = Callable[..., Backend]
OFFER = "form[data-translate] .offer .button"
STATUS = "form[data-translate] [data-status]"
SHOWN = f"document.querySelector({OFFER!r})?.checkVisibility()"
ALL_CHECKED = "document.querySelectorAll('.paper .check').length === 6"


def _open(page: Page, address: str) -> None:
    """Opens a list once the server has the day's; the first look may still meet the sample edition."""
    for _ in range(20):
        page.goto(address)
        if page.count(f"[data-paper-id='{PAPER}']"):
            return
        page.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
    raise AssertionError(page.describe())


@pytest.mark.parametrize("lang", ["de", "ar"])
def test_a_list_is_translated_on_its_page(
    page: Page, own_backend: Start, upstreams: dict[str, str], llm: FakeLLM, lang: str
) -> None:
    llm.scenario = Scenario(chunk_delay=0.02)
    backend = own_backend(**upstreams, PRICE_IN="1", PRICE_OUT="2")
    _open(page, f"{backend.url}/{lang}/latest")
    page.wait_for(SHOWN)
    assert violations(page) == []
    assert "0.0" in page.text("[data-price]")
    assert llm.requests == []
    page.click(OFFER)
    # As it is written, as text in its own language and direction.
    page.wait_for("document.querySelector('.title [data-written]')")
    page.wait_for(ALL_CHECKED, seconds=30)
    assert page.count(".paper [data-written]") == 0
    assert page.count(f"[data-paper-id='{PAPER}'] .title math") == 2
    assert not page.evaluate(SHOWN)
    page.click(f"[data-paper-id='{PAPER}'] [data-action='save']")
    assert page.evaluate("JSON.parse(localStorage['paperglot.saved']).length") == 1
    calls = len(llm.requests)
    page.reload()
    page.wait_for(ALL_CHECKED)
    assert page.count("form[data-translate]") == 0
    assert len(llm.requests) == calls


def test_what_fails_is_counted_and_the_reason_shown(
    page: Page, own_backend: Start, upstreams: dict[str, str], llm: FakeLLM
) -> None:
    llm.scenario = Scenario(status=401)
    backend = own_backend(**upstreams)
    _open(page, f"{backend.url}/de/latest")
    page.wait_for(SHOWN)
    page.click(OFFER)
    page.wait_for(f"/6.*key/.test(document.querySelector({STATUS!r}).textContent)")
    page.wait_for(SHOWN)


def test_translating_is_stopped(
    page: Page, own_backend: Start, upstreams: dict[str, str], llm: FakeLLM
) -> None:
    llm.scenario = Scenario(chunk_delay=0.3)
    backend = own_backend(**upstreams)
    _open(page, f"{backend.url}/ja/latest")
    page.wait_for(SHOWN)
    page.click(OFFER)
    page.wait_for("document.querySelector('.title [data-written]')")
    page.click("form[data-translate] [data-action='stop']")
    page.wait_for(SHOWN)
    page.wait_for(f"/6/.test(document.querySelector({STATUS!r}).textContent)")


def test_the_place_in_the_queue_is_said(
    page: Page, own_backend: Start, upstreams: dict[str, str], llm: FakeLLM
) -> None:
    backend = own_backend(**upstreams, MODEL_CONCURRENCY="1")
    _open(page, f"{backend.url}/ja/latest")
    page.wait_for(SHOWN)
    with another_reader(backend.url, llm):
        page.click(OFFER)
        page.wait_for(f"/順番待ちの1番目/.test(document.querySelector({STATUS!r}).textContent)")
    page.wait_for(ALL_CHECKED, seconds=30)


def test_a_token_is_asked_for_and_kept_for_the_tab(
    page: Page, own_backend: Start, upstreams: dict[str, str], llm: FakeLLM
) -> None:
    backend = own_backend(**upstreams, ACCESS_TOKEN="correct-horse-battery")
    _open(page, f"{backend.url}/de/latest")
    field = "form[data-translate] input[type=password]"
    page.wait_for(f"document.querySelector({field!r})?.checkVisibility()")
    assert page.text(STATUS)
    page.type(field, "wrong-horse-battery")
    page.click(OFFER)
    page.wait_for(f"/token/i.test(document.querySelector({STATUS!r}).textContent)")
    assert llm.requests == []
    page.evaluate(f"document.querySelector({field!r}).value = ''")
    page.type(field, "correct-horse-battery")
    page.click(OFFER)
    page.wait_for(ALL_CHECKED, seconds=30)
    assert page.evaluate(
        "[sessionStorage.length, Object.values(localStorage).join().includes('horse')]"
    ) == [
        1,
        False,
    ]


def test_without_a_model_the_page_says_why_not(
    page: Page, own_backend: Start, upstreams: dict[str, str]
) -> None:
    backend = own_backend(**upstreams, OPENAI_BASE_URL="", OPENAI_MODEL="", OPENAI_API_KEY="")
    _open(page, f"{backend.url}/fr/latest")
    page.wait_for(f"document.querySelector({STATUS!r}).textContent.includes('modèle de langue')")
    assert not page.evaluate(SHOWN)


def test_one_paper_is_translated_and_corrected(
    page: Page, own_backend: Start, upstreams: dict[str, str], llm: FakeLLM
) -> None:
    backend = own_backend(**upstreams)
    _open(page, f"{backend.url}/de/latest")
    page.goto(f"{backend.url}/de/papers/{PAPER}")
    page.wait_for(SHOWN)
    page.click(OFFER)
    page.wait_for("document.querySelector('.original-title')")
    page.reload()
    correct = "[data-action='correct']"
    page.wait_for(f"document.querySelector({correct!r})?.checkVisibility()")
    page.click(correct)
    page.wait_for("document.querySelector('#correction').open")
    assert violations(page) == []
    field = "#correction [name=title]"
    title = page.evaluate(f"document.querySelector({field!r}).value")

    def offer(wording: str) -> None:
        page.evaluate(f"document.querySelector({field!r}).value = {json.dumps(wording)}")
        page.click("#correction button[value=keep]")

    offer("Ohne Formeln")
    page.wait_for("document.querySelector('#correction [data-status]').textContent !== ''")
    offer("Von Hand: " + title)
    page.wait_for("document.querySelector('h1.title').textContent.startsWith('Von Hand')")

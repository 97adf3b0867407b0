"""The owner's page in both browsers: the token, the figures and their trends, on any width, for everyone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from backend import database
from backend.monitoring.history import History
from backend.spending.reservations import token_usage
from tests.browser.accessibility import violations
from tests.browser.backend_process import Backend
from tests.browser.driver import ColorScheme, Page
from tests.browser.reading_pages import get
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Start = Callable[..., Backend]
TOKEN = "correct-horse-battery"
SHOWN = "document.querySelector('[data-overview]').checkVisibility()"
FIGURE = "document.querySelector('[data-tile={}] [data-figure]').textContent"
HOUR = 3600


@pytest.fixture
def busy_backend(own_backend: Start) -> Backend:
    """A server that has been asked for two weeks, its last key refused."""
    backend = own_backend(
        ACCESS_TOKEN=TOKEN, PRICE_IN="0.25", PRICE_OUT="2", DAILY_TOKEN_BUDGET="2000000"
    )
    engine = database.connect(backend.database_url)
    fill(engine)
    engine.dispose()
    return backend


def fill(engine: sa.Engine) -> None:
    """Two weeks of an invented history."""
    now = time.time()
    for back in range(14 * 24):
        history = History(engine, clock=lambda back=back: now - back * HOUR)  # type: ignore[misc] # bound now
        busy = 40 + (back * 37) % 90
        history.count("requests", busy * 11)
        history.count("server-errors", back % 7 == 0)
        history.count("texts", busy)
        history.count("texts.remembered", busy * 0.7)
        history.count("first-words", 4)
        history.count("first-words.seconds", 4 * (0.8 + (back % 5) / 4))
        for number, language in enumerate(("zh-Hans", "ja", "ar", "de", "pt-BR")):
            history.count(f"verified.{language}", busy)
            history.count(f"unverified.{language}", (back + number) % 4)
        history.write()
    history = History(engine)
    for name, place in (
        ("translator-unavailable", "translation into zh-Hans"),
        ("upstream-unavailable", "/api/v1/daily/{day}"),
        ("OperationalError", "/api/v1/papers/{id}/translation"),
    ):
        history.note_event("error", name, place)
    for address in ("203.0.113.x", "2001:db8:1234::/48"):
        history.note_event("wrong-token", "", address)
    history.note_state("Hugging Face", "ok")
    history.note_state("arXiv", "asks-to-wait")
    history.write()
    today = {"day": sa.func.current_date(), "prompt_tokens": 310_000, "completion_tokens": 420_000}
    with database.writing(engine) as connection:
        connection.execute(
            sa.insert(token_usage).values(**today, reserved_tokens=1_000, requests=90)
        )


def enter(page: Page, token: str) -> None:
    page.evaluate(f"void (document.querySelector('[name=token]').value = {json.dumps(token)})")
    page.click("[data-token] .button")


def test_the_token_is_asked_for_and_forgotten(page: Page, busy_backend: Backend) -> None:
    page.goto(f"{busy_backend.url}/owner?lang=en")
    page.wait_for("document.querySelector('[data-token]').checkVisibility()")
    assert not page.evaluate(SHOWN)
    assert violations(page) == []
    enter(page, "wrong-wrong-wrong-wrong")
    page.wait_for("document.querySelector('[data-state]').textContent.includes('none of')")
    enter(page, TOKEN)
    page.wait_for(SHOWN)
    assert page.evaluate("sessionStorage['paperglot.token']") == TOKEN
    assert page.evaluate("document.cookie") == ""
    assert TOKEN not in page.evaluate("location.href")
    assert page.evaluate(FIGURE.format("cost")).startswith("0.9")
    assert page.evaluate(FIGURE.format("budget")) == "1,269,000"
    assert page.count(".tile .sparkline") == 4
    assert page.count("[data-rows=errors] tbody tr") == 3
    assert page.count("[data-rows=wrong-tokens] tbody tr") == 3
    assert page.count("[data-rows=services] [data-state=good]") == 1
    page.reload()
    page.wait_for(SHOWN)
    page.click("[data-forget]")
    page.wait_for("document.querySelector('[data-token]').checkVisibility()")
    assert page.evaluate("sessionStorage['paperglot.token'] ?? null") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_it_is_for_everyone(
    page: Page, busy_backend: Backend, scheme: ColorScheme, lang: str
) -> None:
    page.set_color_scheme(scheme)
    show(page, busy_backend, lang)
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(page: Page, busy_backend: Backend, width: int) -> None:
    page.set_viewport(width, 700)
    for lang in ("de", "ja", "ko"):
        show(page, busy_backend, lang)
        for direction in ("ltr", "rtl"):
            page.evaluate(f"void (document.documentElement.dir = {direction!r})")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            wide = page.evaluate(
                f"""[...document.querySelectorAll('body *')].filter(each => {{
                  const {{ left, right }} = each.getBoundingClientRect();
                  return each.checkVisibility() && !each.closest('.skip') && (right > {width} + 1 || left < -1);
                }}).map(each => each.outerHTML.slice(0, 120))"""
            )
            assert wide == [], (lang, direction)


def test_on_loopback_no_token_is_needed_and_a_refused_key_is_told(
    page: Page, own_backend: Start, llm: FakeLLM
) -> None:
    llm.scenario = Scenario(status=401)
    backend = own_backend()
    page.goto(f"{backend.url}/owner?lang=en")
    page.wait_for(SHOWN)
    assert not page.evaluate("document.querySelector('[data-token]').checkVisibility()")
    assert not page.evaluate("document.querySelector('[data-notice]').checkVisibility()")
    assert violations(page) == []
    page.evaluate(
        """fetch('/api/v1/translations', { method: 'POST', headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ lang: 'de', segments: [{ id: '1', text: 'We study attention.' }] }) })
          .then(answer => answer.text())"""
    )
    page.reload()
    page.wait_for("document.querySelector('[data-notice]').checkVisibility()")
    assert "OPENAI_API_KEY" in page.text("[data-notice]")
    assert page.count("[data-rows=errors] tbody tr") == 1
    assert json.loads(get(backend, "/api/v1/status"))["translator"]["provider"]["key_refused"]


def show(page: Page, backend: Backend, lang: str) -> None:
    """The page in a language, with the numbers in it."""
    page.goto(f"{backend.url}/owner?lang={lang}")
    page.wait_for(
        "['[data-token]', '[data-overview]'].some(each => document.querySelector(each).checkVisibility())"
    )
    page.evaluate(f"void (sessionStorage['paperglot.token'] = {TOKEN!r})")
    page.reload()
    page.wait_for(SHOWN)

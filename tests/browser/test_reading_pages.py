"""The web's pages in real browsers: without JavaScript, by keys, kept for later, on any width, for everyone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.browser.accessibility import violations
from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, ColorScheme, Page
from tests.browser.pages_alone import PagesAlone
from tests.browser.reading_pages import HOSTILE_DAY, filled_backend
from tests.conditions import wait_until
from tests.fakes.llm import FakeLLM
from tests.reading.a_day import DAY

Start = Callable[..., Backend]
LIST = f"/ja/{DAY}"
PAPERS = ".papers > li"
FOCUSED = "document.activeElement.closest('[data-paper-id]')?.dataset.paperId"


@pytest.fixture(scope="module")
def filled(
    running_llm: FakeLLM, shared: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    """A backend with a day of 31 papers in Japanese and Arabic."""
    running_llm.reset()
    folder = tmp_path_factory.mktemp("filled")
    with filled_backend(folder, running_llm, shared, ["ja", "ar"]) as backend:
        yield backend


def _open(page: Page, backend: Backend, path: str = LIST) -> None:
    """Opens a page with nothing kept from other tests, its script running."""
    page.goto(backend.url + path)
    page.evaluate("void localStorage.clear()")
    page.reload()
    page.wait_for("document.querySelector('[data-action=keys]')")


def test_everything_is_there_without_javascript(page: Page, filled: Backend) -> None:
    with page.without_scripts():
        page.goto(filled.url + LIST)
        assert page.count(PAPERS) == 31
        assert page.text("h1").strip() == "2026年3月3日（火）"
        assert "31" in page.text(".state")
        assert page.evaluate(
            "[...document.querySelectorAll('.abstract:lang(ja)')].every(each => each.checkVisibility())"
        )
        # Closed in a narrow window, and opened by the browser itself.
        page.set_viewport(360, 700)
        assert not _is_seen(page, ".abstract--original")
        for pressed, shown in (
            (".original summary", ".abstract--original"),
            (".languages summary", ".language-list a"),
        ):
            place = f"document.querySelector({pressed!r}).getBoundingClientRect()"
            page.evaluate(
                f"document.querySelector({pressed!r}).scrollIntoView({{ block: 'center' }})"
            )
            page.click_at(*page.evaluate(f"(box => [box.x + 9, box.y + 9])({place})"))
            wait_until(partial(_is_seen, page, shown))


def _is_seen(page: Page, selector: str) -> bool:
    return bool(page.evaluate(f"document.querySelector({selector!r}).checkVisibility()"))


def test_the_original_stands_beside_where_there_is_room(page: Page, filled: Backend) -> None:
    page.set_viewport(1400, 900)
    _open(page, filled)
    below, beside = page.evaluate(
        """['.abstract:lang(ja)', '.abstract--original'].map(each =>
          (({ left, top }) => [left, top])(document.querySelector(each).getBoundingClientRect()))"""
    )
    assert beside[0] > below[0] + 300
    assert abs(beside[1] - below[1]) < 20


@pytest.mark.parametrize(
    "lang", ["en", "zh-Hans", "zh-Hant", "ja", "ko", "es", "fr", "de", "ar", "pt-PT"]
)
def test_nothing_is_wider_than_a_phone(page: Page, filled: Backend, lang: str) -> None:
    page.set_viewport(360, 700)
    for path in (
        f"/{lang}/{DAY}",
        f"/{lang}/papers/2603.00001",
        f"/{lang}/days",
        f"/{lang}/saved",
        "/xx/latest",
    ):
        page.goto(filled.url + path)
        page.evaluate("void (document.querySelector('details.languages').open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        wide = page.evaluate(
            """[...document.querySelectorAll('body *')].filter(each => {
              const { left, right } = each.getBoundingClientRect();
              const seen = each.checkVisibility() && !each.closest('.formula-wide, .skip');
              return seen && (right > 361 || left < -1);
            }).map(each => each.outerHTML.slice(0, 120))"""
        )
        assert wide == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        LIST,
        f"/ar/{DAY}",
        f"/de/{DAY}",
        "/ja/papers/2603.00001",
        "/en/days",
        "/ko/saved",
        "/xx/latest",
    ],
)
def test_axe_has_no_objection(page: Page, filled: Backend, path: str, scheme: ColorScheme) -> None:
    page.set_viewport(800, 900)
    page.set_color_scheme(scheme)
    page.goto(filled.url + path)
    assert violations(page) == []
    if path == LIST:
        page.evaluate("void (document.querySelector('details.languages').open = true)")
        assert violations(page, within=".bar") == []
        page.evaluate("void document.getElementById('keys').showModal()")
        assert violations(page, within="#keys") == []


def test_keys_walk_save_and_open(page: Page, filled: Backend, site: ArxivSite) -> None:
    _open(page, filled)
    page.press("j")
    page.wait_for(f"{FOCUSED} === '2603.00001'")
    page.press("j")
    page.wait_for(f"{FOCUSED} === '2603.00002'")
    page.press("k")
    page.wait_for(f"{FOCUSED} === '2603.00001'")
    page.press("s")
    pressed = (
        "document.querySelector('[aria-pressed=true]')?.closest('[data-paper-id]').dataset.paperId"
    )
    page.wait_for(f"{pressed} === '2603.00001'")
    page.press("/")
    page.wait_for("document.activeElement.matches('.language-list a[aria-current]')")
    page.press("Escape")
    page.wait_for("!document.querySelector('details.languages').open")
    page.press("?")
    page.wait_for("document.getElementById('keys').open")
    page.press("Escape")
    page.wait_for("!document.getElementById('keys').open")
    page.press("j")
    site.requests.clear()
    page.press("o")
    wait_until(lambda: any("/abs/2603.0000" in each for each in site.requests))


def test_saved_papers_have_a_view_of_their_own(page: Page, filled: Backend) -> None:
    _open(page, filled)
    title = page.evaluate("document.querySelector('.title').innerText")
    page.click("[data-action='save']")
    page.goto(f"{filled.url}/de/saved")
    page.wait_for("document.querySelectorAll('[data-saved-list] li').length === 1")
    link = "[data-saved-list] a"
    assert (
        page.evaluate(f"new URL(document.querySelector({link!r}).href).pathname")
        == "/de/papers/2603.00001"
    )
    assert page.evaluate(f"document.querySelector({link!r}).lang") == "ja"
    assert page.text(link)[:4] == title[:4]
    page.click("[data-saved-list] button")
    page.wait_for("document.querySelectorAll('[data-saved-list] li').length === 0")
    assert "nichts gemerkt" in page.text("[data-saved-note]")


def test_the_chosen_language_is_kept(page: Page, own_backend: Start) -> None:
    backend = own_backend()
    page.goto(f"{backend.url}/ja/latest")
    page.wait_for("navigator.serviceWorker.controller")
    page.click(".languages summary")
    page.click(".language-list a[hreflang='de']")
    page.wait_for("location.pathname === '/de/latest' && document.readyState === 'complete'")
    page.wait_for(
        "caches.match('/choice-of-language').then(found => found?.text()).then(text => text === 'de')"
    )
    page.goto(f"{backend.url}/")
    page.wait_for("location.pathname === '/de/latest'")
    page.goto(f"{backend.url}/fr/latest")  # a link says what it means
    page.wait_for("document.documentElement.lang === 'fr' && document.readyState === 'complete'")


def test_a_kept_page_says_that_it_is_kept(page: Page, own_backend: Start) -> None:
    """The newest list and the last days are read without the server, never as if they were new."""
    backend = own_backend()
    page.goto(f"{backend.url}/ja/latest")
    day = page.evaluate("document.querySelector('h1 time').dateTime")
    page.wait_for(f"caches.match('/ja/{day}')")
    assert not page.evaluate("document.getElementById('kept').checkVisibility()")
    backend.stop()
    for path in ("/ja/latest", f"/ja/{day}", "/"):
        page.goto(backend.url + path)
        page.wait_for("document.getElementById('kept')?.checkVisibility()")
        assert page.text("#kept").startswith(
            "サーバーに接続できません。次の時点で保存したページです： 20"
        )
        kept_at = datetime.datetime.fromisoformat(
            page.evaluate("document.getElementById('kept-at').dateTime")
        )
        assert abs((datetime.datetime.now(datetime.UTC) - kept_at).total_seconds()) < 300
        assert page.count(PAPERS) == 14
        # With its looks: they are part of it, and its own policy lets them in.
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"
        )
    assert violations(page) == []
    backend.start()
    page.reload()
    page.wait_for("!document.getElementById('kept').checkVisibility()")


def test_a_hostile_edition_in_a_page(page: Page, filled: Backend) -> None:
    _open(page, filled, f"/en/{HOSTILE_DAY}")
    assert page.evaluate("globalThis.harmed") is None
    found = page.evaluate(
        """(all => ({
          scripts: document.scripts.length,
          odd: all.filter(each => each.matches('img, iframe, svg, object, embed, base, input')).length,
          styles: document.styleSheets.length + all.filter(each => each.matches('style')).length,
          handlers: all.flatMap(each => each.getAttributeNames())
            .filter(name => /^on|^style/.test(name)).length,
          links: all.filter(each => /^(?:javascript|data):/.test(each.getAttribute('href'))).length,
          papers: document.querySelectorAll('.papers > li').length,
          title: document.querySelector('.title').textContent.slice(0, 12),
        }))([...document.querySelectorAll('*')])"""
    )
    assert found == {
        "scripts": 1,
        "odd": 0,
        "styles": 2,  # ours, as an element and as what the browser made of it
        "handlers": 0,
        "links": 0,
        "papers": 1,
        "title": '<img src="x"',
    }


def test_nothing_moves_while_a_page_loads(browser: Browser, page: Page, filled: Backend) -> None:
    if browser.name != "chromium":
        pytest.skip("Firefox does not tell of layout shifts")
    for width in (360, 1400):
        page.set_viewport(width, 800)
        _open(page, filled)
        shift = page.evaluate(
            """new Promise(resolve => {
              let sum = 0;
              new PerformanceObserver(list => list.getEntries().forEach(each => { sum += each.value; }))
                .observe({ type: 'layout-shift', buffered: true });
              setTimeout(() => resolve(sum), 500);
            })"""
        )
        assert shift == 0, width
        blocking = page.evaluate(
            """performance.getEntriesByType('resource')
              .filter(each => each.renderBlockingStatus === 'blocking')
              .map(each => each.name.split('/').pop())"""
        )
        assert blocking == []


def test_a_page_is_painted_from_one_request(page: Page, filled: Backend) -> None:
    """Nothing that a page asks for arrives, and it is all there: its words, its looks, its print sheet."""
    with PagesAlone(filled.url) as server:
        for path in (
            LIST,
            "/ja/papers/2603.00001",
            f"/en/{HOSTILE_DAY}",
            "/de/search",
            "/xx/latest",
        ):
            server.refused.clear()
            page.goto(server.url + path)
            page.wait_for("performance.getEntriesByName('first-contentful-paint').length")
            looks = page.evaluate(
                """(of => ({
                  bar: getComputedStyle(of('.bar')).position,
                  brand: getComputedStyle(of('.brand')).textDecorationLine,
                  margin: getComputedStyle(document.body).marginTop,
                  ink: getComputedStyle(of('h1, .title')).fontWeight >= 600,
                  print: [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
                    .some(rule => rule.media?.mediaText === 'print'),
                }))(selector => document.querySelector(selector))"""
            )
            assert looks == {
                "bar": "sticky",
                "brand": "none",
                "margin": "0px",
                "ink": True,
                "print": True,
            }, path
            assert any(each.endswith("/reading.js") for each in server.refused), path
            assert not [each for each in server.refused if each.endswith(".css")], path

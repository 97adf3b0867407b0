"""Nothing is asked of anyone but the configured backend, and nothing unexpected is said about us."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import wait_until_translated
from tests.fakes.llm import FakeLLM

Configure = Callable[..., None]

# Chromium says the first about the line that is Firefox's, Firefox the second about the schema of
# managed storage, which is Chromium's; one manifest serves both.
EXPECTED = {
    "'background.scripts' requires manifest version of 2 or lower.",
    "Reading manifest: Warning processing storage: "
    "An unexpected property was found in the WebExtension manifest.",
}


def test_no_request_leaves_but_to_the_backend(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    page.goto(site.url("/abs/2401.01001?mathjax=before"))
    wait_until_translated(page, count=3)
    for path in ("popup/popup.html", "options/options.html"):
        other = browser.open_extension_page(path)
        other.wait_for("document.body.innerText.trim().length > 20")
    asked = set(site.requests) - {"/abs/2401.01001?mathjax=before", "/favicon.ico"}
    assert asked == {"/arxiv.css", "/MathJax-2.7.3/MathJax.js"}
    assert site.strays == []


def test_nothing_is_asked_before_a_page_needs_it(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """The word never is heeded: no translation, no call."""
    reader(pages={"abs": "never", "list": "never", "search": "never", "html": "never"})
    page.goto(site.url("/abs/2401.01001"))
    page.evaluate("new Promise(resolve => setTimeout(resolve, 400))")
    assert page.count("[data-paperglot]") == 0
    assert llm.requests == []


def test_a_page_cannot_make_the_backend_work(
    page: Page, site: ArxivSite, reader: Configure, backend: Backend, llm: FakeLLM
) -> None:
    """Not arxiv.org itself, not even with a request that browsers send without asking first."""
    page.goto(site.url("/"))
    body = '{"lang": "ja", "segments": [{"id": "1", "text": "Spend my money."}]}'
    for kind in ("text/plain", "application/json"):
        page.evaluate(
            f"""Promise.race([
              fetch({backend.url + "/api/v1/translations"!r}, {{
                method: 'POST', body: {body!r}, mode: 'no-cors', headers: {{ 'Content-Type': {kind!r} }},
              }}).catch(() => null),
              new Promise(resolve => setTimeout(resolve, 700)),
            ]).then(() => null)"""
        )
    assert llm.requests == []


def test_the_manifest_is_as_both_browsers_want_it(browser: Browser) -> None:
    assert set(browser.manifest_warnings()) <= EXPECTED


def test_the_shortcuts_are_assigned(browser: Browser) -> None:
    """Chromium leaves some combinations silently unassigned."""
    commands = browser.api("api.commands.getAll()")
    assert {command["name"] for command in commands if command["shortcut"]} == {
        "_execute_action",
        "cycle-display",
        "toggle-translation",
    }


def test_nothing_fails_unseen(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """No uncaught error and no console.error in background, page, popup or options."""
    page.goto(site.url("/abs/2401.01001?mathjax=soon"))
    wait_until_translated(page, count=3)
    for path in ("popup/popup.html", "options/options.html"):
        browser.open_extension_page(path).wait_for("document.body.innerText.trim().length > 20")
    browser.kill_background()
    page.goto(site.url("/abs/2401.01002"))
    wait_until_translated(page, count=3)
    assert browser.extension_errors() == []


def test_the_page_cannot_see_the_token(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    reader(accessToken="open-sesame-0123456789")
    page.goto(site.url("/abs/2401.01001"))
    wait_until_translated(page, count=3)
    assert "open-sesame" not in page.evaluate("document.documentElement.outerHTML")
    assert "open-sesame" not in page.evaluate(
        "JSON.stringify({ ...localStorage, ...sessionStorage })"
    )
    assert page.evaluate("typeof (globalThis.browser ?? globalThis.chrome)?.storage") == "undefined"

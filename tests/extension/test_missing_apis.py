"""Firefox for Android has no context menus, no keyboard commands and no number on its button."""

from __future__ import annotations

import json

import pytest

from tests.browser.driver import Browser, Page

# Before any module asks for the API: what a phone's browser lacks is gone from it.
TAKE_AWAY = """void (() => {
  const api = globalThis.browser ?? globalThis.chrome;
  const without = (object, names) => new Proxy(object, {
    get: (target, name) => names.includes(name) ? undefined : Reflect.get(target, name),
  });
  const action = without(api.action, ['setBadgeText', 'setBadgeBackgroundColor']);
  const rest = without(api, ['contextMenus', 'menus', 'commands', 'action']);
  const value = new Proxy(rest, {
    get: (target, name) => name === 'action' ? action : Reflect.get(target, name),
  });
  Object.defineProperty(globalThis, 'browser', { value, configurable: true });
})()"""


@pytest.fixture
def phone(browser: Browser) -> Page:
    """A page of the extension in a browser without those APIs; no module is loaded in it yet."""
    page = browser.open_extension_page("manifest.json")
    page.evaluate(TAKE_AWAY)
    assert page.evaluate("typeof globalThis.browser.contextMenus") == "undefined"
    return page


def _module(browser: Browser, path: str) -> str:
    return f"import({json.dumps(browser.base + path)})"


def test_the_background_starts_and_creates_its_menus_nowhere(browser: Browser, phone: Page) -> None:
    phone.evaluate(f"{_module(browser, 'background/main.js')}.then(() => 'started')")
    phone.evaluate(f"{_module(browser, 'background/menus.js')}.then(m => m.createMenus())")
    phone.evaluate(f"{_module(browser, 'background/badge.js')}.then(m => m.scheduleBadge())")
    phone.evaluate(
        f"{_module(browser, 'background/badge.js')}.then(m => m.markSeen(['2401.00001']))"
    )
    assert browser.stored("seenPapers") == ["2401.00001"]


def test_the_settings_offer_nothing_that_is_not_there(browser: Browser, phone: Page) -> None:
    phone.evaluate(
        f"""fetch({json.dumps(browser.base + "options/options.html")}).then(answer => answer.text())
          .then(html => void document.body.replaceWith(
            new DOMParser().parseFromString(html, 'text/html').body))"""
    )
    phone.evaluate(f"{_module(browser, 'options/options.js')}.then(() => 'started')")
    phone.wait_for("document.body.dataset.state === 'ready'")
    assert phone.evaluate("document.querySelector('[data-shortcuts]').hidden")
    assert phone.evaluate("document.querySelector('[name=badge]').closest('label').hidden")
    assert not phone.evaluate("document.querySelector('[name=control]').closest('label').hidden")

"""What a test can do with a browser and a tab, whichever browser it is."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal

PATIENCE = 15.0
"""Seconds a test waits for what takes milliseconds on a quiet machine."""

ColorScheme = Literal["light", "dark"]

# What there is to see when a wait failed: the page, and every mark the extension has left in it.
_DESCRIBE = """({
  url: location.href,
  state: document.readyState,
  marks: [...document.querySelectorAll('[data-paperglot][data-state]')].slice(0, 9).map(node => ({
    mark: node.dataset.paperglot, state: node.dataset.state, text: node.textContent.slice(0, 160),
  })),
})"""


class ScriptError(RuntimeError):
    """A script of the test threw in the page."""


class View(ABC):
    """Something that shows a document: a tab or an open popup."""

    @abstractmethod
    def _evaluate(self, expression: str) -> Any:
        """The value of an expression that gives a promise for a string or null."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Clicks the first match."""

    @abstractmethod
    def screenshot(self, path: Path) -> None:
        """Writes what it shows as PNG."""

    @abstractmethod
    def set_color_scheme(self, scheme: ColorScheme) -> None:
        """Makes the document believe the reader prefers light or dark."""

    @abstractmethod
    def console(self) -> list[str]:
        """What has been written to the document's console."""

    @abstractmethod
    def close(self) -> None:
        """Closes it."""

    def evaluate(self, expression: str) -> Any:
        """The JSON value of a JavaScript expression in the document's own world; promises are awaited.

        Raises:
            ScriptError: it threw.
        """
        text = self._evaluate(f"(async () => JSON.stringify(await ({expression})) ?? null)()")
        return None if text is None else json.loads(text)

    def wait_for(self, expression: str, *, seconds: float = PATIENCE) -> Any:
        """Waits until the expression is truthy and returns its value.

        Polled from outside: content security policies forbid the evaluation inside the page that
        other ways need.

        Raises:
            AssertionError: it never was; the message shows the document's state.
        """
        deadline = time.monotonic() + seconds
        problem, value = "", f"Promise.resolve({expression}).then(value => value ? [value] : null)"
        while True:
            try:
                if found := self.evaluate(value):
                    return found[0]
            except ScriptError as error:
                problem = f"; it last threw {error}"
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"waited {seconds:g} s in vain for {expression}{problem}\n{self.describe()}"
                )
            time.sleep(0.03)

    def describe(self) -> str:
        """The document as a failing test shows it: address, marks of the extension, console."""
        try:
            state = json.dumps(self.evaluate(_DESCRIBE), ensure_ascii=False, indent=1)
        except RuntimeError as error:
            state = f"not to be asked: {error}"
        return "\n".join(["page:", state, "console:", *self.console()[-15:]])

    def text(self, selector: str) -> str:
        """What the first match says, as it is in the document."""
        found = self.evaluate(f"document.querySelector({json.dumps(selector)})?.textContent")
        assert found is not None, f"nothing matches {selector}\n{self.describe()}"
        return str(found)

    def count(self, selector: str) -> int:
        """How many elements match."""
        return int(self.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def choose(self, selector: str, value: str) -> None:
        """Chooses an option of a <select>; its open list belongs to the browser, not to the page."""
        self.evaluate(
            f"""(select => {{
              select.value = {json.dumps(value)};
              if (select.value !== {json.dumps(value)}) throw new Error('no such option');
              select.dispatchEvent(new Event('input', {{ bubbles: true }}));
              select.dispatchEvent(new Event('change', {{ bubbles: true }}));
            }})(document.querySelector({json.dumps(selector)}))"""
        )


class Page(View):
    """A tab, with a mouse and a keyboard."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Loads the address and waits until it is complete."""

    @abstractmethod
    def reload(self) -> None:
        """Loads the page again and waits until it is complete."""

    @abstractmethod
    def activate(self) -> None:
        """Makes this the tab the reader looks at."""

    @abstractmethod
    def key_down(self, key: str) -> None:
        """Presses a key as the user would and holds it: a letter, or "Enter", "Tab", "Escape"…"""

    @abstractmethod
    def key_up(self, key: str) -> None:
        """Releases it."""

    def press(self, key: str) -> None:
        """Presses and releases a key."""
        self.key_down(key)
        self.key_up(key)

    @abstractmethod
    def click_at(self, x: float, y: float) -> None:
        """Clicks at a point of the viewport as the user would."""

    @abstractmethod
    def tap_at(self, x: float, y: float) -> None:
        """Taps a point of the viewport with a finger."""

    @abstractmethod
    def use_fingers(self) -> None:
        """Makes the tab believe that its reader has a touch screen and no mouse."""

    @abstractmethod
    def move_to(self, x: float, y: float) -> None:
        """Moves the pointer to a point of the viewport."""

    @abstractmethod
    def without_scripts(self) -> AbstractContextManager[None]:
        """Runs no script of the pages that are loaded meanwhile; then `evaluate` gives no promises' values."""

    @abstractmethod
    def set_viewport(self, width: int, height: int) -> None:
        """Sets the size of the viewport in CSS pixels."""

    def click(self, selector: str) -> None:
        """Clicks in the middle of the first match, as the user would."""
        self.click_at(*self.middle_of(selector))

    def tap(self, selector: str) -> None:
        """Taps the middle of the first match with a finger."""
        self.tap_at(*self.middle_of(selector))

    def hover(self, selector: str) -> None:
        """Moves the pointer over the first match."""
        self.move_to(*self.middle_of(selector))

    def type(self, selector: str, text: str) -> None:
        """Replaces what stands in a field, key by key."""
        self.click(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).select()")
        for key in text or ["Delete"]:
            self.press(key)

    def middle_of(self, selector: str) -> tuple[float, float]:
        """The middle of the first match, scrolled into view, in coordinates of the viewport."""
        x, y = self.wait_for(
            f"""(async node => {{
              if (!node) return null;
              node.scrollIntoView({{ block: 'center', behavior: 'instant' }});
              // The first box: the middle of a link that wraps may lie outside of it.
              const place = () => {{
                const box = node.getClientRects()[0];
                return box && box.width > 0 ? [box.x + box.width / 2, box.y + box.height / 2] : null;
              }};
              // What still moves would be missed.
              const before = place();
              await new Promise(resolve => setTimeout(resolve, 40));
              const after = place();
              return before && after && `${{before}}` === `${{after}}` ? after : null;
            }})(document.querySelector({json.dumps(selector)}))"""
        )
        return x, y


class Browser(ABC):
    """A running browser with the unpacked extension in it."""

    name: str
    base: str
    """The extension's own origin, with a slash at the end."""

    @abstractmethod
    def new_page(self) -> Page:
        """Opens a tab and shows it."""

    @abstractmethod
    def open_popup(self, page: Page) -> View:
        """Opens the real popup over a tab, as a click on the toolbar button does."""

    @abstractmethod
    def run_command(self, name: str, page: Page) -> None:
        """Does in a tab what the keyboard shortcut of a command of the manifest does."""

    @abstractmethod
    def choose_from_menu(self, item: str, page: Page, selector: str) -> None:
        """Chooses an entry of the context menu, by its id, opened over the first match in a tab."""

    @abstractmethod
    def offline(self, page: Page) -> AbstractContextManager[None]:
        """Takes the network away from the extension and a tab that is loaded, for a while."""

    @abstractmethod
    def without_access_to_arxiv(self) -> AbstractContextManager[None]:
        """Takes the permission to read arXiv's pages away, as a user can, for a while."""

    @abstractmethod
    def kill_background(self) -> None:
        """Ends the extension's service worker or event page, as the browser does when it is idle."""

    @abstractmethod
    def background_running(self) -> bool:
        """Whether the service worker or event page is alive."""

    @abstractmethod
    def update(self) -> None:
        """Loads the extension's folder again, as a new version; its tabs go, its storage stays."""

    @abstractmethod
    def withhold_arxiv(self) -> None:
        """Takes the access to arxiv.org away, as the reader may in the browser's settings."""

    @abstractmethod
    def grant_arxiv(self) -> None:
        """Gives it back."""

    @abstractmethod
    def manifest_warnings(self) -> list[str]:
        """What the browser found to say about the manifest."""

    @abstractmethod
    def extension_errors(self) -> list[str]:
        """Uncaught errors and console.error() in any part of the extension since the last reset."""

    @abstractmethod
    def reset(self) -> None:
        """Closes what the tests opened and forgets what the extension stored."""

    @abstractmethod
    def close(self) -> None:
        """Ends the browser."""

    @property
    @abstractmethod
    def extension_page(self) -> View:
        """A hidden page of the extension's origin, for its storage and other APIs."""

    def open_extension_page(self, path: str) -> Page:
        """Opens one of the extension's pages in a tab."""
        page = self.new_page()
        page.goto(self.base + path)
        return page

    def api(self, expression: str) -> Any:
        """The value of an expression over the extension API, as `api.storage.local.get()`."""
        return self.extension_page.evaluate(
            f"((api) => {expression})(globalThis.browser ?? globalThis.chrome)"
        )

    def stored(self, key: str) -> Any:
        """One value of storage.local, or None."""
        return self.api(f"api.storage.local.get({json.dumps(key)})").get(key)

    def store(self, values: Mapping[str, Any]) -> None:
        """Writes into storage.local."""
        self.api(f"api.storage.local.set({json.dumps(values)})")

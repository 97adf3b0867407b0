"""A tab and the open popup of Firefox, over WebDriver BiDi."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.connection import Json, ProtocolError
from tests.browser.driver import PATIENCE, ColorScheme, Page, ScriptError, View

if TYPE_CHECKING:
    from tests.browser.firefox import Firefox

POPUP = "document.querySelector('browser.webextension-popup-browser')"
"""The popup's element in the browser's own window."""

# Code points of WebDriver's keys (W3C WebDriver, "Keyboard actions").
_KEYS = {
    "Enter": "\ue007",
    "Tab": "\ue004",
    "Escape": "\ue00c",
    "Delete": "\ue017",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Home": "\ue011",
    "End": "\ue010",
}


class FirefoxPage(Page):
    """A tab."""

    def __init__(self, browser: Firefox, context: str) -> None:
        self.context = context
        self._browser = browser
        self._sandbox = ""

    def _send(self, method: str, /, **params: Any) -> Json:
        return self._browser.send(method, context=self.context, **params)

    def goto(self, url: str) -> None:
        if not url.startswith("moz-extension:"):
            self._send("browsingContext.navigate", url=url, wait="complete")
            return
        # BiDi never sees these pages complete.
        self._send("browsingContext.navigate", url="about:blank", wait="complete")
        self._send("browsingContext.navigate", url=url, wait="none")
        self.wait_for("location.href !== 'about:blank' && document.readyState === 'complete'")

    def reload(self) -> None:
        self._send("browsingContext.reload", wait="complete")

    def _evaluate(self, expression: str) -> Any:
        try:
            return self._browser.script(expression, context=self.context, sandbox=self._sandbox)
        except ProtocolError as error:
            if "frame" in str(error) or "destroyed" in str(error):
                raise ScriptError("the page went away") from None
            raise

    def evaluate(self, expression: str) -> Any:
        if not self._sandbox:
            return super().evaluate(expression)
        # Where scripts are off no promise is ever kept.
        return json.loads(self._evaluate(f"JSON.stringify({expression}) ?? 'null'"))

    def activate(self) -> None:
        self._send("browsingContext.activate")

    def key_down(self, key: str) -> None:
        self._stroke("keyDown", key)

    def key_up(self, key: str) -> None:
        self._stroke("keyUp", key)

    def _stroke(self, kind: str, key: str) -> None:
        stroke = {"type": kind, "value": _KEYS.get(key, key)}
        keyboard = {"type": "key", "id": "keyboard", "actions": [stroke]}
        self._send("input.performActions", actions=[keyboard])

    def click_at(self, x: float, y: float) -> None:
        self._point(x, y, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})

    def open_context_menu(self, x: float, y: float) -> None:
        """Clicks with the other button."""
        self._point(x, y, {"type": "pointerDown", "button": 2}, {"type": "pointerUp", "button": 2})

    def tap_at(self, x: float, y: float) -> None:
        at = {"type": "pointerMove", "x": int(x), "y": int(y)}
        finger = {
            "type": "pointer",
            "id": "finger",
            "parameters": {"pointerType": "touch"},
            "actions": [
                at,
                {"type": "pointerDown", "button": 0},
                {"type": "pointerUp", "button": 0},
            ],
        }
        self._send("input.performActions", actions=[finger])

    def use_fingers(self) -> None:
        coarse = 1
        self._browser.script(
            f"Services.prefs.setIntPref('ui.primaryPointerCapabilities', {coarse})"
        )
        self.wait_for("matchMedia('(pointer: coarse)').matches")

    def move_to(self, x: float, y: float) -> None:
        self._point(x, y)

    def _point(self, x: float, y: float, *then: Json) -> None:
        move = {"type": "pointerMove", "x": int(x), "y": int(y)}
        pointer = {"type": "pointer", "id": "mouse", "actions": [move, *then]}
        self._send("input.performActions", actions=[pointer])

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        self._browser.script("Services.prefs.setBoolPref('javascript.enabled', false)")
        self._sandbox = "without-scripts"
        try:
            yield
        finally:
            self._sandbox = ""
            self._browser.script("Services.prefs.clearUserPref('javascript.enabled')")

    def set_viewport(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self._send("browsingContext.setViewport", viewport=viewport)

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        self._browser.set_color_scheme(scheme)
        dark = "true" if scheme == "dark" else "false"
        self.wait_for(f"matchMedia('(prefers-color-scheme: dark)').matches === {dark}")

    def screenshot(self, path: Path) -> None:
        picture = self._send("browsingContext.captureScreenshot")["data"]
        path.write_bytes(base64.b64decode(picture))

    def console(self) -> list[str]:
        return self._browser.console_of(self.context)

    def close(self) -> None:
        self._send("browsingContext.close")


class FirefoxPopup(View):
    """The real popup: not a tab, so another page of the extension looks into it."""

    def __init__(self, browser: Firefox, onlooker: View) -> None:
        self._browser = browser
        self._onlooker = onlooker

    def _evaluate(self, expression: str) -> Any:
        return self._onlooker.evaluate(
            f"""((window) => {{
              if (!window) throw new Error('the popup is closed');
              const {{ document, location }} = window;
              return {expression};
            }})(browser.extension.getViews({{ type: 'popup' }})[0])"""
        )

    def click(self, selector: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def screenshot(self, path: Path) -> None:
        picture = self._browser.script(
            f"""(async () => {{
              const popup = {POPUP}.browsingContext.currentWindowGlobal;
              const bitmap = await popup.drawSnapshot(null, 1, 'white');
              const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
              [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
              canvas.getContext('2d').drawImage(bitmap, 0, 0);
              return canvas.toDataURL();
            }})()"""
        )
        path.write_bytes(base64.b64decode(picture.partition(",")[2]))

    def close(self) -> None:
        self.evaluate("window.close()")
        deadline = time.monotonic() + PATIENCE
        while self._browser.script(f"!!{POPUP}") and time.monotonic() < deadline:
            time.sleep(0.03)

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        self._browser.set_color_scheme(scheme)

    def console(self) -> list[str]:
        return []

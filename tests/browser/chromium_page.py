"""A tab or popup of Chromium, over its DevTools protocol."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.connection import Json, ProtocolError
from tests.browser.driver import ColorScheme, Page, ScriptError

if TYPE_CHECKING:
    from tests.browser.chromium import Chromium

# key -> (code, Windows virtual key code, the text it writes)
_KEYS = {
    "Enter": ("Enter", 13, "\r"),
    "Tab": ("Tab", 9, ""),
    "Escape": ("Escape", 27, ""),
    "Delete": ("Delete", 46, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "Home": ("Home", 36, ""),
    "End": ("End", 35, ""),
    " ": ("Space", 32, " "),
}


class ChromiumPage(Page):
    """A tab or popup: one attached target."""

    def __init__(self, browser: Chromium, target_id: str) -> None:
        self.target_id = target_id
        self._browser = browser
        attached = browser.send("Target.attachToTarget", targetId=target_id, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._send(f"{domain}.enable")

    def _send(self, method: str, /, **params: Any) -> Json:
        return self._browser.send(method, session=self.session, **params)

    def goto(self, url: str) -> None:
        answer = self._send("Page.navigate", url=url)
        if "errorText" in answer:
            raise ProtocolError(f"{url}: {answer['errorText']}")
        self._wait_until_complete()

    def reload(self) -> None:
        self.evaluate("void (globalThis.beforeReload = true)")
        self._send("Page.reload")
        self.wait_for("!globalThis.beforeReload")
        self._wait_until_complete()

    def _wait_until_complete(self) -> None:
        self.wait_for("document.readyState === 'complete'")

    def _evaluate(self, expression: str) -> Any:
        try:
            answer = self._send(
                "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
            )
        except ProtocolError as error:
            if "context" in str(error) or "navigated" in str(error):
                raise ScriptError("the page went away") from None
            raise
        if details := answer.get("exceptionDetails"):
            raise ScriptError(reason(details))
        return answer["result"].get("value")

    def activate(self) -> None:
        self._browser.send("Target.activateTarget", targetId=self.target_id)

    def key_down(self, key: str) -> None:
        event, text = _stroke(key)
        self._send("Input.dispatchKeyEvent", type="keyDown", text=text, **event)

    def key_up(self, key: str) -> None:
        self._send("Input.dispatchKeyEvent", type="keyUp", **_stroke(key)[0])

    def click_at(self, x: float, y: float) -> None:
        self.move_to(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self._send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def tap_at(self, x: float, y: float) -> None:
        self._send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self._send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def use_fingers(self) -> None:
        self._send("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)
        self.wait_for("matchMedia('(pointer: coarse)').matches")

    def move_to(self, x: float, y: float) -> None:
        self._send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        self._send("Emulation.setScriptExecutionDisabled", value=True)
        try:
            yield
        finally:
            self._send("Emulation.setScriptExecutionDisabled", value=False)

    def set_viewport(self, width: int, height: int) -> None:
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        # A click meant for where something stood before would miss it.
        self.wait_for(f"innerWidth === {width} && innerHeight === {height}")

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._send("Emulation.setEmulatedMedia", features=[feature])

    def screenshot(self, path: Path) -> None:
        picture = self._send("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(picture))

    def console(self) -> list[str]:
        self._send("Runtime.evaluate", expression="0")  # takes in the events that have come
        return self._browser.console_of(self.session)

    def close(self) -> None:
        self._browser.send("Target.closeTarget", targetId=self.target_id)


def _stroke(key: str) -> tuple[Json, str]:
    """What tells a key from others, and the text it writes."""
    is_letter = len(key) == 1 and key.isascii() and key.isalpha()
    default = (
        f"Key{key.upper()}" if is_letter else "",
        ord(key.upper()) if is_letter else 0,
        key,
    )
    code, number, text = _KEYS.get(key, default)
    return {"key": key, "code": code, "windowsVirtualKeyCode": number}, text


def reason(details: Json) -> str:
    """What an exceptionDetails object says."""
    return str(details.get("exception", {}).get("description") or details["text"])

"""Single modules of the extension, in a hidden page of its own origin, in both browsers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.driver import Browser


class Module:
    """One module of the extension, loaded once per browser.

    Args:
        browser: where it runs.
        path: where it is in the extension's folder.
    """

    def __init__(self, browser: Browser, path: str) -> None:
        self._page = browser.extension_page
        self._address = json.dumps(browser.base + path)

    def run(self, function: str, *arguments: object) -> Any:
        """The JSON value of a JavaScript function.

        Args:
            function: takes the module's exports, then the arguments; may be async.
            arguments: JSON values.

        Raises:
            ScriptError: it threw.
        """
        given = ", ".join(["module", *map(json.dumps, arguments)])
        return self._page.evaluate(
            f"import({self._address}).then((module) => ({function})({given}))"
        )


@pytest.fixture
def module(request: pytest.FixtureRequest, running_browser: Browser) -> Module:
    """The module that the test's file names as MODULE."""
    return Module(running_browser, request.module.MODULE)

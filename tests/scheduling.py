"""Which worker runs which test: each browser's tests have one of their own, whoever is free takes the others.

pytest-xdist's own groups (`--dist loadgroup`) do nothing under pytest 9.2: they are written into an
attribute of the test that is not read any more, and every worker starts every browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

_FOLDERS = ("tests/browser/", "tests/extension/")
_BROWSERS = ("chromium", "firefox")


class ByBrowser(LoadScopeScheduling):  # type: ignore[misc] # xdist ships no types
    """The browsers' tests are one piece of work each, begun first; every other test is one by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """Tests of the same scope run in the same worker, in the order they were collected."""
    if not nodeid.startswith(_FOLDERS):
        return nodeid
    parameters = nodeid.partition("[")[2].removesuffix("]").split("-")
    return next((browser for browser in _BROWSERS if browser in parameters), "no browser")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Called when there are several workers (-n)."""
    return ByBrowser(config, log)

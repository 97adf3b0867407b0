"""The extension in both browsers, the backend and the fake model behind it, arXiv before it.

A plugin rather than a `conftest.py`: tests of whole pages and tests of single modules share one browser.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import ROOT, Backend
from tests.browser.chromium import Chromium
from tests.browser.driver import Browser, Page
from tests.browser.firefox import Firefox
from tests.fakes.llm import MODEL, FakeLLM

EXTENSION = ROOT / "extension"
LANGUAGE = "zh-Hans"
BROWSERS: Mapping[str, type[Chromium] | type[Firefox]] = {
    "chromium": Chromium,
    "firefox": Firefox,
}

_stamps = itertools.count()


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that needs a browser says so."""
    for item in items:
        if {"browser", "running_browser"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows with a failure what the page, the extension and the backend had to say."""
    report = yield
    if report.failed and call.when == "call":
        fixtures: dict[str, Any] = getattr(item, "funcargs", {})
        for title, describe in _witnesses(fixtures).items():
            try:
                report.sections.append((title, describe()))
            except Exception as error:  # whatever it is, the failure itself matters more
                report.sections.append((title, f"not to be asked: {error}"))
    return report


def _witnesses(fixtures: Mapping[str, Any]) -> dict[str, Callable[[], str]]:
    said: dict[str, Callable[[], str]] = {}
    for fixture in fixtures.values():
        if isinstance(fixture, Page):
            said["page"] = fixture.describe
        elif isinstance(fixture, Browser):
            said["extension"] = lambda b=fixture: "\n".join(b.extension_errors())  # type: ignore[misc] # a bound default
        elif isinstance(fixture, Backend):
            said["backend"] = fixture.tail
        elif isinstance(fixture, FakeLLM):
            said["language model"] = lambda f=fixture: "\n".join(  # type: ignore[misc] # a bound default
                f"{asked.outcome}: {asked.segments}" for asked in f.requests
            )
    return said


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArxivSite]:
    """What the browsers take for arxiv.org and for the rest of the web."""
    with ArxivSite(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session", params=BROWSERS)
def running_browser(
    request: pytest.FixtureRequest, site: ArxivSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser with the extension in it, started once for all tests."""
    folder = tmp_path_factory.mktemp(request.param)
    browser = BROWSERS[request.param](EXTENSION, site_port=site.port, folder=folder)
    yield browser
    browser.close()


@pytest.fixture
def browser(running_browser: Browser, site: ArxivSite) -> Iterator[Browser]:
    """The browser as if it had just been started, and texts no test has seen before.

    Whatever a test does, no block takes a step that `content/document/block-states.js` does not have.
    """
    running_browser.reset()
    site.stamp = _stamp(next(_stamps))
    site.requests.clear()
    site.strays.clear()
    yield running_browser
    assert not [error for error in running_browser.extension_errors() if "Illegal step" in error]


def _stamp(number: int) -> str:
    """A word of its own for each number: Quillaaa, Quillaab…"""
    letters = ""
    for _ in range(3):
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
    return f"Quill{letters}"


@pytest.fixture
def page(browser: Browser) -> Page:
    """An empty tab."""
    return browser.new_page()


@pytest.fixture(scope="session")
def running_llm() -> Iterator[FakeLLM]:
    """The language model behind the backend."""
    with FakeLLM() as fake:
        yield fake


@pytest.fixture
def llm(running_llm: FakeLLM) -> FakeLLM:
    """The language model as if nobody had ever asked it anything."""
    running_llm.reset()
    return running_llm


@pytest.fixture(scope="session")
def running_backend(
    running_llm: FakeLLM, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    """The backend with the model, started once for all tests that leave it whole."""
    folder = tmp_path_factory.mktemp("backend")
    with Backend(folder, **model_settings(running_llm)) as backend:
        yield backend


@pytest.fixture
def backend(running_backend: Backend, llm: FakeLLM) -> Backend:
    """The backend, its model rested."""
    return running_backend


@pytest.fixture
def own_backend(tmp_path: Path, llm: FakeLLM) -> Iterator[Callable[..., Backend]]:
    """Starts backends for one test alone, with further settings, to stop and kill as it likes."""
    started: list[Backend] = []

    def start(**settings: str) -> Backend:
        folder = tmp_path / f"backend-{len(started)}"
        folder.mkdir()
        backend = Backend(folder, **{**model_settings(llm), **settings})
        backend.start()
        started.append(backend)
        return backend

    yield start
    for backend in started:
        backend.kill()  # nobody waits for its last words


def model_settings(llm: FakeLLM) -> dict[str, str]:
    """The backend's settings that make it ask the fake model."""
    return {"OPENAI_BASE_URL": llm.base_url, "OPENAI_MODEL": MODEL}


@pytest.fixture
def configure(browser: Browser) -> Callable[..., None]:
    """Sets settings of the extension, the others staying as they are."""

    def configure(**settings: object) -> None:
        browser.store({"settings": {**(browser.stored("settings") or {}), **settings}})

    return configure


@pytest.fixture
def reader(configure: Callable[..., None], backend: Backend) -> Callable[..., None]:
    """A reader of Chinese whose extension knows the backend; returns `configure` for the rest."""
    configure(version=1, backendUrl=backend.url, targetLanguage=LANGUAGE)
    return configure

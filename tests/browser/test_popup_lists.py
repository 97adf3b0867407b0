"""The popup where the server has several lists: choosing one, its own words, servers that have but one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.accessibility import violations
from tests.browser.driver import Browser, Page
from tests.browser.hostile_backend import MARKUP, HostileBackend
from tests.browser.test_popup_days import _paper
from tests.conditions import wait_until

Configure = Callable[..., None]
CHOOSER = "document.querySelector('[data-setting=\"list\"]')"
LISTS = [
    {"name": "huggingface", "title": "Daily papers", "source": "huggingface", "order": "votes"},
    {"name": "arxiv:cs.CL", "title": "New in cs.CL", "source": "arxiv", "order": "submitted"},
    {"name": "file:lab", "title": "Picks", "source": "file", "order": "listed"},
]
PAPERS = {"huggingface": "2401.1000", "arxiv:cs.CL": "2401.2000", "file:lab": "2401.3000"}


class _Server(HostileBackend):
    """A backend that means well, with three papers on each of its lists; `lists` are those it has now."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: list[dict[str, str]] | None = list(LISTS)
        self.state = "filling"
        self.asked: list[str] = []
        self.answering = threading.Event()
        """While it is not set, nobody gets an answer."""
        self.answering.set()

    def document(self, path: str) -> dict[str, Any]:
        self.answering.wait(20)
        parts = urlsplit(path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/api/v1/lists":
            return {"lists": self.lists} if self.lists is not None else {}
        if not parts.path.startswith("/api/v1/daily/"):
            return super().document(path)
        self.asked.append(query.get("list", ""))
        if self.lists is None:
            return self._edition("huggingface") | {"list": None, "order": None}
        name = query.get("list", self.lists[0]["name"])
        return self._edition(name if name in PAPERS else "huggingface")

    def _edition(self, name: str) -> dict[str, Any]:
        source = name.split(":")[0]
        papers = [_paper(f"{PAPERS[name]}{n}") for n in range(1, 4)]
        if source == "file":
            papers[0]["owner_note"] = MARKUP
        return {
            "list": name,
            "date": "2024-01-08",
            "state": self.state,
            "source": "sample" if self.state == "sample" else source,
            "stale": False,
            "previous": None,
            "next": None,
            "papers": papers if self.state != "empty" else [],
        }


@pytest.fixture
def server(configure: Configure) -> Iterator[_Server]:
    with _Server() as server:
        configure(version=1, backendUrl=server.url, targetLanguage="zh-Hans")
        yield server


def _popup(browser: Browser) -> Page:
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    popup.wait_for("document.body.dataset.state === 'ready'")
    return popup


def _choose(popup: Page, name: str) -> None:
    popup.wait_for(f"!{CHOOSER}.hidden")
    popup.choose('[data-setting="list"]', name)


def _shows(popup: Page, name: str) -> None:
    popup.wait_for(f"document.querySelector('[data-paper-id=\"{PAPERS[name]}1\"]') !== null")
    popup.wait_for("document.querySelectorAll('[data-paper-id]').length === 3")


def test_a_list_is_chosen_and_stays_chosen(browser: Browser, server: _Server) -> None:
    popup = _popup(browser)
    _shows(popup, "huggingface")
    popup.wait_for(f"!{CHOOSER}.hidden")
    labels = popup.evaluate(f"[...{CHOOSER}.options].map(option => option.textContent)")
    assert labels == ["Hugging Face", "arXiv cs.CL", "Picks: lab"]
    assert popup.evaluate(f"{CHOOSER}.value") == "huggingface"
    assert "Papers so far: 3. The day" in popup.text("[data-note-text]")
    _choose(popup, "arxiv:cs.CL")
    _shows(popup, "arxiv:cs.CL")
    popup.wait_for(
        "document.querySelector('[data-note-text]').textContent.includes('arXiv has yet')"
    )
    assert "no votes" in popup.evaluate(f"{CHOOSER}.title")
    assert violations(popup) == []
    again = _popup(browser)
    _shows(again, "arxiv:cs.CL")
    again.wait_for(f"{CHOOSER}.value === 'arxiv:cs.CL'")
    _choose(again, "huggingface")
    _shows(again, "huggingface")
    wait_until(lambda: server.asked[-1] == "", "the other list is not asked for")


def test_what_is_stored_of_a_list_is_shown_at_once_and_of_no_other(
    browser: Browser, server: _Server
) -> None:
    popup = _popup(browser)
    _choose(popup, "arxiv:cs.CL")
    _shows(popup, "arxiv:cs.CL")
    server.answering.clear()
    without = browser.open_extension_page("popup/popup.html")
    _shows(without, "arxiv:cs.CL")
    without.wait_for(f"{CHOOSER}.value === 'arxiv:cs.CL' && !{CHOOSER}.hidden")
    _choose(without, "huggingface")
    _shows(without, "huggingface")
    _choose(without, "file:lab")
    without.wait_for("document.querySelectorAll('[data-paper-id]').length === 0")
    server.answering.set()
    _shows(without, "file:lab")


def test_the_owners_note_is_text_and_nothing_but_text(browser: Browser, server: _Server) -> None:
    popup = _popup(browser)
    _choose(popup, "file:lab")
    _shows(popup, "file:lab")
    assert popup.evaluate("document.querySelectorAll('.owner-note').length") == 1
    assert popup.evaluate("document.querySelector('.owner-note').childElementCount") == 0
    assert popup.text(".owner-note") == MARKUP[:500]
    assert popup.evaluate("globalThis.harmed ?? null") is None
    assert "More may be picked" in popup.text("[data-note-text]")


@pytest.mark.parametrize(
    ("name", "words"),
    [("arxiv:cs.CL", "arXiv has announced no papers"), ("file:lab", "No papers were picked")],
)
def test_an_empty_list_says_why_in_its_own_words(
    browser: Browser, server: _Server, name: str, words: str
) -> None:
    server.state = "empty"
    popup = _popup(browser)
    _choose(popup, name)
    popup.wait_for(f"document.querySelector('[data-note-text]').textContent.includes({words!r})")


def test_sample_papers_say_what_they_stand_in_for(browser: Browser, server: _Server) -> None:
    server.state = "sample"
    popup = _popup(browser)
    popup.wait_for(
        "document.querySelector('[data-note-text]').textContent.includes('Hugging Face')"
    )
    _choose(popup, "arxiv:cs.CL")
    popup.wait_for(
        "document.querySelector('[data-note-text]').textContent.includes('reaches arXiv')"
    )


def test_a_server_of_one_list_shows_no_chooser_old_ones_too(
    browser: Browser, server: _Server
) -> None:
    for lists in (LISTS[:1], None):
        server.lists = list(lists) if lists else None
        popup = _popup(browser)
        _shows(popup, "huggingface")
        popup.evaluate("new Promise(resolve => setTimeout(resolve, 500))")
        assert popup.evaluate(f"{CHOOSER}.hidden")
        assert popup.evaluate(f"getComputedStyle({CHOOSER}).display") == "none"

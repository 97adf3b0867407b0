"""The popup through the days: notes in words, the way back and forth, marks, and the button's number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.driver import Browser, Page
from tests.browser.hostile_backend import DONE, HostileBackend, event
from tests.browser.words import words

Configure = Callable[..., None]
PAPER = "[data-paper-id]"
NOTE = "document.querySelector('[data-note]')"
DAYS = ["2024-01-04", "2024-01-05", "2024-01-06", "2024-01-08"]
BADGE = "api.action.getBadgeText({})"


def _paper(id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "title": f"Paper {id}",
        "title_html": f"Paper {id}",
        "abstract": f"The abstract of {id}.",
        "abstract_html": f"The abstract of {id}.",
        "authors": ["Ada Example", "Émile Exemple"],
        "published": "2024-01-03T00:00:00Z",
        "upvotes": 3,
        "comments": 1,
        "categories": ["cs.CL", "cs.LG"],
        "links": {
            "abs": f"https://arxiv.org/abs/{id}",
            "pdf": f"https://arxiv.org/pdf/{id}",
            "html": f"https://arxiv.org/html/{id}",
            "huggingface": f"https://huggingface.co/papers/{id}",
            "code": "https://example.org/code",
            "project": None,
        },
        "translation": {
            "lang": "zh-Hans",
            "title": f"论文 {id}",
            "title_html": f"论文 {id}",
            "abstract": f"{id} 的摘要，{{50%}}，$a%b$。",
            "abstract_html": f"{id} 的摘要，50%。",
            "verified": True,
            "origin": "a model",
        },
        **more,
    }


class _Archive(HostileBackend):
    """A backend that means well, with three papers on each of four days; one is a Saturday."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        """How many lists."""
        self.state = "final"
        self.stale = False
        self.editions = {
            day: [] if day == "2024-01-06" else [_paper(f"240{n}.0000{m}") for m in range(3)]
            for n, day in enumerate(DAYS, 1)
        }

    def document(self, path: str) -> dict[str, Any]:
        if not path.startswith("/api/v1/daily/"):
            return super().document(path)
        self.asked += 1
        day = path.split("?")[0].rsplit("/", 1)[1]
        day = DAYS[-1] if day == "latest" else day
        place = DAYS.index(day)
        papers = self.editions[day]
        return {
            "date": day,
            "state": self.state if papers else "empty",
            "stale": self.stale,
            "previous": DAYS[place - 1] if place else None,
            "next": DAYS[place + 1] if place + 1 < len(DAYS) else None,
            "papers": papers,
        }


@pytest.fixture
def archive(configure: Configure) -> Iterator[_Archive]:
    with _Archive() as archive:
        configure(version=1, backendUrl=archive.url, targetLanguage="zh-Hans")
        yield archive


def _popup(browser: Browser) -> Page:
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    popup.wait_for("document.body.dataset.state === 'ready'")
    return popup


def _shows(popup: Page, day: str, papers: int) -> None:
    popup.wait_for(f"document.querySelector('[data-date]').dateTime === '{day}'")
    popup.wait_for(f"document.querySelectorAll({PAPER!r}).length === {papers}")


def test_the_days_are_turned_like_pages(browser: Browser, archive: _Archive) -> None:
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    assert popup.evaluate("document.querySelector('[data-action=\"next\"]').disabled")
    popup.click("[data-action='previous']")
    _shows(popup, "2024-01-06", 0)
    assert popup.evaluate(f"{NOTE}.dataset.state") == "empty"
    assert "weekend" in popup.text("[data-note-text]")
    popup.click("[data-note] button")  # the step on from an empty day
    _shows(popup, "2024-01-05", 3)
    assert popup.evaluate(f"{NOTE}.hidden")
    popup.click("[data-action='previous']")
    _shows(popup, "2024-01-04", 3)
    assert popup.evaluate("document.querySelector('[data-action=\"previous\"]').disabled")
    for day, papers in [("2024-01-05", 3), ("2024-01-06", 0), ("2024-01-08", 3)]:
        popup.click("[data-action='next']")
        _shows(popup, day, papers)


@pytest.mark.parametrize(
    ("state", "stale", "words"),
    [
        ("filling", False, "Papers so far: 3"),
        ("sample", False, "sample papers"),
        ("final", True, "last seen"),
        ("filling", True, "last seen"),
        ("of-tomorrow", False, ""),  # a newer server's
    ],
)
def test_how_the_list_stands_is_said_in_words(
    browser: Browser, archive: _Archive, state: str, stale: bool, words: str
) -> None:
    archive.state, archive.stale = state, stale
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    assert words in popup.text("[data-note-text]")
    assert popup.evaluate(f"{NOTE}.hidden") == (not words)


def test_saved_papers_are_found_again_without_their_day_or_a_server(
    browser: Browser, archive: _Archive
) -> None:
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    popup.evaluate("document.activeElement.blur()")
    popup.press("j")
    popup.press("s")
    popup.wait_for(f"document.querySelector('{PAPER}').hasAttribute('data-saved')")
    popup.click("[data-action='previous']")
    popup.click("[data-note] button")
    _shows(popup, "2024-01-05", 3)
    popup.click(f"{PAPER}:nth-child(2) button.title")
    popup.click("[data-action='save']")
    popup.wait_for(f"document.querySelector('{PAPER}:nth-child(2)').hasAttribute('data-saved')")
    browser.extension_page.wait_for(
        """(globalThis.browser ?? globalThis.chrome).storage.local.get(null)
          .then(all => Object.keys(all).filter(key => key.startsWith('saved:')).length === 2)"""
    )
    # A mark that an earlier version left, when papers were not kept.
    marks = browser.stored("marks")
    browser.store({"marks": {**marks, "saved": {**marks["saved"], "2312.99999": 1}}})
    browser.api("api.storage.local.remove(['newestEdition', 'edition:zh-Hans:2024-01-05'])")
    browser.store({"settings": {**browser.stored("settings"), "backendUrl": "http://127.0.0.1:9"}})

    popup = browser.open_extension_page("popup/popup.html")
    popup.click("[data-action='saved']")
    popup.wait_for(f"document.querySelectorAll({PAPER!r}).length === 3")
    ids = popup.evaluate(
        f"[...document.querySelectorAll({PAPER!r})].map(each => each.dataset.paperId)"
    )
    assert ids == ["2402.00001", "2404.00000", "2312.99999"]
    assert popup.text(f"{PAPER} .title") == "论文 2402.00001"
    popup.click(f"{PAPER} button.title")
    popup.wait_for(f"document.querySelector('{PAPER} .abstract')?.lang === 'zh-Hans'")
    popup.click("[data-action='save']")
    popup.press("Escape")  # back to the day
    popup.wait_for("document.body.dataset.view === 'day'")
    popup.click("[data-action='saved']")
    popup.wait_for(f"document.querySelectorAll({PAPER!r}).length === 2")


def test_nothing_saved_is_said(browser: Browser, archive: _Archive) -> None:
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)  # before, the buttons may still move away from under the pointer
    popup.click("[data-action='saved']")
    popup.wait_for(f"{NOTE}.dataset.state === 'saved' && !{NOTE}.hidden")
    popup.click("[data-action='saved']")
    _shows(popup, "2024-01-08", 3)
    assert popup.evaluate(f"{NOTE}.hidden")


def test_bibtex_carries_the_translated_abstract(browser: Browser, archive: _Archive) -> None:
    archive.editions["2024-01-08"][0] |= {"title": "On {Braces} and $x_1", "authors": ["Émile Ex"]}
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    # The clipboard of a headless browser is out of reach.
    popup.evaluate(
        "void (navigator.clipboard.writeText = async text => { globalThis.copied = text; })"
    )
    popup.click(f"{PAPER} button.title")
    popup.click("[data-action='bibtex']")
    popup.wait_for("globalThis.copied")
    entry = popup.evaluate("globalThis.copied")
    assert entry.startswith("@misc{ex2024braces,\n")
    assert r"title = {{On {Braces} and \$x\_1}}" in entry
    assert "eprint = {2404.00000}" in entry
    assert r"translatedabstract = {2404.00000 的摘要，{50\%}，$a\%b$。}" in entry
    assert "note = " not in entry, "bibliographies print it"
    assert entry.count("{") == entry.count("}")
    popup.wait_for("document.querySelector('[data-action=\"bibtex\"]').textContent === 'Copied'")


def test_a_papers_line_says_what_one_chooses_by(browser: Browser, archive: _Archive) -> None:
    """Authors, primary category, votes, comments, code, and whether the translation was verified."""
    _, second, third = archive.editions["2024-01-08"]
    second["translation"]["verified"] = False
    third |= {"translation": None, "categories": [], "upvotes": 0, "comments": 0}
    third["links"]["code"] = None
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    lines = popup.evaluate(
        f"""[...document.querySelectorAll('{PAPER} .meta')].map(line =>
          [...line.children].map(each => each.ariaLabel ?? each.textContent))"""
    )
    authors, known = "Ada Example, Émile Exemple", ["cs.CL", "Votes: 3", "Comments: 1", "Code"]
    assert lines == [
        [authors, *known, words("popupVerified")],
        [authors, *known, words("popupNotVerified")],
        [authors],
    ]


@pytest.mark.parametrize("width", [320, 400])
def test_a_papers_line_fits_into_narrow_windows(
    browser: Browser, archive: _Archive, width: int
) -> None:
    """Authors are cut, the rest is not: what does not fit goes into a line of its own."""
    short, long, _ = archive.editions["2024-01-08"]
    for paper in (short, long):
        paper |= {"upvotes": 12345, "comments": 1234, "categories": ["cond-mat.mtrl-sci"]}
    short["authors"], long["authors"] = ["A. Li"], ["Ada Example the Long-Named"] * 3
    popup = _popup(browser)
    popup.set_viewport(width, 600)
    _shows(popup, "2024-01-08", 3)
    found = popup.evaluate(
        f"""[...document.querySelectorAll('{PAPER} .meta')].map(line => {{
          const {{ left, right }} = line.getBoundingClientRect();
          const parts = [...line.children].map(each => each.getBoundingClientRect());
          return [parts.every(part => part.left >= left && part.right <= right + 0.5), parts[0].width];
        }})"""
    )
    assert all(inside for inside, _ in found)
    (_, short_width), (_, long_width), _ = found
    assert short_width < 60, "the others stand close to a short name"
    assert long_width > 60


def test_what_stopped_a_translation_is_said_after_the_list_was_fetched_again(
    browser: Browser, archive: _Archive
) -> None:
    """A reader has the time to read it."""
    archive.editions["2024-01-08"][0]["translation"] = None
    problem = {"type": "urn:paperglot:problem:database-unavailable"}
    failures = [
        event("failed", {"id": f"2404.00000/{part}", "problem": problem})
        for part in ("title", "abstract")
    ]
    archive.stream = lambda _: iter([*failures, DONE])
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    asked_before = archive.asked
    popup.click("[data-action='translate-list']")
    popup.wait_for(f"{NOTE}.dataset.state === 'database-unavailable'")
    assert archive.asked > asked_before
    assert popup.text("[data-note-text]") == words("problemDatabaseUnavailable")
    assert popup.text("[data-action='translate-list']") == words("popupTranslateList")


def test_a_paper_opens_everywhere_it_is(browser: Browser, archive: _Archive) -> None:
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    popup.click(f"{PAPER} button.title")
    links = popup.evaluate(
        "[...document.querySelectorAll('.links a[target]')].map(each => [each.dataset.link, each.href])"
    )
    paper = archive.editions["2024-01-08"][0]["links"]
    assert links == [[name, paper[name]] for name in ("abs", "html", "pdf", "code", "huggingface")]


def _badge_becomes(browser: Browser, text: str) -> None:
    browser.extension_page.wait_for(
        f"(globalThis.browser ?? globalThis.chrome).action.getBadgeText({{}}).then(text => text === {text!r})"
    )


def _ring(browser: Browser) -> None:
    """Lets the badge's alarm come at once instead of in half an hour."""
    browser.api("api.alarms.create('badge', { when: Date.now() + 1 })")


def test_the_badge_counts_what_was_not_seen(
    browser: Browser, archive: _Archive, configure: Configure
) -> None:
    _ring(browser)
    _badge_becomes(browser, "3")
    popup = _popup(browser)
    _shows(popup, "2024-01-08", 3)
    _badge_becomes(browser, "")
    popup.close()
    archive.editions["2024-01-08"].append(_paper("2404.00009"))
    _ring(browser)
    _badge_becomes(browser, "1")
    configure(badge=False)
    _badge_becomes(browser, "")
    alarm = "(globalThis.browser ?? globalThis.chrome).alarms.get('badge')"
    browser.extension_page.wait_for(f"{alarm}.then(alarm => !alarm)")
    configure(badge=True)
    browser.extension_page.wait_for(f"{alarm}.then(alarm => alarm?.periodInMinutes === 30)")

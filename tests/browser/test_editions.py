"""A day's list as the upstreams have it: formulas in the popup, and pages that cost nothing any more."""

from __future__ import annotations

import datetime
import html
import json
import re
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from backend.texts.html import to_html
from tests.browser.accessibility import violations
from tests.browser.arxiv_site import PAGES, ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import assert_faithful, wait_until_translated
from tests.browser.words import words
from tests.fakes.llm import FakeLLM
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed

Configure = Callable[..., None]
Start = Callable[..., Backend]
PAPER = "2401.01001"


def _api_text(selector: str, stamp: str) -> str:
    """A text of the paper's page as arXiv's API has it: TeX, no mark-up."""
    page = (PAGES / f"abs/{PAPER}.html").read_text(encoding="utf-8").replace("{{stamp}}", stamp)
    found = re.search(rf"<{selector} class=\"\w+ mathjax\">(.*?)</{selector}>", page, re.DOTALL)
    assert found
    words = re.sub(r"<span class=\"descriptor\">.*?</span>", "", found[1])
    words = words.replace(
        '<a href="https://example.org/code" rel', "https://example.org/code <a rel"
    )
    words = re.sub(r"(https://example.org/code) <a[^>]*>this https URL</a>", r"\1", words)
    return " ".join(html.unescape(re.sub(r"</?[a-z][^>]*>", "", words)).split())


@pytest.fixture
def upstreams(site: ArxivSite, browser: Browser) -> Iterator[dict[str, str]]:
    """Settings of a backend whose upstreams have the same six papers on each of the last days."""
    today = datetime.datetime.now(datetime.UTC).date()
    days = [(today - datetime.timedelta(days=ago)).isoformat() for ago in range(4)]
    ids = [PAPER, *(f"2401.0900{n}" for n in range(1, 6))]
    title, abstract = _api_text("h1", site.stamp), _api_text("blockquote", site.stamp)
    papers = [
        listed(id, title=title if id == PAPER else None, upvotes=90 - n) for n, id in enumerate(ids)
    ]
    entries = {id: entry(id) for id in ids} | {PAPER: entry(PAPER, title=title, abstract=abstract)}
    with FakeHuggingFace(dict.fromkeys(days, papers)) as hugging_face, FakeArxiv(entries) as arxiv:
        yield {
            "HF_ENDPOINT": hugging_face.url,
            "ARXIV_API_URL": arxiv.api_url,
            "REFRESH_INTERVAL": "60",
        }


def _list_is_there(popup: Page) -> None:
    """Waits for the day's list; the first look may still meet the sample edition."""
    for _ in range(10):
        popup.wait_for("document.querySelector('[data-paper-id]')")
        if popup.count(f"[data-paper-id='{PAPER}']"):
            return
        popup.evaluate("new Promise(resolve => setTimeout(resolve, 500))")
        popup.reload()
    raise AssertionError(popup.describe())


def test_formulas_in_the_popup_are_mathematics(
    browser: Browser, reader: Configure, own_backend: Start, upstreams: dict[str, str]
) -> None:
    reader(backendUrl=own_backend(**upstreams).url)
    popup = browser.open_extension_page("popup/popup.html")
    _list_is_there(popup)
    paper = f"[data-paper-id='{PAPER}']"
    assert popup.count(f"{paper} button.title math") == 2
    popup.click(f"{paper} button.title")
    popup.wait_for(f"document.querySelectorAll({paper + ' .abstract math'!r}).length >= 7")
    assert "$" not in popup.text(f"{paper} .abstract")
    boxes = popup.evaluate(
        f"""[...document.querySelectorAll({paper + " math"!r})].filter(each => each.checkVisibility())
          .map(each => each.getBoundingClientRect())
          .map(({{ width, height }}) => width > 3 && height > 3)"""
    )
    assert len(boxes) >= 9
    assert all(boxes)


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "ar"])
def test_roots_and_tall_brackets_are_drawn(browser: Browser, lang: str) -> None:
    """Also where the browser's own choice of a font has neither: a lost root is another number."""
    popup = browser.open_extension_page("popup/popup.html")
    texts = [r"$\sqrt{3}$", "$3$", r"$\Bigg( x \Bigg)$", "$(x)$", r"$\Bigg| x \Bigg|$", "$|x|$"]
    root, three, tall, low, tall_bars, bars = popup.evaluate(
        f"""(async () => {{
          const {{ fill }} = await import('/popup/safe-html.js');
          return {json.dumps([to_html(text) for text in texts])}.map((html) => {{
            const element = document.createElement('p');
            element.lang = {lang!r};
            document.body.append(element);
            fill(element, html, '');
            const {{ width }} = element.querySelector('math').getBoundingClientRect();
            const height = element.querySelector('mo')?.getBoundingClientRect().height;
            return {{ width, height }};
          }});
        }})()"""
    )
    assert root["width"] > three["width"] * 1.5
    assert tall["height"] > low["height"] * 1.5
    assert tall_bars["height"] > bars["height"] * 1.5


def test_a_paper_translated_ahead_costs_its_page_nothing(
    page: Page,
    site: ArxivSite,
    reader: Configure,
    own_backend: Start,
    upstreams: dict[str, str],
    llm: FakeLLM,
) -> None:
    """The page's text, typeset or not, is the same to the memory as the API's."""
    backend = own_backend(**upstreams)
    reader(backendUrl=backend.url)
    body = json.dumps({"lang": "zh-Hans", "ids": [PAPER]}).encode()
    request = urllib.request.Request(
        f"{backend.url}/api/v1/papers/translations",
        data=body,
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        answers = json.load(response)["translations"]
    assert [answer["verified"] for answer in answers] == [True, True]
    asked_ahead = len(llm.requests)
    # The page without its comments, which no list has.
    text = (PAGES / f"abs/{PAPER}.html").read_text(encoding="utf-8")
    path = f"/abs/{PAPER}?comments=none"
    site.add(path, text.replace("tablecell comments mathjax", "tablecell"))
    for mathjax in ("never", "before"):
        page.goto(site.url(f"{path}&mathjax={mathjax}"))
        assert_faithful(wait_until_translated(page, count=2))
    assert len(llm.requests) == asked_ahead


def test_a_reader_corrects_a_translation_in_the_popup(
    browser: Browser,
    reader: Configure,
    own_backend: Start,
    upstreams: dict[str, str],
    llm: FakeLLM,
) -> None:
    """A wording that loses a number is not kept and says why; the mended one is what everybody gets."""
    backend = own_backend(**upstreams)
    reader(backendUrl=backend.url, targetLanguage="de")
    popup = browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    _list_is_there(popup)
    popup.click("[data-action='translate-list']")
    paper = f"[data-paper-id='{PAPER}']"
    popup.wait_for("!document.querySelector(\"[data-action='translate-list']\").checkVisibility()")
    popup.wait_for(f"document.querySelector({paper!r})?.dataset.translation === 'done'")
    popup.click(f"{paper} button.title")
    popup.click(f"{paper} [data-action='correct']")
    popup.wait_for("document.querySelector('dialog.correction')?.open")
    assert violations(popup) == []
    title = popup.evaluate("document.querySelector('.correction [name=title]').value")
    assert "$" in title

    def offer(wording: str) -> None:
        popup.evaluate(
            f"document.querySelector('.correction [name=title]').value = {json.dumps(wording)}"
        )
        popup.click(".correction button[value=keep]")

    offer("Schranken ohne Formeln")
    popup.wait_for("document.querySelector('.correction-status').textContent !== ''")
    assert (
        popup.text(".correction-status") == f"{words('correctRefused')} {words('issuePlaceholder')}"
    )
    offer("Schranken, von Hand: " + title)
    popup.wait_for(
        f"document.querySelector({paper + ' button.title'!r}).textContent.startsWith('Schranken, von Hand')"
    )
    popup.wait_for("!document.querySelector('dialog.correction')")
    calls = len(llm.requests)
    request = urllib.request.urlopen(f"{backend.url}/api/v1/papers/{PAPER}?lang=de", timeout=10)
    with request as answer:
        translation = json.load(answer)["translation"]
    assert translation["title"].startswith("Schranken, von Hand")
    assert translation["origin"] == "reader"
    assert len(llm.requests) == calls

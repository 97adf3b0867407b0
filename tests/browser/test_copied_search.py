"""Search in a static copy: words find what they find on the server, on any host, below any folder."""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from backend.texts import search_folding, search_rules, search_tokens
from tests.browser.accessibility import violations
from tests.browser.backend_process import Backend
from tests.browser.driver import ColorScheme, Page
from tests.browser.reading_pages import filled_backend, get
from tests.fakes.llm import FakeLLM
from tests.reading.a_day import DAY
from tests.texts.test_search_tokens import FOUND, LOST

TEXTS = [
    *(
        "GPT-4",
        "GPT4",
        "C++",
        "C# and C",
        "3.5x",
        "1,000 steps",
        "Llama3",
        "don’t",
        "o(n^2) a/b AND",
    ),
    *(
        "大语言模型",
        "大語言模型",
        "语",
        "語",
        "模型GPT-4很快",
        "大規模言語モデルの推論",
        "ﾓﾃﾞﾙ",
        "언어 모델을",
    ),
    *("Poincaré, Gödel", "Łódź Øresund Straße Æon", "İstanbul ışık", "ёлка", "Ἀλγόριθμος ΣΟΦΟΣ"),
    *(
        "हिन्दी में दान",
        "مُحَمَّد أحمد",
        "مدل‌های زبانی",
        "שָׁלוֹם",
        "การเรียนรู้",
        "ＧＰＴ ４",
        "٣ نماذج",
        "ﬁne ²",
    ),
    *(
        "a" * 60,
        "𠮷野家 𝒳",
        "--- !? +++ #",
        "pre\u2011training x_1_2 ' ",
        "1.2.3-4 v1.5",
        "état-de-l’art",
    ),
    # A formula ends a text for the script, which reads the texts between them.
    *(text for pair in [*FOUND, *LOST] for text in pair if search_tokens.BREAK not in text),
]
RESULTS = "[data-search-results] > li"


@pytest.fixture(scope="module")
def filled(running_llm: FakeLLM, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """A backend with a day of 31 papers in Japanese and Chinese."""
    running_llm.reset()
    folder = tmp_path_factory.mktemp("copied")
    with filled_backend(folder, running_llm, None, ["ja", "zh-Hans"]) as backend:
        yield backend


@pytest.fixture(scope="module")
def copy(filled: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a copy in a folder of a host that knows nothing but files."""
    root = tmp_path_factory.mktemp("host")
    folder = root / "some" / "where"
    filled.run("export", "--lang", "ja,zh-Hans", str(folder))
    handler = partial(_Silent, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/some/where"
        server.shutdown()
        thread.join()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """No noise."""


def _run(page: Page, filled: Backend, script: str, *arguments: object) -> Any:
    """What a function of the module `search-tokens.js` gives."""
    page.goto(f"{filled.url}/en/search")
    given = ", ".join(["module", *(json.dumps(each) for each in arguments)])
    page.wait_for("document.querySelector('script[src]')")
    return page.evaluate(
        "import(document.querySelector('script[src]').src.replace('reading.js', 'search-tokens.js'))"
        f".then(module => ({script})({given}))"
    )


def test_texts_are_cut_as_the_server_cuts_them(page: Page, filled: Backend) -> None:
    theirs = _run(
        page,
        filled,
        """({ Cutter }, rules, chinese, texts) => {
          const cutter = new Cutter(rules, chinese);
          return texts.map(text => [...cutter.tokens(text)].sort());
        }""",
        search_rules.rules(),
        search_rules.chinese(),
        TEXTS,
    )
    for text, tokens in zip(TEXTS, theirs, strict=True):
        assert sorted(tokens) == sorted(search_tokens.tokens(text)), text


def test_every_character_is_folded_as_the_server_folds_it(page: Page, filled: Backend) -> None:
    """Every one that Python's Unicode knows."""
    codes = [
        code for code in range(0x80, 0x30000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")
    ]
    ours = [search_folding.fold(chr(code)) for code in codes]
    theirs = _run(
        page,
        filled,
        """({ Cutter }, rules, chinese, codes) => {
          const cutter = new Cutter(rules, chinese);
          return codes.map(code => cutter.fold(String.fromCodePoint(code)));
        }""",
        search_rules.rules(),
        search_rules.chinese(),
        codes,
    )
    different = [
        f"{code:x}" for code, one, other in zip(codes, ours, theirs, strict=True) if one != other
    ]
    assert different == []


@pytest.mark.parametrize(
    "query",
    [
        "attention",
        "paper 7",
        '"3.5 million"',
        "GPT-4",
        "の",
        "zzzz",
        "Part 12",
        "注意力",
        "n",
        "ada",
    ],
)
def test_the_copy_finds_what_the_server_finds(
    page: Page, filled: Backend, copy: str, query: str
) -> None:
    answer = json.loads(
        get(filled, f"/api/v1/search?q={quote(query)}&lang=ja&from={DAY}&to={DAY}&limit=100")
    )
    page.goto(f"{copy}/ja/search.html?q={quote(query)}")
    page.wait_for("document.querySelector('[data-search-state]').textContent")
    total = answer["total"]
    for shown in range(10, total + 10, 10):
        if shown > 10:
            page.click("[data-search-more] button")
        page.wait_for(f"document.querySelectorAll({RESULTS!r}).length === {min(shown, total)}")
    assert page.count(RESULTS) == total
    found = page.evaluate(
        f"[...document.querySelectorAll({RESULTS + ' [data-paper-id]'!r})].map(each => each.dataset.paperId)"
    )
    assert found == [paper["id"] for paper in answer["papers"]]
    marked = page.evaluate(
        f"[...document.querySelectorAll({RESULTS!r})].every(each => each.querySelector('mark'))"
    )
    assert marked


def test_what_is_found_leads_to_its_page(page: Page, copy: str) -> None:
    """By the form, on any static host; the marks stand in texts, the formulas are whole."""
    page.goto(f"{copy}/ja/{DAY}.html")
    page.click(".places a")
    page.wait_for("location.pathname.endsWith('/ja/search.html')")
    page.wait_for("document.querySelector('[data-copied-search]')")
    page.type("[name=q]", "attention")
    page.press("Enter")
    page.wait_for(f"document.querySelectorAll({RESULTS!r}).length === 10")
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == "attention"
    assert page.evaluate("document.querySelector('[name=q]').value") == "attention"
    assert page.count(f"{RESULTS} math") > 0
    assert page.count(f"{RESULTS} math mark") == 0
    assert page.count(f"{RESULTS} .check") == 10
    page.click(f"{RESULTS} h2 a")
    page.wait_for("/ja\\/papers\\/2603\\.\\d{5}\\.html$/.test(location.pathname)")
    page.wait_for("document.querySelector('.paper--alone')")


def test_a_search_loads_little(page: Page, copy: str) -> None:
    page.goto(f"{copy}/ja/search.html?q=attention")
    page.wait_for(f"document.querySelectorAll({RESULTS!r}).length === 10")
    sizes = page.evaluate(
        """performance.getEntriesByType('resource').filter(each => each.name.includes('/search/'))
          .map(each => [each.name.split('/search/')[1], each.decodedBodySize])"""
    )
    assert sum("tokens/" in name for name, _ in sizes) <= 2
    assert not any("chinese" in name for name, _ in sizes)
    assert sum(size for _, size in sizes) < 150_000, sizes


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_objection(page: Page, copy: str, scheme: ColorScheme) -> None:
    page.set_viewport(360, 700)
    page.set_color_scheme(scheme)
    page.goto(f"{copy}/zh-Hans/search.html?q=attention")
    page.wait_for(f"document.querySelectorAll({RESULTS!r}).length === 10")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_wrong_is_said(page: Page, copy: str, tmp_path: Path) -> None:
    page.goto(f"{copy}/ja/search.html?q=%21%3F")
    page.wait_for(
        "document.querySelector('[data-search-state]').textContent.includes('検索する語がありません')"
    )
    with page.without_scripts():
        page.goto(f"{copy}/ja/search.html")
        assert "JavaScript" in page.text("noscript")
        assert not page.evaluate("document.querySelector('.search').checkVisibility()")

"""Whole papers (`/html/ID`): each text once, everything in it kept, and the page as it was afterwards."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import Backend
from tests.browser.driver import Browser, Page
from tests.browser.page_measures import doubled_ids
from tests.browser.paper_pages import PaperPage, paper_pages, words_of
from tests.browser.test_turning_off import DOCUMENT, NO_TRANSLATION, untouched
from tests.fakes.llm import FakeLLM

Configure = Callable[..., None]

OWN = "/html/2401.01003v2"
OWN_TEXTS = [
    "lamps with flames on long rivers",
    "Work of was paid by the harbour",
    "We ask how far a lamp shines The answer is as guessed",
    "lamps rivers quiet light",
    "Introduction to",
    "A lamp of burns for three nights and needs H 2 O see and the list of lamps Its light is",
    "On winter nights of it burns longer",
    "where is the way to the shore so that",
    "and as boats are slow",
    "holds on every river",
    "lamps end",
    "Each lamp of flames ends at dawn",
    "Some lamps end before",
    "Every wick is dry",
    "By Lemma of it burns",
    "A framed prompt follows in this paragraph",
    "You are a careful keeper of lamps",
    "Figures of",
    "A lamp of at o clock",
    "Lamps and remarks",
    "Shines on one boat only",
    "Shines on both sides of the river",
    "Lighting a lamp",
    "No oil",
    "The lamp of stays dark",
    "Thanks to",
    "We thank the night watch",
]
# Generated headings and the terms of description lists, which the ground truth does not count.
UNCOUNTED = {"2020 Mathematics Subject Classification"}
# Headings that it counts, and that nobody is asked for.
KNOWN = {"Proof", "Abstract", "Acknowledgements", "Acknowledgments", "References"}
# What the labels are in the reader's language.
WORDS = {
    "Algorithm": "算法",
    "Appendix": "附录",
    "Corollary": "推论",
    "Definition": "定义",
    "Figure": "图",
    "Lemma": "引理",
    "Listing": "代码",
    "Remark": "注",
    "Table": "表",
    "Theorem": "定理",
}
OWN_LABELS = [
    *["摘要", "关键词：", "定理 1.1", "引理 1.2。", "证明。"],
    *["图 1：", "表 1：", "代码 1：", "致谢", "参考文献"],
]
TRANSLATION = "[data-paperglot='translation']"
SETTLED = """(all => all.length > 5 && all.every(each => each.dataset.state === 'done'))(
  [...document.querySelectorAll('[data-paperglot="translation"]')])"""
# What an original and its translation hold; what stands within both has a translation of its own.
CONTENTS = """(() => {
  const WITHIN = '.ltx_note_content, .ltx_pubnote, .ltx_p .ltx_p';
  const contents = (root) => {
    const own = (selector) => [...root.querySelectorAll(selector)].filter(node => !node.closest('annotation'));
    return {
      formulas: own('math').map(node => node.getAttribute('alttext')).sort(),
      citations: own('.ltx_cite').map(node => node.textContent.replace(/\\s+/g, ' ')).sort(),
      links: own('a[href]').map(node => node.href).sort(),
      notes: own('.ltx_note').length,
      tags: own('.ltx_tag').map(node => node.textContent.trim()).sort(),
    };
  };
  const OWN_PLACE = '[data-paperglot="translation"]:not([data-display="within"])';
  return [...document.querySelectorAll(OWN_PLACE)].map(translation => {
    const before = translation.previousElementSibling;
    const inside = translation.parentElement;
    const isInside = inside.matches('.ltx_td, .ltx_th, .ltx_caption, .ltx_note_content, .ltx_keywords, '
      + '.ltx_classification, .ltx_acknowledgements, .ltx_eqn_cell, .ltx_tag_item, .ltx_quote')
      && !before?.matches('.ltx_p');
    const original = isInside ? inside.cloneNode(true) : before.cloneNode(true);
    for (const ours of original.querySelectorAll('[data-paperglot]')) ours.remove();
    const marks = inside.matches('.ltx_note_content') ? ', .ltx_note_mark, .ltx_tag_note' : '';
    if (isInside) for (const other of original.querySelectorAll('.ltx_title' + marks)) other.remove();
    return { before: contents(original), after: contents(translation), text: translation.textContent };
  });
})()"""


def texts_of(llm: FakeLLM) -> list[str]:
    """What the model was asked for, each part by itself, without placeholders."""
    sent = [text for asked in llm.requests for _, text in asked.segments]
    parts = [part for text in sent for part in re.split(r"<p\d+/>", text)]
    return [words for part in parts if (words := words_of(part))]


def read_all(page: Page, url: str) -> None:
    """In a window so high that everything is near the screen."""
    page.set_viewport(1200, 30_000)
    page.goto(url)
    before = -1
    while before != (count := page.count(TRANSLATION)):  # until no more are found
        before = count
        page.wait_for(SETTLED, seconds=40)
        page.evaluate("new Promise(resolve => setTimeout(resolve, 500))")


def _in_chinese(label: str) -> str:
    word = re.match(r"[^\W\d]+(?=\s)", label)
    if word is None:
        return label
    rest = re.sub(r":$", "：", label[word.end() :])
    return WORDS[word[0]] + re.sub(r"\.$", "。", rest)


def assert_kept(page: Page) -> dict[str, int]:
    """Every translation holds what its original holds, in any order; returns how many of each."""
    pairs = page.evaluate(CONTENTS)
    kinds = ("formulas", "citations", "links", "tags")
    for pair in pairs:
        for kind in (*kinds, "notes"):
            before = pair["before"][kind]
            if kind == "tags":
                before = sorted(map(_in_chinese, before))
            assert pair["after"][kind] == before, (kind, pair["text"])
    return {kind: sum(len(pair["after"][kind]) for pair in pairs) for kind in kinds}


def test_each_text_of_a_paper_is_asked_for_once(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    own_backend: Callable[..., Backend],
) -> None:
    """And nothing of the bibliography, code, pictures, authors, names in tables."""
    before = untouched(page, site.url(OWN), reader)
    reader(
        pages={"html": "always"}, backendUrl=own_backend().url
    )  # one that knows no "Abstract" yet
    read_all(page, site.url(OWN))
    stamp = site.stamp
    texts = Counter(words_of(text.replace(stamp, " ")) for text in texts_of(llm))
    assert texts == Counter(OWN_TEXTS)
    assert_kept(page)
    assert doubled_ids(page) == []
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before


def test_what_displays_part_comes_back_to_its_own_place(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    reader(pages={"html": "always"})
    read_all(page, site.url(OWN))
    parted = [text for asked in llm.requests for _, text in asked.segments if "<p" in text]
    assert [re.findall(r"<p\d+/>", text) for text in parted] == [["<p1/>", "<p2/>", "<p3/>"]]
    order = page.evaluate(
        """[...document.querySelector('#S1\\\\.p1').querySelectorAll(
          '.ltx_p, table, td[style], [data-paperglot="translation"]:not([data-display="within"])')].map(
          node => node.dataset.paperglot ?? node.localName)"""
    )
    assert order == [
        *["p", "translation", "table", "p", "translation"],
        *["table", "td", "translation", "p", "translation"],
    ]


def test_in_its_place_a_paper_reads_like_an_original(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """The originals are out of sight, headings are headings, and links to notes lead to notes one sees."""
    before = untouched(page, site.url(OWN), reader)
    reader(pages={"html": "always"}, display="replace")
    read_all(page, site.url(OWN))
    seen = page.evaluate("document.querySelector('article').innerText")
    for words in ("We ask how far", "boats are slow", "night watch", "Shines on", "rivers, quiet"):
        assert words not in seen
    assert "label words that stay put" in page.evaluate(
        "document.querySelector('article').textContent"
    )
    headings = page.evaluate(
        f"[...document.querySelectorAll({(TRANSLATION + '[role=heading]')!r})].map(node => node.ariaLevel)"
    )
    assert headings == ["1", "6", "6", "2", "6", "6", "6", "2", "2", "6", "2"]
    assert page.evaluate(
        "document.querySelector('#footnote1').closest('[data-paperglot=translation]') !== null"
    )
    assert page.evaluate("document.querySelectorAll('#footnote1').length") == 1
    assert doubled_ids(page) == []
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before
    reader(display="below")


def test_headings_before_their_text_begin_at_the_right_where_texts_do(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    reader(pages={"html": "always"}, display="replace", targetLanguage="ar")
    page.set_viewport(1200, 4_000)
    page.goto(site.url(OWN))
    proof = f".ltx_proof > {TRANSLATION}[data-state=done]"
    page.wait_for(f"document.querySelector({proof!r})")
    gap = page.evaluate(
        f"""(proof => {{
          const words = document.createRange();
          words.selectNodeContents(proof);
          return proof.parentElement.getBoundingClientRect().right - words.getBoundingClientRect().right;
        }})(document.querySelector({proof!r}))"""
    )
    assert gap < 5


@pytest.mark.parametrize("display", ["below", "replace", "side"])
def test_labels_are_in_the_readers_language_and_asked_of_nobody(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, display: str
) -> None:
    before = untouched(page, site.url(OWN), reader)
    reader(pages={"html": "always"}, display=display)
    read_all(page, site.url(OWN))
    labels = page.evaluate(
        f"[...document.querySelectorAll({TRANSLATION!r})].map(node =>"
        " /^\\p{Script=Han}+(?: [\\d.]*\\d)?[：。]?/u.exec(node.textContent.trim())?.[0])"
    )
    assert set(OWN_LABELS) <= set(labels)
    tags = page.evaluate(
        f"[...document.querySelectorAll({(TRANSLATION + ' .ltx_tag[lang]')!r})].map("
        "node => [node.lang, node.textContent, node.nextSibling?.textContent ?? ''])"
    )
    figure = next(tag for tag in tags if tag[1].startswith("图"))
    assert figure[0] == "zh-Hans"
    assert not figure[2].startswith(" ")
    assert [text for text in texts_of(llm) if text in ("Abstract", "Proof", "References")] == []
    if display == "replace":
        seen = page.evaluate("document.querySelector('article').innerText")
        english = ("Figure 1", "Table 1", "Lemma 1.2", "Proof", "References", "Listing", "Keywords")
        assert [words for words in english if words in seen] == []
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before
    reader(display="below")


@pytest.mark.parametrize("paper", paper_pages(), ids=lambda paper: paper.name)
def test_a_recorded_paper_is_translated_and_becomes_what_it_was(
    browser: Browser,
    page: Page,
    site: ArxivSite,
    reader: Configure,
    llm: FakeLLM,
    own_backend: Callable[..., Backend],
    paper: PaperPage,
) -> None:
    """By its ground truth: no text twice, none missing, and everything in it kept."""
    path = f"/html/{paper.id}"
    site.add(path, paper.html)
    before = untouched(page, site.url(path), reader)
    reader(pages={"html": "always"}, backendUrl=own_backend().url)
    read_all(page, site.url(path))
    kept = assert_kept(page)
    assert doubled_ids(page) == []
    texts = Counter(texts_of(llm))
    if paper.truth:
        # A path is kept as it is, although its words count as prose there.
        prose = (
            words_of(each["text"].replace("/usr/share/none", "")) for each in paper.truth["list"]
        )
        expected = Counter(filter(None, prose))
        uncounted = UNCOUNTED | set(page.evaluate(TERMS))
        assert set(expected - texts) <= KNOWN, "missing"
        assert not KNOWN & set(texts), "known, and asked for"
        assert {text for text in texts - expected if text not in uncounted} == set(), (
            "twice or no prose"
        )
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before
    sys.stdout.write(
        f"{paper.name}: {sum(texts.values())} texts, {kept}, {len(llm.requests)} requests\n"
    )


TERMS = (
    "[...document.querySelectorAll('dt .ltx_tag_item')].map(node => node.firstChild.textContent)"
)

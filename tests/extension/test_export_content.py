"""What stands in an export, and what does not."""

from __future__ import annotations

import io
import itertools
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.browser.driver import Browser
from tests.extension.conftest import Module
from tests.extension.exported_papers import OWN_PAGE, export, papers

MODULE = "content/export/document.js"
_XHTML = {"x": "http://www.w3.org/1999/xhtml", "m": "http://www.w3.org/1998/Math/MathML"}


def _ids(markup: str) -> list[str]:
    return re.findall(r' id="([^"]*)"', markup)


@pytest.mark.parametrize("mode", ["translated", "bilingual"])
def test_links_inside_lead_to_a_place(
    running_browser: Browser, shared: Path | None, mode: str
) -> None:
    for paper in papers(shared):
        exported = export(running_browser, paper, mode=mode, doubtful=3)
        ids = _ids(exported.html)
        assert len(ids) == len(set(ids)), paper.name
        assert set(re.findall(r'href="#([^"]*)"', exported.html)) <= set(ids), paper.name
        places = {
            f"{name.removeprefix('EPUB/')}#{id_}"
            for name, content in exported.files().items()
            for id_ in _ids(content.decode("utf-8", "replace"))
        }
        for name, content in exported.files().items():
            own = name.removeprefix("EPUB/")
            if name.endswith(".xhtml"):
                for target in re.findall(r'href="([^":]*)#([^"]*)"', content.decode()):
                    assert f"{target[0] or own}#{target[1]}" in places, (paper.name, name, target)


def test_headings_descend_step_by_step(running_browser: Browser, shared: Path | None) -> None:
    for paper in papers(shared):
        html = export(running_browser, paper).html
        main = html[html.index("<main") : html.index("</main>")]
        levels = [0, *map(int, re.findall(r"<h([1-6])", main))]
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), paper.name


@pytest.mark.parametrize("mode", ["translated", "bilingual"])
def test_nothing_of_ours_gets_in(running_browser: Browser, mode: str) -> None:
    exported = export(running_browser, OWN_PAGE, mode=mode)
    for text in (exported.html, exported.markdown):
        assert "The model is busy" not in text
        assert "data-paperglot" not in text
        assert "javascript:" not in text
        assert "footnotemark" not in text


def test_a_block_without_a_translation_keeps_its_original(running_browser: Browser) -> None:
    html = export(running_browser, OWN_PAGE).html
    assert '<p id="keep" class="ltx_p" lang="en">This paragraph has no translation.</p>' in html
    arabic = export(running_browser, OWN_PAGE, lang="ar").html
    assert '<p id="keep" class="ltx_p" lang="en" dir="ltr">' in arabic
    assert '<html lang="ar" dir="rtl">' in arabic


def test_a_translation_takes_the_id_of_its_hidden_original(running_browser: Browser) -> None:
    """A link to a place within it leads to it too."""
    html = export(running_browser, OWN_PAGE).html
    assert '<p id="S1.p1.1" class="ltx_p">' in html
    assert '<a href="#S1.p1.1">here</a>' in html
    assert '<a href="https://arxiv.org/html/2401.02001v1#nowhere">there</a>' in html


def test_formulas_in_right_to_left_text_are_isolated(running_browser: Browser) -> None:
    arabic = export(running_browser, OWN_PAGE, lang="ar").html
    assert '<bdi><math alttext="n_{0}">' in arabic
    assert "<bdi>" not in export(running_browser, OWN_PAGE).html


def test_each_note_is_there_once_with_links_both_ways(running_browser: Browser) -> None:
    for mode in ("translated", "bilingual"):
        html = export(running_browser, OWN_PAGE, mode=mode).html
        assert html.count('<li id="footnote1"') == 1
        assert html.count('href="#footnote1"') == (2 if mode == "bilingual" else 1)
        assert html.count('id="footnote1-mark"') == html.count('href="#footnote1-mark"') == 1


def test_pictures_are_inside_or_replaced_by_words(running_browser: Browser) -> None:
    exported = export(running_browser, OWN_PAGE)
    assert '<img src="data:image/png;base64,iVBOR' in exported.html
    assert '<span class="missing-picture">A lamp at night</span>' in exported.html
    assert exported.files()["EPUB/images/1.png"].startswith(b"\x89PNG")
    assert "![](https://arxiv.org/html/2401.02001v1/lamp.png)" in exported.markdown


def test_an_export_says_where_it_comes_from(running_browser: Browser) -> None:
    exported = export(running_browser, OWN_PAGE, doubtful=5)
    for text in (exported.html, exported.markdown):
        for line in (
            "Original: arXiv:2401.02001v1",
            "Licence of the original: CC BY 4.0",
            "2026-11-28). The authors have not checked it.",
            "35 of 36 blocks are translated.",
        ):
            assert line in text
    assert len(exported.unverified) == 7
    for block in exported.unverified:
        assert f'id="{block["id"]}"' in exported.html
        assert f'<li><a href="#{block["id"]}">' in exported.html
        assert f"](#{block['id']})" in exported.markdown


def test_the_receipt_counts_what_went_in_and_came_out(running_browser: Browser) -> None:
    receipt = export(running_browser, OWN_PAGE, doubtful=5).receipt
    assert receipt.pop("blocks") == {"total": 36, "done": 35, "unverified": 7}
    sentences = receipt.pop("sentences")
    assert sentences["original"] > 30
    for kind, count in receipt.items():
        assert count["original"] == count["translation"] > 0, kind


_LOSSES = """async ({ exportDocument }) => {
  const mark = '<sup class="ltx_note_mark">1</sup>';
  const page = new DOMParser().parseFromString(`<html lang="en"><article class="ltx_document">
    <h1 class="ltx_title ltx_title_document">T</h1>
    <p class="ltx_p">In 2024, see Sec. 3 of it.\\nIt has <math alttext="x"><mi>x</mi></math> and
    <cite class="ltx_cite">[1]</cite>.<span class="ltx_note">${mark}<span class="ltx_note_outer"><span
    class="ltx_note_content">${mark}A note.</span></span></span></p><span data-paperglot="translation"
    data-state="unverified" lang="de" dir="ltr">Es ist da.</span></article></html>`, 'text/html');
  const article = page.querySelector('article');
  const source = { id: '1', version: '', title: 'T', url: 'https://arxiv.org/html/1', licence: '' };
  const tree = await exportDocument(article, {
    mode: 'translated', lang: 'de', source, model: 'm', date: '2026-11-28', words: (key) => key,
  });
  const notes = tree.notes.map(({ mark }) => mark);
  return { receipt: tree.receipt, notes, body: JSON.stringify(tree.body) };
}"""


def test_what_a_translation_lost_is_counted_and_notes_stay(module: Module) -> None:
    lost: dict[str, Any] = module.run(_LOSSES)
    assert lost["receipt"] == {
        "blocks": {"total": 1, "done": 1, "unverified": 1},
        "formulas": {"original": 1, "translation": 0},
        "citations": {"original": 1, "translation": 0},
        "references": {"original": 0, "translation": 0},
        "notes": {"original": 1, "translation": 0},
        "numbers": {"original": 2, "translation": 0},
        "sentences": {"original": 2, "translation": 1},
    }
    assert lost["notes"] == ["1"]
    assert "doc-noteref" in lost["body"]


_MEANWHILE = """async ({ exportDocument }, after) => {
  const { Pace } = await import('/content/export/pace.js');
  const { toMarkdown } = await import('/content/export/markdown.js');
  const original = '<p class="ltx_p">One <math alttext="x"><mi>x</mi></math> lamp.</p>';
  const translation = '<span data-paperglot="translation" lang="de" dir="ltr">Eine Lampe.</span>';
  const page = new DOMParser().parseFromString(`<html lang="en"><article class="ltx_document"><section
    class="ltx_section">${(original + translation).repeat(20_000)}</section></article></html>`, 'text/html');
  const article = page.querySelector('article');
  const reports = [];
  const stop = new AbortController();
  const events = {
    never: () => {},
    early: () => { article.querySelector('[data-paperglot]').remove(); },
    late: (done) => { if (done > 0.2) article.replaceChildren(); },
    stopped: (done) => { if (done > 0.2) stop.abort(); },
  };
  const report = (done) => { reports.push(done); events[after](done); };
  const pace = new Pace({ report, signal: stop.signal });
  const source = { id: '1', version: '', title: 'T', url: 'https://arxiv.org/html/1', licence: '' };
  try {
    const tree = await exportDocument(article, {
      mode: 'translated', lang: 'de', source, model: 'm', date: '2026-11-28', words: (key) => key, pace,
    });
    const markdown = await toMarkdown(tree, pace);
    return { reports, done: tree.receipt.blocks.done, written: markdown.split('Eine Lampe.').length - 1 };
  } catch (error) {
    return { reports, error: error.name };
  }
}"""


@pytest.mark.parametrize("after", ["never", "late"])
def test_an_export_does_not_follow_what_happens_to_the_page(module: Module, after: str) -> None:
    made = module.run(_MEANWHILE, after)
    assert (made["done"], made["written"]) == (20_000, 20_000)
    assert len(made["reports"]) > 3
    assert made["reports"] == sorted(made["reports"])
    assert 0 <= made["reports"][0] < 0.2
    assert 0.8 < made["reports"][-1] <= 1


def test_an_export_ends_when_the_page_loses_what_is_not_copied_yet(module: Module) -> None:
    assert module.run(_MEANWHILE, "early")["error"] == "PageChangedError"


def test_an_export_can_be_stopped(module: Module) -> None:
    made = module.run(_MEANWHILE, "stopped")
    assert made["error"] == "AbortError"
    assert made["reports"][-1] < 0.8


def test_an_epub_is_a_zip_as_readers_want_it(running_browser: Browser) -> None:
    exported = export(running_browser, OWN_PAGE)
    assert exported.epub[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(exported.epub)) as archive:
        assert archive.testzip() is None
        first, *others = archive.infolist()
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {each.compress_type for each in others if not each.filename.endswith(".png")} == {
            zipfile.ZIP_DEFLATED
        }
    chapter = ET.fromstring(exported.files()["EPUB/section-1.xhtml"])
    assert [each.attrib["alttext"] for each in chapter.iterfind(".//x:h2/m:math", _XHTML)] == [
        "n_{0}"
    ]


@pytest.mark.parametrize(
    "piece",
    [
        r"$$a =b\text{{ if it burns}} \tag{1}$$",
        "```\nif fog:\n    light()\n```",
        "```\n$ lamp --on\ndone\n```",
        "- (b) Two wicks smoke.",
        "| Fuel | Light in candles |  |\n|---|---|---|\n",
        "# Lanterns in the Fog[^1] — ",
        "[^3]: It holds two paragraphs.\n\n    ",
        "[here](#S1.p1.anchor)",
        "> [Original: arXiv:2401.02001v1](https://arxiv.org/html/2401.02001v1)  \n",
        "[a file](https://example.org/a%20b%5Ec%7Cd?x=%7B1%7D)",
        "| Formulas | 3 | 3 |",
    ],
)
def test_markdown_has_tex_code_notes_and_tables(running_browser: Browser, piece: str) -> None:
    assert piece in export(running_browser, OWN_PAGE, mode="bilingual", place="below").markdown

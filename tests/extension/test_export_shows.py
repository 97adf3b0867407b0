"""An export opened in a browser shows what the translated page showed, in the same order."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.browser.driver import Browser, Page
from tests.extension.exported_papers import Exported, export, papers

_OPF = {"opf": "http://www.idpf.org/2007/opf"}
# What is to be seen in an opened file: formulas as TeX; where a picture should be there are no words.
_SEEN = r"""((root, apart) => {
  const squeezed = (element) => {
    const copy = element.cloneNode(true);
    for (const each of copy.querySelectorAll(apart)) each.remove();
    for (const math of copy.querySelectorAll('math')) math.replaceWith(math.getAttribute('alttext') ?? '');
    return copy.textContent.replace(/\s+/g, '');
  };
  const hidden = [...document.querySelectorAll(`${root} *`)].filter((element) => element.textContent.trim()
    && !element.closest('math, details') && !element.checkVisibility());
  return {
    text: [...document.querySelectorAll(root)].map(squeezed).join(''),
    notes: [...document.querySelectorAll('section.notes li, aside.note')].map(squeezed),
    hidden: hidden.map((element) => element.outerHTML),
  };
})"""
_APART = ".note-reference, .missing-picture, .origin, aside.note, [role=doc-backlink]"


def _seen(page: Page, root: str, apart: str = _APART) -> dict[str, Any]:
    seen: dict[str, Any] = page.evaluate(f"{_SEEN}({json.dumps(root)}, {json.dumps(apart)})")
    assert seen.pop("hidden") == []
    return seen


def _assert_same(seen: dict[str, Any], shown: dict[str, Any]) -> None:
    """Long texts: what differs first is said, with what stands around it."""
    text, expected = seen["text"], shown["text"]
    pairs = enumerate(zip(text, expected, strict=False))
    same = next((index for index, (a, b) in pairs if a != b), 0)
    around = slice(max(same - 40, 0), same + 80)
    assert text == expected, f"\n{text[around]}\n{expected[around]}"
    assert seen["notes"] == shown["notes"]


def _chapters(exported: Exported) -> list[str]:
    """The names of an EPUB's files in their order, the receipt left out."""
    package = ET.fromstring(exported.files()["EPUB/package.opf"])
    names = {
        item.attrib["id"]: item.attrib["href"] for item in package.iterfind(".//opf:item", _OPF)
    }
    order = [names[ref.attrib["idref"]] for ref in package.iterfind(".//opf:itemref", _OPF)]
    return [name for name in order if name != "receipt.xhtml"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", ["translated", "bilingual"])
def test_html_shows_what_the_page_shows(
    browser: Browser, page: Page, shared: Path | None, tmp_path: Path, mode: str
) -> None:
    for paper in papers(shared):
        place = "replace" if mode == "translated" else "below"
        exported = export(browser, paper, mode=mode, place=place)
        file = tmp_path / "paper.html"
        file.write_text(exported.html, "utf-8")
        page.goto(file.as_uri())
        _assert_same(_seen(page, "main"), exported.shown)


@pytest.mark.timeout(300)
def test_epub_shows_what_the_page_shows(
    browser: Browser, page: Page, shared: Path | None, tmp_path: Path
) -> None:
    for paper in papers(shared):
        exported = export(browser, paper)
        folder = tmp_path / paper.stem
        for name, content in exported.files().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        seen: dict[str, Any] = {"text": "", "notes": []}
        for name in _chapters(exported):
            page.goto((folder / "EPUB" / name).as_uri())
            chapter = _seen(page, ".paper")
            seen["text"] += chapter["text"]
            seen["notes"] += chapter["notes"]
        _assert_same(seen, exported.shown)


@pytest.mark.parametrize("mode", ["translated", "bilingual"])
def test_how_the_page_shows_translations_makes_no_difference(
    browser: Browser, shared: Path | None, mode: str
) -> None:
    """Below their originals, or in their place."""
    for paper in papers(shared):
        below = export(browser, paper, mode=mode, place="below")
        replaced = export(browser, paper, mode=mode, place="replace")
        assert below.html == replaced.html, paper.name
        assert below.receipt == replaced.receipt

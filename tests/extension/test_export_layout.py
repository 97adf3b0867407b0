"""A saved paper on a narrow screen, and how its formulas are drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.driver import Browser, Page
from tests.extension.exported_papers import export, papers

NARROW = 320


def _math(tokens: str, display: str = "inline") -> str:
    return (
        f'<math class="ltx_Math" alttext="f" display="{display}"><semantics><mrow>{tokens}</mrow>'
        '<annotation encoding="application/x-tex">f</annotation></semantics></math>'
    )


_SUM = "<mi>a</mi><mo>+</mo><mn>7</mn><mo>=</mo>"
_LONG = 9 * _SUM
_INDEXED = "<msub><mi>A</mi><mi>A</mi></msub>"


def _row(left: str, right: str) -> str:
    return (
        '<tbody><tr class="ltx_equation ltx_eqn_row"><td class="ltx_eqn_cell ltx_eqn_center_padleft"></td>'
        f'<td class="ltx_td ltx_align_right ltx_eqn_cell">{_math(left)}</td>'
        f'<td class="ltx_td ltx_align_left ltx_eqn_cell">{_math(right)}</td>'
        '<td class="ltx_eqn_cell ltx_eqn_center_padright"></td>'
        '<td class="ltx_eqn_cell ltx_eqn_eqno"><span class="ltx_tag ltx_tag_equation">(1)</span></td>'
        "</tr></tbody>"
    )


_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Wide</title></head><body>
<article class="ltx_document"><h1 class="ltx_title ltx_title_document">Wide formulas</h1>
<div class="ltx_para"><p class="ltx_p">A short {_math(_INDEXED)} and a long
{_math(5 * _SUM)} one.</p>
<table class="ltx_equationgroup ltx_eqn_align ltx_eqn_table">
{_row("<mi>f</mi>", _LONG)}{_row("<mi>f</mi><mo>+</mo><mi>g</mi>", "<mi>b</mi>")}</table>
<ul class="ltx_itemize"><li class="ltx_item"><div class="ltx_para"><p class="ltx_p">It is
{_math("<mfrac><mrow>" + _LONG + "</mrow><mi>y</mi></mfrac>")} here.</p></div></li></ul></div>
</article></body></html>"""

# How far the page can be moved sideways.
_EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _opened(
    browser: Browser, page: Page, folder: Path, paper: Path, width: int, lang: str, mode: str
) -> None:
    file = folder / "saved.html"
    file.write_text(export(browser, paper, mode=mode, lang=lang).html, "utf-8")
    page.set_viewport(width, 800)
    page.goto(file.as_uri())


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A page whose formulas are wider than a telephone."""
    file = tmp_path / "2401.02002v1.html"
    file.write_text(_PAGE, "utf-8")
    return file


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("mode", "lang"), [("translated", "ar"), ("bilingual", "zh-Hans")])
def test_nothing_widens_a_narrow_page(
    browser: Browser,
    page: Page,
    shared: Path | None,
    tmp_path: Path,
    wide: Path,
    mode: str,
    lang: str,
) -> None:
    found = {}
    for paper in [wide, *papers(shared)]:
        _opened(browser, page, tmp_path, paper, NARROW, lang, mode)
        found[paper.name] = page.evaluate(_EXCESS)
    assert {name: excess for name, excess in found.items() if excess} == {}


@pytest.mark.parametrize("width", [NARROW, 1000])
def test_equations_keep_their_columns_and_scroll_in_their_own_box(
    browser: Browser, page: Page, tmp_path: Path, wide: Path, width: int
) -> None:
    _opened(browser, page, tmp_path, wide, width, "zh-Hans", "translated")
    box = page.evaluate(
        """(box => ({ scrolls: box.scrollWidth > box.clientWidth, overflow: getComputedStyle(box).overflowX,
          columns: [...box.querySelectorAll('tr')].map(row => row.cells[2].getBoundingClientRect().x),
          number: box.querySelector('tr:last-of-type .ltx_tag_equation').getBoundingClientRect().right
            - box.getBoundingClientRect().left - box.scrollWidth }))(
          document.querySelector('table.ltx_eqn_table').parentElement)"""
    )
    assert box["overflow"] == "auto"
    assert box["scrolls"] is (width == NARROW)
    first, second = box["columns"]
    assert abs(first - second) < 0.5
    assert abs(box["number"]) < 1  # at the far end


def test_a_long_formula_stands_on_the_line_of_its_words(
    browser: Browser, page: Page, tmp_path: Path, wide: Path
) -> None:
    _opened(browser, page, tmp_path, wide, 1000, "zh-Hans", "translated")
    bases = page.evaluate(
        """[...document.querySelectorAll('p math')].slice(0, 2).map(
          math => math.querySelector('mi').getBoundingClientRect().bottom)"""
    )
    assert abs(bases[0] - bases[1]) < 1.5, bases


@pytest.mark.parametrize("lang", ["zh-Hans", "ar"])
def test_an_index_is_smaller_than_what_it_stands_at(
    browser: Browser, page: Page, tmp_path: Path, wide: Path, lang: str
) -> None:
    _opened(browser, page, tmp_path, wide, 1000, lang, "translated")
    base, index = page.evaluate(
        "[...document.querySelector('msub').children].map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert index < 0.8 * base, json.dumps([base, index])


def test_what_scrolls_begins_at_its_beginning(
    browser: Browser, page: Page, tmp_path: Path, wide: Path
) -> None:
    """In right-to-left papers too."""
    _opened(browser, page, tmp_path, wide, NARROW, "ar", "translated")
    starts = page.evaluate(
        """[...document.querySelectorAll('.wide, p .long')].map(box =>
          box.firstElementChild.getBoundingClientRect().left - box.getBoundingClientRect().left)"""
    )
    assert len(starts) == 3
    assert all(abs(start) < 1 for start in starts), starts


def test_the_receipt_writes_the_papers_words_in_their_direction(
    browser: Browser, page: Page, tmp_path: Path, wide: Path
) -> None:
    file = tmp_path / "saved.html"
    file.write_text(export(browser, wide, lang="ar", doubtful=1).html, "utf-8")
    page.goto(file.as_uri())
    receipt = page.evaluate(
        """(section => [section.dir, section.querySelector('th').dir || getComputedStyle(section).direction,
          ...[...section.querySelectorAll('ul')].map(item => [item.lang, item.dir].join())])(
          document.querySelector('.receipt'))"""
    )
    assert receipt[:2] == ["ltr", "ltr"]
    assert set(receipt[2:]) == {"ar,rtl"}

"""The reader's own terms as CSV: what spreadsheets write comes in, what goes out comes in again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.conftest import Module

MODULE = "options/glossary.js"

Terms = list[list[str]]
PLAIN = [["token", "词元"], ["self-attention, masked", "掩码“自”注意力"], ["a;b", "甲；乙"]]


def _read(module: Module, content: str) -> Terms:
    terms: Terms = module.run(
        "({ fromCsv }, csv) => fromCsv(csv).map(({ source, target }) => [source, target])", content
    )
    return terms


def _entries(terms: Terms) -> list[dict[str, str]]:
    return [{"source": source, "target": target} for source, target in terms]


@pytest.mark.parametrize(
    "content",
    [
        'token,词元\n"self-attention, masked",掩码“自”注意力\na;b,甲；乙\n',
        'source,target\r\ntoken,词元\r\n"self-attention, masked",掩码“自”注意力\r\n"a;b",甲；乙',
        '\ufefftoken;词元\r\nself-attention, masked;掩码“自”注意力\r\n"a;b";甲；乙\r\n',
        'sep=;\r\ntoken;词元\r\nself-attention, masked;掩码“自”注意力\r\n"a;b";甲；乙\r\n',
        "token\t词元\tnoun\nself-attention, masked\t掩码“自”注意力\na;b\t甲；乙\n\n\n",
        '"token","词元"\r"self-attention, masked","掩码“自”注意力"\r"a;b","甲；乙"\r',
        'token,词元\n,empty\nhalf,\nalone\n"self-attention, masked" , 掩码“自”注意力\na;b,甲；乙',
    ],
    ids=["plain", "header", "excel", "sep", "tabs", "mac", "gaps"],
)
def test_terms_come_in_from_every_spreadsheet(module: Module, content: str) -> None:
    assert _read(module, content) == PLAIN


@pytest.mark.parametrize(
    "content",
    ["", "\n\n", "only one column\n", '"' * 9999, "source,target\n", "\ufeff", "sep=;\n"],
    ids=["empty", "lines", "column", "quotes", "header", "mark", "sep"],
)
def test_what_holds_no_terms_gives_none(module: Module, content: str) -> None:
    assert _read(module, content) == []


def test_source_is_a_term_too(module: Module) -> None:
    """Only the first line can be a header."""
    assert _read(module, "Source,Target\nsource,来源\n") == [["source", "来源"]]


def test_a_field_of_several_lines_becomes_one(module: Module) -> None:
    assert _read(module, '"two\nlines","a  b"\n') == [["two lines", "a b"]]


def test_terms_go_out_and_come_back(module: Module) -> None:
    terms = [
        ['he said "hi"', "他说“嗨”"],
        ["comma, semicolon; tab\t.", "=SUM(A1)"],
        ["a\r\nb", "ünï"],
    ]
    csv = module.run("({ toCsv }, entries) => toCsv(entries)", _entries(terms))
    assert csv.startswith("\ufeffsource,target\r\n")  # with its mark, Excel reads it as UTF-8
    # A table's field has one line.
    assert _read(module, csv) == [terms[0], ["comma, semicolon; tab .", "=SUM(A1)"], ["a b", "ünï"]]


@pytest.mark.parametrize(
    ("there", "imported", "terms", "left_out"),
    [
        ([["Token", "令牌"], ["flow", "流"]], [["token", "词元"]], [["token", "词元"], ["flow", "流"]], 0),
        ([], [["probe", "探测"]], [["probe", "探测"]], 0),
        (
            [[f"old {n}", "x"] for n in range(150)],
            [[f"new {n}", "y"] for n in range(60)],
            [[f"old {n}", "x"] for n in range(150)] + [[f"new {n}", "y"] for n in range(50)],
            10,
        ),
    ],
    ids=["replaced", "first", "too-many"],
)  # fmt: skip
def test_imported_terms_join_those_that_are_there(
    module: Module, there: Terms, imported: Terms, terms: Terms, left_out: int
) -> None:
    found: dict[str, Any] = module.run(
        "({ join }, entries, imported) => join(entries, imported)",
        _entries(there),
        _entries(imported),
    )
    assert found == {"terms": _entries(terms), "leftOut": left_out}

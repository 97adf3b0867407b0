"""A paper as a BibTeX entry that BibTeX can read, whatever stands in its title."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.conftest import Module

MODULE = "popup/bibtex.js"


def _entry(module: Module, **changes: Any) -> str:
    paper = {
        "id": "2404.00001",
        "title": "On Lamps",
        "authors": ["Émile Ex", "Ada Example"],
        "published": "2024-03-31T23:00:00Z",
        "categories": ["cs.CL", "cs.LG"],
        "translation": None,
    }
    entry: str = module.run("({ bibtex }, paper) => bibtex(paper)", {**paper, **changes})
    assert entry.count("{") == entry.count("}")
    return entry


def test_an_entry_is_what_arxiv_gives(module: Module) -> None:
    assert _entry(module, translation={"abstract": "灯的摘要。"}) == (
        "@misc{ex2024lamps,\n"
        "  title = {{On Lamps}},\n"
        "  author = {Émile Ex and Ada Example},\n"
        "  year = {2024},\n"
        "  eprint = {2404.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.CL},\n"
        "  url = {https://arxiv.org/abs/2404.00001},\n"
        "  note = {灯的摘要。}\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("On {Braces} and $x_1", "On {Braces} and $x_1"),
        ("One { too many", "One { too many}"),
        ("One } too few {", "One  too few {}"),
        (r"50% of R&D is #1", r"50\% of R\&D is \#1"),
        (r"Already \% and \&", r"Already \% and \&"),
        ("$a % b & c$ 5%", r"$a % b & c$ 5\%"),
        ("  Two\n  lines ", "Two lines"),
    ],
)
def test_a_title_cannot_end_its_field(module: Module, title: str, field: str) -> None:
    assert f"\n  title = {{{{{field}}}}},\n" in _entry(module, title=title)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"authors": ["José Ñúñez"]}, "nunez2024lamps"),
        ({"authors": []}, "2024lamps"),
        ({"authors": ["张伟"], "title": "灯"}, "2024"),
        ({"published": "", "title": "The Way of All Lamps"}, "ex2024lamps"),
        ({"title": "On a 3D map"}, "ex2024"),
    ],
)
def test_its_key_is_one_everywhere(module: Module, changes: dict[str, Any], key: str) -> None:
    """Author, year, first long word of the title, in plain letters."""
    assert _entry(module, **changes).startswith(f"@misc{{{key},\n")


def test_what_is_missing_is_left_out(module: Module) -> None:
    entry = _entry(module, authors=[], categories=[])
    for name in ("author", "primaryClass", "note"):
        assert f"  {name} = " not in entry

"""A paper as a BibTeX entry: what is here was set by pdfLaTeX with BibTeX and by LuaLaTeX with biber.

The server writes the same bytes: each entry here is compared with its.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from backend.papers.records import Paper
from backend.reading.citations import bibtex
from backend.reading.citations.record import citation
from tests.extension.conftest import Module
from tests.papers.wiring import translated

MODULE = "popup/bibtex.js"

TITLES = {
    "On {Braces} and $x_1": r"On {Braces} and \$x\_1",
    "One { too many": "One { too many}",
    "One } too few {": "One  too few {}",
    "50% of R&D is #1": r"50\% of R\&D is \#1",
    r"Already \% and \&": r"Already \% and \&",
    "$a % b & c$ 5%": r"$a \% b \& c$ 5\%",
    "  Two\n  lines ": "Two lines",
    "A snake_case __x__, a^b ~ c": r"A snake\_case \_\_x\_\_, a\textasciicircum{}b \textasciitilde{} c",
    "α-stable β→γ in ΛCDM, H₀, 10⁻⁵": r"$\alpha$-stable $\beta \to \gamma$ in $\Lambda$CDM, H$_{0}$, 10$^{-5}$",
    "$α$-divergence, $x≤y$": r"$\alpha$-divergence, $x\le y$",
    "US$ 5 and US$ 10 cost $5 or $6": r"US\$ 5 and US\$ 10 cost \$5 or \$6",
    r"$ k $-means and $ \alpha $-stable": r"$k$-means and $\alpha$-stable",
    r"A set \{1, 2\} of $\{a, b\}$": r"A set \textbraceleft{}1, 2\textbraceright{} of $\lbrace a, b\rbrace$",
    r"Only \{ one": r"Only \textbraceleft{} one",
    r"\textbf{B}i \method with \alpha": r"\textbf{B}i \textbackslash{}method with $\alpha$",
    r"\(O(n^2)\), \[x\], $$y$$, \ensuremath{\pi}, \( alone": r"$O(n^2)$, $x$, $y$, $\pi$, ( alone",
    r"\( alone, then \(x\) and \[ \[y\]": r"( alone, then $x$ and [ $y$",
    r"Erd\H{o}s, Poincar\'e, \^{e}, \~n": r"Erd\H{o}s, Poincar\'e, \^{e}, \~n",
    r"Say \"quoted\" \| \? \1 " + "\\": r'Say "quoted" $\|$ ? 1 \textbackslash{}',
    "𝒪(n) and 𝑘NN ﬁnd 🤗 Transformers": "O(n) and kNN find Transformers",
    "Émile’s “quotes” – ± × ² Ł ø ß": r"Émile’s “quotes” – $\pm$ $\times$ $^{2}$ Ł ø ß",
    r"$\text{unbalanced{ and $x$": r"\$\textbackslash{}text{unbalanced{ and \$x\$}}",
    "a<b>c|d $p<0.05$": r"a\textless{}b\textgreater{}c\textbar{}d $p<0.05$",
}
AUTHORS = {
    "Émile Ex": "Émile Ex",
    "Nguyễn Thị Thảo": r"Nguy{\~{\^e}}n Th{\d i} Thao",
    "Under_Score & Sons": r"Under\_Score \& Sons",
    "ATLAS Collaboration": "{ATLAS Collaboration}",
    "the ALICE Collaboration": "{the ALICE Collaboration}",
    "Gemini Team, Google": "{Gemini Team, Google}",
    "Institute of Physics and Astronomy": "{Institute of Physics and Astronomy}",
    "Martin Luther King, Jr.": "King, Jr., Martin Luther",
    "Robert Downey Jr": "Downey, Jr, Robert",
    "Adlai  Ewing Stevenson III": "Stevenson, III, Adlai Ewing",
    "Conan O'Brien": "Conan O'Brien",
    "Johannes van der Waals": "Johannes van der Waals",
    "van der Waals": "van der Waals",
    "Johannes van der Waals Jr.": "van der Waals, Jr., Johannes",
    "bell hooks": "hooks, bell",
    "Metin And": "{Metin And}",
    "Wei Zhang": "Wei Zhang",
    "Suharto": "Suharto",
    "A} author = {B": r"A author = {B}",
    "A}, author = {B": r"{A, author = {B}}",
    "Grace Groupe": "Grace Groupe",
}


def _entry(module: Module, **changes: Any) -> str:
    """The extension's entry, which is the server's."""
    paper = {
        "id": "2404.00001",
        "title": "On Lamps",
        "abstract": "Of lamps_1.",
        "authors": ["Émile Ex", "Ada Example"],
        "published": "2024-03-31T23:00:00Z",
        "categories": ["cs.CL", "cs.LG"],
        "translation": None,
    }
    entry: str = module.run("({ bibtex }, paper) => bibtex(paper)", paper := paper | changes)
    assert entry.count("{") == entry.count("}")
    assert entry == _from_server(paper)
    return entry


def _from_server(paper: dict[str, Any]) -> str:
    given = paper["translation"]
    record = citation(
        Paper(
            id=paper["id"],
            title=paper["title"],
            abstract=paper["abstract"],
            text_source="arxiv",
            authors=tuple(paper["authors"]),
            published=datetime.fromisoformat(paper["published"]) if paper["published"] else None,
            categories=tuple(paper["categories"]),
            keywords=("not in BibTeX",),
        ),
        replace(translated(""), **given) if given else None,
    )
    return bibtex.write([record])


def test_an_entry_is_what_arxiv_gives_and_what_no_bibliography_prints(module: Module) -> None:
    assert _entry(module, translation={"title": "论灯", "abstract": "灯的摘要。"}) == (
        "@misc{ex2024lamps,\n"
        "  title = {{On Lamps}},\n"
        "  author = {Émile Ex and Ada Example},\n"
        "  year = {2024},\n"
        "  eprint = {2404.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.CL},\n"
        "  doi = {10.48550/arXiv.2404.00001},\n"
        "  url = {https://arxiv.org/abs/2404.00001},\n"
        "  abstract = {Of lamps\\_1.},\n"
        "  keywords = {cs.CL, cs.LG},\n"
        "  translatedtitle = {论灯},\n"
        "  translatedabstract = {灯的摘要。}\n"
        "}\n"
    )


@pytest.mark.parametrize(("title", "field"), TITLES.items())
def test_every_title_compiles(module: Module, title: str, field: str) -> None:
    assert f"\n  title = {{{{{field}}}}},\n" in _entry(module, title=title)


@pytest.mark.parametrize(("author", "field"), AUTHORS.items())
def test_a_group_of_authors_is_no_person(module: Module, author: str, field: str) -> None:
    assert f"\n  author = {{A B and {field}}},\n" in _entry(module, authors=["A B", author])


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"authors": ["José Ñúñez"]}, "nunez2024lamps"),
        ({"authors": []}, "2024lamps"),
        ({"authors": ["张伟"], "title": "灯"}, "2024"),
        ({"published": "", "title": "The Way of All Lamps"}, "ex2024lamps"),
        ({"title": "On a 3D map"}, "ex2024"),
        ({"authors": ["ATLAS Collaboration"]}, "atlascollaboration2024lamps"),
        ({"authors": ["Martin Luther King, Jr."]}, "king2024lamps"),
        ({"id": "hep-th/9901001v2", "published": ""}, "ex1999lamps"),
        (
            {"id": "math/0512345", "published": "", "title": "²²²² Ⅳ of Löwenheim"},
            "ex2005lowenheim",
        ),
    ],
)
def test_its_key_is_one_everywhere(module: Module, changes: dict[str, Any], key: str) -> None:
    """Author, year, first long word of the title, in plain letters."""
    assert _entry(module, **changes).startswith(f"@misc{{{key},\n")


def test_a_paper_of_the_last_century_and_a_version_keep_their_names(module: Module) -> None:
    entry = _entry(module, id="hep-th/9901001v2", published="")
    assert "  year = {1999},\n  eprint = {hep-th/9901001v2},\n" in entry
    assert "  doi = {10.48550/arXiv.hep-th/9901001},\n" in entry
    assert "  url = {https://arxiv.org/abs/hep-th/9901001v2},\n" in entry


def test_what_is_missing_is_left_out(module: Module) -> None:
    entry = _entry(module, authors=[], categories=[], abstract="")
    for name in ("author", "primaryClass", "abstract", "keywords", "translatedtitle", "note"):
        assert f"  {name} = " not in entry

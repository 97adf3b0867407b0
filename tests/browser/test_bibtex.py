"""A paper as a BibTeX entry: what is here was set by pdfLaTeX with BibTeX and by LuaLaTeX with biber."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.driver import Browser

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
    "Martin Luther King, Jr.": "Martin Luther King, Jr.",
    "Grace Groupe": "Grace Groupe",
}


def _entries(browser: Browser, papers: list[dict[str, Any]]) -> list[str]:
    """Each paper's entry; what a paper does not say is like in the others."""
    common = {
        "id": "2404.00001",
        "title": "On Lamps",
        "abstract": "Of lamps_1.",
        "authors": ["Émile Ex", "Ada Example"],
        "published": "2024-03-31T23:00:00Z",
        "categories": ["cs.CL", "cs.LG"],
        "translation": None,
    }
    given = json.dumps([common | paper for paper in papers])
    entries: list[str] = browser.extension_page.evaluate(
        f"import({json.dumps(browser.base + 'popup/bibtex.js')})"
        f".then(({{ bibtex }}) => {given}.map(bibtex))"
    )
    assert all(entry.count("{") == entry.count("}") for entry in entries)
    return entries


def test_an_entry_is_what_arxiv_gives_and_what_bibliographies_do_not_print(
    browser: Browser,
) -> None:
    translation = {"title": "论灯", "abstract": "灯的摘要。"}
    assert _entries(browser, [{"translation": translation}]) == [
        "@misc{ex2024lamps,\n"
        "  title = {{On Lamps}},\n"
        "  author = {Émile Ex and Ada Example},\n"
        "  year = {2024},\n"
        "  eprint = {2404.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.CL},\n"
        "  url = {https://arxiv.org/abs/2404.00001},\n"
        "  abstract = {Of lamps\\_1.},\n"
        "  translatedtitle = {论灯},\n"
        "  translatedabstract = {灯的摘要。}\n"
        "}\n"
    ]


def test_every_title_compiles(browser: Browser) -> None:
    entries = _entries(browser, [{"title": title} for title in TITLES])
    for (title, field), entry in zip(TITLES.items(), entries, strict=True):
        assert f"\n  title = {{{{{field}}}}},\n" in entry, title


def test_groups_of_authors_are_no_persons(browser: Browser) -> None:
    entries = _entries(browser, [{"authors": ["A B", author]} for author in AUTHORS])
    for (author, field), entry in zip(AUTHORS.items(), entries, strict=True):
        assert f"\n  author = {{A B and {field}}},\n" in entry, author
    [entry] = _entries(browser, [{"authors": ["ATLAS Collaboration"]}])
    assert entry.startswith("@misc{atlascollaboration2024lamps,")

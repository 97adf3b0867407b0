"""Where a term stands in an element's words."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "content/document/term-places.js"
FIND = """({ patternOf, rangesIn }, term, html) => {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return rangesIn(body, patternOf(term)).map(String);
}"""


@pytest.mark.parametrize(
    ("term", "html", "found"),
    [
        ("tide lattice", "A tide lattice, two Tide  Lattices.", ["tide lattice", "Tide  Lattices"]),
        (
            "tide lattice",
            "the tide-lattice\nand a tide\nlattice",
            ["tide-lattice", "tide\nlattice"],
        ),
        ("tide lattice", "tidelattice, riptide lattice, tide latticework", []),
        ("tide lattice", "a <em>tide <b>latt</b>ices</em>", ["tide lattices"]),
        ("tide lattice", "a tide <math><mi>x</mi></math> lattice", []),
        ("tide lattice", "tide <span class='ltx_note'>a tide lattice</span> lattice", []),
        ("boundary", "The boundaries of a boundary", ["boundaries", "boundary"]),
        ("process", "processes process processed", ["processes", "process"]),
        ("RAG", "RAG, RAGs, rags and ragged rag", ["RAG", "RAGs"]),
        ("C++ (new)", "In C++ (new) and C (new)", ["C++ (new)"]),
        ("a.b*", "a.b* axb aab", ["a.b*"]),
        ("注意力", "多头注意力机制的注意力", ["注意力", "注意力"]),
        ("élan vital", "The Élan vital. elan vital", ["Élan vital"]),
        ("x", "x-ray, x, x' and ax", ["x", "x", "x"]),
    ],
)
def test_whole_words_in_any_form(module: Module, term: str, html: str, found: list[str]) -> None:
    assert module.run(FIND, term, html) == found


@pytest.mark.parametrize("term", ["", " ", "-", "(" * 100, "a " * 50, "[^", "\\", "$&", "😀"])
def test_any_term_is_looked_for_in_no_time(module: Module, term: str) -> None:
    text = "a ( [ \\ $ 😀 - " * 2_000
    module.run(
        """({ patternOf, rangesIn }, term, text) => {
          const { body } = new DOMParser().parseFromString('', 'text/html');
          body.textContent = text;
          const begun = performance.now();
          rangesIn(body, patternOf(term));
          if (performance.now() - begun > 2_000) throw new Error('too slow');
        }""",
        term,
        text,
    )

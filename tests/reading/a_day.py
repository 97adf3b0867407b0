"""A day of papers for the reading pages: real abstracts where they are at hand, and hostile ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.browser.hostile_backend import MARKUP
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed

DAY = "2026-03-03"
INVENTED = (
    "We study attention of cost $O(n \\log n)$ over $n$ tokens, where $x_i \\in \\mathbb{R}^{d}$ and "
    "$\\lVert x \\rVert_2 \\le \\sqrt{d}$. On 12 benchmarks with 3.5 million sequences it is 2.4 times "
    "faster than the best of 7 baselines, at 98.7% of their accuracy; ablations over $k = 1, \\dots, 9$ "
    "layers show where the gain comes from. Code, data and a model of 1.3 billion parameters are available. "
)


def abstracts(shared: Path | None, count: int) -> list[tuple[str, str]]:
    """Titles and abstracts: arXiv's own where they were recorded, else invented ones."""
    if shared is None:
        return [
            (f"Paper {n} on attention in $O(n^{n})$", f"{INVENTED} Part {n}." * 3)
            for n in range(count)
        ]
    lines = (shared / "upstream" / "abstracts.jsonl").read_text("utf-8").splitlines()
    papers = [json.loads(line) for line in lines]
    newest = sorted(papers, key=lambda paper: str(paper["id"]), reverse=True)
    return [(paper["title"], paper["abstract"]) for paper in newest[:count]]


def fill(
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    papers: Sequence[tuple[str, str]],
    day: str = DAY,
    **changes: Any,
) -> list[str]:
    """Have both upstreams give these papers on a day; returns their identifiers, in the list's order.

    Args:
        changes: of what Hugging Face says about each.
    """
    ids = [f"2603.{n:05}" for n in range(1, len(papers) + 1)]
    huggingface.lists[day] = [
        listed(id, title=title, upvotes=len(ids) - n, **changes)
        for n, (id, (title, _)) in enumerate(zip(ids, papers, strict=True))
    ]
    for id, (title, abstract) in zip(ids, papers, strict=True):
        arxiv.entries[id] = entry(id, title=title, abstract=abstract)
    return ids


QUOTES = "\"'`<>&</title></textarea>--><!--]]>{{ 7 * 7 }}{% raw %}"
BREAKS = "\x0b\x0c\x1f\x85\u2028\u202e\ufeff"


def hostile(huggingface: FakeHuggingFace, arxiv: FakeArxiv, day: str = DAY) -> str:
    """Have both upstreams mean harm in every field of one paper; returns its identifier."""
    id, harm = "2603.00001", MARKUP + QUOTES
    huggingface.lists[day] = [
        listed(
            id,
            title=harm + BREAKS,
            upvotes=3,
            summary=harm + BREAKS,
            ai_summary=harm + BREAKS,
            ai_keywords=[harm, "javascript:alert(1)", '"><b>'],
            githubRepo="javascript:globalThis.harmed=1",
            projectPage='https://example.org/" onmouseover="globalThis.harmed=1',
            authors=[{"name": harm + BREAKS}, {"name": "<b>bold</b>"}],
        )
    ]
    arxiv.entries[id] = entry(
        id,
        title=f"{harm} $\\href{{javascript:globalThis.harmed=1}}{{x}}$ \\textbf{{{harm}}}",
        abstract=f"{harm} $$<script>globalThis.harmed = 1</script>$$ \\url{{javascript:globalThis.harmed=1}}",
        categories=('cs.CL"><img src=x onerror=harmed>', "cs.LG"),
        authors=(harm, "Émile <i>Exemple</i>"),
    )
    return id


class Elements(HTMLParser):
    """What a page consists of: elements with their attributes, in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All words, white space as single spaces."""
        return " ".join("".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a kind."""
        return [attributes for name, attributes in self.found if name == tag]

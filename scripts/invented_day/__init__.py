"""A day's list of twelve invented papers, as the upstreams have it and as translators would say it.

`papers.json` is the list in English; `TAG.json` has all titles and some abstracts in a language, in
protected form, by paper and part. With them is a paper that has a page at arXiv, full of formulas.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.texts import placeholders
from tests.browser.arxiv_site import PAGES
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed

FOLDER = Path(__file__).parent
DATE = "2026-08-27"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "papers"))
"""Those the day is translated into."""
UNVERIFIED = "2608.90655"
"""The paper whose abstract the model leaves in English, so that its translation is not verified."""
STAMP = "planar"
"""The stamp with which the page is what the translations are of."""
PAGE = "2608.91733"
"""The paper that has a page."""
_PARTS_OF_PAGE = {
    "title": "Bounds on <x1/>-smooth planar flows with <x2/> probes",
    "abstract": (
        "We study flows over planar graphs whose curvature stays below <x1/>, and ask how many probes "
        "<x2/> a reader of the graph needs. For every <x3/> and <x4/> we show that <x5/> which improves "
        "on the earlier <x6/> of <x7/>. The proof follows a chain of maps <x8/> and needs no randomness. "
        "On 13 networks of up to 4 million nodes the bound is met within 7%, and code is at <x9/>."
    ),
    "comments": "12 pages, 3 figures, a planar table of <x1/>",
}


def papers() -> list[dict[str, Any]]:
    """The papers in English, by votes."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "papers.json").read_text("utf-8"))
    return found


def sources() -> dict[str, dict[str, str]]:
    """What there is to translate, in protected form, by paper and part."""
    protected = {
        paper["id"]: {
            part: placeholders.protect(placeholders.escape(paper[part])).text
            for part in ("title", "abstract")
        }
        for paper in papers()
    }
    return {**protected, PAGE: _PARTS_OF_PAGE}


def translations(language: str) -> dict[str, str]:
    """What a model says in a language, by the source, both in protected form."""
    spoken: dict[str, dict[str, str]] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    source = sources()
    untranslated = source[UNVERIFIED]["abstract"]
    return {
        source[paper][part]: text for paper, parts in spoken.items() for part, text in parts.items()
    } | {untranslated: untranslated}


def page() -> str:
    """arXiv's page of the paper that has one: that of an older paper, with the dates of this one."""
    html = (PAGES / "abs" / "2401.01001.html").read_text("utf-8")
    for old, new in {
        "2401.01001": PAGE,
        "Tue, 2 Jan 2024": "Mon, 24 Aug 2026",
        "2 Jan 2024": "24 Aug 2026",
        "9 Jan 2024": "26 Aug 2026",
        "(2024)": "(2026)",
    }.items():
        html = html.replace(old, new)
    return html


@contextmanager
def upstreams() -> Iterator[dict[str, str]]:
    """Hugging Face and arXiv on the morning after; gives the settings of a backend that asks them."""
    list_of_day, entries = [], {}
    for paper in papers():
        list_of_day.append(
            listed(
                paper["id"],
                title=paper["title"],
                upvotes=paper["upvotes"],
                comments=paper["comments"],
                githubRepo=paper.get("code"),
            )
        )
        entries[paper["id"]] = entry(
            paper["id"],
            title=paper["title"],
            abstract=paper["abstract"],
            categories=paper["categories"],
            authors=paper["authors"],
        )
    with FakeHuggingFace({DATE: list_of_day}) as hugging_face, FakeArxiv(entries) as arxiv:
        yield {"HF_ENDPOINT": hugging_face.url, "ARXIV_API_URL": arxiv.api_url}

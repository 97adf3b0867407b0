"""arXiv's full-text pages with what must be translated of them, where a folder of them is at hand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.browser.recorded_pages import FOREIGN_SCRIPTS, folder

_PLACEHOLDER = re.compile("⟦.⟧")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, kw_only=True)
class PaperPage:
    """One page: its arXiv identifier with the version, its mark-up, its ground truth if it has one."""

    name: str
    id: str
    html: str
    truth: dict[str, Any] | None


def paper_pages() -> list[PaperPage]:
    """All that are at hand, maybe none."""
    found = folder("arxiv-html")
    pages = []
    for file in sorted(found.glob("*.html")) if found else []:
        truth = file.with_suffix(".truth.json")
        pages.append(
            PaperPage(
                name=file.stem,
                id=file.stem.partition("_")[0],
                # Their own style sheets are not at hand either.
                html=FOREIGN_SCRIPTS.sub("", file.read_text("utf-8")).replace(
                    "</head>", '<link rel="stylesheet" href="/html-papers.css"></head>'
                ),
                truth=json.loads(truth.read_text("utf-8")) if truth.exists() else None,
            )
        )
    return pages


def words_of(text: str) -> str:
    """What is left of a segment or of a text of the truth without its placeholders."""
    bare = _TAG.sub(" ", _PLACEHOLDER.sub(" ", text))
    bare = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"\W+", " ", bare).strip()

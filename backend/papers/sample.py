"""The sample edition: real papers with summaries and translations of our own, for when there is no other.

`sample_edition/edition.json` holds the papers, `sample_edition/LANG.json` their translations.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from ..texts.html import to_html
from .records import Edition, Paper, PaperTranslation

SOURCE = "sample"


class SampleEdition:
    """Reads the data once, when it is first needed.

    Args:
        folder: where edition.json and the LANG.json are; the package's own when left out.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        self._folder = folder or resources.files(__package__) / "sample_edition"
        self.edition = cache(self._edition)
        self.translations = cache(self._translations)

    def _edition(self) -> Edition:
        """The edition, `state` and `source` both `sample`."""
        data = json.loads((self._folder / "edition.json").read_text("utf-8"))
        return Edition(
            date=date.fromisoformat(data["date"]),
            state="sample",
            source="sample",
            fetched_at=None,
            stale=False,
            previous=None,
            next=None,
            note=data["note"],
            papers=tuple(_paper(item) for item in data["papers"]),
        )

    def papers(self) -> Mapping[str, Paper]:
        """Its papers by identifier."""
        return {paper.id: paper for paper in self.edition().papers}

    def _translations(self, lang: str) -> Mapping[str, PaperTranslation]:
        """Its translations into a language, by paper id; empty for a language it has none for.

        Args:
            lang: a tag as our list of languages writes it, so that no other file can be named.
        """
        path = self._folder / f"{lang}.json"
        if not lang.replace("-", "").isalnum() or not path.is_file():
            return {}
        data = json.loads(path.read_text("utf-8"))
        return {id: _translation(lang, text) for id, text in data["papers"].items()}


def _paper(item: dict[str, Any]) -> Paper:
    return Paper(
        id=item["id"],
        title=item["title"],
        abstract=item["abstract"],
        text_source="sample",
        authors=tuple(item["authors"]),
        keywords=tuple(item.get("keywords", ())),
        categories=tuple(item.get("categories", ())),
    )


def _translation(lang: str, text: dict[str, str]) -> PaperTranslation:
    return PaperTranslation(
        lang=lang,
        title=text["title"],
        title_html=to_html(text["title"]),
        abstract=text["abstract"],
        abstract_html=to_html(text["abstract"]),
        verified=True,
        origin=SOURCE,
    )

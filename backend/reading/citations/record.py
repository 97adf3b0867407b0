"""What there is to cite of a paper, once for all formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ...papers.identifiers import ArxivId
from ...papers.records import Paper, PaperTranslation
from ..readable_text import readable
from . import names
from .names import Name

_WORD = re.compile(r"[^\W\d_²³¹⁰-₉⅐-ↈ①-⓿]{4,}")


@dataclass(frozen=True, kw_only=True)
class Citation:
    """One paper. Texts are as arXiv gives them, half TeX and half Unicode.

    Args:
        key: `vaswani2017attention`: ASCII letters and digits, one for a paper in a list.
        id: canonical arXiv identifier, with a version when that was asked for.
        date: (year,), (year, month) or (year, month, day): what is known.
        categories: arXiv's, the primary one first.
        keywords: what the list's source says it is about, words of a machine.
        translation: where one was asked for and is stored.
    """

    key: str
    id: str
    title: str
    abstract: str
    authors: tuple[Name, ...]
    date: tuple[int, ...]
    categories: tuple[str, ...]
    doi: str
    url: str
    pdf_url: str
    keywords: tuple[str, ...]
    translation: PaperTranslation | None = None

    @property
    def year(self) -> int:
        """Of the first version."""
        return self.date[0]

    @property
    def primary_class(self) -> str:
        """arXiv's category, `cs.CL`; empty when unknown."""
        return self.categories[0] if self.categories else ""

    @property
    def readable_title(self) -> str:
        """The title without TeX but in formulas."""
        return readable(self.title)

    @property
    def readable_abstract(self) -> str:
        """The abstract without TeX but in formulas."""
        return readable(self.abstract)


def citation(paper: Paper, translation: PaperTranslation | None = None) -> Citation:
    """The record of a paper."""
    identifier = ArxivId.parse(paper.id)
    authors = tuple(names.parse(author) for author in paper.authors)
    known = _date(identifier, paper.published.date() if paper.published else None)
    return Citation(
        key=_key(authors, known[0], paper.title),
        id=paper.id,
        title=paper.title,
        abstract=paper.abstract,
        authors=authors,
        date=known,
        categories=paper.categories,
        # arXiv registers one DOI for all versions (https://info.arxiv.org/help/doi.html).
        doi=f"10.48550/arXiv.{identifier.base}",
        url=identifier.abs_url,
        pdf_url=identifier.pdf_url,
        keywords=paper.keywords,
        translation=translation,
    )


def citations(
    papers: Sequence[Paper], translations: Mapping[str, PaperTranslation]
) -> list[Citation]:
    """The records of a list, each with a key of its own, in the list's order."""
    return _distinct(citation(paper, translations.get(paper.id)) for paper in papers)


def _distinct(records: Iterable[Citation]) -> list[Citation]:
    """Two papers with one key in a list are told apart by their identifiers, whatever their order."""
    found = list(records)
    keys = [record.key for record in found]
    return [
        replace(record, key=record.key + re.sub(r"\W", "", record.id))
        if keys.count(record.key) > 1
        else record
        for record in found
    ]


def _date(identifier: ArxivId, published: date | None) -> tuple[int, ...]:
    """The day of the first version; year and month stand in every identifier."""
    if published:
        return published.year, published.month, published.day
    digits = identifier.base.rpartition("/")[2]
    short = int(digits[:2])
    return (1900 if short >= 91 else 2000) + short, int(digits[2:4])


def _key(authors: Sequence[Name], year: int, title: str) -> str:
    """First author's family name, year and first long word of the title, in plain letters."""
    family = authors[0].family if authors else ""
    word = _WORD.search(title)
    text = unicodedata.normalize("NFD", f"{family}{year}{word[0] if word else ''}")
    return re.sub(r"[^A-Za-z0-9]", "", text).lower()

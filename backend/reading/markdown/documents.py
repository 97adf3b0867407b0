"""A day's list and a paper as Markdown, in the pages' own words: the translation first, then the original."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ...languages import Language
from ...papers.records import Edition, Paper, PaperTranslation
from .. import catalogue, view_models
from ..catalogue import Catalogue
from ..negotiation import ORIGINALS
from ..view_models import Link, PaperView
from .escaping import inline

_SAMPLE = "sample"


def day(edition: Edition, known: Mapping[str, PaperTranslation], language: Language) -> bytes:
    """A day's list.

    Args:
        known: what is translated into the language, by paper id.
        language: the originals' for the originals alone.
    """
    words = catalogue.beside(language)
    view = view_models.list_view(edition, known, language, words)
    title = words.text("papers_of", day=words.day(edition.date))
    blocks = [f"# {title}", words.text("between_sentences").join(view.state)]
    for paper in view.papers:
        blocks += _paper(paper, language, words, f"## {paper.rank}. ", "### ")
    return _joined(blocks)


def paper(shown: Paper, translation: PaperTranslation | None, language: Language) -> bytes:
    """One paper."""
    view = view_models.paper_view(shown, translation, language)
    return _joined(_paper(view, language, catalogue.beside(language), "# ", "## "))


def _joined(blocks: Iterable[str]) -> bytes:
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def _paper(
    view: PaperView, language: Language, words: Catalogue, heading: str, subheading: str
) -> Iterator[str]:
    yield heading + inline(view.title.plain)
    if view.original_title:
        yield f"{words.text('original_title')}: {inline(view.original_title.plain)}"
    yield ", ".join(map(inline, view.paper.authors))
    yield " · ".join(filter(None, _facts(view, words)))
    if language != ORIGINALS:
        yield words.text("between_sentences").join(_state(view, words))
    if view.paper.text_source == "huggingface":
        yield words.text("fallback_text")
    if view.abstract:
        is_original = view.abstract.language == ORIGINALS != language
        yield subheading + words.text("original_abstract" if is_original else "abstract")
        yield inline(view.abstract.plain)
    if view.original_abstract:
        yield subheading + words.text("original_abstract")
        yield inline(view.original_abstract.plain)


def _state(view: PaperView, words: Catalogue) -> Iterator[str]:
    """Whether the translation was verified and whose it is."""
    if view.verified is None:
        yield words.text("waiting")
        return
    yield words.text("verified" if view.verified else "unverified")
    if view.origin == _SAMPLE:
        yield words.text("paper_sample")
    else:
        yield words.text("paper_translated", origin=inline(view.origin))


def _facts(view: PaperView, words: Catalogue) -> Iterator[str]:
    """Where it is, its day, categories and votes in one line. Addresses are ours or were checked."""
    paper = view.paper
    yield f"arXiv:{view.id}"
    if paper.published:
        yield words.text("paper_published", day=words.short_day(paper.published.date()))
    yield ", ".join(map(inline, paper.categories))
    if paper.upvotes:
        yield words.text("votes", count=words.number(paper.upvotes))
    yield ", ".join(_link(link, words) for link in view.links)
    if paper.arxiv_comment:
        yield inline(paper.arxiv_comment)


def _link(link: Link, words: Catalogue) -> str:
    """A link; an address with brackets needs a fence."""
    address = f"<{link.address}>" if re.search(r"[()]", link.address) else link.address
    return f"[{words.text(f'link_{link.kind}')}]({address})"

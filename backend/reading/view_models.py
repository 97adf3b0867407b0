"""What the templates show of papers and lists: texts with their language, counts, links, sentences of state.

Only `Text.html` is mark-up, and only that which `texts.html` made of plain text: our own MathML, every other
character escaped. Everything else is plain and escaped by the templates.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from ..languages import Language
from ..lists import edition_calendar
from ..papers.identifiers import ArxivId
from ..papers.records import Edition, Paper, PaperTranslation
from ..texts.html import to_html
from ..translated_papers.prefetching import estimate_of
from .catalogue import Catalogue
from .negotiation import ORIGINALS

SHOWN_AUTHORS = 5
"""Names in a list; the paper's own page has all."""


Prices = tuple[float, float]
"""Money for a million tokens in, and out."""


@dataclass(frozen=True)
class Text:
    """A title or an abstract.

    Args:
        html: safe by construction.
        plain: the same as text, TeX as the author wrote it, for a page's title.
    """

    html: Markup
    plain: str
    language: Language


@dataclass(frozen=True)
class Link:
    """A link to elsewhere: `kind` is the end of its words' key, `link_KIND`."""

    kind: str
    address: str


@dataclass(frozen=True)
class PaperView:
    """One paper as it is read in one language.

    Attributes:
        title: translated where it can be, else the original.
        original_title: beside a translation that differs from it.
        abstract: translated where it can be, else the original; None when there is none at all.
        original_abstract: beside a translation.
        verified: None when nothing is translated.
        waits: not translated yet, while others of its list are.
        rank: from 1, in its list.
    """

    id: str
    title: Text
    original_title: Text | None
    abstract: Text | None
    original_abstract: Text | None
    verified: bool | None
    origin: str
    rank: int | None
    paper: Paper
    links: tuple[Link, ...]
    waits: bool = False

    @property
    def first_authors(self) -> str:
        """The names a list shows."""
        return ", ".join(self.paper.authors[:SHOWN_AUTHORS])

    @property
    def other_authors(self) -> int:
        """How many names a list leaves out."""
        return max(0, len(self.paper.authors) - SHOWN_AUTHORS)


def paper_view(
    paper: Paper, translation: PaperTranslation | None, language: Language, rank: int | None = None
) -> PaperView:
    """A paper for a reader of a language.

    Args:
        translation: what is stored of it in that language.
    """
    title = _original(paper.title)
    abstract = _original(paper.abstract) if paper.abstract else None
    if translation is None:
        shown, original_title = title, None
        told, original_abstract = abstract, None
    else:
        shown = Text(Markup(translation.title_html), translation.title, language)
        original_title = title if translation.title != paper.title else None
        told, original_abstract = abstract, None
        if translation.abstract and translation.abstract_html and abstract:
            told = Text(Markup(translation.abstract_html), translation.abstract, language)
            original_abstract = abstract if translation.abstract != paper.abstract else None
    return PaperView(
        id=paper.id,
        title=shown,
        original_title=original_title,
        abstract=told,
        original_abstract=original_abstract,
        verified=translation.verified if translation else None,
        origin=translation.origin if translation else "",
        rank=rank,
        paper=paper,
        links=_links(paper),
    )


def _original(text: str) -> Text:
    return Text(Markup(to_html(text)), text, ORIGINALS)


def _links(paper: Paper) -> tuple[Link, ...]:
    """Where else the paper is; what upstreams gave are http or https addresses (`papers.sanitizing`)."""
    identifier = ArxivId.parse(paper.id)
    found = {
        "abs": identifier.abs_url,
        "pdf": identifier.pdf_url,
        "html": identifier.html_url,
        "code": paper.code_url,
        "project": paper.project_url,
        "huggingface": identifier.huggingface_url,
    }
    return tuple(
        Link(kind, address)
        for kind, address in found.items()
        if address and address.startswith(("https://", "http://"))
    )


@dataclass(frozen=True)
class ListView:
    """A day's list as it is read in one language.

    Attributes:
        state: sentences, the most important first.
    """

    list: str
    day: date
    papers: tuple[PaperView, ...]
    state: tuple[str, ...]
    previous: date | None
    next: date | None


def list_view(
    edition: Edition,
    known: Mapping[str, PaperTranslation],
    language: Language,
    words: Catalogue,
) -> ListView:
    """A list for a reader of a language.

    Args:
        known: what is stored of its papers in that language, by paper id.
        words: for the sentences about its state.
    """
    papers = tuple(
        paper_view(paper, known.get(paper.id), language, rank)
        for rank, paper in enumerate(edition.papers, start=1)
    )
    if known and language != ORIGINALS:
        papers = tuple(dataclasses.replace(paper, waits=paper.verified is None) for paper in papers)
    sentences = (
        *_how_translated(papers, language, words),
        *_how_complete(edition, words),
    )
    return ListView(edition.list, edition.date, papers, sentences, edition.previous, edition.next)


def _how_translated(
    papers: tuple[PaperView, ...], language: Language, words: Catalogue
) -> tuple[str, ...]:
    if not papers:
        return ()
    name, total = words.name_of(language), words.number(len(papers))
    if language == ORIGINALS:
        return (words.text("state_originals", total=total),)
    verified = sum(paper.verified is True for paper in papers)
    unverified = sum(paper.verified is False for paper in papers)
    waiting = len(papers) - verified - unverified
    if waiting == len(papers):
        return (words.text("state_none", language=name),)
    if verified == len(papers):
        return (words.text("state_all", total=total, language=name),)
    sentences = [
        words.text("state_verified", verified=words.number(verified), total=total, language=name)
    ]
    if unverified:
        sentences.append(words.text("state_unverified", count=words.number(unverified)))
    if waiting:
        sentences.append(words.text("state_waiting", count=words.number(waiting)))
    return tuple(sentences)


def _how_complete(edition: Edition, words: Catalogue) -> tuple[str, ...]:
    if edition.state == "sample":
        return (words.text("state_sample"),)
    if edition.database_away and edition.fetched_at:
        return (words.text("state_database_away", time=words.moment(edition.fetched_at)),)
    if edition.state == "empty":
        empty = words.text(_why_empty(edition))
        if edition.stale and edition.fetched_at:
            return (
                empty,
                words.text(
                    "state_stale",
                    source=_SOURCES[edition.source],
                    time=words.moment(edition.fetched_at),
                ),
            )
        return (empty,)
    if edition.fetched_at and edition.stale:
        return (
            words.text(
                "state_stale",
                source=_SOURCES[edition.source],
                time=words.moment(edition.fetched_at),
            ),
        )
    if edition.fetched_at and edition.state == "filling":
        return (words.text("state_filling", time=words.moment(edition.fetched_at)),)
    return (words.text("state_final"),)


_SOURCES = {
    "huggingface": "Hugging Face",
    "arxiv": "arXiv",
    "file": "arXiv",
    "sample": "Hugging Face",
}
"""Who is asked for a list, or for its papers."""


def _why_empty(edition: Edition) -> str:
    """The key of the sentence that says why a day has no list."""
    if edition.source != "huggingface":
        return "state_empty"
    if edition.date < edition_calendar.FIRST_LIST:
        return "state_empty_early"
    if edition.date.weekday() >= 5:
        return "state_empty_weekend"
    if edition_calendar.holiday(edition.date):
        return "state_empty_holiday"
    if edition.fetched_at and edition.fetched_at.date() == edition.date:
        return "state_empty_today"
    return "state_empty"


@dataclass(frozen=True)
class Offer:
    """Papers that could be translated from the page, and about what that takes.

    Args:
        tokens: in and out together.
        money: at the owner's prices, where those are set.
    """

    ids: tuple[str, ...]
    tokens: int
    money: float | None


def offer(papers: Iterable[PaperView], language: Language, prices: Prices | None) -> Offer | None:
    """What of these papers has no whole translation yet; None where nothing is missing."""
    missing = [each for each in papers if each.abstract and each.abstract.language != language]
    if language == ORIGINALS or not missing:
        return None
    texts = [text for each in missing for text in (each.paper.title, each.paper.abstract)]
    estimate = estimate_of(texts)
    money = None
    if prices:
        money = (estimate.tokens_in * prices[0] + estimate.tokens_out * prices[1]) / 1_000_000
    return Offer(
        tuple(each.id for each in missing), estimate.tokens_in + estimate.tokens_out, money
    )

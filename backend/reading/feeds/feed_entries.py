"""A feed as values: what Atom and JSON Feed both say. Pure functions of papers and their translations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from ...api.response_cache import Known
from ...languages import Language
from ...lists.edition_calendar import FIRST_LIST
from ...papers.identifiers import ArxivId
from ...papers.records import Edition, Paper, PaperTranslation
from . import entry_content, entry_names
from .feed_query import FeedQuery
from .feed_words import FeedWords
from .selection import Selection

ORIGINALS = "en"
"""The language whose feed holds the originals."""


@dataclass(frozen=True)
class Site:
    """Where a feed is served.

    Args:
        base: the address before all of ours, with a slash at its end.
        name_host: the host in the names of entries, which stays when the address changes.
    """

    base: str
    name_host: str


@dataclass(frozen=True)
class Link:
    """A link beside an entry's own page; `lang` is that of what it leads to, where that has one."""

    href: str
    type: str
    title: str
    lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A paper, or a day's papers. Titles and summaries are plain text, TeX in formulas.

    Args:
        id: a tag URI.
        url: our page.
        updated: when its text last changed.
        summary: for readers that show no HTML.
        content_html: everything, as a fragment of HTML.
        members: what else our JSON says of it.
    """

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    summary: str
    content_html: str
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    members: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed but for its own address, which depends on the format.

    Args:
        language: of its entries; `words` are those of its own title and subtitle.
    """

    id: str
    language: Language
    words: FeedWords
    title: str
    subtitle: str
    home_url: str
    icon_url: str
    updated: datetime
    entries: tuple[Entry, ...]


def build(
    selected: Selection, known: Known, *, query: FeedQuery, language: Language, site: Site
) -> Feed:
    """The feed of a selection of papers.

    Papers whose title and abstract are not both translated are left out until they are, so that no entry has
    to be written again; a day's entry has them in the original.

    Args:
        known: the translations there are; not asked for in the feed of originals.
    """
    words = FeedWords.of(language)
    make = _Maker(known, query, language, site, words)
    if query.digest:
        entries = make.digests(selected.days)
    else:
        entries = tuple(
            entry
            for day in selected.days
            for paper in day.papers
            if (entry := make.paper(paper, day.date))
        )
    newest = selected.days[0].date if selected.days else FIRST_LIST
    return Feed(
        id=entry_names.of_feed(site.name_host, language.tag, query.query_string),
        language=language,
        words=words,
        title=_title(words, language, query),
        subtitle=words.subtitle_original if language.tag == ORIGINALS else words.subtitle,
        home_url=f"{site.base}{language.tag}/latest{_of_list(query)}",
        icon_url=f"{site.base}favicon.ico",
        updated=max((entry.updated for entry in entries), default=_begins(newest)),
        entries=entries,
    )


def _title(words: FeedWords, language: Language, query: FeedQuery) -> str:
    return " · ".join(
        part
        for part in (
            words.title,
            language.endonym if words.tag != language.tag else None,
            query.list,
            f"“{query.q}”" if query.q else None,
            query.category,
            words.digest if query.digest else None,
            words.verified_only if query.verified else None,
        )
        if part
    )


def _of_list(query: FeedQuery) -> str:
    """What the addresses of a list's pages end with."""
    return "?" + urlencode({"list": query.list}) if query.list else ""


@dataclass(frozen=True)
class _Maker:
    """Makes entries in one language."""

    known: Known
    query: FeedQuery
    language: Language
    site: Site
    words: FeedWords

    def paper(self, paper: Paper, day: date) -> Entry | None:
        """A paper's entry; None while its texts are not there, or not verified where that is asked."""
        translation = self._translation(paper)
        if translation is None and self.language.tag != ORIGINALS:
            return None
        original_title = entry_content.readable(paper.title)
        return Entry(
            id=entry_names.of_paper(self.site.name_host, paper.id, self.language.tag),
            url=self._page(paper),
            title=translation.title if translation else original_title,
            published=_begins(day),
            updated=_changed(paper, translation) or _begins(day),
            summary=entry_content.summary(paper, translation, self.words),
            content_html=entry_content.of_paper(
                paper, translation, self.language, self.words, links=_links(paper, self.words)
            ),
            authors=paper.authors,
            categories=paper.categories,
            links=_links(paper, self.words),
            members={
                "arxiv_id": paper.id,
                "original_title": original_title,
                "verified": translation.verified if translation else None,
                "origin": translation.origin if translation else None,
            },
        )

    def digests(self, days: tuple[Edition, ...]) -> tuple[Entry, ...]:
        """An entry for each final day.

        The newest waits until all its papers are translated; once a later day is final, it goes without.
        """
        found = []
        for place, day in enumerate(days):
            shown = [(paper, self._translation(paper)) for paper in day.papers]
            translated = [each for each in shown if each[1]]
            whole = len(translated) == len(shown) or self.language.tag == ORIGINALS
            if self.query.verified and self.language.tag != ORIGINALS:
                whole = all(_is_whole(self.known.get(paper.id)) for paper in day.papers)
                shown = translated
            if whole or (place > 0 and translated):
                found.append(self._digest(day, shown))
        return tuple(found)

    def _digest(self, day: Edition, shown: list[tuple[Paper, PaperTranslation | None]]) -> Entry:
        name, tag = day.date.isoformat(), self.language.tag
        verdicts = [translation.verified for _, translation in shown if translation]
        titles = (
            translation.title if translation else entry_content.readable(paper.title)
            for paper, translation in shown
        )
        changes = [_changed(paper, translation) for paper, translation in shown]
        begins = _begins(day.date)
        return Entry(
            id=entry_names.of_digest(self.site.name_host, name, tag, self.query.query_string),
            url=f"{self.site.base}{tag}/{name}{_of_list(self.query)}",
            title=self.words.digest_title.format(date=name, count=len(shown)),
            published=begins,
            updated=max((change for change in changes if change), default=begins),
            summary="\n".join(titles),
            content_html=entry_content.of_digest(
                [(paper, translation, self._page(paper)) for paper, translation in shown],
                self.language,
                self.words,
            ),
            members={
                "date": name,
                "arxiv_ids": [paper.id for paper, _ in shown],
                "verified": all(verdicts) if verdicts else None,
            },
        )

    def _translation(self, paper: Paper) -> PaperTranslation | None:
        """A paper's translation, where it is whole and this feed may show it."""
        found = self.known.get(paper.id)
        if found is None or not _is_whole(found) or (self.query.verified and not found.verified):
            return None
        return found

    def _page(self, paper: Paper) -> str:
        return f"{self.site.base}{self.language.tag}/papers/{paper.id}"


def _is_whole(translation: PaperTranslation | None) -> bool:
    return translation is not None and translation.abstract is not None


def _links(paper: Paper, words: FeedWords) -> tuple[Link, ...]:
    identifier = ArxivId.parse(paper.id)
    links = [
        Link(identifier.abs_url, "text/html", "arXiv", ORIGINALS),
        Link(identifier.pdf_url, "application/pdf", "PDF", ORIGINALS),
    ]
    if paper.code_url:
        links.append(Link(paper.code_url, "text/html", words.code))
    return tuple(links)


def _changed(paper: Paper, translation: PaperTranslation | None) -> datetime | None:
    """When what is shown of a paper last changed, in whole seconds; None where that is not known."""
    times = (paper.text_changed_at, translation.changed_at if translation else None)
    known = [moment.replace(microsecond=0) for moment in times if moment]
    return max(known, default=None)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

"""Whole pages as bytes, of values alone: no request, no database, no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from .. import languages
from ..errors import PaperglotError, UnsupportedLanguage
from ..languages import Language
from ..papers.records import Edition, EditionSummary, ListDescription, Paper, PaperTranslation
from . import assets, catalogue, view_models
from .citations import page_metadata
from .negotiation import ORIGINALS
from .search_view import SearchView
from .view_models import Prices

_UI_IN_RTL = Markup(' lang="{}" dir="ltr"')
"""The page's own words among papers that run from right to left: none of our catalogues does."""


@dataclass(frozen=True)
class Site:
    """What all pages of a server share.

    Args:
        origin: scheme and host that readers reach it by, as in https://papers.example.
        indexing: whether search engines may index it.
        prices: the owner's, where they are set.
    """

    origin: str
    indexing: bool
    prices: Prices | None = None


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__package__ or ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def list_page(
    edition: Edition,
    known: Mapping[str, PaperTranslation],
    language: Language,
    site: Site,
    lists: Sequence[ListDescription] = (),
    *,
    latest: bool,
) -> bytes:
    """A day's list.

    Args:
        known: what is stored of its papers in the language, by paper id.
        lists: all that the server keeps, the first being the one that readers get unasked.
        latest: it stands at the address of the newest list, so that links to languages go there.
    """
    view = view_models.list_view(edition, known, language, catalogue.beside(language))
    return _page(
        "list.html",
        language,
        site,
        place="latest" if latest else edition.date.isoformat(),
        canonical=edition.date.isoformat(),
        view=view,
        lists=lists if len(lists) > 1 else (),
        query=list_query(edition.list, lists),
        offer=view_models.offer(view.papers, language, site.prices),
    )


def list_query(name: str, lists: Sequence[ListDescription]) -> str:
    """What an address of a list ends with: nothing for the first, which is meant unasked."""
    return "" if not lists or name == lists[0].name else f"?list={quote(name, safe=':.')}"


def paper_page(
    paper: Paper, translation: PaperTranslation | None, language: Language, site: Site
) -> bytes:
    """A paper of its own."""
    view = view_models.paper_view(paper, translation, language)
    return _page(
        "paper.html",
        language,
        site,
        place=f"papers/{paper.id}",
        paper=view,
        offer=view_models.offer([view], language, site.prices),
        citation=page_metadata.meta(paper),
    )


def days_page(
    days: Sequence[EditionSummary], older: date | None, language: Language, site: Site
) -> bytes:
    """The days whose lists are stored, newest first, by month.

    Args:
        older: what to ask for as `before` to see the ones before these.
    """
    months = [
        (month, list(those))
        for month, those in groupby(days, key=lambda each: each.date.replace(day=1))
    ]
    return _page("days.html", language, site, place="days", months=months, older=older)


def search_page(view: SearchView, language: Language, site: Site) -> bytes:
    """A search and what it found."""
    return _page("search.html", language, site, place="search", view=view)


def saved_page(language: Language, site: Site) -> bytes:
    """The room for the papers that the browser keeps; its script fills it."""
    return _page("saved.html", language, site, place="saved")


def error_page(
    error: PaperglotError, language: Language, site: Site, *, status: int, is_of_paper: bool
) -> bytes:
    """What happened and what to change.

    Args:
        language: of its words and its links.
        status: the answer's, which may be another than the error's.
        is_of_paper: a paper was asked for, not a day.
    """
    words = catalogue.beside(language)
    key = f"error_{error.type}"
    is_about_language = isinstance(error, UnsupportedLanguage)
    if is_about_language:
        advice = "error_advice_language"
    elif error.status >= 500:
        advice = "error_advice_later"
    else:
        advice = "error_advice_paper" if is_of_paper else "error_advice_day"
    return _page(
        "error.html",
        language,
        site,
        place="latest",
        heading=words.text(key if key in words.texts else "error_other"),
        advice=words.text(advice),
        # What is only about the address's form, the advice says in the reader's language.
        detail=None if error.status == 400 else error.detail,
        status=status,
        offers_languages=is_about_language,
    )


def _page(
    template: str,
    language: Language,
    site: Site,
    *,
    place: str,
    canonical: str | None = None,
    **values: object,
) -> bytes:
    """A page of one of our templates.

    Args:
        place: its address after the language, which it has in every other language too.
        canonical: the same under the address by which it is to be known, where that is another.
    """
    words = catalogue.beside(language)
    text = (
        _environment()
        .get_template(template)
        .render(
            language=language,
            languages=languages.ALL,
            words=words,
            t=words.text,
            site=site,
            place=place,
            canonical=canonical or place,
            asset=assets.load().path,
            style=Markup(assets.load().style),
            list_query=list_query,
            is_rtl=language.dir == "rtl",
            originals=ORIGINALS,
            unapi_server=page_metadata.UNAPI_SERVER,
            unapi_id=page_metadata.unapi_id,
            ui=_UI_IN_RTL.format(words.language.tag) if language.dir == "rtl" else "",
            **values,
        )
    )
    return text.encode()

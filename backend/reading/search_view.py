"""What the search page shows of a search: papers with the words marked, counts, the way to more."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from .. import languages
from ..api import search_results
from ..languages import Language
from ..papers.records import PaperTranslation
from ..translated_papers.search import Hit, Results, SearchRequest
from . import view_models
from .view_models import PaperView, Text


@dataclass(frozen=True)
class SearchView:
    """A search as it is read in one language.

    Attributes:
        asked: there was something to look for.
        papers: each with the title in which the words stood, where that is in a third language.
        untranslated: papers of the span without a translation, and tokens that it would take.
        more: address of the next page.
    """

    text: str
    newest_first: bool
    has_code: bool
    verified: bool
    asked: bool
    total: int = 0
    papers: tuple[tuple[PaperView, Text | None], ...] = ()
    untranslated: tuple[int, int] | None = None
    more: str | None = None
    start: int = 1


def search_view(
    request: SearchRequest,
    results: Results | None,
    others: Callable[[Hit], Iterable[PaperTranslation]],
    language: Language,
) -> SearchView:
    """A search for a reader of a language.

    Args:
        results: None where nothing was asked for.
        others: a paper's translations into other languages.
    """
    empty = SearchView(
        text=request.text,
        newest_first=request.order == "date",
        has_code=request.has_code is True,
        verified=request.verified is True,
        asked=results is not None,
    )
    if results is None:
        return empty
    estimate = results.untranslated
    return dataclasses.replace(
        empty,
        total=results.total,
        papers=tuple(
            _marked(hit, search_results.matched(hit, results.query, others), language)
            for hit in results.hits
        ),
        untranslated=(estimate.missing, estimate.tokens_in + estimate.tokens_out)
        if estimate and estimate.missing
        else None,
        more=_more(request, results, language),
    )


def _marked(hit: Hit, matched: dict[str, Any], language: Language) -> tuple[PaperView, Text | None]:
    """The paper with `<mark>` around what was looked for; the title apart where it stands in neither text."""
    paper = view_models.paper_view(hit.paper, hit.translation, language)
    title, abstract = Markup(matched["title_html"]), Markup(matched["abstract_html"])
    shown = {paper.title.language.tag: "title"}
    if paper.original_title:
        shown[paper.original_title.language.tag] = "original_title"
    name = shown.get(matched["lang"])
    if name is None:
        return paper, Text(title, "", languages.find(matched["lang"]))
    changes = {name: dataclasses.replace(getattr(paper, name), html=title)}
    told = "abstract" if name == "title" else "original_abstract"
    if (text := getattr(paper, told)) and text.language.tag == matched["lang"]:
        changes[told] = dataclasses.replace(text, html=abstract)
    return dataclasses.replace(paper, **changes), None


def _more(request: SearchRequest, results: Results, language: Language) -> str | None:
    if results.next is None:
        return None
    given = {
        "q": request.text,
        "order": "date" if request.order == "date" else "",
        "category": request.category or "",
        "from": request.since.isoformat() if request.since else "",
        "to": request.until.isoformat() if request.until else "",
        "has_code": _flag(request.has_code),
        "verified": _flag(request.verified),
        "before": results.next,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/{language.tag}/search?{query}"


def _flag(value: bool | None) -> str:
    return "" if value is None else "1" if value else "0"

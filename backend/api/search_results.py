"""Search results as the API writes them: hits marked in our own HTML, in the language where they stood."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from ..config import Config
from ..papers.records import PaperTranslation
from ..texts.search_marks import mark, mark_texts
from ..texts.search_query import Query
from ..translated_papers.prefetching import Estimate
from ..translated_papers.search import Hit, Results
from . import serializing
from .serializing import html_of

ORIGINAL = "en"
"""The language that papers are written in."""


def document(
    results: Results,
    others: Callable[[Hit], Iterable[PaperTranslation]],
    config: Config,
) -> dict[str, Any]:
    """The answer to a search.

    Args:
        others: a paper's translations into other languages than the reader's, read where they are needed.
    """
    return {
        "papers": [
            serializing.paper(hit.paper, hit.translation)
            | {
                "date": hit.day.isoformat() if hit.day else None,
                "matched": matched(hit, results.query, others),
            }
            for hit in results.hits
        ],
        "total": results.total,
        "untranslated": _untranslated(results.untranslated, config),
        "next": results.next,
    }


def matched(
    hit: Hit, query: Query, others: Callable[[Hit], Iterable[PaperTranslation]]
) -> dict[str, Any]:
    """Where a query's words stand: the text that holds most of them, with `<mark>` around each.

    Of texts that hold as many, the reader's own language goes first, then the original.
    """
    paper, every = hit.paper, len(query.terms)
    authors = mark_texts(paper.authors, query)
    named = frozenset[int]().union(*(author.found for author in authors))
    best: dict[str, Any] | None = None
    most = -1

    def consider(lang: str, title_html: str, abstract_html: str) -> None:
        nonlocal best, most
        title, abstract = mark(title_html, query), mark(abstract_html, query)
        found = len(title.found | abstract.found | named)
        if found > most:
            best, most = (
                {"lang": lang, "title_html": title.html, "abstract_html": abstract.html},
                found,
            )

    if shown := hit.translation:
        consider(shown.lang, shown.title_html, shown.abstract_html or "")
    if most < every:
        consider(ORIGINAL, html_of(paper.title), html_of(paper.abstract))
    if most < every:
        for other in others(hit):
            consider(other.lang, other.title_html, other.abstract_html or "")
            if most == every:
                break
    assert best is not None
    return best | {"authors_html": [author.html for author in authors]}


def _untranslated(estimate: Estimate | None, config: Config) -> dict[str, Any] | None:
    if estimate is None:
        return None
    money = None
    if config.price_in is not None and config.price_out is not None:
        spent = estimate.tokens_in * config.price_in + estimate.tokens_out * config.price_out
        money = round(spent / 1_000_000, 6)
    return {
        "papers": estimate.missing,
        "tokens": estimate.tokens_in + estimate.tokens_out,
        "price": money,
    }


def description(root: str, lang: str) -> bytes:
    """The OpenSearch description of a server.

    Args:
        root: its address, without a slash at the end.
        lang: of the pages that show what is found.
    """
    address = escape(root, {'"': "&quot;"})
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>Paperglot</ShortName>
<Description>AI papers, in the original and in translation</Description>
<InputEncoding>UTF-8</InputEncoding>
<OutputEncoding>UTF-8</OutputEncoding>
<Url type="text/html" template="{address}/{lang}/search?q={{searchTerms}}"/>
<Url type="application/json" template="{address}/api/v1/search?q={{searchTerms}}"/>
<Url type="application/opensearchdescription+xml" rel="self" template="{address}/opensearch.xml"/>
</OpenSearchDescription>
""".encode()

"""What reference managers and Google Scholar read in a paper's page.

A paper's page has `meta(paper)` as `<meta name="…" content="…">`; every page names `UNAPI_SERVER` in a
`<link rel="unapi-server">` and each paper it shows in `<abbr class="unapi-id" title="{unapi_id}" hidden>`. All
of it is text: the templates escape it.

Zotero prefers unAPI to `citation_*` and takes RIS of our three formats (zotero/translators, unAPI.js of
2019-06-10: priority 300 before 320; RECOGNIZABLE_FORMATS). It joins `?id=` and the identifier, unescaped, to
the server's address: that may have no query, so that the language stands in the identifier.
"""

from __future__ import annotations

from ...papers.records import Paper
from .record import citation

UNAPI_SERVER = "/unapi"


def meta(paper: Paper) -> list[tuple[str, str]]:
    """Pairs of name and content, some names more than once, with the ORIGINAL title.

    Highwire's names as Google Scholar wants them (https://scholar.google.com/intl/en/scholar/inclusion.html);
    `z:itemType` is Zotero's own.
    """
    record = citation(paper)
    pairs = [("citation_title", record.readable_title)]
    pairs += [("citation_author", name.inverted) for name in record.authors]
    pairs += [
        ("citation_date", "/".join(f"{part:02}" for part in record.date)),
        ("citation_online_date", "/".join(f"{part:02}" for part in record.date)),
        ("citation_publisher", "arXiv"),
        ("citation_arxiv_id", record.id),
        ("citation_doi", record.doi),
        ("citation_language", "en"),
        ("citation_pdf_url", record.pdf_url),
        ("citation_public_url", record.url),
        ("citation_abstract", record.readable_abstract),
    ]
    pairs += [("citation_keywords", each) for each in (*record.categories, *record.keywords)]
    pairs.append(("z:itemType", "preprint"))
    return [(name, content) for name, content in pairs if content]


def unapi_id(id: str, lang: str) -> str:
    """The identifier of a paper with its translation into a language, if one is stored: `2306.02707/ja`.

    Args:
        lang: as our list of languages writes it; `en` is the original alone.
    """
    return f"{id}/{lang}"

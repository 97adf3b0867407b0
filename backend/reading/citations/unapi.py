"""unAPI revision 1, by which Zotero saves what a page shows (https://web.archive.org/web/2016/http://unapi.info/specs/).

`/unapi` lists the formats; `?id=` the same for one paper (300); `?id=&format=` is the citation. An unknown
identifier is a 404, a format that we do not write a 406, a format without an identifier a 400.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from flask import Blueprint, Response, request

from ... import languages, services
from ...api import papers as api_papers
from ...api import problems, response_cache
from ...api.conditional_responses import respond
from ...api.response_cache import Body
from ...errors import InvalidRequest, NotFound, UnsupportedLanguage
from ...papers.records import Paper
from .formats import BY_NAME
from .page_metadata import UNAPI_SERVER
from .views import paper_body

bp = Blueprint("unapi", __name__)


@bp.get(UNAPI_SERVER)
def unapi() -> Response:
    """Formats, or a paper's citation in one of them."""
    id, name = request.args.get("id"), request.args.get("format")
    if not id:
        if name:
            raise InvalidRequest("Say which paper: ?id=2306.02707&format=" + "|".join(BY_NAME))
        return respond(_formats(None), "public, max-age=3600", "application/xml")
    if name and name not in BY_NAME:
        known = ", ".join(BY_NAME)
        return problems.respond(InvalidRequest(f"The formats are {known}."), status=406)
    paper, lang = _paper(id)
    if not name:
        response = respond(_formats(id), "public, max-age=300", "application/xml")
        if response.status_code == 200:
            response.status_code = 300
        return response
    body = paper_body(paper, BY_NAME[name], response_cache.current().language_tag(lang))
    return respond(body, api_papers.paper_caching(body), BY_NAME[name].content_type)


def _paper(id: str) -> tuple[Paper, str | None]:
    """The paper that an identifier of `page_metadata.unapi_id` names, and a language."""
    bare, _, tag = id.rpartition("/")
    try:
        lang = languages.find(tag).tag if bare else None
    except UnsupportedLanguage:
        lang = None
    try:
        return services.current().papers.get(bare if lang else id), lang
    except InvalidRequest:
        raise NotFound("There is no paper of this identifier.") from None


def _formats(id: str | None) -> Body:
    lines = "".join(
        f"<format name={quoteattr(each.name)} type={quoteattr(each.content_type.partition(';')[0])}"
        f" docs={quoteattr(each.docs)}/>"
        for each in BY_NAME.values()
    )
    named = f" id={quoteattr(id)}" if id else ""
    return Body(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<formats{named}>{lines}</formats>\n'.encode()
    )

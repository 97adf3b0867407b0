"""GET /api/v1/papers/{id}.bib, .ris, .json?style=csl, and the same of a day's list. No model is asked."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from flask import Blueprint, Response, request

from ... import services
from ...api import papers as api_papers
from ...api import response_cache
from ...api.conditional_responses import respond
from ...api.response_cache import Body
from ...errors import InvalidRequest
from ...papers.records import Paper
from .formats import BY_SUFFIX, CSL, Format
from .record import citations

bp = Blueprint("citations", __name__, url_prefix="/api/v1")

_STYLE = (
    "Say ?style=csl: `.json` is the citation as CSL-JSON. The paper or list itself is at this address"
    " without `.json`."
)


@bp.get("/papers/<path:id>.bib", defaults={"suffix": "bib"})
@bp.get("/papers/<path:id>.ris", defaults={"suffix": "ris"})
@bp.get("/papers/<path:id>.json", defaults={"suffix": "json"})
def cite_paper(id: str, suffix: str) -> Response:
    """One paper, from arXiv when it is not stored; with its stored translation where `lang` asks for one."""
    wanted, tag = _format(suffix), _language()
    paper = services.current().papers.get(id)
    body = paper_body(paper, wanted, tag)
    return _answer(body, wanted, api_papers.paper_caching(body), paper.id)


@bp.get("/daily/<day>.bib", defaults={"suffix": "bib"})
@bp.get("/daily/<day>.ris", defaults={"suffix": "ris"})
@bp.get("/daily/<day>.json", defaults={"suffix": "json"})
def cite_edition(day: str, suffix: str) -> Response:
    """A day's list, with what is translated of it already where `lang` asks for that."""
    wanted, tag = _format(suffix), _language()
    edition = api_papers.asked_edition(day)
    name = ("edition", edition.date, edition.source)
    body = _body(name, edition.papers, wanted, tag)
    latest = day == api_papers.LATEST
    caching = api_papers.edition_caching(edition, body, tag, latest=latest)
    return _answer(body, wanted, caching, f"paperglot-{edition.date}")


def paper_body(paper: Paper, wanted: Format, tag: str | None) -> Body:
    """One paper's citation, with its stored translation into a language if one is given."""
    return _body(("paper", paper.id), (paper,), wanted, tag)


def _body(
    name: tuple[Hashable, ...], papers: Sequence[Paper], wanted: Format, tag: str | None
) -> Body:
    return response_cache.current().body(
        ("citations", wanted.name, *name),
        tuple(papers),
        papers,
        tag,
        lambda known: wanted.write(citations(papers, known)).encode(),
    )


def _format(suffix: str) -> Format:
    wanted = BY_SUFFIX[suffix]
    if wanted is CSL and request.args.get("style") != "csl":
        raise InvalidRequest(_STYLE)
    return wanted


def _language() -> str | None:
    return response_cache.current().language_tag(request.args.get("lang"))


def _answer(body: Body, wanted: Format, caching: str, name: str) -> Response:
    response = respond(body, caching, wanted.content_type)
    file = re.sub(r"[^\w.-]", "-", name, flags=re.ASCII)
    response.headers["Content-Disposition"] = f'attachment; filename="{file}.{wanted.suffix}"'
    return response

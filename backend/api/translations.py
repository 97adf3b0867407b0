"""POST /api/v1/translations, POST /api/v1/papers/translations and GET /api/v1/languages."""

from __future__ import annotations

from typing import Annotated

import msgspec
from flask import Blueprint, Response, request

from .. import languages, services
from ..errors import InvalidRequest, PayloadTooLarge
from ..languages import Language
from ..papers.identifiers import page_name
from ..terminology.glossary import Term
from ..terminology.paper_terms import PaperTerm
from ..translation.records import Context, Segment, TranslationRequest
from .guard import needs_token
from .request_body import Words, decode, documented
from .streams.translation_responses import respond
from .terms import term_of

bp = Blueprint("translation", __name__, url_prefix="/api/v1")

MAX_SEGMENTS = 64
MAX_SEGMENT_CHARACTERS = 8_000
MAX_PAPERS = 100
MAX_TERMS = 200


class SegmentBody(msgspec.Struct):
    """One segment as a client sends it."""

    id: Words
    text: str
    parts: bool = False


class ContextBody(msgspec.Struct):
    """What surrounds the segments."""

    title: str = ""
    section: str = ""
    abstract: str = ""


class PaperBody(msgspec.Struct):
    """The paper that the segments are from."""

    id: Words
    title: str = ""
    section: str = ""


class TermBody(msgspec.Struct):
    """One term of the client's glossary."""

    source: Words
    target: Words


@documented
class TranslationsBody(msgspec.Struct):
    """The body of POST /api/v1/translations."""

    lang: str
    segments: list[SegmentBody]
    context: ContextBody | None = None
    paper: PaperBody | None = None
    glossary: Annotated[list[TermBody], msgspec.Meta(max_length=MAX_TERMS)] = []
    retry: bool = False
    sentences: bool = False


@documented
class PaperTranslationsBody(msgspec.Struct):
    """The body of POST /api/v1/papers/translations."""

    lang: str
    ids: list[str]
    glossary: Annotated[list[TermBody], msgspec.Meta(max_length=MAX_TERMS)] = []
    retry: bool = False


@bp.before_request
def _guard() -> None:
    if request.method == "POST":
        needs_token()


@bp.get("/languages")
def list_languages() -> Response:
    """The languages one can translate into."""
    body = {
        "languages": [
            {"tag": lang.tag, "name": lang.name, "endonym": lang.endonym, "dir": lang.dir}
            for lang in languages.ALL
        ]
    }
    response = Response(msgspec.json.encode(body), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@bp.post("/translations")
def translate_segments() -> Response:
    """Translate segments of a page."""
    body = decode(TranslationsBody)
    if len(body.segments) > MAX_SEGMENTS:
        raise PayloadTooLarge(
            f"A request may hold {MAX_SEGMENTS} segments. Send the rest in another."
        )
    for segment in body.segments:
        if len(segment.text) > MAX_SEGMENT_CHARACTERS:
            raise PayloadTooLarge(
                f"A segment may hold {MAX_SEGMENT_CHARACTERS:,} characters. Split the text."
            )
    if len({segment.id for segment in body.segments}) < len(body.segments):
        raise InvalidRequest("Two segments have the same id. Give each its own.")
    language = languages.find(body.lang)
    run = services.current().translator.start(
        TranslationRequest(
            language=language,
            segments=tuple(Segment(s.id, s.text, s.parts) for s in body.segments),
            context=_context(body),
            glossary=_terms(body.glossary),
            paper_terms=paper_terms_of(body.paper, language),
            retry=body.retry,
            sentences=body.sentences,
        )
    )
    return respond(run, [segment.id for segment in body.segments])


@bp.post("/papers/translations")
def translate_papers() -> Response:
    """Translate titles and abstracts of papers."""
    body = decode(PaperTranslationsBody)
    if len(body.ids) > MAX_PAPERS:
        raise PayloadTooLarge(f"A request may name {MAX_PAPERS} papers. Send the rest in another.")
    run, segment_ids = services.current().paper_translations.start(
        list(dict.fromkeys(body.ids)),
        language=languages.find(body.lang),
        glossary=_terms(body.glossary),
        retry=body.retry,
    )
    return respond(run, segment_ids)


def _context(body: TranslationsBody) -> Context:
    """What surrounds the segments: as the client says it, else as it names the paper."""
    if body.context:
        return Context(body.context.title, body.context.section, body.context.abstract)
    return Context(body.paper.title, body.paper.section) if body.paper else Context()


def paper_terms_of(paper: PaperBody | None, language: Language) -> tuple[PaperTerm, ...] | None:
    """The terms of the paper, where one is named."""
    if paper is None:
        return None
    ours = services.current()
    return ours.paper_terms.current(
        page_name(paper.id), language.tag, model=ours.translator.model_name
    )


def _terms(glossary: list[TermBody]) -> tuple[Term, ...]:
    return tuple(term_of(term.source, term.target) for term in glossary)

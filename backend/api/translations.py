"""POST /api/v1/translations, POST /api/v1/papers/translations and GET /api/v1/languages."""

from __future__ import annotations

import re
from typing import Annotated, TypeVar

import msgspec
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from .. import languages, services
from ..errors import InvalidRequest, PayloadTooLarge
from ..papers.identifiers import page_name
from ..terminology.glossary import Term
from ..translation.records import Context, Segment, TranslationRequest
from .guard import needs_token
from .translation_responses import respond

bp = Blueprint("translation", __name__, url_prefix="/api/v1")

MAX_SEGMENTS = 64
MAX_SEGMENT_CHARACTERS = 8_000
MAX_PAPERS = 100
MAX_TERMS = 200

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The character as JSON writes it; a backslash that is itself escaped begins no escape."""

Body = TypeVar("Body")

_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SegmentBody(msgspec.Struct):
    """One segment as a client sends it."""

    id: _Words
    text: str
    parts: bool = False


class ContextBody(msgspec.Struct):
    """What surrounds the segments."""

    title: str = ""
    section: str = ""
    abstract: str = ""


class PaperBody(msgspec.Struct):
    """The paper that the segments are from."""

    id: _Words
    title: str = ""
    section: str = ""


class TermBody(msgspec.Struct):
    """One term of the client's glossary."""

    source: _Words
    target: _Words


class TranslationsBody(msgspec.Struct):
    """The body of POST /api/v1/translations."""

    lang: str
    segments: list[SegmentBody]
    context: ContextBody | None = None
    paper: PaperBody | None = None
    glossary: Annotated[list[TermBody], msgspec.Meta(max_length=MAX_TERMS)] = []
    retry: bool = False
    sentences: bool = False


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
    body = _decode(TranslationsBody)
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
    run = services.current().translator.start(
        TranslationRequest(
            language=languages.find(body.lang),
            segments=tuple(Segment(s.id, s.text, s.parts) for s in body.segments),
            context=_context(body),
            glossary=_terms(body.glossary),
            retry=body.retry,
            sentences=body.sentences,
        )
    )
    return respond(run, [segment.id for segment in body.segments])


@bp.post("/papers/translations")
def translate_papers() -> Response:
    """Translate titles and abstracts of papers."""
    body = _decode(PaperTranslationsBody)
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
    paper = body.paper
    if paper:
        page_name(paper.id)
    if body.context:
        return Context(body.context.title, body.context.section, body.context.abstract)
    return Context(paper.title, paper.section) if paper else Context()


def _terms(glossary: list[TermBody]) -> tuple[Term, ...]:
    terms = [Term(" ".join(t.source.split()), " ".join(t.target.split())) for t in glossary]
    for term in terms:
        if not (term.source and term.target) or re.search(r"[<>]", term.source + term.target):
            raise InvalidRequest("A term of the glossary is a word or a few, without < and >.")
    return tuple(terms)


def _decode(shape: type[Body]) -> Body:
    """The request's body in the shape documented.

    Raises:
        InvalidRequest: no JSON, or another shape; the detail says where.
    """
    data = _received()
    try:
        body = msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as reason:
        raise InvalidRequest(f"The body has another shape than documented: {reason}.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise InvalidRequest("The body is not JSON in UTF-8.") from None
    if _NUL.search(data):
        raise InvalidRequest("The body holds the character U+0000. Leave it out.")
    return body


def _received() -> bytes:
    """The request's body, whole."""
    try:
        data = request.get_data()
    except HTTPException:
        raise
    except Exception:  # the server's own, for chunks that are none
        raise InvalidRequest("The body did not arrive as its headers say.") from None
    # Of a body sent in chunks no more is read than the limit, without a word about the rest.
    if request.content_length is None and len(data) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge
    return data

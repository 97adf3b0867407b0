"""PUT /api/v1/translations and PUT /api/v1/papers/{id}/translation: a reader's own wording, for all readers."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response

from .. import languages, services
from ..contributions.corrections import Correction, correct
from ..errors import InvalidRequest, PayloadTooLarge
from ..texts import placeholders
from ..translation.lookup import look_up
from ..translation.records import Segment, TranslationRequest
from .guard import needs_token
from .request_body import decode, documented
from .translations import MAX_SEGMENT_CHARACTERS, PaperBody, paper_terms_of

bp = Blueprint("corrections", __name__, url_prefix="/api/v1")


@documented
class SegmentCorrection(msgspec.Struct):
    """The body of PUT /api/v1/translations."""

    lang: str
    text: str
    translation: str
    paper: PaperBody | None = None


@documented
class PaperCorrection(msgspec.Struct):
    """The body of PUT /api/v1/papers/{id}/translation: the parts that get another wording, as plain text."""

    lang: str
    title: str | None = None
    abstract: str | None = None


@bp.before_request
def _guard() -> None:
    needs_token()


@bp.put("/translations")
def correct_segment() -> Response:
    """Have one text of a page translated as a reader says, for all readers without a glossary of their own."""
    body = decode(SegmentCorrection)
    return _respond({"translation": _members(_correct(body))})


@bp.put("/papers/<path:id>/translation")
def correct_paper(id: str) -> Response:
    """Have a paper's title or abstract translated as a reader says, in every list it stands on."""
    body, paper = decode(PaperCorrection), services.current().papers.get(id)
    parts = {"title": body.title, "abstract": body.abstract}
    if paper.text_source == "sample":
        raise InvalidRequest("The sample edition's own translations stay as they are.")
    if not any(wording is not None for wording in parts.values()):
        raise InvalidRequest("Send `title`, `abstract` or both, as they are to read.")
    found = {
        part: _members(
            _correct(
                SegmentCorrection(
                    body.lang,
                    placeholders.escape(getattr(paper, part)),
                    placeholders.escape(wording),
                )
            )
        )
        for part, wording in parts.items()
        if wording is not None
    }
    return _respond(found)


def _correct(body: SegmentCorrection) -> Correction:
    for name, text in (("text", body.text), ("translation", body.translation)):
        if len(text) > MAX_SEGMENT_CHARACTERS:
            raise PayloadTooLarge(
                f"`{name}` may hold {MAX_SEGMENT_CHARACTERS:,} characters. Send less."
            )
    language = languages.find(body.lang)
    translator = services.current().translator
    wanted = TranslationRequest(
        language, (Segment("text", body.text),), paper_terms=paper_terms_of(body.paper, language)
    )
    [entry] = look_up(wanted, translator.memory, model=translator.model_name).entries
    return correct(
        translator.memory, entry.protected, body.translation, key=entry.key, language=language
    )


def _members(made: Correction) -> dict[str, Any]:
    shown = made.translation
    return {"kept": made.kept, "verified": shown.verified, "issues": list(shown.issues)}


def _respond(document: dict[str, Any]) -> Response:
    return Response(
        msgspec.json.encode(document),
        mimetype="application/json",
        headers={"Cache-Control": "no-store"},
    )

"""Which language a browser is led to: the first of its own, in the order of its liking, that is ours."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from .. import languages
from ..errors import UnsupportedLanguage
from ..languages import Language

ORIGINALS = languages.find("en")
"""For readers of none of our languages: the papers as they were written."""

_MOST = 20
"""Languages of a header that are looked at; real ones name a handful."""


@lru_cache(maxsize=256)
def preferred(accepted: str) -> Language:
    """The language for an Accept-Language header (RFC 9110, section 12.5.4).

    By quality, then by order. Each tag is matched as in every address of ours, so that zh-TW and zh-HK
    lead to zh-Hant, other Chinese to zh-Hans, pt-PT to Portugal's Portuguese; `*` and what is refused
    (`q=0`) name nothing.
    """
    offers = parse_accept_header(accepted, LanguageAccept)
    for tag, quality in list(offers)[:_MOST]:
        if quality > 0 and (found := _ours(tag)):
            return found
    return ORIGINALS


def _ours(tag: str) -> Language | None:
    try:
        return languages.find(tag)
    except UnsupportedLanguage:
        return None

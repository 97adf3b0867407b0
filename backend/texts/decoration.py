"""Mark-up and quotation marks that a model puts around its whole answer, as in **title**."""

from __future__ import annotations

import re

_QUOTES = '"“”„‟«»‹›「」『』《》〈〉'
_ANY_QUOTE = _QUOTES + "'‘’"
_PAIRS = (
    *(("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("`", "`"), ('"', '"'), ("“", "”")),
    *(("„", "“"), ("„", "”"), ("”", "”"), ("«", "»"), ("»", "«"), ("‹", "›"), ("「", "」")),
    *(("『", "』"), ("《", "》"), ("〈", "〉"), ("‘", "’"), ("'", "'")),
)
_HEADING = re.compile(r"#{1,6} +(?P<inside>[^\n]*?)(?: +#+)?")
_FENCE = re.compile(r"```[a-z]*\s(?P<inside>[^`]*)```")
_ELEMENT = re.compile(
    r"(?:<|&lt;)(?P<name>b|i|em|strong|p|h[1-6]|u|code|span|div|title|text|abstract)(?:>|&gt;)"
    r"(?P<inside>.*)(?:<|&lt;)/(?P=name)(?:>|&gt;)",
    re.DOTALL | re.IGNORECASE,
)
_MAX_LAYERS = 4


def without_decoration(source: str, translated: str) -> str:
    """The translation, in protected form, without what surrounds all of it and nothing of the source."""
    text = translated.strip()
    for _ in range(_MAX_LAYERS):
        inside = _undressed(source.strip(), text)
        if inside == text or not inside:
            break
        text = inside
    return text


def begins_decorated(source: str, translated: str) -> bool:
    """Whether an answer that streams in begins with what may turn out to be decoration."""
    first, theirs = translated.lstrip()[:1], source.lstrip()[:1]
    if not first or first == theirs:
        return False
    return first in "*_#`" or (first in _ANY_QUOTE and theirs not in _ANY_QUOTE)


def _undressed(source: str, text: str) -> str:
    for form, mark in ((_HEADING, "#"), (_FENCE, "`"), (_ELEMENT, "&lt;")):
        around = form.fullmatch(text)
        if around and not source.startswith(mark):
            return around["inside"].strip()
    for opening, closing in _PAIRS:
        if len(text) <= len(opening) + len(closing) or not text.startswith(opening):
            continue
        if not text.endswith(closing) or _has(source, opening, closing):
            continue
        inside = text[len(opening) : -len(closing)]
        # „A“ und „B“ are two, and not one thing in quotation marks.
        if opening not in inside and closing not in inside:
            return inside.strip()
    return text


def _has(source: str, opening: str, closing: str) -> bool:
    """Whether the source begins or ends like that itself, in whichever of the quotation marks."""
    if opening in _ANY_QUOTE:
        first, last = source[:1], source.rstrip(".!?,;")[-1:]
        return bool(first and first in _ANY_QUOTE + "`") or bool(last and last in _ANY_QUOTE)
    return source.startswith(opening) or source.endswith(closing)

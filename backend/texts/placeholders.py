"""Segments with placeholders: what the model sees of a text, and the way back.

A segment in *API form* is prose with `<x1/>` (something opaque) and `<g2>…</g2>` (words with
mark-up), numbered by the client, a literal `<`, `>` or `&` as an entity, and possibly raw TeX. Its
*protected* form has one canonical numbering for the client's placeholders and for the TeX, URLs,
citations and so on that were found: it is what the model is asked to translate and what the
translation memory is keyed by, so that one abstract has one key whether it came as TeX or from a
page where MathJax had typeset it.

What protecting normalises, and restoring does not bring back: runs of white space are one space,
none at the ends; accents and text symbols are Unicode (NFC); TeX's quotes, dashes, ties and escaped
signs are the characters they stand for; control characters are gone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from backend.errors import InvalidRequest
from backend.texts import tex
from backend.texts.tags import TAG, Fault, compare, complete, tidy
from backend.texts.tex import Kind, Piece

__all__ = [
    "Fault",
    "Protected",
    "compare",
    "complete",
    "escape",
    "protect",
    "restore",
    "tidy",
    "to_plain",
    "unescape",
]

MOST_PLACEHOLDERS = 500


@dataclass(frozen=True, slots=True)
class Protected:
    """A segment as the model sees it, and what its placeholders stand for.

    Args:
        text: the protected text; equal for equal abstracts, whatever route they came.
        originals: placeholder number -> its opening and closing source in API form; the closing is
            empty for something opaque.
    """

    text: str
    originals: Mapping[int, tuple[str, str]]


def escape(plain: str) -> str:
    """Plain text in API form: a literal `<`, `>` or `&` cannot be taken for a placeholder."""
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The plain text of API form that holds no placeholders."""
    return _ENTITY.sub(lambda match: _ENTITIES[match.group()], text)


def to_plain(text: str) -> str:
    """A restored translation of plain text, as plain text again."""
    return unescape(text)


def protect(text: str) -> Protected:
    """The protected form of a segment in API form.

    Raises:
        InvalidRequest: the client's placeholders are malformed, do not nest or are too many.
    """
    plain, marks = _take_out(text)
    pieces = _without_hollow_pairs(tex.scan(plain))
    parts: list[str] = []
    originals: dict[int, tuple[str, str]] = {}
    waiting: list[int] = []
    number = 0
    for piece in pieces:
        if piece.kind is Kind.PROSE:
            parts.append(escape(piece.text))
            continue
        source = _put_in(piece.source, marks)
        if piece.kind is Kind.CLOSE:
            opened = waiting.pop()
            originals[opened] = (originals[opened][0], source)
            parts.append(f"</g{opened}>")
            continue
        number += 1
        originals[number] = (source, "")
        if piece.kind is Kind.OPEN:
            waiting.append(number)
            parts.append(f"<g{number}>")
        elif piece.kind is Kind.BREAK:
            parts.append(f" <x{number}/>")
        else:
            parts.append(f"<x{number}/>")
    return Protected(_normalised("".join(parts)), originals)


def restore(protected: Protected, translated: str) -> str:
    """A translation in API form, each placeholder as it was in the segment.

    Placeholders that the segment does not have are left out.
    """
    parts: list[str] = []
    position = 0
    for match in TAG.finditer(translated):
        parts.append(escape(unescape(translated[position : match.start()])))
        position = match.end()
        opening, closing = protected.originals.get(int(match[1] or match[3]), ("", ""))
        is_pair = bool(closing)
        if is_pair == bool(match[3]):
            parts.append(closing if match[2] else opening)
    parts.append(escape(unescape(translated[position:])))
    return "".join(parts)


# The client's placeholders, taken out of the way of the TeX scanner

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_PRIVATE = "[\U000f0000-\U000ffffd\U00100000-\U0010fffd]+"
_CLIENT_TOKEN = re.compile(rf"<x([0-9]+)/>|<(/?)g([0-9]+)>|&(?:lt|gt|amp);|({_PRIVATE})")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLANE_15, _PLANE_16 = 0xF0000, 0x100000
_MOST_MARKS = 32_000


def _take_out(text: str) -> tuple[str, dict[str, str]]:
    """The segment as plain text with a private character for each client placeholder.

    Private characters that the text itself holds are taken out in the same way.
    """
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    parts: list[str] = []
    marks: dict[str, str] = {}
    waiting: list[tuple[str, int]] = []
    count = opaque = pairs = position = 0
    for match in _CLIENT_TOKEN.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        token = match.group()
        if token in _ENTITIES:
            parts.append(_ENTITIES[token])
            continue
        number = match[1] or match[3]
        if number:
            count += 1
            _check_number(number, count)
        if match[3] and match[2]:
            if not waiting or waiting[-1][0] != match[3]:
                raise InvalidRequest(
                    f"Placeholder {token} closes nothing that is open there:"
                    " <gN> and </gN> must come in pairs that nest."
                )
            mark = chr(waiting.pop()[1] + 1)
        elif match[3]:
            code = _PLANE_15 + 2 * pairs
            pairs += 1
            waiting.append((match[3], code))
            mark = chr(code)
        else:
            mark = chr(_PLANE_16 + opaque)
            opaque += 1
        if max(opaque, pairs) > _MOST_MARKS:
            raise InvalidRequest("The segment holds too many private-use characters.")
        marks[mark] = token
        parts.append(mark)
    if waiting:
        raise InvalidRequest(
            f"Placeholder <g{waiting[-1][0]}> is never closed: add </g{waiting[-1][0]}>."
        )
    parts.append(text[position:])
    return "".join(parts), marks


def _check_number(number: str, count: int) -> None:
    if number.startswith("0") or len(number) > 4:
        raise InvalidRequest("Placeholder numbers go from 1 to 9999, without leading zeros.")
    if count > MOST_PLACEHOLDERS:
        raise InvalidRequest(
            f"The segment has more than {MOST_PLACEHOLDERS} placeholders: split it."
        )


_MARK = re.compile("[\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


def _put_in(source: str, marks: Mapping[str, str]) -> str:
    """A piece's source in API form, with the client's placeholders back in it."""
    return _MARK.sub(lambda match: marks[match.group()], escape(source))


def _without_hollow_pairs(pieces: list[Piece]) -> list[Piece]:
    """Pairs with nothing to translate between them become one opaque piece.

    The marks of the client's own pairs become pairs here.
    """
    result: list[Piece] = []
    open_at: list[int] = []
    for piece in pieces:
        kind = _pair_kind(piece)
        if kind is Kind.OPEN:
            open_at.append(len(result))
            result.append(Piece(Kind.OPEN, piece.source, piece.text, piece.role))
        elif kind is Kind.CLOSE:
            start = open_at.pop()
            inside = result[start + 1 :]
            if _is_hollow(inside):
                source = "".join(part.source for part in [*result[start:], piece])
                del result[start:]
                result.append(Piece(Kind.OPAQUE, source, source, "mark"))
            else:
                result.append(Piece(Kind.CLOSE, piece.source, piece.text, piece.role))
        else:
            result.append(piece)
    return result


def _pair_kind(piece: Piece) -> Kind:
    if piece.role == "mark" and len(piece.source) == 1 and ord(piece.source) < _PLANE_16:
        return Kind.OPEN if ord(piece.source) % 2 == 0 else Kind.CLOSE
    return piece.kind


_LINK_WORDS = re.compile(r"\s*this (?:https?|ftp) URL\s*")


def _is_hollow(pieces: list[Piece]) -> bool:
    if len(pieces) > 3:
        return False
    words = "".join(piece.text for piece in pieces if piece.kind is Kind.PROSE)
    opaque = sum(piece.kind is Kind.OPAQUE for piece in pieces)
    if any(piece.kind not in (Kind.PROSE, Kind.OPAQUE) for piece in pieces):
        return False
    if not opaque:
        return not words.strip() or _LINK_WORDS.fullmatch(words) is not None
    return opaque == 1 and not words.strip()


def _normalised(text: str) -> str:
    return " ".join(text.split())

"""Segments with placeholders: what the model sees of a text, and the way back.

A segment in *API form* is prose with `<x1/>` (something opaque) and `<g2>…</g2>` (words with
mark-up), numbered by the client, a literal `<`, `>` or `&` as an entity, and possibly raw TeX. Its
*protected* form has one canonical numbering for the client's placeholders and for the TeX, URLs,
citations and so on that were found: it is what the model is asked to translate and what the
translation memory is keyed by, so that one abstract has one key whether it came as TeX or from a
page where MathJax had typeset it.

What protecting normalises, and restoring does not bring back: runs of white space are one space,
none at the ends; emphasis that begins or ends inside a word (`\\textbf{B}idirectional`) is gone, as
no other language has that letter there; accents, text symbols and single Greek letters are Unicode
(NFC); TeX's quotes, dashes, ties and escaped signs are the characters they stand for; control
characters are gone. Everything else comes back as it was, character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import InvalidRequest
from . import pairs, parts
from .placeholder_tags import TAG, Fault, compare, complete, tidy
from .tex.scanner import scan
from .tex.sentinels import MARK, MAX_SENTINELS, opaque_mark, pair_marks
from .tex.spans import Kind

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

MAX_PLACEHOLDERS = 500
"""How many placeholders of the client's one segment may hold."""


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


def protect(text: str, *, in_parts: bool = False) -> Protected:
    """The protected form of a segment in API form.

    Args:
        in_parts: marks `<p1/>` stand in it where displays part it (see `parts`); they stay as they are.

    Raises:
        InvalidRequest: the client's placeholders are malformed, do not nest or are too many.
    """
    originals: dict[int, tuple[str, str]] = {}
    if in_parts:
        pieces = [_protect(piece, originals) for piece in parts.take_apart(text)]
        return Protected(" ".join(parts.join(pieces).split()), originals)
    parts.refuse(text)
    return Protected(_protect(text, originals), originals)


def _protect(text: str, originals: dict[int, tuple[str, str]]) -> str:
    """The protected form of a text, whose placeholders are numbered on from those there are."""
    plain, marks = _take_out(text)
    found: list[str] = []
    open_numbers: list[int] = []
    for piece in pairs.without_emphasis_in_words(pairs.without_hollow(scan(plain))):
        if piece.kind is Kind.PROSE:
            found.append(escape(_composed(piece.text)))
            continue
        source = _put_in(piece.source, marks)
        if piece.kind is Kind.CLOSE:
            number = open_numbers.pop()
            originals[number] = (originals[number][0], source)
            found.append(f"</g{number}>")
            continue
        number = len(originals) + 1
        originals[number] = (source, "")
        if piece.kind is Kind.OPEN:
            open_numbers.append(number)
            found.append(f"<g{number}>")
        elif piece.kind is Kind.BREAK:
            # As a page has it: a line break after white space, the next line after it at once.
            found.append(f" <x{number}/>")
        else:
            found.append(f"<x{number}/>")
    return " ".join("".join(found).split())


def restore(protected: Protected, translated: str) -> str:
    """A translation in API form, each placeholder as it was in the segment.

    Works on any stretch of a translation that ends between characters and tags, as it streams in.
    Placeholders that the segment does not have are left out.
    """
    found: list[str] = []
    position = 0
    after = ""
    for match in TAG.finditer(translated):
        found.append(_after(after, _literal(translated[position : match.start()])))
        position = match.end()
        number = match["opaque"] or match["pair"]
        opening, closing = protected.originals.get(int(number or 0), ("", ""))
        if bool(closing) != bool(match["pair"]):
            opening = closing = ""  # a pair used as something opaque, or the other way round
        after = match[0] if match["part"] else closing if match["closes"] else opening
        if after.isspace():
            found[-1] = found[-1].rstrip(" ")
        found.append(after)
    found.append(_after(after, _literal(translated[position:])))
    return "".join(found)


_COMMAND_AT_END = re.compile(r"\\[A-Za-z]+$")
_ENDS_COMMAND = re.compile(r"[A-Za-z]")


def _after(source: str, words: str) -> str:
    """Words as they may follow a restored source.

    A language may put a word right behind a command, `\\kms` say, which must not become its name;
    a line begins without a space.
    """
    if source.isspace():
        return words.lstrip(" ")
    if _ENDS_COMMAND.match(words) and _COMMAND_AT_END.search(source):
        return f" {words}"
    return words


def _literal(text: str) -> str:
    """Words of a model's answer in API form, whichever of `<` and `&lt;` it wrote."""
    return escape(unescape(text))


_DOTLESS_UNDER_ACCENT = re.compile("[ıȷ](?=[\u0300-\u036f])")


def _composed(prose: str) -> str:
    """Prose in Unicode's composed form; arXiv's pages put some accents on dotless letters."""
    if prose.isascii():
        return prose
    dotted = _DOTLESS_UNDER_ACCENT.sub(lambda match: "i" if match[0] == "ı" else "j", prose)
    return unicodedata.normalize("NFC", dotted)


# The client's placeholders, taken out of the way of the TeX scanner

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_CLIENT_TOKEN = re.compile(rf"<x([0-9]+)/>|<(/?)g([0-9]+)>|&(?:lt|gt|amp);|{MARK.pattern}+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _take_out(text: str) -> tuple[str, dict[str, str]]:
    """The segment as plain text with a mark for each client placeholder, and what the marks mean.

    Characters of the text that look like marks are taken out in the same way.
    """
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    found: list[str] = []
    marks: dict[str, str] = {}
    waiting: list[tuple[str, str]] = []
    count = opaque = paired = position = 0
    for match in _CLIENT_TOKEN.finditer(text):
        found.append(text[position : match.start()])
        position = match.end()
        token = match.group()
        if token in _ENTITIES:
            found.append(_ENTITIES[token])
            continue
        number = match[1] or match[3]
        if number:
            count += 1
            _check_number(number, count)
        if not match[3]:
            mark = opaque_mark(opaque)
            opaque += 1
        elif not match[2]:
            mark, closing = pair_marks(paired)
            paired += 1
            waiting.append((number, closing))
        elif waiting and waiting[-1][0] == number:
            mark = waiting.pop()[1]
        else:
            raise InvalidRequest(
                f"Placeholder {token} closes nothing that is open there:"
                " <gN> and </gN> must come in pairs that nest."
            )
        if opaque > MAX_SENTINELS:
            raise InvalidRequest("The segment holds too many private-use characters.")
        marks[mark] = token
        found.append(mark)
    if waiting:
        number = waiting[-1][0]
        raise InvalidRequest(f"Placeholder <g{number}> is never closed: add </g{number}>.")
    found.append(text[position:])
    return "".join(found), marks


def _check_number(number: str, count: int) -> None:
    if number.startswith("0") or len(number) > 4:
        raise InvalidRequest("Placeholder numbers go from 1 to 9999, without leading zeros.")
    if count > MAX_PLACEHOLDERS:
        raise InvalidRequest(
            f"The segment has more than {MAX_PLACEHOLDERS} placeholders: split it."
        )


def _put_in(source: str, marks: Mapping[str, str]) -> str:
    """A piece's source in API form, with what the marks stand for back in it."""
    return MARK.sub(lambda match: marks[match.group()], escape(source))

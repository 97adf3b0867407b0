"""Translation memories as TMX 1.4b files (LISA OSCAR, 2005), written and read one unit at a time.

A placeholder of ours is `<ph x="1"/>`, a pair around words `<bpt i="2" x="2"/>…<ept i="2"/>`, a mark between
parts `<ph x="3" type="part"/>`; its content stays away, as the memory does not hold it. Properties carry
what TMX has no place for: `x-origin` (the model, or `reader`) and `x-verified`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO
from xml.etree import ElementTree as ET

from ..errors import InvalidRequest
from ..texts import placeholders
from ..texts.placeholder_tags import TAG
from ..version import VERSION

SOURCE_LANGUAGE = "en"
MAX_TEXT_CHARACTERS = 40_000
"""Of a segment that is read; longer ones are passed over."""

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Unit:
    """A text and its translation, both in protected form.

    Args:
        lang: BCP 47 tag of the translation.
        origin: who translated: a model's name, `reader`, or the program that wrote the file.
        changed_at: when it was last changed, where that is known.
    """

    source: str
    translation: str
    lang: str
    origin: str
    verified: bool = False
    changed_at: datetime | None = None


def write(units: Iterable[Unit], file: IO[bytes]) -> int:
    """Write a memory as UTF-8; gives the number of units."""
    header = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
        f'<header creationtool="Paperglot" creationtoolversion="{VERSION}" segtype="block" o-tmf="Paperglot"'
        f' adminlang="en" srclang="{SOURCE_LANGUAGE}" datatype="xml"/>\n<body>\n'
    )
    file.write(header.encode())
    number = 0
    for unit in units:
        number += 1
        file.write(ET.tostring(_element(unit), encoding="utf-8") + b"\n")
    file.write(b"</body>\n</tmx>\n")
    return number


def read(file: IO[bytes]) -> Iterator[Unit]:
    """The units of a TMX file that have an English text and a translation, in every other language it has.

    What other programs put inside `bpt`, `ept`, `it`, `ph` is left out: it is native code, no words.

    Raises:
        InvalidRequest: the file is no XML, or no TMX.
    """
    language = ""
    try:
        for event, element in ET.iterparse(file, ("start", "end")):
            if event == "start":
                if element.tag == "tmx" and not language:
                    language = SOURCE_LANGUAGE
                elif not language:
                    raise InvalidRequest("This is no TMX file: its outermost element is not <tmx>.")
                continue
            if element.tag == "header":
                language = element.get("srclang", SOURCE_LANGUAGE)
            elif element.tag == "tu":
                yield from _units(element, language)
                element.clear()
    except ET.ParseError as error:
        line, column = error.position
        raise InvalidRequest(
            f"The file is no well-formed XML: line {line}, column {column}."
        ) from None
    except (LookupError, ValueError):  # an encoding that nobody, or nobody's XML, knows
        raise InvalidRequest("The file names an encoding that cannot be read. Use UTF-8.") from None


def _element(unit: Unit) -> ET.Element:
    element = ET.Element("tu", {"srclang": SOURCE_LANGUAGE})
    for lang, text in ((SOURCE_LANGUAGE, unit.source), (unit.lang, unit.translation)):
        variant = ET.SubElement(element, "tuv", {"xml:lang": lang})
        if lang == unit.lang:
            if unit.changed_at:
                variant.set("changedate", unit.changed_at.astimezone(UTC).strftime(_TIME))
            for name, value in (
                ("x-origin", unit.origin),
                ("x-verified", "yes" if unit.verified else "no"),
            ):
                ET.SubElement(variant, "prop", {"type": name}).text = _NOT_XML.sub("", value)
        _fill(ET.SubElement(variant, "seg"), text)
    return element


def _fill(segment: ET.Element, text: str) -> None:
    """Put a protected text into a `seg`, its placeholders as TMX's elements."""
    last: ET.Element | None = None
    position = 0
    for match in [*TAG.finditer(text), None]:
        words = text[position : match.start() if match else None]
        plain = _NOT_XML.sub("", placeholders.unescape(words))
        if last is None:
            segment.text = plain
        else:
            last.tail = plain
        if match is None:
            return
        position = match.end()
        if match["pair"]:
            name = "ept" if match["closes"] else "bpt"
            last = ET.SubElement(segment, name, {"i": match["pair"]})
            if name == "bpt":
                last.set("x", match["pair"])
        elif match["part"]:
            last = ET.SubElement(segment, "ph", {"x": match["part"], "type": "part"})
        else:
            last = ET.SubElement(segment, "ph", {"x": match["opaque"]})


def _units(element: ET.Element, default_language: str) -> Iterator[Unit]:
    source_language = element.get("srclang", default_language).lower()
    variants: list[tuple[str, str, ET.Element]] = []
    for variant in element.iter("tuv"):
        segment = variant.find("seg")
        lang = variant.get(_LANGUAGE) or variant.get("lang") or ""
        if segment is None or not lang:
            continue
        text = _protected(segment)
        if text and len(text) <= MAX_TEXT_CHARACTERS:
            variants.append((lang, text, variant))
    sources = [v for v in variants if _is(v[0], source_language) and _is(v[0], SOURCE_LANGUAGE)]
    if not sources:
        return
    for lang, text, variant in variants:
        if not _is(lang, SOURCE_LANGUAGE):
            properties = {p.get("type"): p.text or "" for p in variant.iter("prop")}
            yield Unit(
                sources[0][1],
                text,
                lang,
                origin=properties.get("x-origin", "")[:200],
                verified=properties.get("x-verified") == "yes",
                changed_at=_moment(variant.get("changedate") or variant.get("creationdate")),
            )


def _is(lang: str, wanted: str) -> bool:
    """Whether a tag is the wanted language or a kind of it; TMX's `*all*` is every language."""
    return wanted == "*all*" or lang.lower() == wanted or lang.lower().startswith(wanted + "-")


def _protected(segment: ET.Element) -> str:
    """A `seg` in protected form. Marks are numbered as the file says, else in their order."""
    pieces = [placeholders.escape(segment.text or "")]
    opened: dict[str, str] = {}
    used = 0
    for child in segment:
        number = child.get("x") or ""
        if not re.fullmatch(r"[1-9][0-9]{0,3}", number):
            number = str(used + 1)
        if child.tag == "hi":
            pieces.append(placeholders.escape("".join(child.itertext())))
        elif child.tag == "bpt":
            opened[child.get("i", "")] = number
            pieces.append(f"<g{number}>")
            used = max(used, int(number))
        elif child.tag == "ept":
            pieces.append(f"</g{opened.get(child.get('i', ''), number)}>")
        elif child.get("type") == "part":
            pieces.append(f"<p{number}/>")
        else:
            pieces.append(f"<x{number}/>")
            used = max(used, int(number))
        pieces.append(placeholders.escape(child.tail or ""))
    return " ".join("".join(pieces).split())


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None

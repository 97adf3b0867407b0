"""BibTeX as pdfLaTeX with BibTeX and LuaLaTeX with biber set it without an error."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .names import Name
from .record import Citation
from .tex_text import tex_text


def write(records: Sequence[Citation]) -> str:
    """Entries one after another, each ended by a line break, parted by an empty line.

    The translation stands in fields of our own, which no bibliography prints: `note` would be, and a
    Chinese one stops pdfLaTeX.
    """
    return "\n".join(_entry(record) for record in records)


def _entry(record: Citation) -> str:
    translation = record.translation
    fields = {
        "title": f"{{{tex_text(record.title)}}}",
        "author": " and ".join(filter(None, map(_author, record.authors))),
        "year": str(record.year),
        "eprint": record.id,
        "archivePrefix": "arXiv",
        "primaryClass": tex_text(record.primary_class),
        "doi": record.doi,
        "url": record.url,
        "abstract": tex_text(record.abstract),
        "keywords": ", ".join(filter(None, map(_keyword, record.categories))),
        "translatedtitle": tex_text(translation.title) if translation else "",
        "translatedabstract": tex_text(translation.abstract or "") if translation else "",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{record.key},\n{lines}\n}}\n"


def _keyword(word: str) -> str:
    return tex_text(word).replace(",", ";")  # a comma would end it


def _author(name: Name) -> str:
    """As arXiv writes it; the order of BibTeX's own only where it would not read that rightly."""
    plain = tex_text(f"{name.given} {name.whole_family}")
    if name.is_group or re.search(r"(?:^|\s)and(?:\s|$)", plain, re.IGNORECASE):
        return plain and f"{{{plain}}}"
    family, given = tex_text(name.whole_family), tex_text(name.given)
    if name.suffix:
        return f"{family}, {tex_text(name.suffix)}, {given}"
    # BibTeX takes small words for the beginning of a family name: bell hooks.
    return f"{family}, {given}" if name.given[:1].islower() else plain

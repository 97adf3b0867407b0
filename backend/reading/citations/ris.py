"""RIS, for Zotero, EndNote, Mendeley and others: two letters a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ... import languages
from ...papers.records import PaperTranslation
from ..readable_text import readable
from .record import Citation

# Zotero knows no type for preprints in RIS and makes a journal article of any it does not know; a report has
# its number and its institution printed, as arXiv's is used to be (zotero/translators, RIS.js, 2026-01-05).
_TYPE = "RPRT"


def write(records: Sequence[Citation]) -> str:
    """Records one after another, lines ended as the format asks (CR LF).

    `AB` is the original abstract. The translation stands in `TT` (translated title) and `RN` (research
    notes), which no style prints; Zotero makes a note of `RN`, also of what it saves from a page.
    """
    return "\r\n".join(
        "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in _fields(record) if value)
        + "ER  - \r\n"
        for record in records
    )


def _fields(record: Citation) -> Iterator[tuple[str, str]]:
    year, month, day = (*record.date, 0, 0)[:3]
    yield "TY", _TYPE
    yield "ID", record.key
    yield "TI", record.readable_title
    for name in record.authors:
        # A comma parts family and given names, and cannot be escaped.
        yield "AU", name.family.replace(",", ";") if name.is_group else name.inverted
    yield "PY", str(year)
    yield "DA", f"{year}/{month:02}/{day:02}/" if day else f"{year}/{month:02}//"
    yield "PB", "arXiv"
    yield "SN", f"arXiv:{record.id}"
    yield "M3", "Preprint"
    yield "DO", record.doi
    yield "UR", record.url
    yield "LA", "en"
    for keyword in (*record.categories, *record.keywords):
        yield "KW", keyword.replace(";", ",")  # a semicolon would part it
    yield "AB", record.readable_abstract
    if record.translation:
        yield "TT", readable(record.translation.title)
        yield "RN", _note(record.translation)


def _note(translation: PaperTranslation) -> str:
    name = languages.find(translation.lang).name
    state = "verified" if translation.verified else "not verified"
    text = (
        f"{translation.title}: {translation.abstract}"
        if translation.abstract
        else translation.title
    )
    # Zotero reads a note that holds a tag as HTML; no tag begins with a space.
    return f"{name} ({translation.lang}), {state}: {readable(text)}".replace("<", "< ")


def _line(value: str) -> str:
    """One line: nothing in a field may begin another."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value).strip()

"""CSL-JSON, which citation processors and Pandoc read (https://github.com/citation-style-language/schema)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ..readable_text import readable
from .names import Name
from .record import Citation


def write(records: Sequence[Citation]) -> str:
    """A JSON array of items. The translation stands in `custom`, which no style knows."""
    items = [_item(record) for record in records]
    return msgspec.json.format(msgspec.json.encode(items), indent=2).decode()


def _item(record: Citation) -> dict[str, Any]:
    translation = record.translation
    item: dict[str, Any] = {
        "id": record.key,
        # What CSL 1.0.2 has for preprints.
        "type": "article",
        "genre": "Preprint",
        "title": record.readable_title,
        "author": [_name(name) for name in record.authors],
        "issued": {"date-parts": [list(record.date)]},
        "publisher": "arXiv",
        "number": f"arXiv:{record.id}",
        "DOI": record.doi,
        "URL": record.url,
        "language": "en",
        "keyword": ", ".join((*record.categories, *record.keywords)),
        "abstract": record.readable_abstract,
    }
    if translation:
        item["custom"] = {
            "translated-language": translation.lang,
            "translated-title": readable(translation.title),
            "translated-abstract": readable(translation.abstract or ""),
            "translated-verified": translation.verified,
            "translated-by": translation.origin,
        }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    if name.is_group:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}

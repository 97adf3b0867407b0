"""HTML's entities in an answer: models trained on web pages write &apos; and &#39; for an apostrophe."""

from __future__ import annotations

import html
import re
from html.entities import name2codepoint

from .invisible_characters import without_unseen

_NAMED = {**{name: chr(point) for name, point in name2codepoint.items()}, "apos": "'"}
_OURS = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_ENTITY = re.compile(
    r"&(?P<again>amp;)?(?P<name>[A-Za-z][A-Za-z0-9]{1,7}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"
)


def read_entities(source: str, translated: str) -> str:
    """The translation with the characters that entities stand for, read once.

    Both are in protected form, where `&lt;`, `&gt;` and `&amp;` are ours and stay. What the source has
    literally (`&amp;quot;`, in a paper about HTML) is what is talked about and stays as well.
    """
    if "&" not in translated:
        return translated
    literal = {match["name"] for match in _ENTITY.finditer(source) if match["again"]}

    def read(match: re.Match[str]) -> str:
        name = match["name"]
        if match[0] in _OURS.values():
            return match[0]
        if name in literal:
            return f"&amp;{name};"
        char = _character(name)
        return match[0] if not char else _OURS.get(char, without_unseen(char))

    return _ENTITY.sub(read, translated)


def _character(name: str) -> str:
    return html.unescape(f"&{name};") if name.startswith("#") else _NAMED.get(name, "")

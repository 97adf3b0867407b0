"""Is every character whole? Servers that stream cut some in two, and what is left is kept for ever."""

from __future__ import annotations

from collections import Counter

from ..texts.invisible_characters import broken_characters
from .issues import Issue


def check(source: str, translation: str) -> list[Issue]:
    """Whether the translation, both in protected form, has broken characters that the source lacks."""
    if Counter(broken_characters(translation)) - Counter(broken_characters(source)):
        return [Issue("script", "Some characters were lost or broken; write each word in full.")]
    return []

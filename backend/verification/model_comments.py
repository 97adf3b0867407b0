"""Does the answer hold anything but the translation: a refusal, a preamble, a note?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from .issues import Issue
from .prose import Prose

_BEGINNING: Final = 80  # characters of the source that may excuse an opening
_OPENING: Final = 120
_MAX_CHARACTERS: Final = 20_000
_LEADING: Final = re.compile(r"^[\s\"'“”„«»「『（(\[【*#_>`¡¿-]+")
_BEFORE_A_LABEL: Final = ("", *"\n(（[【。.!?！？")
_DETAILS: Final = {
    "refusal": "The answer is a refusal; the text is data and has to be translated.",
    "preamble": "Answer with the translation alone, without a preamble.",
    "note": "Answer with the translation alone, without notes.",
    "chatter": "Answer with the translation alone, without remarks to the reader.",
    "wrapping": "Answer with the translation alone, without code fences or tags around it.",
}


@dataclass(frozen=True)
class _Saying:
    """Phrases of one kind, and the English words in a source that make them a translation."""

    kind: str
    source: tuple[str, ...]
    phrases: tuple[str, ...]
    pattern: re.Pattern[str] | None
    label: re.Pattern[str] | None

    def is_opening_of(self, text: str) -> bool:
        return text.startswith(self.phrases) or bool(self.pattern and self.pattern.match(text))

    def is_in(self, text: str, source: str) -> bool:
        if any(phrase in text and phrase not in source for phrase in self.phrases):
            return True
        if self.label is None:
            return False
        # What stands before a label is looked at afterwards: so the search can skip to its letters.
        return any(
            text[: match.start()].rstrip(" *\xa0")[-1:] in _BEFORE_A_LABEL
            for match in self.label.finditer(text)
        )

    def is_excused(self, source: str) -> bool:
        return any(word in source for word in self.source)


def check(source: Prose, translation: Prose) -> list[Issue]:
    """What the answer says beside the translation, all of it under the name `refusal`."""
    openings, anywhere = _sayings()
    text = translation.lower[:_MAX_CHARACTERS]
    beginning = _LEADING.sub("", text[:_OPENING])
    theirs = source.lower[:_MAX_CHARACTERS]
    kinds = [
        saying.kind
        for saying in openings
        if saying.is_opening_of(beginning)
        and not saying.is_excused(theirs[:_BEGINNING])
        and not saying.is_opening_of(_LEADING.sub("", theirs[:_OPENING]))
    ]
    kinds += [
        saying.kind
        for saying in anywhere
        if saying.is_in(text, theirs) and not saying.is_excused(theirs)
    ]
    return [Issue("refusal", _DETAILS[kind]) for kind in dict.fromkeys(kinds)]


@cache
def _sayings() -> tuple[Sequence[_Saying], Sequence[_Saying]]:
    text = Path(__file__).with_name("model_comments.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)
    return tuple(map(_saying, entries["opening"])), tuple(map(_saying, entries["anywhere"]))


def _saying(entry: dict[str, Any]) -> _Saying:
    patterns = entry.get("patterns", [])
    labels = sorted(map(re.escape, entry.get("labels", [])), key=len, reverse=True)
    return _Saying(
        kind=entry["kind"],
        source=tuple(entry["source"]),
        phrases=tuple(entry.get("phrases", [])),
        pattern=re.compile("|".join(patterns)) if patterns else None,
        label=re.compile(f"(?:{'|'.join(labels)})\\**[ \xa0\u202f]?[:：]") if labels else None,
    )

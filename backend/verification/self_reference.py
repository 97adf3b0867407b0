"""Does the answer speak of the task, "the text was not translated; write in Spanish", instead of doing it?

A small model translates its instructions when it is told what was wrong. Nothing of that kind is a
translation of a source that does not speak of translating, answers or languages itself.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..languages import Language
from ..texts.prose import Prose
from .issues import Issue

MAX_REMARK: Final = 240
"""Characters of a text that can be nothing but a remark."""

_STEM: Final = 4  # letters of a language's English name that a source about it has: "germ", "span"
_UNSPACED: Final = "\u0900"  # from here on words may be joined to others


@dataclass(frozen=True)
class _Talk:
    excused_by: tuple[str, ...]
    said: re.Pattern[str]

    def is_in(self, translation: str, source: str) -> bool:
        if not self.said.search(translation) or self.said.search(source):
            return False
        return not any(word in source for word in self.excused_by)


def check(source: Prose, translation: Prose, language: Language) -> list[Issue]:
    """Whether the answer speaks of itself, where the source gives no reason to."""
    theirs, ours = source.lower, translation.lower
    talks = (_translating(language.tag), _translating("en"), *_protocol())
    told = any(talk is not None and talk.is_in(ours, theirs) for talk in talks)
    if told or _names_language(ours, theirs, language):
        return [
            Issue("refusal", "The answer speaks of the task; answer with the translation alone.")
        ]
    return []


def is_remark(text: str, language: Language) -> bool:
    """Whether a text whose source is unknown is a remark on the task: it speaks of translating and of
    its own language, and is as short as such a remark."""
    lower = Prose(text).lower
    talk = _translating(language.tag)
    told = talk is not None and talk.is_in(lower, "")
    return told and len(text) <= MAX_REMARK and _names_language(lower, "", language)


def _names_language(translation: str, source: str, language: Language) -> bool:
    """Whether the language is named, by itself or in English, and the source has nothing like it."""
    names = _names(language)
    if any(stem in source for stem in _stems(language)):
        return False
    return names.search(translation) is not None and names.search(source) is None


@cache
def _stems(language: Language) -> tuple[str, ...]:
    name = language.name.lower()
    return (name[:_STEM], *_data()["excuses"].get(language.tag.split("-")[0], ()))


@cache
def _names(language: Language) -> re.Pattern[str]:
    plain = language.endonym.split(" (")[0].lower()
    known = _data()["names"].get(language.tag, [plain])
    english = [] if language.tag == "en" else [language.name.split(" (")[0].lower()]
    return re.compile("|".join(_whole(name) for name in (*known, *english)))


def _whole(name: str) -> str:
    """A name as a word of its own, where the script separates words."""
    return rf"(?<!\w){re.escape(name)}(?!\w)" if name[0] < _UNSPACED else re.escape(name)


@cache
def _translating(tag: str) -> _Talk | None:
    said = _data()["translating"].get(tag.split("-")[0])
    return _Talk(tuple(_data()["excused_by"]), re.compile(said)) if said else None


@cache
def _protocol() -> tuple[_Talk, ...]:
    return tuple(
        _Talk(tuple(entry["excused_by"]), re.compile("|".join(entry["patterns"])))
        for entry in _data()["protocol"]
    )


@cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("self_reference.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

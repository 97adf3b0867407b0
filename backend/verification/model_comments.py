"""Does the answer hold anything but the translation: a refusal, a preamble, a note?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..texts.prose import Prose
from . import asides
from .issues import Issue

_BEGINNING: Final = 80  # characters of the source that may excuse an opening
_FIRST_WORDS: Final = 16  # and an interjection
_OPENING: Final = 120
_MAX_CHARACTERS: Final = 20_000
_SENTENCE_END: Final = re.compile(
    r"[.!?…;:؛][\"”’»)]*\s+|[。！？；।॥؟۔][\"”’»」』）]*\s*|\n+|(?<=[\u0e00-\u0e7f]) +"
)
_BEGINNINGS: Final = re.compile(r"^|[.!?…;:][\"”’»)]*\s+")
_LAST_SENTENCES: Final = 4  # that a refusal may begin; the first has more ways to be one
_LEADING: Final = re.compile(r"^[\s\"'“”„«»「『（(\[【*#_>`¡¿-]+")
_QUOTED: Final = re.compile("^[\\s¡¿]*[\"“„«»「『‘']")
_BEFORE_A_LABEL: Final = ("", *"\n(（[【。.!?！？।॥۔؟…")
# Scripts that part words with spaces have word borders; Korean particles follow a word without one.
_SPACED: Final = "[^\\W\\d_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
_NO_WORD_AFTER: Final = (
    "[^\\W\\d_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_THAI: Final = "[\u0e00-\u0e7f]"
_COLON: Final = re.compile("[:：]")
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
    source: re.Pattern[str] | None
    begins: re.Pattern[str] | None
    phrases: re.Pattern[str] | None
    pattern: re.Pattern[str] | None
    label: re.Pattern[str] | None

    def is_opening_of(self, text: str) -> bool:
        return any(known and known.match(text) for known in (self.phrases, self.pattern))

    def is_in(self, text: str, source: str) -> bool:
        found = self.phrases.finditer(text) if self.phrases else ()
        if any(
            match[0] not in source and not asides.is_quoted(text, source, match.span())
            for match in found
        ) and not self.is_excused(source):
            return True
        if self.label is None or not _COLON.search(text):
            return False
        # What stands before a label is looked at afterwards: so the search can skip to its letters.
        return any(
            text[: match.start()].rstrip(" *\xa0")[-1:] in _BEFORE_A_LABEL
            and not asides.has_counterpart(text, source, match.span())
            and not (self.source and asides.is_said_there(text, source, match.start(), self.source))
            for match in self.label.finditer(text)
        )

    def is_excused(self, source: str, *, beginning: bool = False) -> bool:
        if beginning and self.begins and self.begins.search(source[:_FIRST_WORDS]):
            return True
        return bool(self.source and self.source.search(source))


def check(source: Prose, translation: Prose) -> list[Issue]:
    """What the answer says beside the translation, all of it under the name `refusal`."""
    openings, anywhere = _sayings()
    text = translation.lower[:_MAX_CHARACTERS]
    beginning = _LEADING.sub("", text[:_OPENING])
    theirs = source.lower[:_MAX_CHARACTERS]
    first = _LEADING.sub("", theirs[:_OPENING])
    # What both have in quotation marks is quoted.
    quoted = _QUOTED.match(text) and _QUOTED.match(theirs)
    kinds = [
        saying.kind
        for saying in (() if quoted else openings)
        if saying.is_opening_of(beginning)
        and not saying.is_excused(first[:_BEGINNING], beginning=True)
        and not saying.is_opening_of(first)
    ]
    if any(_refuses_later(text, theirs, openings)):
        kinds.append("refusal")
    kinds += [saying.kind for saying in anywhere if saying.is_in(text, theirs)]
    return [Issue("refusal", _DETAILS[kind]) for kind in dict.fromkeys(kinds)]


def _refuses_later(text: str, source: str, openings: Sequence[_Saying]) -> Iterator[bool]:
    """For each way to begin a refusal whether a later sentence begins so: it stands for what is left out."""
    begins = [
        _LEADING.sub("", text[at.end() : at.end() + _OPENING])
        for at in _SENTENCE_END.finditer(text)
    ][-_LAST_SENTENCES:]
    for saying in openings:
        if saying.kind != "refusal" or not any(map(saying.is_opening_of, begins)):
            continue
        theirs = (
            _LEADING.sub("", source[at.end() :][:_OPENING]) for at in _BEGINNINGS.finditer(source)
        )
        yield not saying.is_excused(source) and not any(map(saying.is_opening_of, theirs))


@cache
def _sayings() -> tuple[Sequence[_Saying], Sequence[_Saying]]:
    text = Path(__file__).with_name("model_comments.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)
    return tuple(map(_saying, entries["opening"])), tuple(map(_saying, entries["anywhere"]))


def _saying(entry: dict[str, Any]) -> _Saying:
    labels = sorted(map(re.escape, entry.get("labels", [])), key=len, reverse=True)
    return _Saying(
        kind=entry["kind"],
        source=_either(map(_word_beginning, entry["source"])),
        begins=_either(map(_word_beginning, entry.get("begins", []))),
        phrases=_phrases(entry.get("phrases", [])),
        pattern=_either(entry.get("patterns", [])),
        label=re.compile(f"(?:{'|'.join(labels)})\\**[ \xa0\u202f]?[:：]") if labels else None,
    )


def _either(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(patterns)
    return re.compile(joined) if joined else None


def _word_beginning(word: str) -> str:
    return ("(?<![a-z])" if word[0].isalpha() else "") + re.escape(word)


def _phrases(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Phrases as whole words; one with a star may go on as it likes.

    Those with the same borders share them: the classes of letters are large, and take a millisecond each
    to compile.
    """
    stems: dict[tuple[str, str], list[str]] = {}
    for phrase in phrases:
        stem = phrase.removesuffix("*")
        before = after = ""
        if re.match(_THAI, stem):
            before = f"(?<!{_THAI})"
        elif re.match(_SPACED, stem):
            before = f"(?<!{_SPACED})"
        if stem == phrase and re.match(_NO_WORD_AFTER, stem[-1]):
            after = f"(?!{_NO_WORD_AFTER})"
        stems.setdefault((before, after), []).append(re.escape(stem))
    return _either(
        f"{before}{_first_letters(same)}(?:{'|'.join(same)}){after}"
        for (before, after), same in stems.items()
    )


def _first_letters(stems: Iterable[str]) -> str:
    """Looks ahead for the letters they begin with: at most places of a text there is none of them."""
    return f"(?=[{''.join(sorted({re.escape(stem.removeprefix(chr(92))[0]) for stem in stems}))}])"

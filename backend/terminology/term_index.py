"""Find the terms of a glossary in an English text, whatever their number and whoever wrote them.

No regular expression is made of a term: words are looked up, so that 200 hostile entries cost what 200
honest ones do. A term is found as whole words, longest first, written with hyphens, spaces or neither,
in singular or plural; in any case, unless it is an abbreviation (RAG is not a rag, nor a CoT a cot).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_WORDS = 12
"""A source of more words than this is a sentence, and is not looked for: it bounds the work a word causes."""

_INLINE_TAG = re.compile(r"</?g\d+>")
_STANDALONE_TAG = re.compile(r"<[xp]\d+/>")
# Hyphens, the en dash of "encoder–decoder", underscores and spaces part words and leave no trace; a line
# break parts segments; any other mark stands for itself, so that no term reaches across a full stop.
_WORD = re.compile(r"[^\W_]+|\n|[^\w\s\-\u2010-\u2013]")


@dataclass(frozen=True)
class Words:
    """A text's words in order: as they are written, and folded for comparison."""

    written: list[str]
    folded: list[str]


def words_of(text: str) -> Words:
    """Split a text in protected form; placeholders are no words, and a term never spans an ``<x1/>``."""
    if "<" in text:
        text = _STANDALONE_TAG.sub("\n", _INLINE_TAG.sub("", text))
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    written = _WORD.findall(text.replace("’", "'"))
    return Words(written, [word.casefold() for word in written])


def key_of(source: str) -> str:
    """What two ways of writing one term have in common: letters and marks, no case, hyphens or spaces."""
    return "".join(word for word in words_of(source).folded if word != "\n")


def spellings(source: str) -> list[str]:
    """The term itself, then its plural and its singular as far as English has rules for them."""
    acronym = re.fullmatch(r"(.*[A-Z0-9])s", source)
    if acronym and is_abbreviation(acronym[1]):
        source = acronym[1]
    forms = [source, source + "s"]
    if is_abbreviation(source):
        return [*forms, source + "S"]
    last = source[-2:].casefold()
    if re.fullmatch(r"[^aeiou]y", last):
        forms.append(source[:-1] + "ies")
    elif re.fullmatch(r".[sxz]|[cs]h", last):
        forms.append(source + "es")
    if len(source) >= 5 and last.endswith("s") and last not in ("ss", "us", "is"):
        forms.append(source[:-1])
        if source.endswith("ies"):
            forms.append(source[:-3] + "y")
        elif re.search(r"(s|x|z|ch|sh)es$", source):
            forms.append(source[:-2])
    return forms


def is_abbreviation(source: str) -> bool:
    """Whether it is written in capitals only, or in more of them than small letters."""
    capitals = sum(map(str.isupper, source))
    return capitals > sum(map(str.islower, source))


class TermIndex(Generic[T]):
    """Entries by the forms under which they may occur; of two with the same form the first one counts."""

    def __init__(self, entries: Iterable[tuple[Iterable[str], T]]) -> None:
        # An abbreviation is kept beside its folded key and must be matched to the letter.
        self._entries: dict[str, list[tuple[str | None, T]]] = {}
        longest = 0
        for forms, entry in entries:
            for form in forms:
                exact = is_abbreviation(spellings(form)[0])
                for spelling in spellings(form):
                    words = [word for word in words_of(spelling).written if word != "\n"]
                    if not words or len(words) > MAX_WORDS:
                        continue
                    written = "".join(words)
                    self._entries.setdefault(written.casefold(), []).append(
                        (written if exact else None, entry)
                    )
                    longest = max(longest, len(words))
        self._keys = sorted(self._entries)
        # "finetuning" as a glossary has it may be two words or three in the text.
        self._reach = min(MAX_WORDS, longest + 2) if longest else 0

    def find(self, words: Words, taken: bytearray) -> list[T]:
        """The entries that occur, each once, in order of appearance; marks the words they took.

        Args:
            taken: one byte a word; not 0 where another index has already found something.
        """
        return list({id(entry): entry for entry in self._matches(words, taken)}.values())

    def count(self, words: Words) -> int:
        """How often entries occur."""
        return sum(1 for _ in self._matches(words, bytearray(len(words.folded))))

    def _matches(self, words: Words, taken: bytearray) -> Iterator[T]:
        total = len(words.folded)
        at = 0
        while at < total and self._keys:
            end, entry = self._longest_at(words, at, taken)
            if entry is None:
                at += 1
                continue
            yield entry
            taken[at:end] = b"\1" * (end - at)
            at = end

    def _longest_at(self, words: Words, start: int, taken: bytearray) -> tuple[int, T | None]:
        keys, count = self._keys, len(self._keys)
        joined = ""
        best: tuple[int, T | None] = (start, None)
        for at in range(start, min(len(words.folded), start + self._reach)):
            if taken[at]:
                break
            joined += words.folded[at]
            place = bisect_left(keys, joined)
            if place == count or not keys[place].startswith(joined):
                break
            if keys[place] == joined:
                written = "".join(words.written[start : at + 1])
                for exact, entry in self._entries[joined]:
                    if exact is None or exact == written:
                        best = (at + 1, entry)
                        break
        return best

"""Is a part of the source in the translation as it was: its last words, or half of a title?

`scripts` tells a language by its small words, and needs several of them; here the source itself is the
measure, so that half a sentence is enough, and three words at the end of a title. Names may stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from ..languages import Language
from ..terminology.glossary import Term
from ..texts.prose import LATIN, OPAQUE, Prose, letters_of
from .english import english_only, english_words, function_words, is_name
from .issues import Issue

# A compound is one word: "state-of-the-art" may stay. Letters of other scripts may touch it.
_WORD: Final = re.compile(
    rf"[0-9{LATIN}]+(?:[-‐‑'’.,×^/][0-9{LATIN}]+)*|[^\W_0-9{LATIN}]+|[{OPAQUE}\ue000]"
)
_CLAUSE: Final = re.compile(r"[:;：；?!？！|]+|\s[-–—]+\s")
# What an author would put beside a term, or talks about.
ASIDE: Final = re.compile(
    '[(（"“„‚「『«《〈][^()（）"“”„「」『』«»《》]{1,200}[)）"”“‘」』»《》〉]'
)
_BREAK: Final = " \ue000 "

_WINDOW: Final = 5
_SHORTEST: Final = 3
_TAIL: Final = 4
_PLAIN: Final = 3  # words in small letters in a run, which are therefore no part of a name
_LETTERS: Final = 8  # of three words
_BEFORE_A_NAME: Final = frozenset({"of", "the", "and"})  # whose ending joins the name: Texas'ın

Words = tuple[str, ...]


def check(
    source: Prose, translation: Prose, language: Language, terms: Sequence[Term] = ()
) -> list[Issue]:
    """Whether the translation goes through the source word by word for a while."""
    if language.tag == "en" or translation.letters["Latn"] < _LETTERS:
        return []
    latin = "Latn" in letters_of(language.scripts)
    small = (english_only(language.tag) if latin else _english()) | english_words()["of_clauses"]
    small |= frozenset() if latin else english_words()["of_others_too"]
    text = _CLAUSE.sub(_BREAK, _kept().sub(_BREAK, ASIDE.sub(_without_words, translation.text)))
    for term in terms:
        text = text.replace(term.target, _BREAK) if " " in term.target else text
    theirs, ours = tuple(_WORD.findall(source.text)), tuple(_WORD.findall(text.strip(_BREAK)))
    clauses = [tuple(_WORD.findall(clause)) for clause in _CLAUSE.split(source.text)]
    for run, last in _runs(theirs, ours):
        tail = run if last and theirs[-_SHORTEST:] == run[-_SHORTEST:] else ()
        if (
            any(_is_clause(run[i : i + _WINDOW], small) for i in range(len(run) - _WINDOW + 1))
            or _is_fallback(tail[-_TAIL:])
            or _is_part_of_a_title(run, small, clauses, at_end=bool(tail))
        ):
            detail = f"A passage is still in English; translate it into {language.name}."
            return [Issue("script", detail)]
    return []


def _runs(theirs: Words, ours: Words) -> Iterator[tuple[Words, bool]]:
    """The longest runs of words that follow one another in the source too, and whether each is the last."""
    pairs = {*pairwise(theirs)}
    start = 0
    for end in range(1, len(ours) + 1):
        if ours[end - 1 : end + 1] not in pairs:
            if end - start >= _SHORTEST:
                yield ours[start:end], end == len(ours)
            start = end


def _is_fallback(words: Words) -> bool:
    """Whether the last words are a clause's: a model that fell back into English stays there."""
    plain = [word for word in words if word.islower() and not is_name(word)]
    # A term of nouns alone may stay: zero-shot large language models.
    told = any(word in _english() for word in plain)
    return len(words) == _TAIL and (
        (len(plain) >= _PLAIN and told)
        or (len(plain) > 1 and any(word[0].isdigit() for word in words))
    )


def _is_clause(words: Words, small: frozenset[str]) -> bool:
    plain = [word for word in words if word.islower() and not is_name(word)]
    said = sum(1 for word in plain if word not in _english())
    return len(plain) >= _PLAIN and said > 1 and any(word.lower() in small for word in words)


def _is_part_of_a_title(
    run: Words, small: frozenset[str], clauses: Sequence[Words], *, at_end: bool
) -> bool:
    """Whether words, though they may all be capitalised, are more than a name: Evidence from 14 Models."""
    if sum(1 for word in run if len(word) > 2) < 2:  # a, b, c
        return False
    if run[0] in small or (run[0] in ("A", "An") and not small.isdisjoint(run)):
        return True
    lower, known = [word.lower() for word in run], english_words()
    if not known["organisations"].isdisjoint(lower):
        return False
    strong = (small | known["of_others_too"]) - known["of_names"]
    said = [word for word in lower if word in strong or word in _english()]
    told = not strong.isdisjoint(lower)
    acts = lower[0].endswith("ing")
    if run in clauses:
        long = len(run) >= _TAIL and bool(said)
        if run == clauses[0] and len(clauses) > 1:  # may be what a work is called
            return long or lower[0] in strong
        titles = sum(1 for word in lower if word in known["titles"])
        return told or long or titles > 1 or acts or any(map(_is_inflected, lower))
    if run[-1] in small and run[-1] not in _BEFORE_A_NAME:
        return True
    if run[:_SHORTEST] == clauses[0][:_SHORTEST] and acts and lower[1] in said:
        return True
    if (small - known["of_names"]).isdisjoint(lower):
        return False
    at_start = len(run) >= _TAIL and run[:_TAIL] == clauses[0][:_TAIL]
    digits = any(word[0].isdigit() for word in run)
    return at_start or at_end or digits or len(run) >= _WINDOW


def _is_inflected(word: str) -> bool:
    return word.endswith(("ly", "ed"))


def _without_words(aside: re.Match[str]) -> str:
    return _BREAK if any(map(str.isalpha, aside[0])) else aside[0]


def _english() -> frozenset[str]:
    return function_words()["en"]


@cache
def _kept() -> re.Pattern[str]:
    """Terms of art and titles with small words in them, which may stay."""
    text = Path(__file__).with_name("english_phrases.txt").read_text(encoding="utf-8")
    listed = "|".join(map(re.escape, text.split("\n")[1:-1]))
    return re.compile(f"(?<![A-Za-z])(?:{listed})(?![A-Za-z])", re.IGNORECASE)

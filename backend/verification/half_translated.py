"""Are single words of the source left standing all over the translation, "pairing debido a underdoped …"?

`untranslated` looks for passages. Here words are counted, overall and in each sentence: those in small
letters that the source has too, and that are no name, no term of the glossary and no listed loan. Where
the language is written in Latin letters, they also must have a shape that its own words do not have.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..languages import Language
from ..terminology.glossary import Term
from ..texts.prose import LETTERS_A_WORD, USUAL_LETTERS_A_WORD, Prose, letters_of
from .english import english_only, is_name
from .issues import Issue
from .untranslated import ASIDE

# Without what belongs to a number, as in 4-bit.
_LATIN_WORD: Final = re.compile(
    "(?<![A-Za-z0-9])(?<![0-9][-‐‑ ])[A-Za-z]+(?:[-‐‑'’][A-Za-z]+)*(?![A-Za-z0-9])"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-‐‑'’][^\W\d_]+)*")
# Journal of the Royal Society of Arts
_NAME: Final = re.compile(r"(?<![\w'’-])[A-Z][\w'’-]*(?:(?: [a-z]{1,4}){0,3} [A-Z][\w'’-]*)+")
_SENTENCE_END: Final = re.compile(r"[.!?…]\s+|[。！？；।۔؟]")
_FEW: Final = 3
_SHARE: Final = 0.1
_SHORTEST: Final = 3  # letters, but for small words


def check(
    source: Prose, translation: Prose, language: Language, terms: Sequence[Term] = ()
) -> list[Issue]:
    """Whether three words or more, and one in ten, of the text or of a sentence are the source's."""
    if language.tag == "en":
        return []
    latin = "Latn" in letters_of(language.scripts)
    if not latin and len(_LATIN_WORD.findall(translation.text)) < _FEW:
        return []
    kept = {word.lower() for term in terms for word in _parts(_WORD.findall(term.target))}
    theirs = {word.lower() for word in _parts(_WORD.findall(source.text)) if not is_name(word)}
    candidates = theirs - kept - _loans()
    text = _NAME.sub(" ", ASIDE.sub(" ", translation.text))
    for part in (text, *_SENTENCE_END.split(text)):
        left = sum(1 for word in _left(part, language) if word in candidates)
        if left >= _FEW and left >= _SHARE * _words(part, language):
            return [Issue("script", f"Some words are not in {language.name}; translate each word.")]
    return []


def _left(text: str, language: Language) -> Iterator[str]:
    """The words that look as if they were left over."""
    latin = "Latn" in letters_of(language.scripts)
    small = english_only(language.tag)
    foreign = _foreign(language.tag.split("-")[0]) if latin else None
    for word in _LATIN_WORD.findall(text) if not latin else _WORD.findall(text):
        if not word.islower() or word in _loans():
            continue
        seems_left = len(word) >= _SHORTEST and (foreign is None or foreign.search(word))
        if seems_left or (word in small and (not latin or len(word) > 1)):
            yield word


def _words(text: str, language: Language) -> float:
    """How many words a text has; characters are counted as parts of words."""
    own = letters_of(language.scripts)
    if "Latn" in own:
        return len(_WORD.findall(text))
    letters = Prose(text).letters
    written = sum(letters[name] / LETTERS_A_WORD.get(name, USUAL_LETTERS_A_WORD) for name in own)
    return written + len(_LATIN_WORD.findall(text))


def _parts(words: Iterable[str]) -> Iterator[str]:
    """Words, and the parts of those with a hyphen."""
    for word in words:
        yield word
        if not word.isalpha():
            yield from re.split("[-‐‑'’]", word)


@cache
def _foreign(tag: str) -> re.Pattern[str]:
    """The shapes of English words that words of a language in Latin letters do not have."""
    own = set(_data()["own"].get(tag, ()))
    return re.compile(
        "|".join(f"(?:{s})" for name, s in _data()["shapes"].items() if name not in own)
    )


@cache
def _loans() -> frozenset[str]:
    return frozenset(_data()["loans"].split())


@cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("half_translated.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

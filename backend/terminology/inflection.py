"""Does a translation use a term, in whatever form its grammar asks for?

Not morphology: a rough rule for each kind of language that forgives endings, and so answers "used" rather
than cry wolf. The glossary lists what no rule finds (stems that change, separable verbs, synonyms).

- Without spaces between words (Chinese, Japanese, Thai) or with particles that attach to the word (Korean):
  the form occurs somewhere, not counting spaces, hyphens, middle dots and, for Japanese, long-vowel marks
  (エンコーダ is エンコーダー). Latin letters in it stand as whole words: RL is not in RLHF.
- Elsewhere word by word: a word is used when one begins with its stem and goes on for few letters
  (``TAIL``), any number in languages that compound; accents and umlauts do not count (Datensatz,
  Datensätze). Up to ``GAP`` words may stand between two words of a form (modelos *grandes* de lenguaje).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property

TAIL = 4
GAP = 2
LEAST_STEM = 4

_UNSPACED = frozenset({"zh", "yue", "ja", "ko", "th", "lo", "km", "my"})
# Words grow at both ends: compounds, agglutination, articles and conjunctions written as prefixes.
_COMPOUNDING = frozenset(
    {"de", "nl", "sv", "da", "nb", "nn", "no", "is", "fi", "hu", "et", "tr", "ar", "he", "fa", "ur"}
)
_ENDINGS: dict[str, tuple[str, ...]] = {
    "es": ("es", "as", "os", "ar", "er", "ir", "a", "o", "e", "s"),
    "fr": (
        *("euses", "euse", "ales", "ives", "eux", "aux", "ale", "ees", "ive", "ifs"),
        *("al", "ee", "er", "es", "if", "e", "s", "x"),
    ),
    "de": ("en", "em", "er", "es", "e", "n", "s"),
}

_TAG = re.compile(r"</?g\d+>|<[xp]\d+/>")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_・·‧]+")
_WORD = re.compile(
    r"[^\s!-/:-@\[-`{-~\u00a1-\u00bf\u05be\u060c\u061b\u061f\u066a\u0964\u2000-\u206f]+"
)
_HYPHEN = re.compile(r"(?<=\w)[\-\u2010\u2011](?=\w)")
_LAST_VOWEL = re.compile(r"(?<=...)[aeiouyаеиоуыюяьії]$")
_ASCII_ALNUM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class Wording:
    """A translation, prepared once, to be asked for many terms."""

    def __init__(self, translation: str, *, language: str) -> None:
        text = _TAG.sub(_blank, translation)
        self._text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        self._language = language.partition("-")[0].casefold()

    @cached_property
    def _running(self) -> str:
        return _run_together(self._text, self._language)

    @cached_property
    def _words(self) -> list[_Words]:
        folded = _fold(self._text)
        readings = {folded, _HYPHEN.sub("", folded)}  # pré-entraîné may as well be préentraîné
        return [_Words(reading, self._language) for reading in readings]

    def uses(self, form: str) -> bool:
        """Whether the form occurs, inflected or not; an empty one always does."""
        if self._language in _UNSPACED or not _WORD.search(form):
            return _occurs(_run_together(form, self._language), self._running)
        folded = _fold(form)
        spelt = {tuple(_WORD.findall(folded)), tuple(_WORD.findall(_HYPHEN.sub("", folded)))}
        return any(words.contain(phrase) for words in self._words for phrase in spelt)


class _Words:
    """The words of a text, and where words with a given stem stand: as bits, one for each word."""

    def __init__(self, folded: str, language: str) -> None:
        words = _WORD.findall(folded)
        self._line = "\n" + "\n".join(words) + "\n"
        self._starts: list[int] = []
        at = 1
        for word in words:
            self._starts.append(at)
            at += len(word) + 1
        self._starts.append(at)
        self._endings = _ENDINGS.get(language)
        self._compounding = language in _COMPOUNDING
        self._places: dict[str, int] = {}

    def contain(self, phrase: tuple[str, ...]) -> bool:
        """Whether the words stand there in this order, with at most GAP others between two."""
        if not phrase:  # nothing but marks, which do not count
            return True
        reached = self._places_of(phrase[0])
        for word in phrase[1:]:
            if not reached:
                return False
            follows = 0
            for step in range(1, GAP + 2):
                follows |= reached << step
            reached = follows & self._places_of(word)
        return reached != 0

    def _places_of(self, word: str) -> int:
        stem = self._stem(word)
        if stem not in self._places:
            self._places[stem] = self._search(stem)
        return self._places[stem]

    def _search(self, stem: str) -> int:
        inside = self._compounding and len(stem) >= LEAST_STEM
        tail = TAIL if len(stem) >= LEAST_STEM else len(stem) - 1  # KI is not in "Kind"
        needle = stem if inside else "\n" + stem
        found = 0
        at = self._line.find(needle)
        while at != -1:
            start = at if inside else at + 1
            index = bisect_right(self._starts, start) - 1
            rest = self._starts[index + 1] - 1 - (start + len(stem))
            if inside or rest <= tail:
                found |= 1 << index
            at = self._line.find(needle, at + 1)
        return found

    def _stem(self, word: str) -> str:
        if self._endings is None:  # no table: inflection mostly touches the last letters
            spare = len(word) - LEAST_STEM
            return word[: -min(spare, 2)] if spare > 0 else _LAST_VOWEL.sub("", word)
        for ending in self._endings:
            if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
                return word[: -len(ending)]
        return word


def _blank(tag: re.Match[str]) -> str:
    return " \ufffc " if tag[0].endswith("/>") else ""


def _fold(text: str) -> str:
    """Without case and without the marks over Latin, Greek and Cyrillic letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = re.sub(r"[\u0300-\u036f]", "", decomposed)
    return unicodedata.normalize("NFC", bare).replace("ı", "i")


def _run_together(text: str, language: str) -> str:
    """Folded, and without what may stand between characters; Latin words keep one space between them."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if language == "ja":
        text = text.replace("ー", "")
    return _SEPARATORS.sub(_join, text).strip()


def _join(gap: re.Match[str]) -> str:
    before, after = gap.string[gap.start() - 1 : gap.start()], gap.string[gap.end() : gap.end() + 1]
    return " " if before in _ASCII_ALNUM and after in _ASCII_ALNUM else ""


def _occurs(form: str, text: str) -> bool:
    at = text.find(form)
    while at != -1 and form:
        end = at + len(form)
        starts = form[0] not in _ASCII_ALNUM or text[at - 1 : at] not in _ASCII_ALNUM
        if text[end : end + 1] == "s":
            end += 1
        ends = form[-1] not in _ASCII_ALNUM or text[end : end + 1] not in _ASCII_ALNUM
        if starts and ends:
            return True
        at = text.find(form, at + 1)
    return not form

"""What gives English away, and what may stay as it is in any language: names."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from ..texts.prose import Prose

_NAME: Final = re.compile("[0-9]|[A-ZÀ-Þ].*[A-ZÀ-Þ]")  # a digit, or two capitals
_PERSON: Final = re.compile(
    "[A-ZÀ-Þ][^\\W\\d_.'’-]*(?:[ .'’-]{1,2}[A-ZÀ-Þ][^\\W\\d_.'’-]*){1,3}[.]?"
)
_PIECE: Final = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")


def function_words() -> dict[str, frozenset[str]]:
    """The small words of each language in `function_words.toml`."""
    return _lists("function_words")


def english_words() -> dict[str, frozenset[str]]:
    """The lists of `english_words.toml`: words of titles, of headings, of organisations' names."""
    return _lists("english_words")


@cache
def _lists(name: str) -> dict[str, frozenset[str]]:
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    return {
        key: frozenset(re.findall(r"[^\W\d_]+", listed))
        for key, listed in tomllib.loads(text).items()
    }


@cache
def english_only(language: str) -> frozenset[str]:
    """English function words that the language does not have."""
    own = function_words().get(language.split("-")[0], frozenset())
    return function_words()["en"] - own if language != "en" else frozenset()


@cache
def own_only(language: str) -> frozenset[str]:
    """The language's function words that English does not have."""
    return function_words().get(language.split("-")[0], frozenset()) - function_words()["en"]


def is_name(piece: str) -> bool:
    """Whether a word is certainly a name or a symbol: BERT, LLaMA, H100, k."""
    if len(piece) == 1:
        return True
    return bool(_NAME.search(piece))


def may_stay(source: Prose, *, latin: bool) -> bool:
    """Whether a faithful translation may equal its source.

    It may when nothing in it is a word: a name (BERT), numbers, formulas. Between languages in Latin
    letters short headings are often the same ("Introduction", "Figure 3").

    Args:
        latin: the target language is written in Latin letters.
    """
    pieces = _PIECE.findall(source.text)
    words = [piece for piece in pieces if not any(map(is_name, re.split("[-‐‑]", piece)))]
    if source.text.isupper() and sum(len(piece) > 3 for piece in pieces) > 1:
        words = pieces  # a heading in capitals
    lower = {part for word in words for part in re.split("[-‐‑]", word.lower())}
    if len(words) <= 1 and (len(pieces) == 1 or not words):
        return not lower & function_words()["en"] and (
            latin or not lower & english_words()["headings"]
        )
    if _are_people(source.text):
        return True
    if not latin or len(words) > 3:
        return False
    return not lower & (function_words()["en"] | english_words()["titles"])


def _are_people(text: str) -> bool:
    """Ada Lovelace, Alan M. Turing and Grace Hopper: names in a list, or one with an initial."""
    if "," not in text and not re.search(r"\b[A-Z]\. ", text):
        return False
    people = re.split(r"\s*(?:,|;|\band\b)\s*", text.strip().removesuffix("et al.").strip(" ,"))
    return all(_PERSON.fullmatch(name) for name in people if name)
